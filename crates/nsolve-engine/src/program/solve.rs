//! From a program and its goal to queries, and from verdicts to a decision.
//!
//! Where the goal rests on stratified rules without choices, all models agree
//! about it, and one query gives its instances. Otherwise the goal becomes a
//! rule of its own, `goal(X, ..) :- body`, and is decided by models, as
//! ASP-Core-2 has it: an instance is an answer if it holds in *every* model.
//!
//! | models in which the goal holds | in which it fails | decision |
//! |---|---|---|
//! | some | some | uncertain |
//! | some | none, and there are no others | true |
//! | none, and there are no others | some | false |
//! | none | none, and there are no models | no model |
//!
//! For a goal with variables, the instances that all models seen so far share
//! are put to the test by asking for a model in which one of them fails, until
//! there is none.
//!
//! In an open world a goal of one atom is asked together with its stated
//! negation: derived is true, its negation derived is false, both is
//! contradictory, neither is uncertain.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::{
    Backend, BackendError, Budget, CancelToken, Evidence, Outcome, SolveCx, StopReason, Verdict,
};
use nsolve_check::{Limits as CheckLimits, check_program};
use nsolve_il::FeatureSet;
use nsolve_il::program::{
    Atom, BareRows, Bindings, Features, Goal, GroundAtom, Head, Literal, Meaning, Predicate,
    PredicateId, Problem, Program, Query, Row, Rule, Sign, StableModel, Term, Value, VarId,
    Witness, dependencies, features,
};

use super::answer::{ProgramAnswer, ProgramDecision, ProgramRecord, ProgramRole};
use crate::answer::{Assurance, Times};
use crate::error::SolveError;

/// The backends for programs, in the order in which they are tried.
#[derive(Clone, Default)]
pub struct ProgramBackends {
    /// Asked in this order, until one decides.
    pub deciders: Vec<Arc<dyn Backend<Program>>>,
    /// Finds reasons for the atoms of models that came without.
    pub certifier: Option<Arc<dyn Certify>>,
    /// Asks another decider about claims that nobody could verify.
    pub cross_check: bool,
}

/// Finds a reason for each atom of a model.
pub trait Certify: Send + Sync {
    /// The model with reasons; `None` where the atoms are no stable model.
    fn certify(
        &self,
        problem: &Arc<Problem>,
        atoms: &[GroundAtom],
        cx: &SolveCx,
    ) -> Option<StableModel>;
}

/// What an answer about a program may cost, and how much of it is wanted.
#[derive(Clone)]
pub struct ProgramOptions {
    /// Who is asked.
    pub backends: ProgramBackends,
    /// What it may cost, over all queries.
    pub limits: Budget,
    /// Stops it from outside.
    pub cancel: CancelToken,
    /// For whatever backends do at random.
    pub seed: u64,
    /// How many models are wanted where no goal is asked; `None` is all.
    pub models: Option<usize>,
    /// How many instances of a goal are wanted; `None` is all.
    pub instances: Option<usize>,
}

/// Answers a program: its goal, or which models it has.
///
/// # Errors
/// [`SolveError`], as for problems of first-order logic: what is not decided is
/// an answer, evidence that fails its check is an error.
pub fn solve_program(
    problem: &Arc<Problem>,
    options: &ProgramOptions,
) -> Result<ProgramAnswer, SolveError> {
    let asked = Asked::new(problem);
    let mut run = Run {
        problem: asked.solved.clone(),
        options,
        started: Instant::now(),
        times: Times::default(),
        trace: Vec::new(),
        records: Vec::new(),
    };
    match (&asked.goal, asked.way) {
        (None, _) => run.models(options.models)?,
        (Some(goal), Way::Instances) => run.instances(problem, goal)?,
        (Some(_), Way::Models) => run.cautious(&asked)?,
    }
    let Run {
        records,
        times,
        trace,
        ..
    } = run;
    let told = decide(&asked, &records);
    let undecided = records.iter().find(|r| r.verdict() == Verdict::Unknown);
    let stop = match (told.decision, undecided) {
        (ProgramDecision::Unknown, Some(record)) => record.outcome.stop.clone(),
        _ => StopReason::Completed,
    };
    Ok(ProgramAnswer {
        decision: told.decision,
        goal: asked.goal,
        rows: told.rows,
        stop,
        assurance: told.assurance,
        exhaustive: told.exhaustive,
        records,
        times,
        trace,
    })
}

