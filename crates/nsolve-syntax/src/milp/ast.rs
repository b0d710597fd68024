//! What a model says, as written: names are not resolved yet.

use std::sync::Arc;

use nsolve_il::milp::{Count, Domain, Number, Relation, Sense};
use nsolve_source::Span;

/// A model: its statements in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The statements.
    pub statements: Vec<Statement>,
}

/// A name with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The name.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// What all declarations have.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// What is declared.
    pub name: Name,
    /// What the author says of it: the quoted text behind the name.
    pub doc: Option<Arc<str>>,
    /// What it is indexed over.
    pub domain: Option<Indexing>,
    /// The whole statement.
    pub span: Span,
}

/// One statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `set`
    Set(SetDeclaration),
    /// `param`
    Param(ParamDeclaration),
    /// `var`
    Var(VarDeclaration),
    /// `minimize`, `maximize`
    Objective(ObjectiveDeclaration),
    /// `subject to`
    Constraint(ConstraintDeclaration),
    /// `check`: a condition about the data.
    Check {
        /// For all of these.
        domain: Option<Indexing>,
        /// What must hold.
        condition: Expr,
        /// The whole statement.
        span: Span,
    },
}

/// A set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetDeclaration {
    /// Name, documentation, index.
    pub head: Head,
    /// How many symbols a member has, where that is said.
    pub dimension: Option<u32>,
    /// Sets that it must be within.
    pub within: Vec<Expr>,
    /// What it is.
    pub value: Option<Expr>,
    /// What it is where the data do not say.
    pub default: Option<Expr>,
}

/// What a parameter must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Restriction {
    /// `>= 0` and the like.
    Compare(Relation, Expr),
    /// `in S`
    In(Expr),
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamDeclaration {
    /// Name, documentation, index.
    pub head: Head,
    /// Whether its values are symbols.
    pub symbolic: bool,
    /// Whether they are integers.
    pub integer: bool,
    /// Whether they are 0 or 1.
    pub binary: bool,
    /// What else they must be.
    pub restrictions: Vec<Restriction>,
    /// The unit of its values.
    pub unit: Option<Unit>,
    /// What it is.
    pub value: Option<ParamValue>,
    /// What it is where the data do not say.
    pub default: Option<Expr>,
}

/// How the model itself gives a parameter's value.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    /// By an expression.
    Expr(Expr),
    /// By a list of indices and values, as in data.
    List(Vec<(Vec<Datum>, Datum)>),
}

/// A symbol or a number among data.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    /// What it is.
    pub value: nsolve_il::milp::Symbol,
    /// Where it stands.
    pub span: Span,
}

/// A decision variable.
#[derive(Clone, Debug, PartialEq)]
pub struct VarDeclaration {
    /// Name, documentation, index.
    pub head: Head,
    /// The domain word; `None` where there is none.
    pub domain: Option<VarDomain>,
    /// `>=`, `<=` and `=` with what they bound it by.
    pub bounds: Vec<(Relation, Expr)>,
    /// The unit of its values.
    pub unit: Option<Unit>,
}

/// A domain word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarDomain {
    /// `real`, `integer`, `semicontinuous`, `semiinteger`
    Of(Domain),
    /// `binary`
    Binary,
}

impl VarDomain {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            VarDomain::Of(domain) => domain.name(),
            VarDomain::Binary => "binary",
        }
    }
}

/// An objective.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveDeclaration {
    /// Name, documentation, index.
    pub head: Head,
    /// What is wanted.
    pub sense: Sense,
    /// What it is about.
    pub expression: Expr,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstraintDeclaration {
    /// Name, documentation, index.
    pub head: Head,
    /// What must hold.
    pub condition: Expr,
}

/// A product of powers of base units, such as `$ / h`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The base units with their powers, by name; none is 0.
    pub powers: Vec<(Arc<str>, i32)>,
    /// Where it stands.
    pub span: Span,
}

/// `{i in I, (j, k) in J : condition}`
#[derive(Clone, Debug, PartialEq)]
pub struct Indexing {
    /// The sets that are ranged over, first outermost.
    pub entries: Vec<Entry>,
    /// What the indices must satisfy.
    pub condition: Option<Box<Expr>>,
    /// The braces and what is between them.
    pub span: Span,
}

/// One set of an [`Indexing`].
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The parts of a member: a name that is not bound yet is an index; any
    /// other expression must have that part's value. Empty where no index is
    /// named.
    pub indices: Vec<Expr>,
    /// The set.
    pub set: Expr,
}

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// Operators of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `less`: the difference, and 0 where that is negative.
    Less,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `div`: the quotient, towards 0.
    Quotient,
    /// `mod`: the remainder, with the divisor's sign.
    Remainder,
    /// `**`, `^`
    Power,
    /// `&`: two texts, one behind the other.
    Concatenate,
    /// `union`
    Union,
    /// `diff`
    Difference,
    /// `symdiff`
    SymmetricDifference,
    /// `inter`
    Intersection,
    /// `cross`
    Cross,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `within`
    Within,
    /// `not within`
    NotWithin,
    /// `and`, `&&`
    And,
    /// `or`, `||`
    Or,
    /// `xor`
    Xor,
    /// `==>`
    Implies,
    /// `<==>`
    Iff,
}

/// Operators that range over an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Iterated {
    /// `sum`
    Sum,
    /// `prod`
    Product,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `forall`
    Forall,
    /// `exists`
    Exists,
    /// `setof`
    SetOf,
    /// `atmost k`, `atleast k`, `exactly k`: the first of the operator's
    /// arguments is `k`.
    Count(Count),
    /// `sos1`, `sos2`
    Sos(u8),
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A number, with a unit where one stands behind it.
    Number(Number, Option<Unit>),
    /// A quoted text.
    Text(Arc<str>),
    /// `Infinity`
    Infinity,
    /// A name with subscripts.
    Name(Arc<str>, Vec<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `not c`, `!c`
    Not(Box<Expr>),
    /// Two operands.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `a <= b`, `a <= b <= c`
    Compare(Box<Expr>, Vec<(Relation, Expr)>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Option<Box<Expr>>),
    /// `c ==> a else b`
    ImpliesElse(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `sum{i in I} a`; the number is that of a [`Iterated::Count`].
    Iterated(Iterated, Option<Box<Expr>>, Indexing, Box<Expr>),
    /// `atmost 2 of (a, b, c)`
    CountOf(Count, Box<Expr>, Vec<Expr>),
    /// `abs(x)`, `max(a, b)`, `card(S)`
    Call(Arc<str>, Vec<Expr>),
    /// `(i, j)`
    Tuple(Vec<Expr>),
    /// `{a, b}`
    SetLiteral(Vec<Expr>),
    /// `{i in I : c}` as a set
    Indexed(Indexing),
    /// `a .. b by c`
    Range(Box<Expr>, Box<Expr>, Option<Box<Expr>>),
    /// `<<breakpoints; slopes>> x`: the piecewise linear function that is 0 at
    /// 0 and has these slopes between these breakpoints.
    Piecewise {
        /// Where the slope changes, ascending.
        breakpoints: Vec<Expr>,
        /// One more than breakpoints.
        slopes: Vec<Expr>,
        /// What it is applied to.
        argument: Box<Expr>,
    },
}
