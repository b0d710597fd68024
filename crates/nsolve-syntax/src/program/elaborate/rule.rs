//! One rule: its variables numbered, its terms and literals made.

use std::sync::Arc;

use nsolve_il::program::{
    Aggregate, AggregateElement, AggregateFunction, ArithmeticOp, Atom, CONS, ChoiceElement,
    Comparison, Cost, Guard, Head, Literal, MAX_DEPTH, NIL, Rule, Sign, Term, Value,
};
use nsolve_source::{Code, Diagnostic, Span};

use super::Elaborator;
use super::scope::{Scope, each_variable};
use crate::program::Dialect;
use crate::program::ast::{self, LiteralKind, Statement, TermKind};

/// The most literals of one body: in what order they are evaluated takes time
/// quadratic in their number.
const MOST_LITERALS: usize = 2_000;

/// What stands in the place of a head.
#[derive(Clone, Copy)]
pub(super) enum WrittenHead<'a> {
    Plain(&'a ast::Head),
    /// The flag tells that the cost is negated.
    Cost(&'a ast::Cost, bool),
}

/// `None` where a fault was told.
type Made<T> = Option<T>;

impl Elaborator {
    pub(super) fn rule(
        &mut self,
        statement: &Statement,
        head: WrittenHead<'_>,
        body: &[ast::Literal],
    ) -> Made<Rule> {
        if body.len() > MOST_LITERALS {
            let said = format!(
                "this body has {} literals; at most {MOST_LITERALS} are read",
                body.len()
            );
            let fault = Diagnostic::error(Code::PROGRAM_TOO_MANY, said).at(statement.span);
            self.tell(fault.help("split the rule"));
            return None;
        }
        if !self.check_open_world(&head, body, statement.span) {
            return None;
        }
        let mut scope = Scope::default();
        if has_locals(&head, body) {
            match head {
                WrittenHead::Plain(head) => {
                    scope.see_globals(head, body, self.dialect == Dialect::Asp);
                }
                WrittenHead::Cost(cost, _) => {
                    scope.see(&cost.weight);
                    cost.level
                        .iter()
                        .chain(&cost.tuple)
                        .for_each(|t| scope.see(t));
                    scope.see_globals(&ast::Head::Never, body, self.dialect == Dialect::Asp);
                }
            }
        }
        let mut ranges = Vec::new();
        let head = self.head(head, &mut scope, &mut ranges, statement.span);
        let mut made = Vec::with_capacity(body.len());
        let mut whole = true;
        for literal in body {
            whole &= self
                .literal(literal, false, &mut scope, &mut made)
                .is_some();
        }
        made.append(&mut ranges);
        let head = head.filter(|_| whole)?;
        let rule = Rule {
            head,
            body: made,
            variables: std::mem::take(&mut scope.names),
            sentence: statement.sentence.clone(),
            span: Some(statement.span),
        };
        if rule.variables.is_empty() || self.check_variables(&rule, &scope, statement) {
            Some(rule)
        } else {
            None
        }
    }

    fn head(
        &mut self,
        head: WrittenHead<'_>,
        scope: &mut Scope,
        ranges: &mut Vec<Literal>,
        span: Span,
    ) -> Made<Head> {
        Some(match head {
            WrittenHead::Plain(ast::Head::Never) => Head::Never,
            WrittenHead::Plain(ast::Head::Atoms(atoms)) => match atoms.as_slice() {
                [one] => Head::Atom(self.atom(one, scope, ranges)?),
                many => {
                    let before = ranges.len();
                    let made = many.iter().map(|a| self.atom(a, scope, ranges));
                    let made: Vec<Atom> = made.collect::<Option<_>>()?;
                    if ranges.len() > before {
                        let said = "an interval stands in a disjunction";
                        let fault = Diagnostic::error(Code::PROGRAM_UNSUPPORTED, said).at(span);
                        self.tell(fault.help("write its numbers one by one: `p(1) | p(2)`"));
                        return None;
                    }
                    Head::Disjunction(made)
                }
            },
            WrittenHead::Plain(ast::Head::Choice(elements, guards)) => {
                let elements = elements.iter().map(|e| self.choice_element(e, scope));
                let elements = elements.collect::<Option<_>>()?;
                let guards = self.guards(guards, scope, ranges)?;
                Head::Choice { elements, guards }
            }
            WrittenHead::Cost(cost, maximize) => {
                let weight = match maximize {
                    false => self.term(&cost.weight, true, scope, ranges)?,
                    // What is no number has no negation.
                    true => match self.number(&cost.weight, scope, ranges)? {
                        Term::Value(Value::Int(n)) if n != i64::MIN => Term::Value(Value::Int(-n)),
                        weight => Term::Arithmetic(ArithmeticOp::Negate, vec![weight]),
                    },
                };
                let level = match &cost.level {
                    Some(level) => self.term(level, true, scope, ranges)?,
                    None => Term::Value(Value::Int(0)),
                };
                let tuple = cost.tuple.iter().map(|t| self.term(t, true, scope, ranges));
                Head::Cost(Cost {
                    weight,
                    level,
                    tuple: tuple.collect::<Option<_>>()?,
                })
            }
        })
    }

    fn choice_element(
        &mut self,
        element: &ast::ChoiceElement,
        scope: &mut Scope,
    ) -> Made<ChoiceElement> {
        scope.enter();
        let mut ranges = Vec::new();
        let atom = self.atom(&element.atom, scope, &mut ranges);
        let condition = self.condition(&element.condition, scope, ranges);
        scope.leave();
        Some(ChoiceElement {
            atom: atom?,
            condition: condition?,
        })
    }

    fn condition(
        &mut self,
        written: &[ast::Literal],
        scope: &mut Scope,
        mut ranges: Vec<Literal>,
    ) -> Made<Vec<Literal>> {
        let mut out = Vec::with_capacity(written.len());
        let mut whole = true;
        for literal in written {
            whole &= self.literal(literal, false, scope, &mut out).is_some();
        }
        out.append(&mut ranges);
        whole.then_some(out)
    }

    fn guards(
        &mut self,
        guards: &[ast::Guard],
        scope: &mut Scope,
        ranges: &mut Vec<Literal>,
    ) -> Made<Vec<Guard>> {
        let one = |guard: &ast::Guard| {
            let term = self.term(&guard.term, true, scope, ranges)?;
            Some(Guard {
                relation: guard.relation,
                term,
            })
        };
        guards.iter().map(one).collect()
    }

    /// Adds a literal, and the intervals in it, to a conjunction.
    fn literal(
        &mut self,
        literal: &ast::Literal,
        negative: bool,
        scope: &mut Scope,
        out: &mut Vec<Literal>,
    ) -> Made<()> {
        let mut ranges = Vec::new();
        let sign = if negative { Sign::Not } else { Sign::Positive };
        match &literal.kind {
            LiteralKind::Atom(_) if negative && self.asks_for_none(literal, scope) => {
                return self.none_of(std::slice::from_ref(literal), literal.span, scope, out);
            }
            LiteralKind::Atom(atom) => {
                let atom = self.atom(atom, scope, &mut ranges)?;
                out.push(Literal::Atom(sign, atom));
            }
            LiteralKind::Compare {
                relation,
                left,
                right,
                evaluate,
            } => {
                let relation = if negative {
                    relation.negated()
                } else {
                    *relation
                };
                let found =
                    self.comparison(relation, left, right, *evaluate, scope, &mut ranges)?;
                let interval = !ranges.is_empty() || matches!(found, Literal::Range(..));
                if negative && interval {
                    let said = "an interval stands under `not`";
                    let fault = Diagnostic::error(Code::PROGRAM_UNSUPPORTED, said).at(literal.span);
                    self.tell(
                        fault.help("write two comparisons, or two rules: `X < 1` and `X > 3`"),
                    );
                    return None;
                }
                out.push(found);
            }
            LiteralKind::Aggregate(written) => {
                let elements = written.elements.iter().map(|e| self.element(e, scope));
                let elements = elements.collect::<Option<_>>()?;
                let guards = self.guards(&written.guards, scope, &mut ranges)?;
                let function = written.function;
                out.push(Literal::Aggregate(
                    sign,
                    Aggregate {
                        function,
                        elements,
                        guards,
                    },
                ));
            }
            LiteralKind::Truth(holds) => {
                if *holds == negative {
                    let number = |n| Term::Value(Value::Int(n));
                    out.push(Literal::Compare(Comparison::Equal, number(0), number(1)));
                }
            }
            LiteralKind::Not(inner) if !negative => return self.literal(inner, true, scope, out),
            LiteralKind::All(all) if negative => {
                return self.none_of(all, literal.span, scope, out);
            }
            LiteralKind::All(all) => {
                for one in all {
                    self.literal(one, false, scope, out)?;
                }
            }
            LiteralKind::Not(_) | LiteralKind::Any(_) => {
                let said = "`not` stands twice";
                let fault = Diagnostic::error(Code::PROGRAM_UNSUPPORTED, said).at(literal.span);
                self.tell(fault.help("define `other :- not p.` and write `not other`"));
                return None;
            }
        }
        out.append(&mut ranges);
        Some(())
    }

    /// Whether `not p(..)` says that there is none: of `_` in ASP; in Prolog
    /// also of variables that stand nowhere else.
    fn asks_for_none(&self, literal: &ast::Literal, scope: &Scope) -> bool {
        let LiteralKind::Atom(atom) = &literal.kind else {
            return false;
        };
        let prolog = self.dialect == Dialect::Prolog;
        let mut found = false;
        each_variable(atom, &mut |name| {
            found |= &**name == "_" || (prolog && !scope.knows(name));
        });
        found
    }

    /// `not` of a conjunction with variables of its own: none of its instances
    /// holds, which is written as a count.
    fn none_of(
        &mut self,
        all: &[ast::Literal],
        span: Span,
        scope: &mut Scope,
        out: &mut Vec<Literal>,
    ) -> Made<()> {
        if scope.is_local() {
            let said = "`not` asks whether there is none, within a condition";
            let fault = Diagnostic::error(Code::PROGRAM_UNSUPPORTED, said).at(span);
            self.tell(fault.help("define `some(X) :- p(X, _).` and write `not some(X)`"));
            return None;
        }
        if self.dialect == Dialect::Asp {
            let said = "`not` of `_` is read as: there is none";
            self.tell(Diagnostic::note(Code::READ_AS_NONE, said).at(span));
        }
        scope.enter();
        let condition = self.condition(all, scope, Vec::new());
        scope.leave();
        let one = Term::Value(Value::Int(1));
        let element = AggregateElement {
            tuple: vec![one.clone()],
            condition: condition?,
        };
        let guard = Guard {
            relation: Comparison::GreaterOrEqual,
            term: one,
        };
        let aggregate = Aggregate {
            function: AggregateFunction::Count,
            elements: vec![element],
            guards: vec![guard],
        };
        out.push(Literal::Aggregate(Sign::Not, aggregate));
        Some(())
    }

    fn element(&mut self, element: &ast::Element, scope: &mut Scope) -> Made<AggregateElement> {
        scope.enter();
        let mut ranges = Vec::new();
        let tuple = element
            .tuple
            .iter()
            .map(|t| self.term(t, true, scope, &mut ranges));
        let tuple = tuple.collect::<Option<_>>();
        let condition = self.condition(&element.condition, scope, ranges);
        scope.leave();
        Some(AggregateElement {
            tuple: tuple?,
            condition: condition?,
        })
    }

    fn comparison(
        &mut self,
        relation: Comparison,
        left: &ast::Term,
        right: &ast::Term,
        evaluate: (bool, bool),
        scope: &mut Scope,
        ranges: &mut Vec<Literal>,
    ) -> Made<Literal> {
        let equal = relation == Comparison::Equal;
        let (side, evaluate_side, interval) = match (&left.kind, &right.kind) {
            (_, TermKind::Interval(low, high)) if equal => (left, evaluate.0, Some((low, high))),
            (TermKind::Interval(low, high), _) if equal => (right, evaluate.1, Some((low, high))),
            _ => (left, evaluate.0, None),
        };
        if let Some((low, high)) = interval {
            let term = self.term(side, evaluate_side, scope, ranges)?;
            let low = self.number(low, scope, ranges)?;
            let high = self.number(high, scope, ranges)?;
            return Some(Literal::Range(term, low, high));
        }
        let left = self.term(left, evaluate.0, scope, ranges)?;
        let right = self.term(right, evaluate.1, scope, ranges)?;
        Some(Literal::Compare(relation, left, right))
    }

    fn atom(
        &mut self,
        term: &ast::Term,
        scope: &mut Scope,
        ranges: &mut Vec<Literal>,
    ) -> Made<Atom> {
        let (inner, denied) = match &term.kind {
            TermKind::Arithmetic(ArithmeticOp::Negate, inner) => (inner.first()?, true),
            _ => (term, false),
        };
        let (name, written): (&Arc<str>, &[ast::Term]) = match &inner.kind {
            TermKind::Name(name) => (name, &[]),
            TermKind::Function(name, terms) => (name, terms),
            _ => {
                let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, "this is no atom");
                self.tell(fault.at(term.span).expecting(["an atom such as `p(X)`"]));
                return None;
            }
        };
        let predicate = self.predicate(name, written.len(), denied, inner.span);
        let evaluate = self.dialect == Dialect::Asp;
        let mut arguments = Vec::with_capacity(written.len());
        for argument in written {
            if argument.height > 0 {
                self.see_depth(argument)?;
            }
            arguments.push(self.term(argument, evaluate, scope, ranges)?);
        }
        self.check_types(predicate, &arguments, written, scope)?;
        Some(Atom {
            predicate,
            arguments,
        })
    }

    fn see_depth(&mut self, term: &ast::Term) -> Made<()> {
        let depth = depth(term);
        self.deepest = self.deepest.max(depth);
        if depth > MAX_DEPTH as usize {
            let said = format!("this term is nested {depth} deep; at most {MAX_DEPTH} is read");
            let fault = Diagnostic::error(Code::TOO_DEEP, said).at(term.span);
            self.tell(fault.help("write a long list as facts: `at(1, a). at(2, b).`"));
            return None;
        }
        Some(())
    }

    /// A bound of an interval, a member of arithmetic, or what is maximized: an
    /// integer.
    fn number(
        &mut self,
        term: &ast::Term,
        scope: &mut Scope,
        ranges: &mut Vec<Literal>,
    ) -> Made<Term> {
        let made = self.term(term, true, scope, ranges)?;
        if matches!(
            made,
            Term::Variable(_) | Term::Arithmetic(..) | Term::Value(Value::Int(_))
        ) {
            return Some(made);
        }
        let fault = match &term.kind {
            TermKind::Name(name) if self.dialect == Dialect::Asp => {
                let said = format!(
                    "the constant `{name}` stands where a number is wanted, and is not defined"
                );
                Diagnostic::error(Code::UNDEFINED_CONSTANT, said)
                    .help(format!("define it: `#const {name} = 3.`"))
            }
            _ => Diagnostic::error(Code::UNDEFINED_CONSTANT, "a number is wanted here"),
        };
        self.tell(fault.at(term.span));
        None
    }

    fn term(
        &mut self,
        term: &ast::Term,
        evaluate: bool,
        scope: &mut Scope,
        ranges: &mut Vec<Literal>,
    ) -> Made<Term> {
        Some(match &term.kind {
            TermKind::Variable(name) => Term::Variable(scope.variable(name, term.span)),
            TermKind::Int(n) => Term::Value(Value::Int(*n)),
            TermKind::Text(text) => Term::Value(Value::Text(text.clone())),
            TermKind::Infimum => Term::Value(Value::Infimum),
            TermKind::Supremum => Term::Value(Value::Supremum),
            TermKind::Name(name) => {
                if !self.constants.is_empty()
                    && let Some(value) = self.constants.get(name)
                {
                    if let Some((_, used)) = self.constant_uses.get_mut(name) {
                        *used = true;
                    }
                    return Some(Term::Value(value.clone()));
                }
                Term::Value(Value::Constant(name.clone()))
            }
            TermKind::Function(name, terms) => {
                if evaluate && self.dialect == Dialect::Prolog {
                    return self.prolog_function(name, terms, term.span, scope, ranges);
                }
                self.function(name, terms, evaluate, scope, ranges)?
            }
            TermKind::List(members, tail) => {
                let mut out = match tail {
                    Some(tail) => self.term(tail, evaluate, scope, ranges)?,
                    None => Term::Value(Value::Constant(NIL.into())),
                };
                let members = members
                    .iter()
                    .map(|m| self.term(m, evaluate, scope, ranges));
                let members: Vec<Term> = members.collect::<Option<_>>()?;
                let cons: Arc<str> = CONS.into();
                for member in members.into_iter().rev() {
                    out = applied(cons.clone(), vec![member, out]);
                }
                out
            }
            TermKind::Arithmetic(op, terms) if evaluate => {
                let made = terms.iter().map(|t| self.number(t, scope, ranges));
                Term::Arithmetic(*op, made.collect::<Option<_>>()?)
            }
            TermKind::Arithmetic(op, terms) => {
                let made = terms.iter().map(|t| self.term(t, false, scope, ranges));
                applied(operator(*op).into(), made.collect::<Option<_>>()?)
            }
            TermKind::Interval(low, high) => {
                let low = self.number(low, scope, ranges)?;
                let high = self.number(high, scope, ranges)?;
                let between = Term::Variable(scope.fresh("I", term.span));
                ranges.push(Literal::Range(between.clone(), low, high));
                between
            }
            TermKind::Pool(_) => {
                let said = "`;` stands where one term is wanted";
                let fault = Diagnostic::error(Code::PROGRAM_UNSUPPORTED, said).at(term.span);
                self.tell(fault.help("write the statement once for each"));
                return None;
            }
        })
    }

    fn function(
        &mut self,
        name: &Arc<str>,
        terms: &[ast::Term],
        evaluate: bool,
        scope: &mut Scope,
        ranges: &mut Vec<Literal>,
    ) -> Made<Term> {
        let made = terms.iter().map(|t| self.term(t, evaluate, scope, ranges));
        let mut made: Vec<Term> = made.collect::<Option<_>>()?;
        // Prolog's `,` and `;` take two arguments; the parser keeps them flat.
        let flat = self.dialect == Dialect::Prolog && matches!(&**name, "," | ";");
        while flat && made.len() > 2 {
            let (last, before) = (made.pop()?, made.pop()?);
            made.push(applied(name.clone(), vec![before, last]));
        }
        Some(applied(name.clone(), made))
    }

    /// A function within Prolog's arithmetic.
    fn prolog_function(
        &mut self,
        name: &Arc<str>,
        terms: &[ast::Term],
        span: Span,
        scope: &mut Scope,
        ranges: &mut Vec<Literal>,
    ) -> Made<Term> {
        if let ("abs", [only]) = (&**name, terms) {
            let inner = self.number(only, scope, ranges)?;
            return Some(Term::Arithmetic(ArithmeticOp::Absolute, vec![inner]));
        }
        let said = format!("the operation `{name}` is not known");
        let fault = Diagnostic::error(Code::PROGRAM_UNSUPPORTED, said).at(span);
        self.tell(match &**name {
            "max" | "min" => fault.help("write two rules, one for each case of `X =< Y`"),
            _ => fault.help("known are `+ - * // mod rem ** ^ abs`"),
        });
        None
    }
}