/// How a goal is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// All models agree, so its instances are asked for.
    Instances,
    /// By models of the program with one rule more.
    Models,
}

/// A program as it is asked.
pub(crate) struct Asked {
    pub(crate) goal: Option<Goal>,
    pub(crate) way: Way,
    /// The program that is solved: with the goal as a rule, where models are
    /// asked about it.
    pub(crate) solved: Arc<Problem>,
    /// The predicate of that rule, and the goal's variables in its arguments.
    head: Option<(PredicateId, Vec<VarId>)>,
}

impl Asked {
    pub(crate) fn new(problem: &Arc<Problem>) -> Self {
        let Some(goal) = &problem.goal else {
            return Asked {
                goal: None,
                way: Way::Models,
                solved: problem.clone(),
                head: None,
            };
        };
        let graph = dependencies(problem);
        let deterministic = graph.is_deterministic(predicates_of(&goal.body));
        if deterministic || problem.meaning == Meaning::OpenWorld {
            return Asked {
                goal: Some(goal.clone()),
                way: Way::Instances,
                solved: problem.clone(),
                head: None,
            };
        }
        let (solved, predicate, arguments) = with_goal_rule(problem, goal);
        Asked {
            goal: Some(goal.clone()),
            way: Way::Models,
            solved: Arc::new(solved),
            head: Some((predicate, arguments)),
        }
    }

    /// The goal's instances in a model.
    fn instances_in(&self, model: &StableModel) -> BTreeSet<Arc<[Value]>> {
        let Some((predicate, _)) = &self.head else {
            return BTreeSet::new();
        };
        let of_goal = model
            .derivation
            .atoms()
            .filter(|a| a.predicate == *predicate);
        of_goal.map(|a| a.arguments.clone()).collect()
    }

    fn row(&self, values: &[Value]) -> Row {
        let count = self.goal.as_ref().map_or(0, |g| g.variables.len());
        let mut binding = vec![None; count];
        if let Some((_, arguments)) = &self.head {
            for (v, value) in arguments.iter().zip(values) {
                if let Some(slot) = binding.get_mut(v.index()) {
                    *slot = Some(value.clone());
                }
            }
        }
        Row { binding }
    }

    fn has_variables(&self) -> bool {
        self.goal
            .as_ref()
            .is_some_and(|g| !named_variables(g).is_empty())
    }
}

/// The variables of a goal that an answer tells: those with a name, outside of
/// aggregates.
pub(crate) fn named_variables(goal: &Goal) -> Vec<VarId> {
    let mut out = Vec::new();
    for literal in &goal.body {
        literal.each_global(&mut |v| {
            let name = goal.variables.get(v.index());
            if name.is_some_and(|n| !n.starts_with('_')) && !out.contains(&v) {
                out.push(v);
            }
        });
    }
    out.sort_unstable();
    out
}

fn predicates_of(body: &[Literal]) -> Vec<PredicateId> {
    let mut out = Vec::new();
    for literal in body {
        match literal {
            Literal::Atom(_, atom) => out.push(atom.predicate),
            Literal::Aggregate(_, aggregate) => {
                let conditions = aggregate.elements.iter().flat_map(|e| &e.condition);
                out.extend(conditions.filter_map(|l| Some(l.as_atom()?.1.predicate)));
            }
            Literal::Compare(..) | Literal::Range(..) => {}
        }
    }
    out
}

/// The program with the goal as its last rule.
fn with_goal_rule(problem: &Problem, goal: &Goal) -> (Problem, PredicateId, Vec<VarId>) {
    let arguments = named_variables(goal);
    let mut out = problem.clone();
    let mut name = "goal".to_owned();
    while out.find(&name, arguments.len(), false).is_some() {
        name.push('_');
    }
    let predicate = PredicateId(out.predicates.len() as u32);
    out.predicates.push(Predicate {
        name: name.into(),
        arity: arguments.len() as u32,
        denied: false,
        types: None,
        meaning: None,
    });
    out.rules.push(Rule {
        head: Head::Atom(Atom {
            predicate,
            arguments: arguments.iter().map(|&v| Term::Variable(v)).collect(),
        }),
        body: goal.body.clone(),
        variables: goal.variables.clone(),
        sentence: goal.sentence.clone(),
        span: goal.span,
    });
    out.goal = None;
    (out, predicate, arguments)
}

