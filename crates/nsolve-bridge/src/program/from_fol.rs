use std::collections::BTreeSet;
use std::sync::Arc;

use nsolve_il::fol::{self, Premise, Quantifier, Question, SymbolId, TermId};
use nsolve_il::program::{
    Atom, Comparison, Goal, Head, Literal, Meaning, Predicate, PredicateId, Problem, Rule, Sign,
    Term, Value, VarId, validate,
};
use nsolve_source::{Code, Diagnostic, Span};
use rustc_hash::FxHashMap;

use super::Translated;

/// The most rules that one premise is split into.
const MOST_RULES: usize = 1_000;

/// Writes a problem of facts and rules as an open-world program: what the
/// semantics of rules derives is what the program derives.
///
/// Premises are literals, and implications from conjunctions, disjunctions and
/// `exists` of literals to conjunctions of literals, under `forall`. A variable
/// of a head that no atom of the body binds ranges over the constants that the
/// problem names. `=` and `!=` are read where names stand for different
/// things: between elements of enumerated sorts, and integers.
///
/// # Errors
/// A diagnostic for each item that is no rule: a disjunction, `exists` or a
/// count in a conclusion, functions into numbers, lettered options.
pub fn rules_to_program(problem: &fol::Problem) -> Result<Translated<Problem>, Vec<Diagnostic>> {
    let mut writer = Writer::new(problem);
    for premise in &problem.premises {
        if let Err(fault) = writer.premise(premise) {
            writer.faults.push(fault.diagnose(premise.span));
        }
    }
    let goal = match &problem.question {
        Question::Conclusion(conclusion) => match writer.goal(conclusion) {
            Ok(goal) => Some(goal),
            Err(fault) => {
                writer.faults.push(fault.diagnose(conclusion.span));
                None
            }
        },
        Question::Model => None,
        _ => {
            writer
                .faults
                .push(Unfit("a question of this kind").diagnose(None));
            None
        }
    };
    writer.out.goal = goal;
    writer.ground_loose_variables();
    let Writer {
        out, mut faults, ..
    } = writer;
    if faults.is_empty()
        && let Err(fault) = validate(&out)
    {
        faults.push(Diagnostic::error(Code::UNSUPPORTED, fault.to_string()));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Translated {
        problem: out,
        meaning: "open-world rules: they run forward only, negation is stated, and what is \
                  neither derived nor denied is unknown",
    })
}

/// What a program has no place for.
#[derive(Debug)]
struct Unfit(&'static str);

impl Unfit {
    fn diagnose(&self, span: Option<Span>) -> Diagnostic {
        let message = format!("{} has no place in a logic program", self.0);
        Diagnostic::error(Code::UNSUPPORTED, message)
            .at(span)
            .help("use the language `fol` for it")
    }
}

type Written<T> = Result<T, Unfit>;

/// A conjunction of literals.
type Body = Vec<Literal>;

struct Writer<'p> {
    source: &'p fol::Problem,
    out: Problem,
    predicates: FxHashMap<(SymbolId, bool), PredicateId>,
    /// Variables of the rule that is being written.
    variables: Vec<Arc<str>>,
    numbered: FxHashMap<fol::VarId, VarId>,
    faults: Vec<Diagnostic>,
}

impl<'p> Writer<'p> {
    fn new(source: &'p fol::Problem) -> Self {
        let mut out = Problem::new();
        out.meaning = Meaning::OpenWorld;
        Writer {
            source,
            out,
            predicates: FxHashMap::default(),
            variables: Vec::new(),
            numbered: FxHashMap::default(),
            faults: Vec::new(),
        }
    }

    fn premise(&mut self, premise: &Premise) -> Written<()> {
        self.variables.clear();
        self.numbered.clear();
        let mut rules = Vec::new();
        self.rule(premise.formula, vec![Vec::new()], &mut rules)?;
        let variables = self.variables.clone();
        for (head, body) in rules {
            let rule = Rule {
                head: Head::Atom(head),
                body,
                variables: variables.clone(),
                sentence: premise.sentence.clone(),
                span: premise.span,
            };
            self.out.rules.push(with_own_variables(rule));
        }
        Ok(())
    }

