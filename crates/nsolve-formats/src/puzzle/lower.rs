//! From expressions to formulas: connectives and quantifiers.

use nsolve_il::Rational;
use nsolve_il::fol::Quantifier;
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{BinaryOp, Declaration, Expr, ExprKind, Ident, NaryOp, SortSpec};
use rustc_hash::FxHashSet;

use super::arith::{Leaf, LeafKind, binary, join, quantified};
use super::atom::{Stop, Value};
use super::tree::{Comparison, Join, Tree, TreeKind};
use super::world::{Argument, Element, Range, Result as Gives, World};
use crate::limits::{Read, fault};

/// A relation between the values of two sorts, whose table is a premise.
pub(super) struct Relation {
    pub(super) name: String,
    /// How it is written, with `x` and `y` for its arguments.
    pub(super) shown: String,
    pub(super) sorts: (usize, usize),
    pub(super) pairs: FxHashSet<(usize, usize)>,
}

/// A variable that a quantifier binds.
pub(super) struct Variable {
    pub(super) written: String,
    /// Its name in the document, which no other variable around has.
    pub(super) name: String,
    pub(super) sort: usize,
}

/// A variable with the guard that its set puts on it.
pub(super) struct Bound {
    pub(super) variable: (Ident, Option<Ident>),
    pub(super) sort: usize,
    /// How many things there are at most.
    pub(super) size: usize,
    /// The elements that its set has, where these are some of the sort's.
    pub(super) only: Option<Vec<usize>>,
    pub(super) guard: Option<Expr>,
}

/// How much one line may take, and a whole text.
const MOST_WORK: usize = 50_000;
const MOST_WORK_IN_ALL: usize = 5_000_000;
/// The most formulas that `Xor` joins, since each is one level deeper.
const MOST_XOR: usize = 100;
/// The most names that are looked through for a similar one.
const MOST_NAMES: usize = 2000;