/// The goal with its one atom stated the other way round, where it is of that
/// shape and the program has such a predicate.
fn denial(problem: &Problem, goal: &Goal) -> Option<Goal> {
    let [Literal::Atom(Sign::Positive, atom)] = goal.body.as_slice() else {
        return None;
    };
    let opposite = Atom {
        predicate: problem.opposite(atom.predicate)?,
        arguments: atom.arguments.clone(),
    };
    Some(Goal {
        body: vec![Literal::Atom(Sign::Positive, opposite)],
        ..goal.clone()
    })
}

struct Run<'a> {
    problem: Arc<Problem>,
    options: &'a ProgramOptions,
    started: Instant,
    times: Times,
    trace: Vec<String>,
    records: Vec<ProgramRecord>,
}

impl Run<'_> {
    fn models(&mut self, limit: Option<usize>) -> Result<(), SolveError> {
        let has_costs = features(&self.problem).contains(Features::COSTS);
        let query = Query::Models {
            limit,
            optimal: has_costs,
            assuming: Vec::new(),
        };
        self.ask(ProgramRole::Models, query)
    }

    fn instances(&mut self, problem: &Problem, goal: &Goal) -> Result<(), SolveError> {
        // A program without models has no answers; only constraints and stated
        // negations can make it so where the goal has one meaning.
        let closed = problem.meaning == Meaning::StableModels;
        let needs = features(problem);
        let may_fail = Features::CONSTRAINTS
            | Features::UNSTRATIFIED
            | Features::CHOICES
            | Features::DISJUNCTIONS;
        let constrained =
            needs.intersects(may_fail) || closed && needs.contains(Features::STATED_NEGATION);
        if constrained {
            self.ask(
                ProgramRole::Models,
                Query::Models {
                    limit: Some(1),
                    optimal: false,
                    assuming: Vec::new(),
                },
            )?;
            if self.last() == Verdict::Unsat {
                return Ok(());
            }
        }
        let instances = |goal: Goal| Query::Instances {
            goal,
            limit: self.options.instances,
        };
        let query = instances(goal.clone());
        let denial = denial(problem, goal).filter(|_| !closed).map(instances);
        self.ask(ProgramRole::Goal, query)?;
        match denial {
            Some(query) => self.ask(ProgramRole::Denial, query),
            None => Ok(()),
        }
    }

    /// Which instances of the goal hold in every model.
    fn cautious(&mut self, asked: &Asked) -> Result<(), SolveError> {
        if features(&self.problem).contains(Features::COSTS) {
            // Only the best models count, and they cannot be asked for one by
            // one under an assumption.
            return self.models(None);
        }
        self.models(Some(1))?;
        while self.last() == Verdict::Sat {
            let role = match asked.shared(&self.records) {
                Some(shared) if !shared.is_empty() => ProgramRole::Counterexample,
                _ => break,
            };
            self.ask(role, asked.query(role, &self.records))?;
        }
        let seen = self.records.iter().flat_map(ProgramRecord::models);
        let ever = seen.clone().any(|m| asked.holds_in(m));
        if seen.count() > 0 && !asked.has_variables() && !ever {
            let role = ProgramRole::Example;
            self.ask(role, asked.query(role, &self.records))?;
        }
        Ok(())
    }

    fn last(&self) -> Verdict {
        self.records
            .last()
            .map_or(Verdict::Unknown, ProgramRecord::verdict)
    }

    fn remaining(&self) -> Option<Duration> {
        let time = self.options.limits.time?;
        Some(time.saturating_sub(self.started.elapsed()))
    }

    fn context(&self, time: Option<Duration>) -> SolveCx {
        SolveCx::new(Budget {
            time,
            ..self.options.limits
        })
        .with_cancel(self.options.cancel.clone())
        .with_seed(self.options.seed)
    }

    /// Asks one query and keeps what became of it.
    fn ask(&mut self, role: ProgramRole, query: Query) -> Result<(), SolveError> {
        let mut undecided: Option<ProgramRecord> = None;
        let mut failure: Option<BackendError> = None;
        let deciders = &self.options.backends.deciders;
        for (position, backend) in deciders.iter().enumerate() {
            let behind = deciders.len() - position - 1;
            let share = self.remaining().map(|t| if behind > 0 { t / 2 } else { t });
            let began = Instant::now();
            let solved = self.solve(backend.as_ref(), &query, share);
            self.times.solve += began.elapsed();
            let outcome = match solved {
                Ok(outcome) => outcome,
                Err(error) => {
                    self.trace.push(format!("{}: {error}", role.name()));
                    failure = Some(error);
                    continue;
                }
            };
            let name = backend.descriptor().name;
            self.trace.push(format!(
                "{}: {name} says {} ({})",
                role.name(),
                outcome.verdict.name(),
                outcome.stop
            ));
            let mut record = self.record(role, query.clone(), outcome, name)?;
            if record.verdict() == Verdict::Unknown {
                undecided.get_or_insert(record);
                continue;
            }
            self.second(&mut record, position)?;
            self.records.push(record);
            return Ok(());
        }
        match (undecided, failure) {
            (Some(record), _) => {
                self.records.push(record);
                Ok(())
            }
            (None, Some(error)) => Err(error.into()),
            (None, None) => Err(SolveError::NoBackend),
        }
    }

    fn solve(
        &self,
        backend: &dyn Backend<Program>,
        query: &Query,
        share: Option<Duration>,
    ) -> Result<Outcome<Program>, BackendError> {
        let missing = features(&self.problem).minus(backend.supported());
        if !missing.is_empty() {
            return Err(BackendError::Unsupported {
                name: backend.descriptor().name,
                missing: missing.names(),
            });
        }
        let cx = self.context(share);
        let outcome = backend.solve(&self.problem, query, &cx)?;
        Ok(self.certified(outcome, &cx))
    }

    /// Reasons for models that came without.
    fn certified(&self, outcome: Outcome<Program>, cx: &SolveCx) -> Outcome<Program> {
        let Some(certifier) = &self.options.backends.certifier else {
            return outcome;
        };
        match &outcome.evidence {
            Evidence::Model(Witness::Atoms(bare)) => {
                let models: Option<Vec<StableModel>> = bare
                    .models
                    .iter()
                    .map(|atoms| certifier.certify(&self.problem, atoms, cx))
                    .collect();
                let Some(models) = models else { return outcome };
                Outcome {
                    evidence: Evidence::Model(Witness::Models(nsolve_il::program::Answers {
                        models,
                        complete: bare.complete,
                        optimal: bare.optimal,
                    })),
                    ..outcome
                }
            }
            _ => outcome,
        }
    }

    fn record(
        &mut self,
        role: ProgramRole,
        query: Query,
        outcome: Outcome<Program>,
        backend: &'static str,
    ) -> Result<ProgramRecord, SolveError> {
        let began = Instant::now();
        let record = checked(&self.problem, role, query, outcome, backend);
        self.times.check += began.elapsed();
        if record
            .refusal
            .as_ref()
            .is_some_and(nsolve_check::Refusal::is_failure)
        {
            return Err(SolveError::FailedProgramCheck(Box::new(record)));
        }
        Ok(record)
    }

    /// Asks the other deciders about claims that nobody could verify.
    fn second(&mut self, record: &mut ProgramRecord, position: usize) -> Result<(), SolveError> {
        let open = record.receipt.is_none()
            || record.exhaustive().is_some_and(|a| a < Assurance::Verified);
        if !self.options.backends.cross_check || !open {
            return Ok(());
        }
        for other in self.options.backends.deciders.iter().skip(position + 1) {
            let began = Instant::now();
            let solved = self.solve(other.as_ref(), &record.query, self.remaining());
            self.times.solve += began.elapsed();
            let name = other.descriptor().name;
            let Ok(outcome) = solved else { continue };
            if outcome.verdict == Verdict::Unknown {
                continue;
            }
            match agreement(&record.outcome, &outcome) {
                Some(true) => {
                    record.seconded_by = Some(name);
                    self.trace
                        .push(format!("{}: {name} agrees", record.role.name()));
                    return Ok(());
                }
                Some(false) => {
                    return Err(SolveError::ProgramDisagreement {
                        record: Box::new(record.clone()),
                        other: name,
                    });
                }
                None => {}
            }
        }
        Ok(())
    }
}