    /// The rules that a premise is, each body of `bodies` being assumed.
    fn rule(&mut self, t: TermId, bodies: Vec<Body>, out: &mut Vec<(Atom, Body)>) -> Written<()> {
        match self.source.terms.get(t) {
            fol::Term::Quantified(Quantifier::Forall, variables, inner) => {
                self.bind(variables);
                self.rule(*inner, bodies, out)
            }
            fol::Term::And(parts) => {
                for &part in parts {
                    self.rule(part, bodies.clone(), out)?;
                }
                Ok(())
            }
            fol::Term::Implies(body, head) => {
                let bodies = product(bodies, self.bodies(*body)?)?;
                self.rule(*head, bodies, out)
            }
            fol::Term::Iff(a, b) => {
                for (from, to) in [(*a, *b), (*b, *a)] {
                    let bodies = product(bodies.clone(), self.bodies(from)?)?;
                    self.rule(to, bodies, out)?;
                }
                Ok(())
            }
            fol::Term::Bool(true) => Ok(()),
            _ => {
                let head = self.atom(t)?;
                if out.len() + bodies.len() > MOST_RULES {
                    return Err(Unfit("a premise that is thousands of rules"));
                }
                out.extend(bodies.into_iter().map(|body| (head.clone(), body)));
                Ok(())
            }
        }
    }

    /// A formula as a disjunction of bodies.
    fn bodies(&mut self, t: TermId) -> Written<Vec<Body>> {
        match self.source.terms.get(t) {
            fol::Term::Quantified(Quantifier::Exists, variables, inner) => {
                self.bind(variables);
                self.bodies(*inner)
            }
            fol::Term::And(parts) => {
                let mut out = vec![Vec::new()];
                for &part in parts {
                    out = product(out, self.bodies(part)?)?;
                }
                Ok(out)
            }
            fol::Term::Or(parts) => {
                let mut out = Vec::new();
                for &part in parts {
                    out.extend(self.bodies(part)?);
                }
                Ok(out)
            }
            fol::Term::Bool(value) => Ok(if *value { vec![Vec::new()] } else { Vec::new() }),
            fol::Term::Equal(a, b) => self.comparison(Comparison::Equal, *a, *b),
            fol::Term::Compare(op, a, b) => {
                let comparison = match op {
                    fol::CompareOp::Less => Comparison::Less,
                    fol::CompareOp::LessEq => Comparison::LessOrEqual,
                    fol::CompareOp::Greater => Comparison::Greater,
                    fol::CompareOp::GreaterEq => Comparison::GreaterOrEqual,
                };
                self.comparison(comparison, *a, *b)
            }
            fol::Term::Not(inner) => match self.source.terms.get(*inner) {
                fol::Term::Equal(a, b) => self.comparison(Comparison::NotEqual, *a, *b),
                fol::Term::Not(again) => self.bodies(*again),
                _ => Ok(vec![vec![Literal::Atom(Sign::Positive, self.atom(t)?)]]),
            },
            _ => Ok(vec![vec![Literal::Atom(Sign::Positive, self.atom(t)?)]]),
        }
    }

    /// Only where different names stand for different things.
    fn comparison(&mut self, how: Comparison, a: TermId, b: TermId) -> Written<Vec<Body>> {
        let sort = self.source.terms.sort(a);
        let enumerated = self.source.signature.elements(sort).is_some();
        if !enumerated && sort != fol::SortId::INT {
            return Err(Unfit("equality of names that may stand for the same thing"));
        }
        let literal = Literal::Compare(how, self.term(a)?, self.term(b)?);
        Ok(vec![vec![literal]])
    }

    fn bind(&mut self, variables: &[fol::VarId]) {
        for &v in variables {
            let name = &self.source.terms.variable(v).name;
            let id = VarId(self.variables.len() as u32);
            self.variables.push(variable_name(name, &self.variables));
            self.numbered.insert(v, id);
        }
    }