/// Makes formulas of one puzzle.
pub(crate) struct Lower<'w> {
    pub(super) world: &'w World,
    pub(super) scope: Vec<Variable>,
    /// Terms that have a value in the case at hand.
    pub(super) fixed: Vec<(String, Rational)>,
    pub(super) relations: Vec<Relation>,
    /// Sets that are used but not declared.
    pub(super) sets: Vec<(Ident, usize)>,
    pub(super) known_sets: FxHashSet<(String, usize)>,
    pub(super) told: FxHashSet<(&'static str, usize)>,
    pub(super) work: usize,
    work_in_all: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'w> Lower<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Lower {
            world,
            scope: Vec::new(),
            fixed: Vec::new(),
            relations: Vec::new(),
            sets: Vec::new(),
            known_sets: FxHashSet::default(),
            told: FxHashSet::default(),
            work: 0,
            work_in_all: 0,
            diagnostics: Vec::new(),
        }
    }

    /// Makes a formula; what is told on the way goes to `diagnostics`, a fault
    /// among them.
    pub(crate) fn read(&mut self, tree: &Tree, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
        self.scope.clear();
        self.fixed.clear();
        self.work = 0;
        let made = self.formula(tree);
        match made {
            Ok(formula) => {
                diagnostics.append(&mut self.diagnostics);
                Some(formula)
            }
            Err(fault) => {
                self.diagnostics.clear();
                diagnostics.push(*fault);
                None
            }
        }
    }

    pub(crate) fn world(&self) -> &'w World {
        self.world
    }

    /// What functions give whose values are only a part of their sort.
    pub(crate) fn guards(&self) -> Vec<(Expr, Span)> {
        let guards = self.world.guards.iter();
        guards
            .filter_map(|(name, range)| self.guard(name, range))
            .collect()
    }

    fn guard(&self, name: &str, range: &Range) -> Option<(Expr, Span)> {
        let function = self.world.function(name)?;
        let span = function.name.span;
        let mut variables = Vec::new();
        for (i, argument) in function.arguments.iter().enumerate() {
            let Argument::Sort(sort) = argument else {
                return None;
            };
            let ident = |name: String| Ident { name, span };
            let sort = self.world.sort(*sort)?.name.name.clone();
            variables.push((ident(format!("x{i}'")), Some(ident(sort))));
        }
        let names = variables
            .iter()
            .map(|(v, _)| Expr::new(ExprKind::Name(v.name.clone()), span));
        let term = match variables.is_empty() {
            true => ExprKind::Name(name.to_owned()),
            false => ExprKind::Apply(function.name.clone(), names.collect()),
        };
        let leaf = self.thing(Expr::new(term, span), range.sort);
        let body = leaf.is_one_of(range.only.as_deref()?, span);
        Some(match variables.is_empty() {
            true => (body, span),
            false => (quantified(Quantifier::Forall, variables, body, span), span),
        })
    }

    /// Declarations of what formulas needed besides, and the tables of
    /// relations, each with a name and a sentence.
    pub(crate) fn finish(self, span: Span) -> (Vec<Declaration>, Vec<(String, String, Expr)>) {
        let spec = |sort: usize| {
            let named = self
                .world
                .sort(sort)
                .map(|s| SortSpec::Named(s.name.clone()));
            named.unwrap_or(SortSpec::Open(span))
        };
        let mut declarations = Vec::new();
        let mut premises = Vec::new();
        for (name, sort) in &self.sets {
            declarations.push(Declaration::Symbol {
                name: name.clone(),
                arguments: vec![spec(*sort)],
                result: None,
                meaning: None,
            });
        }
        for relation in &self.relations {
            let (a, b) = relation.sorts;
            declarations.push(Declaration::Symbol {
                name: Ident {
                    name: relation.name.clone(),
                    span,
                },
                arguments: vec![spec(a), spec(b)],
                result: None,
                meaning: None,
            });
            let sentence = format!("what `{}` says of each pair of values", relation.shown);
            premises.push((relation.name.clone(), sentence, self.table(relation, span)));
        }
        (declarations, premises)
    }

    fn table(&self, relation: &Relation, span: Span) -> Expr {
        let (a, b) = relation.sorts;
        let name = |e: &Element| Expr::new(ExprKind::Name(e.name.clone()), span);
        let mut facts = Vec::new();
        for (i, x) in self.world.elements(a).iter().enumerate() {
            for (j, y) in self.world.elements(b).iter().enumerate() {
                let head = Ident {
                    name: relation.name.clone(),
                    span,
                };
                let fact = Expr::new(ExprKind::Apply(head, vec![name(x), name(y)]), span);
                facts.push(match relation.pairs.contains(&(i, j)) {
                    true => fact,
                    false => fact.negated(),
                });
            }
        }
        join(NaryOp::And, facts, span)
    }

    pub(super) fn spend(&mut self, span: Span) -> Read<()> {
        self.work += 1;
        self.work_in_all += 1;
        if self.work > MOST_WORK || self.work_in_all > MOST_WORK_IN_ALL {
            return fault(
                Diagnostic::error(Code::UNSUPPORTED, "this line has too many cases")
                    .at(span)
                    .help("split it, or make its sorts smaller"),
            );
        }
        Ok(())
    }

    // Formulas -------------------------------------------------------------

    /// Whether an expression is a formula rather than a term.
    pub(super) fn is_formula(&self, tree: &Tree) -> bool {
        match &tree.kind {
            TreeKind::Not(_)
            | TreeKind::Join(..)
            | TreeKind::Compare(..)
            | TreeKind::Within(..) => true,
            TreeKind::Name(name) => {
                !self.is_variable(name)
                    && self.world.element(name).is_none()
                    && (truth(name).is_some() || self.is_predicate(name))
            }
            TreeKind::Call(name, _, parts) => {
                if self.world.function(name).is_some() {
                    return self.is_predicate(name);
                }
                match word(name) {
                    Some(Word::If) => parts.get(1).is_some_and(|p| self.is_formula(p)),
                    Some(Word::Count | Word::Sum | Word::Abs) | None => false,
                    Some(_) => true,
                }
            }
            _ => false,
        }
    }

    pub(super) fn is_variable(&self, name: &str) -> bool {
        self.scope.iter().any(|v| v.written == name)
    }

    fn is_predicate(&self, name: &str) -> bool {
        let function = self.world.function(name);
        function.is_some_and(|f| f.result == Gives::Formula)
    }

    pub(crate) fn formula(&mut self, tree: &Tree) -> Read<Expr> {
        self.spend(tree.span)?;
        let span = tree.span;
        match &tree.kind {
            TreeKind::Not(inner) => Ok(self.formula(inner)?.negated()),
            TreeKind::Join(op, parts) => {
                let parts = self.formulas(parts)?;
                connect(*op, parts, span)
            }
            TreeKind::Compare(operands, signs) => self.comparisons(operands, signs, span),
            TreeKind::Within(thing, set) => self.atom(span, &mut |s| s.within(thing, set, span)),
            TreeKind::Name(name) if self.is_formula(tree) => match truth(name) {
                Some(value) => Ok(Expr::new(ExprKind::Truth(value), span)),
                None => Ok(Expr::new(ExprKind::Name(name.clone()), span)),
            },
            TreeKind::Call(name, at, parts) => self.call(tree, name, *at, parts),
            TreeKind::Name(name) if self.unknown(name) => self.undeclared(name, span),
            _ => fault(
                Diagnostic::error(
                    Code::SORT_MISMATCH,
                    "a term stands where a formula is wanted",
                )
                .at(span)
                .expecting(["a comparison", "a predicate", "a connective"])
                .help("compare it with something"),
            ),
        }
    }

    fn formulas(&mut self, parts: &[Tree]) -> Read<Vec<Expr>> {
        parts.iter().map(|p| self.formula(p)).collect()
    }

    fn comparisons(&mut self, operands: &[Tree], signs: &[Comparison], span: Span) -> Read<Expr> {
        if signs.len() > 1 {
            self.diagnostics.push(
                Diagnostic::note(
                    Code::CHAINED_COMPARISON,
                    "comparisons are chained; each pair was read as one",
                )
                .at(span)
                .help("join them with `And`"),
            );
        }
        let mut parts = Vec::new();
        for (pair, sign) in operands.windows(2).zip(signs) {
            let [a, b] = pair else { continue };
            parts.push(self.compared(a, *sign, b, a.span.to(b.span))?);
        }
        Ok(join(NaryOp::And, parts, span))
    }

    /// A comparison of two expressions. `If` among its terms makes two of it.
    pub(super) fn compared(
        &mut self,
        a: &Tree,
        sign: Comparison,
        b: &Tree,
        span: Span,
    ) -> Read<Expr> {
        self.spend(span)?;
        let split = self
            .split_if(a)
            .map(|(condition, then, other)| (condition, (then, b.clone()), (other, b.clone())))
            .or_else(|| {
                let (condition, then, other) = self.split_if(b)?;
                Some((condition, (a.clone(), then), (a.clone(), other)))
            });
        if let Some((condition, then, other)) = split {
            let condition = self.formula(&condition)?;
            let then = self.compared(&then.0, sign, &then.1, span)?;
            let other = self.compared(&other.0, sign, &other.1, span)?;
            return Ok(either(condition, then, other, span));
        }
        if sign == Comparison::NotEqual {
            // What is not there is not equal to anything.
            let same = self.atom(span, &mut |s| s.compare(a, Comparison::Equal, b, span))?;
            return Ok(denied(same));
        }
        self.atom(span, &mut |s| s.compare(a, sign, b, span))
    }

    /// The expression without its first `If` between terms: the condition, and
    /// what it is in both cases.
    fn split_if(&self, tree: &Tree) -> Option<(Tree, Tree, Tree)> {
        if self.is_formula(tree) {
            return None;
        }
        if let TreeKind::Call(name, _, parts) = &tree.kind
            && self.world.function(name).is_none()
        {
            return match (word(name), parts.as_slice()) {
                (Some(Word::If), [condition, then, other]) => {
                    Some((condition.clone(), then.clone(), other.clone()))
                }
                (Some(Word::Abs), _) => self.split_part(tree, parts),
                _ => None,
            };
        }
        match &tree.kind {
            TreeKind::Call(_, _, parts) => self.split_part(tree, parts),
            TreeKind::Negate(inner) => {
                let (condition, then, other) = self.split_if(inner)?;
                let make = |t| Tree::new(TreeKind::Negate(Box::new(t)), tree.span);
                Some((condition, make(then), make(other)))
            }
            TreeKind::Arithmetic(op, a, b) => {
                let make = |a, b| {
                    Tree::new(
                        TreeKind::Arithmetic(*op, Box::new(a), Box::new(b)),
                        tree.span,
                    )
                };
                if let Some((condition, then, other)) = self.split_if(a) {
                    return Some((
                        condition,
                        make(then, (**b).clone()),
                        make(other, (**b).clone()),
                    ));
                }
                let (condition, then, other) = self.split_if(b)?;
                Some((
                    condition,
                    make((**a).clone(), then),
                    make((**a).clone(), other),
                ))
            }
            _ => None,
        }
    }

    fn split_part(&self, tree: &Tree, parts: &[Tree]) -> Option<(Tree, Tree, Tree)> {
        let TreeKind::Call(name, at, _) = &tree.kind else {
            return None;
        };
        let found = parts.iter().enumerate();
        let (position, (condition, then, other)) = found
            .filter_map(|(i, p)| Some((i, self.split_if(p)?)))
            .next()?;
        let make = |part: Tree| {
            let mut parts = parts.to_vec();
            if let Some(place) = parts.get_mut(position) {
                *place = part;
            }
            Tree::new(TreeKind::Call(name.clone(), *at, parts), tree.span)
        };
        Some((condition, make(then), make(other)))
    }

    fn call(&mut self, tree: &Tree, name: &str, at: Span, parts: &[Tree]) -> Read<Expr> {
        let span = tree.span;
        if self.world.function(name).is_some() {
            return self.atom(span, &mut |s| s.predicate(name, at, parts, span));
        }
        let Some(word) = word(name) else {
            return self.undeclared(name, at);
        };
        let listed = flat(parts);
        match word {
            Word::Join(Join::Implies, most) | Word::Join(Join::Iff, most)
                if listed.len() != most =>
            {
                wrong_number(name, most, listed.len(), span)
            }
            Word::Join(op, _) => {
                let parts: Read<Vec<Expr>> = listed.into_iter().map(|p| self.formula(p)).collect();
                connect(op, parts?, span)
            }
            Word::Not => match listed.as_slice() {
                [one] => Ok(self.formula(one)?.negated()),
                other => wrong_number(name, 1, other.len(), span),
            },
            Word::If => self.condition(name, parts, span),
            Word::ForAll | Word::Exists => self.quantifier(name, word == Word::ForAll, parts, span),
            Word::Distinct => self.distinct(parts, span),
            Word::AtLeast | Word::AtMost | Word::Exactly => self.bounded(name, word, parts, span),
            Word::Count | Word::Sum | Word::Abs => fault(
                Diagnostic::error(
                    Code::SORT_MISMATCH,
                    format!("`{name}` gives a number, and stands where a formula is wanted"),
                )
                .at(span)
                .help("compare it with a number"),
            ),
        }
    }

    fn condition(&mut self, name: &str, parts: &[Tree], span: Span) -> Read<Expr> {
        match parts {
            [condition, then] => {
                self.diagnostics.push(
                    Diagnostic::note(
                        Code::FOREIGN_SPELLING,
                        format!("`{name}` without a third argument was read as `Implies`"),
                    )
                    .at(span),
                );
                let (a, b) = (self.formula(condition)?, self.formula(then)?);
                Ok(binary(BinaryOp::Implies, a, b, span))
            }
            [condition, then, other] => {
                let condition = self.formula(condition)?;
                let (then, other) = (self.formula(then)?, self.formula(other)?);
                Ok(either(condition, then, other, span))
            }
            _ => wrong_number(name, 3, parts.len(), span),
        }
    }

    // Words ----------------------------------------------------------------

    fn distinct(&mut self, parts: &[Tree], span: Span) -> Read<Expr> {
        if parts.first().is_some_and(is_binders) {
            let (entries, body) = binders("Distinct", parts, span)?;
            let [entry] = entries.as_slice() else {
                return fault(
                    Diagnostic::error(Code::UNSUPPORTED, "`Distinct` binds one variable")
                        .at(span)
                        .expecting(["`Distinct([x:S], term)`"]),
                );
            };
            let listed = self.for_each(entry, body)?;
            return self.distinct_of(&listed.iter().collect::<Vec<_>>(), span);
        }
        self.distinct_of(&flat(parts), span)
    }

    fn distinct_of(&mut self, listed: &[&Tree], span: Span) -> Read<Expr> {
        let mut terms = Vec::new();
        let mut sorts = Vec::new();
        for tree in listed {
            match self.term(tree) {
                Ok(Value::Thing(term, sort)) => {
                    terms.push(term);
                    sorts.push(sort);
                }
                Err(Stop::Fault(fault)) => return Err(fault),
                _ => {}
            }
        }
        let same = sorts.windows(2).all(|w| w.first() == w.last());
        if terms.len() == listed.len() && terms.len() > 1 && same {
            return Ok(Expr::new(ExprKind::Nary(NaryOp::Distinct, terms), span));
        }
        let mut out = Vec::new();
        for (i, a) in listed.iter().enumerate() {
            for b in listed.get(i + 1..).unwrap_or_default() {
                out.push(self.compared(a, Comparison::NotEqual, b, span)?);
            }
        }
        Ok(join(NaryOp::And, out, span))
    }

    /// The body for each element of a set whose elements are known.
    pub(super) fn for_each(&mut self, entry: &Tree, body: &Tree) -> Read<Vec<Tree>> {
        let depth = self.scope.len();
        let bound = self.bind(&[entry], body)?;
        self.scope.truncate(depth);
        let written = match &entry.kind {
            TreeKind::Bound(name, _) | TreeKind::Name(name) => name,
            _ => return unsupported_set(entry.span),
        };
        let Some(bound) = bound.first() else {
            return unsupported_set(entry.span);
        };
        let elements = self.world.elements(bound.sort).iter().enumerate();
        let inside = |i: &usize| bound.only.as_ref().is_none_or(|only| only.contains(i));
        if bound.guard.is_some() && bound.only.is_none() {
            return unsupported_set(entry.span);
        }
        let chosen = elements.filter(|(i, _)| inside(i));
        Ok(chosen
            .map(|(_, e)| {
                let name = Tree::new(TreeKind::Name(e.name.clone()), entry.span);
                replace(body, written, &name)
            })
            .collect())
    }

    /// `AtLeast(2, [x:S], F)`, and the like.
    fn bounded(&mut self, name: &str, word: Word, parts: &[Tree], span: Span) -> Read<Expr> {
        let one = name.to_ascii_lowercase().ends_with("one");
        let sign = match word {
            Word::AtLeast => Comparison::GreaterEq,
            Word::AtMost => Comparison::LessEq,
            _ => Comparison::Equal,
        };
        let (limit, rest) = match parts {
            [limit, rest @ ..] if !one && matches!(limit.kind, TreeKind::Number(_)) => {
                (limit.clone(), rest)
            }
            [rest @ .., limit] if !one && matches!(limit.kind, TreeKind::Number(_)) => {
                (limit.clone(), rest)
            }
            rest if one => {
                let one = Rational::from_integer(1.into());
                (Tree::new(TreeKind::Number(one), span), rest)
            }
            _ => {
                return fault(
                    Diagnostic::error(Code::UNEXPECTED, format!("`{name}` has no number"))
                        .at(span)
                        .expecting(["`AtLeast(2, [x:S], formula)`"]),
                );
            }
        };
        let bound = rest.first().is_some_and(is_binders);
        let count = match bound {
            true => Tree::new(TreeKind::Call("Count".into(), span, rest.to_vec()), span),
            false => {
                let list = Tree::new(
                    TreeKind::List(flat(rest).into_iter().cloned().collect()),
                    span,
                );
                Tree::new(TreeKind::Call("Sum".into(), span, vec![list]), span)
            }
        };
        self.compared(&count, sign, &limit, span)
    }

    // Faults ---------------------------------------------------------------

    /// Whether nothing of this name is there.
    fn unknown(&self, name: &str) -> bool {
        !self.is_variable(name)
            && self.world.element(name).is_none()
            && self.world.function(name).is_none()
    }

    pub(super) fn undeclared<T>(&self, name: &str, span: Span) -> Read<T> {
        if self.world.refused.contains(name) {
            return refused(name, span);
        }
        let similar = self
            .world
            .names()
            .take(MOST_NAMES)
            .find(|n| n.eq_ignore_ascii_case(name));
        let mut told = Diagnostic::error(
            Code::UNDECLARED,
            format!("`{name}` is not declared, and no quantifier binds it"),
        )
        .at(span)
        .expecting(["a declared function, element or variable"]);
        told = match similar {
            Some(similar) => told.suggest(span, similar),
            None => told.help("declare it under `# Declarations`"),
        };
        fault(told)
    }

    pub(super) fn no_sort<T>(&self, name: &str, span: Span) -> Read<T> {
        let sorts = self
            .world
            .sorts
            .iter()
            .map(|s| format!("`{}`", s.name.name));
        fault(
            Diagnostic::error(Code::UNKNOWN_SORT, format!("no sort `{name}` is declared"))
                .at(span)
                .expecting(sorts.take(20))
                .help("declare it as an `EnumSort`"),
        )
    }

    pub(super) fn thing(&self, term: Expr, sort: usize) -> Leaf {
        let elements = self.world.elements(sort);
        Leaf {
            key: super::arith::key(&term),
            values: elements.iter().map(|e| e.value.clone()).collect(),
            kind: LeafKind::Thing(
                term,
                sort,
                elements.iter().map(|e| e.name.clone()).collect(),
            ),
        }
    }
}