/// Whether two backends say the same about a query; `None` where what they say
/// cannot be compared.
fn agreement(one: &Outcome<Program>, other: &Outcome<Program>) -> Option<bool> {
    if one.verdict != other.verdict {
        return Some(false);
    }
    match (&one.evidence, &other.evidence) {
        (Evidence::Model(Witness::Models(a)), Evidence::Model(Witness::Models(b))) => {
            if !(a.complete && b.complete) {
                // The best cost can be compared all the same.
                let costs = |x: &nsolve_il::program::Answers| {
                    x.models
                        .first()
                        .filter(|_| x.optimal)
                        .map(|m| m.cost.clone())
                };
                return Some(costs(a)? == costs(b)?);
            }
            let set = |x: &nsolve_il::program::Answers| -> BTreeSet<Vec<GroundAtom>> {
                let sorted = x.models.iter().map(|m| {
                    let mut atoms: Vec<GroundAtom> = m.derivation.atoms().cloned().collect();
                    atoms.sort_unstable();
                    atoms
                });
                sorted.collect()
            };
            Some(set(a) == set(b))
        }
        (Evidence::Model(Witness::Instances(a)), Evidence::Model(Witness::Instances(b))) => {
            let set = |x: &Bindings| -> BTreeSet<_> {
                x.rows.iter().map(|r| r.binding.clone()).collect()
            };
            (a.complete && b.complete).then(|| set(a) == set(b))
        }
        (
            Evidence::Model(Witness::Instances(a)),
            Evidence::Model(Witness::Rows(BareRows { rows, complete })),
        ) => {
            let ours: BTreeSet<_> = a.rows.iter().map(|r| &r.binding).collect();
            let theirs: BTreeSet<_> = rows.iter().map(|r| &r.binding).collect();
            (a.complete && *complete).then(|| ours == theirs)
        }
        _ => (one.verdict == Verdict::Unsat).then_some(true),
    }
}