/// A function of terms; a value where all of them are.
pub(in crate::program) fn applied(name: Arc<str>, terms: Vec<Term>) -> Term {
    if !terms.iter().all(|t| matches!(t, Term::Value(_))) {
        return Term::Function(name, terms);
    }
    let values = terms.into_iter().filter_map(|t| match t {
        Term::Value(value) => Some(value),
        _ => None,
    });
    Term::Value(Value::Function(name, values.collect()))
}

/// What Prolog calls the term that an operator makes.
fn operator(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract | ArithmeticOp::Negate => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
        ArithmeticOp::Remainder => "rem",
        ArithmeticOp::Modulo => "mod",
        ArithmeticOp::Power => "**",
        ArithmeticOp::Absolute => "abs",
    }
}

/// How deep the value of a term is nested, each member of a list one deeper
/// than the one before it.
fn depth(term: &ast::Term) -> usize {
    let deepest = |terms: &[ast::Term]| terms.iter().map(depth).max().unwrap_or(0);
    match &term.kind {
        TermKind::Function(name, terms) if matches!(&**name, "," | ";") => {
            terms.len() + deepest(terms)
        }
        TermKind::Function(_, terms) | TermKind::Arithmetic(_, terms) | TermKind::Pool(terms) => {
            1 + deepest(terms)
        }
        TermKind::List(members, tail) => {
            let each = members.iter().enumerate().map(|(i, m)| i + 1 + depth(m));
            let tail = members.len() + tail.as_ref().map_or(0, |t| depth(t));
            each.max().unwrap_or(0).max(tail)
        }
        TermKind::Interval(low, high) => depth(low).max(depth(high)),
        _ => 0,
    }
}

fn has_locals(head: &WrittenHead<'_>, body: &[ast::Literal]) -> bool {
    matches!(head, WrittenHead::Plain(ast::Head::Choice(..)))
        || body.iter().any(|l| {
            matches!(
                l.kind,
                LiteralKind::Aggregate(_) | LiteralKind::Not(_) | LiteralKind::All(_)
            )
        })
}
