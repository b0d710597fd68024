use std::fmt;
use std::sync::Arc;

use nsolve_source::Span;

use super::value::write_name;
use super::{GroundAtom, Value};

/// A predicate's position in [`Problem::predicates`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PredicateId(pub u32);

impl PredicateId {
    /// The position as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A variable's position in the [`Rule::variables`] of its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VarId(pub u32);

impl VarId {
    /// The position as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A declared type's position in [`Problem::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

impl TypeId {
    /// The position as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A type with a name: these values and no others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredType {
    /// The name.
    pub name: Arc<str>,
    /// Its values, in order.
    pub values: Vec<Value>,
}

/// What an argument of a predicate may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Anything.
    Any,
    /// An integer.
    Int,
    /// A constant.
    Symbol,
    /// A quoted text.
    Text,
    /// A value of a declared type.
    Declared(TypeId),
}

/// A predicate. One name may have several arities; each is a predicate of its
/// own, and so is its stated negation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    /// The name, without the `-` of a stated negation.
    pub name: Arc<str>,
    /// How many arguments it takes.
    pub arity: u32,
    /// Whether it is the stated negation `-name`.
    pub denied: bool,
    /// The arguments' types, where they are declared.
    pub types: Option<Arc<[ValueType]>>,
    /// What it means, in words, where the declaration says so.
    pub meaning: Option<Arc<str>>,
}

impl fmt::Display for Predicate {
    /// As `name/arity`, or `-name/arity`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.denied { "-" } else { "" };
        write!(f, "{sign}{}/{}", self.name, self.arity)
    }
}

/// Operations on integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArithmeticOp {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`, toward zero; undefined where `b` is 0.
    Divide,
    /// `a \ b`: what is left by [`ArithmeticOp::Divide`], so it has the sign
    /// of `a`; undefined where `b` is 0.
    Remainder,
    /// `a mod b` as Prolog has it, with the sign of `b`; undefined where `b`
    /// is 0.
    Modulo,
    /// `a ** b`; undefined where `b` is negative.
    Power,
    /// `-a`
    Negate,
    /// `|a|`
    Absolute,
}

impl ArithmeticOp {
    /// How many arguments it takes.
    pub fn arity(self) -> usize {
        match self {
            ArithmeticOp::Negate | ArithmeticOp::Absolute => 1,
            _ => 2,
        }
    }
}

/// A term, with variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A variable of the rule.
    Variable(VarId),
    /// A value as written.
    Value(Value),
    /// A function with arguments, not all of them values.
    Function(Arc<str>, Vec<Term>),
    /// Arithmetic on integers, with as many arguments as the operation takes.
    Arithmetic(ArithmeticOp, Vec<Term>),
}

/// A predicate with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Atom {
    /// The predicate.
    pub predicate: PredicateId,
    /// As many as the predicate's arity.
    pub arguments: Vec<Term>,
}

/// Whether a literal is taken as it stands, or fails to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// As it stands.
    Positive,
    /// Under `not`: it is not derived (negation as failure).
    Not,
}

/// How two values are compared; the order is that of [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    /// The comparison that holds exactly where this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Comparison::Equal => Comparison::NotEqual,
            Comparison::NotEqual => Comparison::Equal,
            Comparison::Less => Comparison::GreaterOrEqual,
            Comparison::GreaterOrEqual => Comparison::Less,
            Comparison::Greater => Comparison::LessOrEqual,
            Comparison::LessOrEqual => Comparison::Greater,
        }
    }

    /// The comparison with its sides exchanged.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::Greater => Comparison::Less,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }
}

/// What an aggregate makes of its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// How many different tuples there are.
    Count,
    /// The sum of the first members of the different tuples; those that are no
    /// integers add nothing.
    Sum,
    /// The smallest first member; `#sup` where there is none.
    Min,
    /// The largest first member; `#inf` where there is none.
    Max,
}

impl AggregateFunction {
    /// As it is written: `#count`, `#sum`, `#min` or `#max`.
    pub fn name(self) -> &'static str {
        match self {
            AggregateFunction::Count => "#count",
            AggregateFunction::Sum => "#sum",
            AggregateFunction::Min => "#min",
            AggregateFunction::Max => "#max",
        }
    }
}