/// What a check may cost: evidence that was worth making is worth reading.
fn limits_for(outcome: &Outcome<Program>) -> CheckLimits {
    let steps = match &outcome.evidence {
        Evidence::Model(Witness::Models(answers)) => answers
            .models
            .iter()
            .map(|m| m.derivation.steps.len())
            .sum(),
        Evidence::Model(Witness::Instances(bindings)) => bindings.derivation.steps.len(),
        _ => 0,
    };
    let mut out = CheckLimits::default();
    out.steps += STEPS_A_STEP * steps as u64;
    out
}

/// Steps of checking for one step of a derivation: some joins with other atoms.
const STEPS_A_STEP: u64 = 50;

/// A query with its outcome checked.
pub(crate) fn checked(
    problem: &Problem,
    role: ProgramRole,
    query: Query,
    outcome: Outcome<Program>,
    backend: &'static str,
) -> ProgramRecord {
    let found = check_program(problem, &query, &outcome, &limits_for(&outcome));
    let (receipt, refusal) = match found {
        Ok(receipt) => (Some(receipt), None),
        Err(refusal) => (None, Some(refusal)),
    };
    ProgramRecord {
        role,
        query,
        outcome,
        backend,
        seconded_by: None,
        receipt,
        refusal,
    }
}

impl Asked {
    /// The goal's instances that hold in every model seen so far; `None` where
    /// none was seen.
    fn shared(&self, records: &[ProgramRecord]) -> Option<BTreeSet<Arc<[Value]>>> {
        let models = records.iter().flat_map(ProgramRecord::models);
        let each = models.map(|m| self.instances_in(m));
        each.reduce(|old, here| old.intersection(&here).cloned().collect())
    }

    /// What the search for a counterexample or an example asks, after these
    /// records.
    pub(crate) fn query(&self, role: ProgramRole, records: &[ProgramRecord]) -> Query {
        let body = match role {
            ProgramRole::Example => self.goal_literals(&BTreeSet::from([Arc::from([])]), Sign::Not),
            _ => self.goal_literals(&self.shared(records).unwrap_or_default(), Sign::Positive),
        };
        Query::Models {
            limit: Some(1),
            optimal: false,
            assuming: vec![Goal {
                body,
                variables: Vec::new(),
                sentence: None,
                span: None,
            }],
        }
    }

