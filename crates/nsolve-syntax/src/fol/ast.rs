//! The untyped tree. Terms and formulas are not told apart here: whether a name
//! is a predicate, a function, a variable or an element is found out by the
//! elaborator from declarations and use.

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, CompareOp, Direction, Modality, Quantifier, Semantics};
use nsolve_source::Span;

/// A name with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The name, without quotes.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// A whole text, item by item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The items, in order.
    pub items: Vec<Item>,
}

impl Document {
    /// Whether an item says what is to be decided.
    pub fn asks(&self) -> bool {
        self.items.iter().any(|item| {
            matches!(
                item.kind,
                ItemKind::Conclusion(_)
                    | ItemKind::Choice(..)
                    | ItemKind::AskModel
                    | ItemKind::AskOptions { .. }
                    | ItemKind::AskExtremum { .. }
            )
        })
    }
}

/// One item of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it says.
    pub kind: ItemKind,
    /// Where it stands.
    pub span: Span,
}

/// What an item says.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// A declaration.
    Declaration(Declaration),
    /// Something given.
    Premise(Statement),
    /// What is asked: true, false or uncertain?
    Conclusion(Statement),
    /// A model is asked for.
    AskModel,
    /// One of the options that follow is asked for.
    AskOptions {
        /// What the right option has to be.
        modality: Modality,
        /// Whether the one is wanted that is not so.
        except: bool,
    },
    /// The least or greatest value of something is asked for.
    AskExtremum {
        /// Which of the two.
        direction: Direction,
        /// Whether `measure` is the quantified formula `at least 1 x. F`, whose
        /// things are counted. Otherwise it is a term.
        counts: bool,
        /// Of what.
        measure: Box<Expr>,
    },
    /// A lettered option; the statement's name is its letter. One that says what
    /// it has to be may stand again under its letter; all must pass then.
    Choice(Statement, Option<Modality>),
    /// How premises are to be understood.
    Semantics(Semantics),
}

/// What is declared.
#[derive(Clone, Debug, PartialEq)]
pub enum Declaration {
    /// A sort; with elements, an enumerated one.
    Sort {
        /// Its name.
        name: Ident,
        /// All its elements.
        elements: Option<Vec<Ident>>,
    },
    /// A constant, function or predicate.
    Symbol {
        /// Its name.
        name: Ident,
        /// The arguments' sorts.
        arguments: Vec<SortSpec>,
        /// The result's sort; `None` for a predicate.
        result: Option<SortSpec>,
        /// What it means in words.
        meaning: Option<String>,
    },
}

/// A sort as written: a name, or left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortSpec {
    /// The sort of this name.
    Named(Ident),
    /// To be inferred; only the number of arguments was written (Logic-LM
    /// declares `P(x, y)`).
    Open(Span),
}

/// A formula with its name and sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Its name, if it was given one.
    pub name: Option<Ident>,
    /// The sentence that it formalises.
    pub sentence: Option<String>,
    /// The formula.
    pub formula: Expr,
}

/// A term or formula.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, brackets around it not included.
    pub span: Span,
}

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-` on a number
    Negate,
}

/// Operators that take any number of operands of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NaryOp {
    /// `and`
    And,
    /// `or`
    Or,
    /// `distinct(..)`
    Distinct,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `xor`
    Xor,
    /// `->`
    Implies,
    /// `<->`
    Iff,
    /// `=`; between formulas, `<->`
    Equal,
    /// `!=`; between formulas, `xor`
    NotEqual,
    /// A comparison
    Compare(CompareOp),
}

/// What a term or formula is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A name without arguments: a variable, a constant, an element or a
    /// proposition.
    Name(String),
    /// A name that is surely a variable, where a format marks them (`$x` of
    /// Logic-LM's rules, capital letters of TPTP).
    Variable(String),
    /// A name applied to one or more arguments.
    Apply(Ident, Vec<Expr>),
    /// A number, exact.
    Number(Rational),
    /// `true` or `false`.
    Truth(bool),
    /// A prefix operator.
    Unary(UnaryOp, Box<Expr>),
    /// Operands joined by one operator, flat as written: `a and b and c` is
    /// one, `(a and b) and c` is two.
    Nary(NaryOp, Vec<Expr>),
    /// Two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// Arithmetic other than negation.
    Arithmetic(ArithmeticOp, Vec<Expr>),
    /// A quantified formula.
    Quantified(Box<Quantified>),
}

/// A quantifier with what it binds.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantified {
    /// Which quantifier.
    pub quantifier: Quantifier,
    /// The variables, each with the sort written for it.
    pub variables: Vec<(Ident, Option<Ident>)>,
    /// The body.
    pub body: Expr,
}

impl Expr {
    /// An expression with its place.
    pub fn new(kind: ExprKind, span: Span) -> Self {
        Expr { kind, span }
    }

    /// The negation, with the same place.
    #[must_use]
    pub fn negated(self) -> Self {
        let span = self.span;
        Expr::new(ExprKind::Unary(UnaryOp::Not, Box::new(self)), span)
    }
}
