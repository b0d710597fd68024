use std::collections::{BTreeMap, BTreeSet};

use nsolve_il::fol::{
    self, Builder, Conclusion, Declared, Quantifier, Question, Semantics, SortError, SortId,
    SymbolId, TermId,
};
use nsolve_il::program::{
    Atom, Comparison, Goal, Head, Literal, Meaning, PredicateId, Problem, Rule, Sign, Term, Value,
    dependencies,
};
use nsolve_source::{Code, Diagnostic, Span};

use super::Translated;

/// What a rule is to mean as a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolMeaning {
    /// Implications under the semantics of rules, negation being stated.
    Rules,
    /// Clark's completion (1978): a predicate holds exactly where a rule says
    /// so, and different names are different things. Its models are the stable
    /// models where no predicate depends positively on itself (Fages 1994).
    Completion,
}

/// Writes a program as first-order logic: [`FolMeaning::Rules`] for an
/// open-world program, and [`FolMeaning::Completion`] for any other.
///
/// # Errors
/// A diagnostic for each rule that the meaning has no formula for: arithmetic,
/// aggregates, choices and costs; under completion also a predicate that
/// depends positively on itself, and functions.
pub fn program_to_fol(problem: &Problem) -> Result<Translated<fol::Problem>, Vec<Diagnostic>> {
    let (meaning, text) = match problem.meaning {
        Meaning::OpenWorld => (
            FolMeaning::Rules,
            "open-world rules: they run forward only (`semantics rules`)",
        ),
        Meaning::StableModels => (
            FolMeaning::Completion,
            "Clark's completion: the models are the program's stable models",
        ),
    };
    if meaning == FolMeaning::Completion {
        refuse_positive_cycles(problem)?;
    }
    let mut writer = Writer {
        problem,
        meaning,
        out: Builder::new(),
        things: SortId::BOOL,
        values: BTreeMap::new(),
        functions: BTreeMap::new(),
        predicates: Vec::new(),
    };
    let faults = match writer.write() {
        Ok(question) => {
            return Ok(Translated {
                problem: writer.out.finish(question),
                meaning: text,
            });
        }
        Err(faults) => faults,
    };
    Err(faults)
}

fn refuse_positive_cycles(problem: &Problem) -> Result<(), Vec<Diagnostic>> {
    let graph = dependencies(problem);
    let cyclic = graph
        .edges()
        .iter()
        .find(|e| !e.negative && graph.is_recursive(e));
    let Some(edge) = cyclic else { return Ok(()) };
    let name = problem
        .predicate(edge.head)
        .map(ToString::to_string)
        .unwrap_or_default();
    let span = problem.rules.get(edge.rule as usize).and_then(|r| r.span);
    Err(vec![
        Diagnostic::error(
            Code::UNSUPPORTED,
            format!("`{name}` depends on itself, which no formula of first-order logic says"),
        )
        .at(span)
        .help("solve it as a program"),
    ])
}

enum Unfit {
    What(&'static str),
    Sorts(SortError),
}

impl From<SortError> for Unfit {
    fn from(error: SortError) -> Self {
        Unfit::Sorts(error)
    }
}

impl Unfit {
    fn diagnose(&self, span: Option<Span>) -> Diagnostic {
        let message = match self {
            Unfit::What(what) => format!("{what} has no formula of first-order logic here"),
            Unfit::Sorts(error) => format!("this has no formula of first-order logic: {error}"),
        };
        Diagnostic::error(Code::UNSUPPORTED, message)
            .at(span)
            .help("solve it as a program")
    }
}

type Written<T> = Result<T, Unfit>;

struct Writer<'p> {
    problem: &'p Problem,
    meaning: FolMeaning,
    out: Builder,
    things: SortId,
    values: BTreeMap<Value, SymbolId>,
    functions: BTreeMap<(String, usize), SymbolId>,
    /// The symbol of each predicate; an atom and its stated negation share one
    /// under the semantics of rules.
    predicates: Vec<SymbolId>,
}