    /// Atoms of the goal's rule for these instances.
    fn goal_literals(&self, instances: &BTreeSet<Arc<[Value]>>, sign: Sign) -> Vec<Literal> {
        let Some((predicate, _)) = &self.head else {
            return Vec::new();
        };
        let literals = instances.iter().map(|values| {
            let arguments = values.iter().cloned().map(Term::Value).collect();
            Literal::Atom(
                sign,
                Atom {
                    predicate: *predicate,
                    arguments,
                },
            )
        });
        literals.collect()
    }
}

/// What records tell.
pub(crate) struct Told {
    pub(crate) decision: ProgramDecision,
    pub(crate) rows: Vec<Row>,
    pub(crate) assurance: Assurance,
    pub(crate) exhaustive: Option<Assurance>,
}

impl Told {
    fn new(decision: ProgramDecision, assurance: Assurance) -> Self {
        Told {
            decision,
            rows: Vec::new(),
            assurance,
            exhaustive: None,
        }
    }

    fn unknown() -> Self {
        Told::new(ProgramDecision::Unknown, Assurance::Claimed)
    }
}

/// The decision that records make; the tables are on this module's page.
pub(crate) fn decide(asked: &Asked, records: &[ProgramRecord]) -> Told {
    let of = |role| {
        records
            .iter()
            .find(move |r: &&ProgramRecord| r.role == role)
    };
    if let Some(models) = of(ProgramRole::Models) {
        let without_goal = asked.goal.is_none();
        match models.verdict() {
            Verdict::Unsat => return Told::new(ProgramDecision::NoModel, models.assurance()),
            Verdict::Sat if without_goal => return told_models(models),
            Verdict::Sat => {}
            _ if without_goal || asked.way == Way::Models => return Told::unknown(),
            _ => {}
        }
    }
    match asked.way {
        Way::Instances => told_instances(asked, of(ProgramRole::Goal), of(ProgramRole::Denial)),
        Way::Models => {
            let mut told = told_cautious(asked, records);
            // Where only the best models count, all rests on their being so.
            let best = |r: &&ProgramRecord| matches!(r.query, Query::Models { optimal: true, .. });
            if let Some(models) = records.iter().find(best) {
                let most = lowest_cost(models);
                told.assurance = told.assurance.min(most);
                told.exhaustive = told.exhaustive.map(|a| a.min(most));
            }
            told
        }
    }
}

fn told_models(models: &ProgramRecord) -> Told {
    let best = match &models.outcome.evidence {
        Evidence::Model(Witness::Models(answers)) => answers.optimal,
        _ => false,
    };
    let asked_best = matches!(models.query, Query::Models { optimal: true, .. });
    let decision = match (asked_best, best) {
        (true, true) => ProgramDecision::Optimum,
        _ => ProgramDecision::Models,
    };
    let mut told = Told::new(decision, models.assurance());
    told.exhaustive = models.exhaustive();
    if decision == ProgramDecision::Optimum {
        told.exhaustive = Some(lowest_cost(models));
        told.assurance = told.assurance.min(lowest_cost(models));
    }
    told
}

/// How far it can be trusted that no model costs less than those of a record.
fn lowest_cost(models: &ProgramRecord) -> Assurance {
    match &models.receipt {
        Some(receipt) if receipt.shows_optimum() => Assurance::Verified,
        _ if models.seconded_by.is_some() => Assurance::CrossChecked,
        _ => Assurance::Claimed,
    }
}