    /// An atom, or a stated negation.
    fn atom(&mut self, t: TermId) -> Written<Atom> {
        let (mut t, mut denied) = (t, false);
        while let fol::Term::Not(inner) = self.source.terms.get(t) {
            (t, denied) = (*inner, !denied);
        }
        let fol::Term::Apply(symbol, arguments) = self.source.terms.get(t) else {
            return Err(Unfit(what_it_is(self.source.terms.get(t))));
        };
        let arguments: Written<Vec<Term>> = arguments.iter().map(|&a| self.term(a)).collect();
        Ok(Atom {
            predicate: self.predicate(*symbol, denied),
            arguments: arguments?,
        })
    }

    fn predicate(&mut self, symbol: SymbolId, denied: bool) -> PredicateId {
        if let Some(&id) = self.predicates.get(&(symbol, denied)) {
            return id;
        }
        let entry = self.source.signature.symbol(symbol);
        let id = PredicateId(self.out.predicates.len() as u32);
        self.out.predicates.push(Predicate {
            name: entry.name.clone(),
            arity: entry.arity() as u32,
            denied,
            types: None,
            meaning: entry.meaning.clone(),
        });
        self.predicates.insert((symbol, denied), id);
        id
    }

    fn term(&mut self, t: TermId) -> Written<Term> {
        match self.source.terms.get(t) {
            fol::Term::Var(v) => {
                let id = self.numbered.get(v).copied();
                id.map(Term::Variable)
                    .ok_or(Unfit("a variable that nothing binds"))
            }
            fol::Term::Number(value, fol::SortId::INT) => {
                let value = i64::try_from(value.to_integer()).ok();
                let value = value.ok_or(Unfit("a number beyond 64 bits"))?;
                Ok(Term::Value(Value::Int(value)))
            }
            fol::Term::Apply(symbol, arguments) => {
                let entry = self.source.signature.symbol(*symbol);
                if entry.result.is_numeric() {
                    return Err(Unfit("a function into numbers"));
                }
                if arguments.is_empty() {
                    return Ok(Term::Value(Value::Constant(entry.name.clone())));
                }
                let arguments: Written<Vec<Term>> =
                    arguments.iter().map(|&a| self.term(a)).collect();
                Ok(Term::Function(entry.name.clone(), arguments?))
            }
            _ => Err(Unfit("arithmetic")),
        }
    }

    fn goal(&mut self, conclusion: &fol::Conclusion) -> Written<Goal> {
        self.variables.clear();
        self.numbered.clear();
        let mut bodies = self.bodies(conclusion.formula)?;
        let (Some(body), true) = (bodies.pop(), bodies.is_empty()) else {
            return Err(Unfit("a disjunction in the conclusion"));
        };
        Ok(Goal {
            body,
            variables: self.variables.clone(),
            sentence: conclusion.sentence.clone(),
            span: conclusion.span,
        })
    }

    /// Lets variables that nothing binds range over the constants.
    fn ground_loose_variables(&mut self) {
        let is_loose = |rule: &Rule| rule.schedule().is_err();
        if !self.out.rules.iter().any(is_loose) {
            return;
        }
        let thing = PredicateId(self.out.predicates.len() as u32);
        let mut name = "thing".to_owned();
        while self.out.find(&name, 1, false).is_some() {
            name.push('_');
        }
        self.out.predicates.push(Predicate {
            name: name.into(),
            arity: 1,
            denied: false,
            types: None,
            meaning: Some("x is one of the things that the text names".into()),
        });
        for rule in self.out.rules.iter_mut().filter(|r| is_loose(r)) {
            let Err(loose) = rule.schedule() else {
                continue;
            };
            let bound = loose.into_iter().map(|v| {
                Literal::Atom(
                    Sign::Positive,
                    Atom {
                        predicate: thing,
                        arguments: vec![Term::Variable(v)],
                    },
                )
            });
            rule.body.extend(bound);
        }
        for value in constants(&self.out) {
            self.out.rules.push(Rule {
                head: Head::Atom(Atom {
                    predicate: thing,
                    arguments: vec![Term::Value(value)],
                }),
                body: Vec::new(),
                variables: Vec::new(),
                sentence: None,
                span: None,
            });
        }
    }
}