impl Writer<'_> {
    fn write(&mut self) -> Result<Question, Vec<Diagnostic>> {
        let whole = |fault: Unfit| vec![fault.diagnose(None)];
        self.declare().map_err(whole)?;
        let mut faults = Vec::new();
        match self.meaning {
            FolMeaning::Rules => {
                for (i, rule) in self.problem.rules.iter().enumerate() {
                    if let Err(fault) = self.rule(i, rule) {
                        faults.push(fault.diagnose(rule.span));
                    }
                }
            }
            FolMeaning::Completion => self.complete(&mut faults),
        }
        let question = match &self.problem.goal {
            None => Question::Model,
            Some(goal) => match self.goal(goal) {
                Ok(conclusion) => Question::Conclusion(conclusion),
                Err(fault) => {
                    faults.push(fault.diagnose(goal.span));
                    Question::Model
                }
            },
        };
        if self.meaning == FolMeaning::Rules {
            self.out.semantics(Semantics::Rules);
        }
        if faults.is_empty() {
            Ok(question)
        } else {
            Err(faults)
        }
    }

    /// Declares the things that the program names, and its predicates.
    fn declare(&mut self) -> Written<()> {
        let mut named = BTreeSet::new();
        let mut see = |term: &Term| {
            if let Term::Value(value) = term {
                named.insert(value.clone());
            }
        };
        self.problem
            .rules
            .iter()
            .for_each(|r| r.each_term(&mut see));
        if let Some(goal) = &self.problem.goal {
            goal.body.iter().for_each(|l| l.each_term(&mut see));
        }
        let plain = |v: &Value| matches!(v, Value::Constant(_) | Value::Int(_) | Value::Text(_));
        if !named.iter().all(plain) {
            return Err(Unfit::What("a compound value"));
        }
        let names: Vec<String> = named.iter().map(thing_name).collect();
        match self.meaning {
            FolMeaning::Rules => {
                self.things = self.out.default_sort();
                for (value, name) in named.into_iter().zip(&names) {
                    let symbol = self.out.constant(name, self.things)?;
                    self.values.insert(value, symbol);
                }
            }
            FolMeaning::Completion => {
                let spare = ["nothing".to_owned()];
                let listed = if names.is_empty() {
                    &spare[..]
                } else {
                    &names[..]
                };
                let elements: Vec<_> = listed.iter().map(|n| (&**n, Declared::Generated)).collect();
                self.things = self
                    .out
                    .enumerated("Thing", &elements, Declared::Generated)?;
                for (value, name) in named.into_iter().zip(&names) {
                    if let Some(id) = self.out.signature().find_symbol(name, 0, false) {
                        self.values.insert(value, id);
                    }
                }
            }
        }
        for predicate in &self.problem.predicates {
            let mut name = predicate.name.to_string();
            if predicate.denied && self.meaning == FolMeaning::Completion {
                name.insert_str(0, "not ");
            }
            let arity = predicate.arity as usize;
            let known = self.out.signature().find_symbol(&name, arity, true);
            let symbol = match known {
                Some(symbol) => symbol,
                None => self.out.predicate(&name, &vec![self.things; arity])?,
            };
            if let Some(meaning) = &predicate.meaning {
                self.out.describe(symbol, meaning);
            }
            self.predicates.push(symbol);
        }
        Ok(())
    }

    /// A rule as an implication.
    fn rule(&mut self, position: usize, rule: &Rule) -> Written<()> {
        let variables = self.variables(rule);
        let body = self.conjunction(&rule.body, &variables)?;
        let head = match &rule.head {
            Head::Atom(atom) => self.literal(atom, &variables)?,
            Head::Never => self.out.truth(false),
            _ => return Err(Unfit::What("a choice, a disjunction or a cost")),
        };
        let formula = if rule.body.is_empty() {
            head
        } else {
            self.out.implies(body, head)?
        };
        let formula = self.closed(Quantifier::Forall, variables, formula)?;
        let name = format!("r{}", position + 1);
        self.out
            .premise(&name, formula, rule.sentence.as_deref(), rule.span)?;
        Ok(())
    }

    /// Each predicate with all its rules, then the constraints.
    fn complete(&mut self, faults: &mut Vec<Diagnostic>) {
        for id in 0..self.problem.predicates.len() {
            let id = PredicateId(id as u32);
            if let Err(fault) = self.completion(id) {
                let has = |r: &&Rule| r.head.atoms().any(|a| a.predicate == id);
                let span = self.problem.rules.iter().find(has).and_then(|r| r.span);
                faults.push(fault.diagnose(span));
            }
        }
        for (i, rule) in self.problem.rules.iter().enumerate() {
            let done = match rule.head {
                Head::Never => self.constraint(i, rule),
                Head::Atom(_) => Ok(()),
                _ => Err(Unfit::What("a choice, a disjunction or a cost")),
            };
            if let Err(fault) = done {
                faults.push(fault.diagnose(rule.span));
            }
        }
    }

    fn completion(&mut self, id: PredicateId) -> Written<()> {
        let Some(predicate) = self.problem.predicate(id) else {
            return Ok(());
        };
        let arguments: Vec<fol::VarId> = (1..=predicate.arity)
            .map(|i| self.out.variable(&format!("x{i}"), self.things))
            .collect();
        let terms: Vec<TermId> = arguments.iter().map(|&v| self.out.var(v)).collect();
        let mut cases = Vec::new();
        for rule in &self.problem.rules {
            let Head::Atom(atom) = &rule.head else {
                continue;
            };
            if atom.predicate != id {
                continue;
            }
            let variables = self.variables(rule);
            let mut parts = Vec::new();
            for (term, argument) in atom.arguments.iter().zip(&terms) {
                let value = self.term(term, &variables)?;
                parts.push(self.out.equal(*argument, value)?);
            }
            for literal in &rule.body {
                parts.push(self.body_literal(literal, &variables)?);
            }
            let case = self.all_of(parts)?;
            cases.push(self.closed(Quantifier::Exists, variables, case)?);
        }
        let cases = match cases.as_slice() {
            [] => self.out.truth(false),
            [one] => *one,
            _ => self.out.or(cases)?,
        };
        let symbol = self.symbol(id)?;
        let atom = self.out.apply(symbol, terms)?;
        let iff = self.out.iff(atom, cases)?;
        let formula = if arguments.is_empty() {
            iff
        } else {
            self.out.quantified(Quantifier::Forall, arguments, iff)?
        };
        let name = format!("definition of {predicate}");
        self.out.premise(&name, formula, None, None)?;
        // No model has an atom and its stated negation.
        if predicate.denied
            && let Some(opposite) = self.problem.opposite(id)
        {
            self.exclude(id, opposite)?;
        }
        Ok(())
    }

    fn exclude(&mut self, id: PredicateId, opposite: PredicateId) -> Written<()> {
        let arity = self.problem.predicate(id).map_or(0, |p| p.arity);
        let variables: Vec<fol::VarId> = (1..=arity)
            .map(|i| self.out.variable(&format!("x{i}"), self.things))
            .collect();
        let terms: Vec<TermId> = variables.iter().map(|&v| self.out.var(v)).collect();
        let (stated, denied) = (self.symbol(opposite)?, self.symbol(id)?);
        let stated = self.out.apply(stated, terms.clone())?;
        let denied = self.out.apply(denied, terms)?;
        let both = self.out.and(vec![stated, denied])?;
        let never = self.out.not(both)?;
        let formula = self.closed(Quantifier::Forall, variables, never)?;
        self.out
            .premise(&format!("consistency {}", id.0), formula, None, None)?;
        Ok(())
    }

    fn constraint(&mut self, position: usize, rule: &Rule) -> Written<()> {
        let variables = self.variables(rule);
        let body = self.conjunction(&rule.body, &variables)?;
        let never = self.out.not(body)?;
        let formula = self.closed(Quantifier::Forall, variables, never)?;
        let name = format!("r{}", position + 1);
        self.out
            .premise(&name, formula, rule.sentence.as_deref(), rule.span)?;
        Ok(())
    }

    fn goal(&mut self, goal: &Goal) -> Written<Conclusion> {
        let variables = self.fresh(&goal.variables);
        let body = self.conjunction(&goal.body, &variables)?;
        Ok(Conclusion {
            formula: self.closed(Quantifier::Exists, variables, body)?,
            sentence: goal.sentence.clone(),
            span: goal.span,
        })
    }

    fn variables(&mut self, rule: &Rule) -> Vec<fol::VarId> {
        self.fresh(&rule.variables)
    }

    fn fresh(&mut self, names: &[std::sync::Arc<str>]) -> Vec<fol::VarId> {
        let mut out = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let anonymous = &**name == "_";
            let name = if anonymous {
                format!("any{i}")
            } else {
                name.to_lowercase()
            };
            out.push(self.out.variable(&name, self.things));
        }
        out
    }

    fn closed(
        &mut self,
        quantifier: Quantifier,
        variables: Vec<fol::VarId>,
        body: TermId,
    ) -> Written<TermId> {
        if variables.is_empty() {
            return Ok(body);
        }
        Ok(self.out.quantified(quantifier, variables, body)?)
    }

    fn conjunction(&mut self, body: &[Literal], variables: &[fol::VarId]) -> Written<TermId> {
        let parts: Written<Vec<TermId>> = body
            .iter()
            .map(|l| self.body_literal(l, variables))
            .collect();
        self.all_of(parts?)
    }

    fn all_of(&mut self, parts: Vec<TermId>) -> Written<TermId> {
        Ok(match parts.as_slice() {
            [] => self.out.truth(true),
            [one] => *one,
            _ => self.out.and(parts)?,
        })
    }

    fn body_literal(&mut self, literal: &Literal, variables: &[fol::VarId]) -> Written<TermId> {
        match literal {
            Literal::Atom(Sign::Positive, atom) => self.literal(atom, variables),
            Literal::Atom(Sign::Not, atom) => {
                let atom = self.literal(atom, variables)?;
                Ok(self.out.not(atom)?)
            }
            Literal::Compare(how @ (Comparison::Equal | Comparison::NotEqual), a, b)
                if self.meaning == FolMeaning::Completion =>
            {
                let (a, b) = (self.term(a, variables)?, self.term(b, variables)?);
                let equal = self.out.equal(a, b)?;
                Ok(if *how == Comparison::Equal {
                    equal
                } else {
                    self.out.not(equal)?
                })
            }
            Literal::Compare(..) | Literal::Range(..) => Err(Unfit::What("arithmetic")),
            Literal::Aggregate(..) => Err(Unfit::What("an aggregate")),
        }
    }

    /// An atom; under the semantics of rules a stated negation is a denial.
    fn literal(&mut self, atom: &Atom, variables: &[fol::VarId]) -> Written<TermId> {
        let arguments: Written<Vec<TermId>> = atom
            .arguments
            .iter()
            .map(|t| self.term(t, variables))
            .collect();
        let symbol = self.symbol(atom.predicate)?;
        let out = self.out.apply(symbol, arguments?)?;
        let denied = self
            .problem
            .predicate(atom.predicate)
            .is_some_and(|p| p.denied);
        if denied && self.meaning == FolMeaning::Rules {
            return Ok(self.out.not(out)?);
        }
        Ok(out)
    }

    fn symbol(&self, id: PredicateId) -> Written<SymbolId> {
        let found = self.predicates.get(id.index()).copied();
        found.ok_or(Unfit::What("an unknown predicate"))
    }

    fn term(&mut self, term: &Term, variables: &[fol::VarId]) -> Written<TermId> {
        match term {
            Term::Variable(v) => {
                let found = variables.get(v.index()).copied();
                let v = found.ok_or(Unfit::What("an unknown variable"))?;
                Ok(self.out.var(v))
            }
            Term::Value(value) => {
                let symbol = self.values.get(value).copied();
                let symbol = symbol.ok_or(Unfit::What("a compound value"))?;
                Ok(self.out.apply(symbol, Vec::new())?)
            }
            Term::Function(name, arguments) if self.meaning == FolMeaning::Rules => {
                let inner: Written<Vec<TermId>> =
                    arguments.iter().map(|t| self.term(t, variables)).collect();
                let key = (name.to_string(), arguments.len());
                let symbol = match self.functions.get(&key) {
                    Some(symbol) => *symbol,
                    None => {
                        let sorts = vec![self.things; arguments.len()];
                        let symbol =
                            self.out
                                .symbol(name, &sorts, self.things, Declared::Generated)?;
                        self.functions.insert(key, symbol);
                        symbol
                    }
                };
                Ok(self.out.apply(symbol, inner?)?)
            }
            Term::Function(..) => Err(Unfit::What("a function")),
            Term::Arithmetic(..) => Err(Unfit::What("arithmetic")),
        }
    }
}

/// A value's name as a constant. Texts keep their quotes, so that they differ
/// from constants of the same letters.
fn thing_name(value: &Value) -> String {
    match value {
        Value::Constant(name) => name.to_string(),
        other => other.to_string(),
    }
}