/// What a word of the format means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A connective; for some, with how many operands.
    Join(Join, usize),
    Not,
    If,
    ForAll,
    Exists,
    Distinct,
    AtLeast,
    AtMost,
    Exactly,
    Count,
    Sum,
    Abs,
}

pub(super) fn word(name: &str) -> Option<Word> {
    Some(match name.to_ascii_lowercase().as_str() {
        "and" => Word::Join(Join::And, 0),
        "or" => Word::Join(Join::Or, 0),
        "xor" => Word::Join(Join::Xor, 0),
        "implies" => Word::Join(Join::Implies, 2),
        "iff" => Word::Join(Join::Iff, 2),
        "not" => Word::Not,
        "if" | "ifthenelse" | "ite" => Word::If,
        "forall" => Word::ForAll,
        "exists" => Word::Exists,
        "distinct" | "alldifferent" | "alldifferentconstraint" => Word::Distinct,
        "atleast" | "atleastone" => Word::AtLeast,
        "atmost" | "atmostone" => Word::AtMost,
        "exactly" | "exactlyone" => Word::Exactly,
        "count" => Word::Count,
        "sum" => Word::Sum,
        "abs" => Word::Abs,
        _ => return None,
    })
}

fn truth(name: &str) -> Option<bool> {
    match name {
        "True" | "true" | "TRUE" => Some(true),
        "False" | "false" | "FALSE" => Some(false),
        _ => None,
    }
}