/// Every constant and number that a program names.
fn constants(program: &Problem) -> BTreeSet<Value> {
    let mut out = BTreeSet::new();
    let mut see = |term: &Term| {
        if let Term::Value(value @ (Value::Constant(_) | Value::Int(_))) = term {
            out.insert(value.clone());
        }
    };
    program.rules.iter().for_each(|r| r.each_term(&mut see));
    if let Some(goal) = &program.goal {
        goal.body.iter().for_each(|l| l.each_term(&mut see));
    }
    out
}

fn what_it_is(term: &fol::Term) -> &'static str {
    match term {
        fol::Term::Or(_) | fol::Term::Xor(..) => "a disjunction in a conclusion",
        fol::Term::Quantified(Quantifier::Forall, ..) => "`forall` in a condition",
        fol::Term::Quantified(Quantifier::Exists, ..) => "`exists` in a conclusion",
        fol::Term::Quantified(..) => "a counting quantifier",
        fol::Term::Implies(..) | fol::Term::Iff(..) => "an implication within a condition",
        fol::Term::And(_) => "a denied conjunction",
        fol::Term::Equal(..) | fol::Term::Distinct(_) | fol::Term::Compare(..) => {
            "a comparison in a conclusion"
        }
        _ => "this formula",
    }
}

/// Each body of the one with each of the other.
fn product(left: Vec<Body>, right: Vec<Body>) -> Written<Vec<Body>> {
    if left.len() * right.len() > MOST_RULES {
        return Err(Unfit("a premise that is thousands of rules"));
    }
    let joined = left.iter().flat_map(|a| {
        right.iter().map(move |b| {
            let mut body = a.clone();
            body.extend(b.iter().cloned());
            body
        })
    });
    Ok(joined.collect())
}

/// Variables start with a capital letter in a program.
fn variable_name(name: &str, taken: &[Arc<str>]) -> Arc<str> {
    let plain: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let mut chars = plain.chars();
    let mut out: String = match chars.next() {
        Some(c) if c.is_ascii_alphabetic() => c.to_ascii_uppercase().to_string() + chars.as_str(),
        _ => format!("X{plain}"),
    };
    while taken.iter().any(|t| **t == *out) {
        out.push('_');
    }
    out.into()
}

/// The rule with no variables but those that occur in it.
fn with_own_variables(mut rule: Rule) -> Rule {
    let mut used = vec![false; rule.variables.len()];
    rule.each_term(&mut |term| {
        if let Term::Variable(v) = term
            && let Some(slot) = used.get_mut(v.index())
        {
            *slot = true;
        }
    });
    let mut next = 0;
    let new: Vec<VarId> = used
        .iter()
        .map(|used| {
            let id = VarId(next);
            next += u32::from(*used);
            id
        })
        .collect();
    let rename = |atom: &mut Atom| atom.arguments.iter_mut().for_each(|t| renumber(t, &new));
    if let Head::Atom(atom) = &mut rule.head {
        rename(atom);
    }
    for literal in &mut rule.body {
        match literal {
            Literal::Atom(_, atom) => rename(atom),
            Literal::Compare(_, a, b) => {
                renumber(a, &new);
                renumber(b, &new);
            }
            Literal::Range(..) | Literal::Aggregate(..) => {}
        }
    }
    let kept = rule.variables.iter().zip(&used).filter(|(_, used)| **used);
    rule.variables = kept.map(|(name, _)| name.clone()).collect();
    rule
}

fn renumber(term: &mut Term, new: &[VarId]) {
    match term {
        Term::Variable(v) => {
            if let Some(id) = new.get(v.index()) {
                *v = *id;
            }
        }
        Term::Value(_) => {}
        Term::Function(_, args) | Term::Arithmetic(_, args) => {
            args.iter_mut().for_each(|t| renumber(t, new));
        }
    }
}