/// One element of an aggregate: its tuple is in the set for each binding of its
/// own variables under which all literals of the condition hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AggregateElement {
    /// The tuple; not empty.
    pub tuple: Vec<Term>,
    /// The condition; no aggregates.
    pub condition: Vec<Literal>,
}

/// A bound on what an aggregate or a choice comes to: `value relation term`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Guard {
    /// How the value compares with the term.
    pub relation: Comparison,
    /// The term.
    pub term: Term,
}

/// An aggregate with its bounds. A variable that occurs in the rule outside of
/// aggregates and choices is global; any other belongs to one element alone
/// and has a [`VarId`] that no other element uses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// What is made of the elements.
    pub function: AggregateFunction,
    /// The elements; one set of tuples is made of all of them.
    pub elements: Vec<AggregateElement>,
    /// The bounds; all must hold. At least one.
    pub guards: Vec<Guard>,
}

/// One member of a rule's body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// An atom, or `not` an atom.
    Atom(Sign, Atom),
    /// A comparison. `=` with one side known binds variables of the other; see
    /// [`binds`](super::binds).
    Compare(Comparison, Term, Term),
    /// `term = low..high`: the term is an integer from `low` to `high`. Binds
    /// the term.
    Range(Term, Term, Term),
    /// An aggregate, or `not` an aggregate. `X = #count{..}` binds `X`.
    Aggregate(Sign, Aggregate),
}

/// One element of a choice: the atom may be in the model for each binding of
/// the element's own variables under which the condition holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChoiceElement {
    /// The atom that may be chosen.
    pub atom: Atom,
    /// The condition; no aggregates.
    pub condition: Vec<Literal>,
}

/// What a violated weak constraint costs: `weight` at `level`, once for each
/// different `tuple` at that level.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cost {
    /// How much; an integer.
    pub weight: Term,
    /// The level; higher levels weigh before all lower ones.
    pub level: Term,
    /// What makes two violations different.
    pub tuple: Vec<Term>,
}

/// What a rule says where its body holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Head {
    /// This atom holds.
    Atom(Atom),
    /// One of these atoms holds; at least two.
    Disjunction(Vec<Atom>),
    /// Any of these atoms may hold, as many different ones as the guards
    /// allow.
    Choice {
        /// What may be chosen.
        elements: Vec<ChoiceElement>,
        /// Bounds on how many atoms of the elements are in the model.
        guards: Vec<Guard>,
    },
    /// Nothing: the body must not hold (an integrity constraint).
    Never,
    /// The model has this cost (a weak constraint; `#minimize` is read as
    /// weak constraints too, and `#maximize` with the weight negated).
    Cost(Cost),
}

/// A rule. A fact is a rule whose body is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What follows.
    pub head: Head,
    /// What it follows from; all must hold.
    pub body: Vec<Literal>,
    /// The variables' names by [`VarId`]; `_` for those without one.
    pub variables: Vec<Arc<str>>,
    /// The sentence that it formalises.
    pub sentence: Option<Arc<str>>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// A conjunction that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The literals; all must hold.
    pub body: Vec<Literal>,
    /// The variables' names by [`VarId`]; `_` for those without one.
    pub variables: Vec<Arc<str>>,
    /// The sentence that it formalises.
    pub sentence: Option<Arc<str>>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// What the models of a program are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// Its answer sets. What is not derived is false to `not`.
    #[default]
    StableModels,
    /// What facts and rules derive, running forward only. Negation is stated
    /// (`-p`), what is neither derived nor denied is unknown, and `not`,
    /// aggregates, choices, disjunctions and costs are no part of such a
    /// program. An atom and its stated negation may both be derived; then the
    /// facts contradict each other there.
    OpenWorld,
}

/// Which atoms of a model are of interest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// All.
    #[default]
    All,
    /// Those of these predicates.
    Only(Vec<PredicateId>),
}