/// The denial; a truth value is turned over.
pub(super) fn denied(e: Expr) -> Expr {
    match e.kind {
        ExprKind::Truth(value) => Expr::new(ExprKind::Truth(!value), e.span),
        _ => e.negated(),
    }
}

fn either(condition: Expr, then: Expr, other: Expr, span: Span) -> Expr {
    let denied = denied(condition.clone());
    let parts = vec![
        binary(BinaryOp::Implies, condition, then, span),
        binary(BinaryOp::Implies, denied, other, span),
    ];
    join(NaryOp::And, parts, span)
}

fn connect(op: Join, parts: Vec<Expr>, span: Span) -> Read<Expr> {
    if op == Join::Xor && parts.len() > MOST_XOR {
        return wrong_number("Xor", MOST_XOR, parts.len(), span);
    }
    let fold = |op: BinaryOp, parts: Vec<Expr>| {
        let mut parts = parts.into_iter();
        let first = parts.next();
        let first = first.unwrap_or_else(|| Expr::new(ExprKind::Truth(false), span));
        parts.fold(first, |a, b| binary(op, a, b, span))
    };
    Ok(match op {
        Join::And | Join::Or if parts.len() == 1 => fold(BinaryOp::Xor, parts),
        Join::And => Expr::new(ExprKind::Nary(NaryOp::And, parts), span),
        Join::Or => Expr::new(ExprKind::Nary(NaryOp::Or, parts), span),
        Join::Xor => fold(BinaryOp::Xor, parts),
        Join::Implies => fold(BinaryOp::Implies, parts),
        Join::Iff => fold(BinaryOp::Iff, parts),
    })
}