fn told_instances(
    asked: &Asked,
    goal: Option<&ProgramRecord>,
    denial: Option<&ProgramRecord>,
) -> Told {
    let Some(goal) = goal else {
        return Told::unknown();
    };
    let open_world = asked.solved.meaning == Meaning::OpenWorld;
    let opposite = denial.map(ProgramRecord::verdict);
    let both = |other: &ProgramRecord| goal.assurance().min(other.assurance());
    match (goal.verdict(), asked.has_variables()) {
        (Verdict::Sat, true) => {
            let rows = match &goal.outcome.evidence {
                Evidence::Model(Witness::Instances(Bindings { rows, .. }))
                | Evidence::Model(Witness::Rows(BareRows { rows, .. })) => {
                    distinct_rows(asked.goal.as_ref(), rows)
                }
                _ => return Told::unknown(),
            };
            Told {
                decision: ProgramDecision::Bindings,
                rows,
                assurance: goal.assurance(),
                exhaustive: goal.exhaustive(),
            }
        }
        (Verdict::Unsat, true) => Told::new(ProgramDecision::NoBindings, goal.assurance()),
        (Verdict::Sat, false) => match denial {
            Some(other) if opposite == Some(Verdict::Sat) => {
                Told::new(ProgramDecision::Contradictory, both(other))
            }
            _ => Told::new(ProgramDecision::True, goal.assurance()),
        },
        (Verdict::Unsat, false) if open_world => match (denial, opposite) {
            (Some(other), Some(Verdict::Sat)) => {
                Told::new(ProgramDecision::False, other.assurance())
            }
            (Some(other), Some(Verdict::Unsat)) => {
                Told::new(ProgramDecision::Uncertain, both(other))
            }
            (None, _) => Told::new(ProgramDecision::Uncertain, goal.assurance()),
            _ => Told::unknown(),
        },
        (Verdict::Unsat, false) => Told::new(ProgramDecision::False, goal.assurance()),
        _ => match (denial, opposite) {
            (Some(other), Some(Verdict::Sat)) if open_world => {
                Told::new(ProgramDecision::False, other.assurance())
            }
            _ => Told::unknown(),
        },
    }
}

/// Rows that differ in what they tell.
fn distinct_rows(goal: Option<&Goal>, rows: &[Row]) -> Vec<Row> {
    let Some(goal) = goal else { return Vec::new() };
    let told = named_variables(goal);
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for row in rows {
        let key: Vec<_> = told
            .iter()
            .map(|v| row.binding.get(v.index()).cloned().flatten())
            .collect();
        if seen.insert(key) {
            out.push(row.clone());
        }
    }
    out
}

fn told_cautious(asked: &Asked, records: &[ProgramRecord]) -> Told {
    let (mut holds, mut fails) = (None, None);
    let lower = |slot: &mut Option<Assurance>, a: Assurance| {
        *slot = Some(slot.map_or(a, |old| old.max(a)));
    };
    for record in records {
        for model in record.models() {
            let slot = if asked.holds_in(model) {
                &mut holds
            } else {
                &mut fails
            };
            lower(slot, record.assurance());
        }
    }
    let Some(shared) = asked.shared(records) else {
        return Told::unknown();
    };
    // That there are no other models to look at.
    let no_more = |role| {
        let ended = records
            .iter()
            .find(|r| r.role == role && r.verdict() == Verdict::Unsat);
        let listed = records.iter().find(|r| r.role == ProgramRole::Models);
        match (ended, listed.and_then(ProgramRecord::exhaustive)) {
            (Some(record), _) => Some(record.assurance()),
            (None, all) => all,
        }
    };
    if asked.has_variables() {
        let rows = shared.iter().map(|values| asked.row(values)).collect();
        // Models that were checked show that nothing else is in all of them.
        let seen = holds.into_iter().chain(fails).min();
        if shared.is_empty() {
            return Told::new(
                ProgramDecision::NoBindings,
                seen.unwrap_or(Assurance::Claimed),
            );
        }
        return match no_more(ProgramRole::Counterexample) {
            Some(assurance) => Told {
                decision: ProgramDecision::Bindings,
                rows,
                assurance,
                exhaustive: seen,
            },
            None => Told::unknown(),
        };
    }
    match (holds, fails) {
        (Some(a), Some(b)) => Told::new(ProgramDecision::Uncertain, a.min(b)),
        (Some(_), None) => match no_more(ProgramRole::Counterexample) {
            Some(assurance) => Told::new(ProgramDecision::True, assurance),
            None => Told::unknown(),
        },
        (None, Some(_)) => match no_more(ProgramRole::Example) {
            Some(assurance) => Told::new(ProgramDecision::False, assurance),
            None => Told::unknown(),
        },
        (None, None) => Told::unknown(),
    }
}

impl Asked {
    /// The stated negation of the goal, where it is asked about as well.
    pub(crate) fn denial(&self) -> Option<Goal> {
        denial(&self.solved, self.goal.as_ref()?)
    }

    /// Whether an instance of the goal holds in a model.
    pub(crate) fn holds_in(&self, model: &StableModel) -> bool {
        !self.instances_in(model).is_empty()
    }
}