/// A whole logic program.
#[derive(Clone, Debug)]
pub struct Problem {
    /// All predicates that occur.
    pub predicates: Vec<Predicate>,
    /// Declared types.
    pub types: Vec<DeclaredType>,
    /// Facts, rules, constraints and weak constraints, in order.
    pub rules: Vec<Rule>,
    /// What is asked; `None` asks for models.
    pub goal: Option<Goal>,
    /// Which atoms of a model are of interest.
    pub show: Show,
    /// What the models are.
    pub meaning: Meaning,
    /// How deep terms may nest. Deeper ones are never made; where one would
    /// have been, an answer that depends on there being none is withheld.
    pub depth: u32,
}

/// How deep terms may nest where the program does not say.
pub const DEFAULT_DEPTH: u32 = 200;

/// The deepest nesting that a program may ask for.
pub const MAX_DEPTH: u32 = 1_000;

/// What makes a program unusable. The elaborator reports these with their
/// places; backends and the checker refuse programs that have one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// An identifier, an arity or a shape that the types' documentation rules
    /// out.
    #[error("rule {rule} is malformed: {why}")]
    Malformed {
        /// The rule's position; the number of rules for the goal.
        rule: u32,
        /// What is wrong.
        why: &'static str,
    },
    /// A variable that nothing binds.
    #[error("variable `{variable}` of rule {rule} is unsafe: nothing binds it")]
    Unsafe {
        /// The rule's position; the number of rules for the goal.
        rule: u32,
        /// The variable's name.
        variable: Arc<str>,
    },
    /// An aggregate that depends on the head of its own rule.
    #[error("an aggregate of rule {rule} depends on the rule's own head")]
    RecursiveAggregate {
        /// The rule's position.
        rule: u32,
    },
    /// Something that an open-world program cannot have.
    #[error("rule {rule} has {what}, which the open world has no meaning for")]
    NotOpenWorld {
        /// The rule's position; the number of rules for the goal.
        rule: u32,
        /// What it has.
        what: &'static str,
    },
}

impl Problem {
    /// An empty program that asks for stable models.
    pub fn new() -> Self {
        Problem {
            predicates: Vec::new(),
            types: Vec::new(),
            rules: Vec::new(),
            goal: None,
            show: Show::All,
            meaning: Meaning::StableModels,
            depth: DEFAULT_DEPTH,
        }
    }

    /// The predicate of an identifier that came with this problem.
    pub fn predicate(&self, id: PredicateId) -> Option<&Predicate> {
        self.predicates.get(id.index())
    }

    /// The predicate of this name, arity and sign.
    pub fn find(&self, name: &str, arity: usize, denied: bool) -> Option<PredicateId> {
        let found =
            |p: &Predicate| &*p.name == name && p.arity as usize == arity && p.denied == denied;
        let position = self.predicates.iter().position(found)?;
        Some(PredicateId(position as u32))
    }

    /// The predicate with the other sign, where the program has it.
    pub fn opposite(&self, id: PredicateId) -> Option<PredicateId> {
        let predicate = self.predicate(id)?;
        self.find(&predicate.name, predicate.arity as usize, !predicate.denied)
    }

    /// Whether atoms of this predicate are of interest.
    pub fn shows(&self, id: PredicateId) -> bool {
        match &self.show {
            Show::All => true,
            Show::Only(shown) => shown.contains(&id),
        }
    }

    /// Prints a ground atom as it is written: `p`, `-p(a,1)`.
    pub fn show_atom<'a>(&'a self, atom: &'a GroundAtom) -> impl fmt::Display + 'a {
        ShownAtom {
            problem: self,
            atom,
        }
    }
}

impl Default for Problem {
    fn default() -> Self {
        Self::new()
    }
}

struct ShownAtom<'a> {
    problem: &'a Problem,
    atom: &'a GroundAtom,
}

impl fmt::Display for ShownAtom<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(predicate) = self.problem.predicate(self.atom.predicate) else {
            return f.write_str("?");
        };
        if predicate.denied {
            f.write_str("-")?;
        }
        write_name(f, &predicate.name)?;
        for (i, value) in self.atom.arguments.iter().enumerate() {
            write!(f, "{}{value}", if i == 0 { "(" } else { "," })?;
        }
        if self.atom.arguments.is_empty() {
            Ok(())
        } else {
            f.write_str(")")
        }
    }
}