/// Operands, whether they are listed in brackets or not.
fn flat(parts: &[Tree]) -> Vec<&Tree> {
    let mut out = Vec::new();
    for part in parts {
        match &part.kind {
            TreeKind::List(inner) => out.extend(inner),
            _ => out.push(part),
        }
    }
    out
}

/// The tree with another in the place of a name.
fn replace(tree: &Tree, name: &str, by: &Tree) -> Tree {
    let inner = |t: &Tree| Box::new(replace(t, name, by));
    let each = |parts: &[Tree]| parts.iter().map(|t| replace(t, name, by)).collect();
    let kind = match &tree.kind {
        TreeKind::Name(n) if n == name => return by.clone(),
        TreeKind::Name(_) | TreeKind::Number(_) => return tree.clone(),
        // What binds the name again is left alone; a binder stands in a list.
        TreeKind::Call(head, at, parts) => {
            let again = |t: &Tree| matches!(&t.kind, TreeKind::Bound(n, _) if n == name);
            let lists = |t: &&Tree| matches!(t.kind, TreeKind::List(_) | TreeKind::Bound(..));
            if flat(parts).iter().any(|t| again(t)) && parts.iter().any(|t| lists(&t)) {
                return tree.clone();
            }
            TreeKind::Call(head.clone(), *at, each(parts))
        }
        TreeKind::List(parts) => TreeKind::List(each(parts)),
        TreeKind::Bound(n, set) => TreeKind::Bound(n.clone(), inner(set)),
        TreeKind::Not(a) => TreeKind::Not(inner(a)),
        TreeKind::Negate(a) => TreeKind::Negate(inner(a)),
        TreeKind::Join(op, parts) => TreeKind::Join(*op, each(parts)),
        TreeKind::Arithmetic(op, a, b) => TreeKind::Arithmetic(*op, inner(a), inner(b)),
        TreeKind::Compare(parts, signs) => TreeKind::Compare(each(parts), signs.clone()),
        TreeKind::Within(a, b) => TreeKind::Within(inner(a), inner(b)),
    };
    Tree::new(kind, tree.span)
}

pub(super) fn is_binders(tree: &Tree) -> bool {
    match &tree.kind {
        TreeKind::Bound(..) => true,
        TreeKind::List(entries) => entries
            .iter()
            .any(|e| matches!(e.kind, TreeKind::Bound(..))),
        _ => false,
    }
}

/// The variables and the body of a word that binds.
pub(super) fn binders<'t>(
    name: &str,
    parts: &'t [Tree],
    span: Span,
) -> Read<(Vec<&'t Tree>, &'t Tree)> {
    if let [lists @ .., body] = parts
        && !lists.is_empty()
        && lists
            .iter()
            .all(|l| is_binders(l) || matches!(l.kind, TreeKind::List(_) | TreeKind::Name(_)))
    {
        return Ok((flat(lists), body));
    }
    fault(
        Diagnostic::error(
            Code::UNEXPECTED,
            format!("`{name}` has no list of variables before one formula"),
        )
        .at(span)
        .expecting([format!("`{name}([x:S], ..)`")]),
    )
}

fn wrong_number<T>(name: &str, wanted: usize, found: usize, span: Span) -> Read<T> {
    fault(
        Diagnostic::error(
            Code::ARITY_MISMATCH,
            format!("`{name}` has {wanted} arguments, {found} stand here"),
        )
        .at(span)
        .help("join several formulas with `And` or `Or`"),
    )
}

pub(super) fn refused<T>(name: &str, span: Span) -> Read<T> {
    fault(
        Diagnostic::error(
            Code::UNDECLARED,
            format!("the declaration of `{name}` could not be read"),
        )
        .at(span)
        .help("mend its declaration first"),
    )
}

pub(super) fn unsupported_set<T>(span: Span) -> Read<T> {
    fault(
        Diagnostic::error(
            Code::UNSUPPORTED,
            "this is no set that a variable can range over",
        )
        .at(span)
        .expecting(["a declared sort", "a list of elements of one sort"]),
    )
}
