//! From a question to queries, and from verdicts to a decision.
//!
//! The table for a conclusion `C` and premises `P`:
//!
//! | `P` with `not C` | `P` with `C` | decision |
//! |---|---|---|
//! | unsat | sat | true |
//! | sat | unsat | false |
//! | sat | sat | uncertain |
//! | unsat | unsat | contradictory premises |
//! | unsat | unknown | true (it follows; whether the premises are consistent is open) |
//! | unknown | unsat | false (likewise) |
//! | otherwise | | unknown |
//!
//! For the least value `v` of something: `P` has a model where it is `v`, and
//! none where it is less; the greatest likewise.
//!
//! Both unsatisfiable means that the premises are, since every model makes `C`
//! true or false. Under the semantics of rules, the two queries are about the
//! lowered problem (see `nsolve_bridge`), where the conclusion and its denial
//! are two statements that may both be underivable; the table is the same.

use std::sync::Arc;
use std::time::Instant;

use nsolve_backend::{Budget, CancelToken, StopReason, Verdict};
use nsolve_bridge::rules_to_classical;
use nsolve_il::Rational;
use nsolve_il::fol::{Goal, Item, Problem, Query, Question, Semantics};

use crate::answer::{Answer, Assurance, Decision, QueryRecord, Role, Times};
use crate::error::SolveError;
use crate::evidence::{Backends, Run, stop_reason};
use crate::{clash, enumerate, extremum, options};

/// Limits of one problem, over all its queries.
pub type Limits = Budget;

/// What a solve may use.
#[derive(Clone)]
pub struct SolveOptions {
    /// Who is asked.
    pub backends: Backends,
    /// What it may cost.
    pub limits: Limits,
    /// Stops it from outside.
    pub cancel: CancelToken,
    /// For whatever backends do at random.
    pub seed: u64,
    /// How many models are looked for where a model is asked for. With two or
    /// more, the answer says whether the first is the only one.
    pub models: usize,
}

/// Answers the question of a problem.
///
/// # Errors
/// [`SolveError`]: a problem that is not decided is an answer
/// ([`Decision::Unknown`]), evidence that fails its check is an error.
pub fn solve(problem: &Arc<Problem>, options: &SolveOptions) -> Result<Answer, SolveError> {
    let began = Instant::now();
    let lowered = lower(problem)?;
    let mut run = Run {
        problem: lowered.problem.clone(),
        backends: &options.backends,
        budget: options.limits,
        cancel: options.cancel.clone(),
        seed: options.seed,
        started: began,
        times: Times::default(),
        trace: lowered.trace.clone(),
        needs: None,
    };
    run.times.lower = began.elapsed();
    let mut note = None;
    let mut queries = match &problem.question {
        Question::Model => {
            let (found, why) = enumerate::models(&mut run, problem.semantics, options.models)?;
            note = why;
            found
        }
        Question::Extremum(asked) => {
            let (found, why) = extremum::extremum(&mut run, problem.semantics, asked)?;
            note = why;
            found
        }
        Question::Conclusion(_) => conclusion(&mut run, &lowered)?,
        Question::Options {
            modality, choices, ..
        } => options::ask(&mut run, &lowered, *modality, choices)?,
    };
    if !matches!(problem.question, Question::Conclusion(_)) {
        queries = clash::minimize(&mut run, queries)?;
    }
    let verdicts: Vec<_> = queries.iter().map(|q| (&q.role, q.verdict())).collect();
    let decision = decide(&problem.question, &verdicts);
    let because = because(&decision, &queries);
    let assurance = queries
        .iter()
        .filter(|q| q.verdict() != Verdict::Unknown && decides(&q.role))
        .map(QueryRecord::assurance)
        .min()
        .unwrap_or(Assurance::Claimed);
    let stop = match decision {
        Decision::Unknown => match (stop_reason(&queries), note.take()) {
            (StopReason::Completed, Some(why)) => StopReason::Incomplete(why),
            (stop, why) => {
                note = why;
                stop
            }
        },
        _ => StopReason::Completed,
    };
    Ok(Answer {
        decision,
        stop,
        assurance,
        solutions: enumerate::solutions(&queries),
        queries,
        because,
        note,
        times: run.times,
        trace: run.trace,
    })
}

/// Whether a decision rests on queries of this role, rather than what is said
/// besides.
fn decides(role: &Role) -> bool {
    !matches!(role, Role::AnotherModel(_) | Role::Without(_))
}

/// A problem as it is solved, with the two queries about each statement.
pub(crate) struct Lowered {
    pub(crate) problem: Arc<Problem>,
    /// For each statement that is asked about its letter (empty for a
    /// conclusion), and the goals that deny and that assume it.
    asked: Vec<(String, Goal, Goal)>,
    trace: Vec<String>,
}

impl Lowered {
    /// The whole query of a role; the premises alone where the role names no
    /// statement of this problem.
    pub(crate) fn query(&self, role: &Role) -> Query {
        let (letter, denied) = match role {
            Role::DenyConclusion => ("", true),
            Role::AssumeConclusion => ("", false),
            Role::DenyOption(letter) => (letter.as_str(), true),
            Role::AssumeOption(letter) => (letter.as_str(), false),
            // These have goals that no text states.
            Role::PremisesAlone
            | Role::AnotherModel(_)
            | Role::Without(_)
            | Role::Attains(_)
            | Role::Beyond(_) => return Query::premises_of(&self.problem),
        };
        let mut query = Query::premises_of(&self.problem);
        let asked = self.asked.iter().find(|(label, ..)| label == letter);
        query
            .goals
            .extend(asked.map(|(_, deny, assume)| if denied { *deny } else { *assume }));
        query
    }
}

/// Brings a problem into the form that backends solve.
pub(crate) fn lower(problem: &Arc<Problem>) -> Result<Lowered, SolveError> {
    let letters: Vec<String> = match &problem.question {
        Question::Options { choices, .. } => options::keys(choices),
        Question::Conclusion(_) => vec![String::new()],
        Question::Model | Question::Extremum(_) => Vec::new(),
    };
    if problem.semantics == Semantics::Rules {
        let (lowered, statements) = rules_to_classical(problem).map_err(SolveError::Lowering)?;
        let without = |formula| Goal {
            formula,
            holds: false,
        };
        let asked = letters.into_iter().zip(statements);
        return Ok(Lowered {
            asked: asked
                .map(|(letter, s)| (letter, without(s.stated), without(s.denied)))
                .collect(),
            problem: Arc::new(lowered),
            trace: vec!["bridge: rules to classical logic (negation as a predicate)".into()],
        });
    }
    let goal = |formula, holds| Goal { formula, holds };
    let asked = letters.into_iter().zip(problem.asked());
    Ok(Lowered {
        asked: asked
            .map(|(letter, c)| (letter, goal(c.formula, false), goal(c.formula, true)))
            .collect(),
        problem: problem.clone(),
        trace: Vec::new(),
    })
}

fn conclusion(run: &mut Run<'_>, lowered: &Lowered) -> Result<Vec<QueryRecord>, SolveError> {
    let mut queries = Vec::new();
    for role in [Role::DenyConclusion, Role::AssumeConclusion] {
        let query = lowered.query(&role);
        queries.push(run.answer(role, query)?);
    }
    // A clash of the premises is best shown without the conclusion.
    if queries.iter().all(|q| q.verdict() == Verdict::Unsat) {
        let alone = run.answer(Role::PremisesAlone, lowered.query(&Role::PremisesAlone))?;
        if alone.verdict() == Verdict::Unsat {
            queries.push(alone);
        }
    }
    Ok(queries)
}

/// The decision that verdicts on a question's queries make; the table is on
/// this module's page. Verdicts that are missing count as unknown.
pub(crate) fn decide(question: &Question, verdicts: &[(&Role, Verdict)]) -> Decision {
    let of = |role: &Role| {
        let found = verdicts.iter().find(|(r, _)| *r == role);
        found.map_or(Verdict::Unknown, |(_, verdict)| *verdict)
    };
    use Verdict::{Sat, Unsat};
    match question {
        Question::Extremum(_) => match (of(&Role::PremisesAlone), optimum(verdicts)) {
            (Unsat, _) => Decision::ContradictoryPremises,
            (_, Some(value)) => Decision::Value(value.to_string()),
            _ => Decision::Unknown,
        },
        Question::Model => match of(&Role::PremisesAlone) {
            Sat => Decision::Satisfiable,
            Unsat => Decision::ContradictoryPremises,
            _ => Decision::Unknown,
        },
        Question::Conclusion(_) => match (of(&Role::DenyConclusion), of(&Role::AssumeConclusion)) {
            (Unsat, Unsat) => Decision::ContradictoryPremises,
            (Unsat, _) => Decision::True,
            (_, Unsat) => Decision::False,
            (Sat, Sat) => Decision::Uncertain,
            _ => Decision::Unknown,
        },
        Question::Options {
            modality,
            except,
            choices,
        } => {
            if of(&Role::PremisesAlone) == Unsat {
                return Decision::ContradictoryPremises;
            }
            options::decide(*modality, *except, choices, &of)
        }
    }
}

/// The value that is attained, and beyond which there is none.
fn optimum(verdicts: &[(&Role, Verdict)]) -> Option<Rational> {
    verdicts.iter().find_map(|(role, verdict)| match role {
        Role::Attains(value) if *verdict == Verdict::Sat => {
            let beyond = Role::Beyond(value.clone());
            let closed = verdicts.contains(&(&beyond, Verdict::Unsat));
            closed.then(|| value.clone())
        }
        _ => None,
    })
}

/// The premises that a decision needs, by position.
pub(crate) fn because(decision: &Decision, queries: &[QueryRecord]) -> Vec<u32> {
    let unsat = queries.iter().filter(|q| q.verdict() == Verdict::Unsat);
    let needed: Vec<&QueryRecord> = match decision {
        Decision::ContradictoryPremises => {
            let mut alone = unsat.clone().filter(|q| q.role == Role::PremisesAlone);
            match alone.next() {
                Some(alone) => vec![alone],
                None => unsat.collect(),
            }
        }
        Decision::True | Decision::False => unsat.collect(),
        Decision::Value(_) => unsat
            .filter(|q| matches!(q.role, Role::Beyond(_)))
            .collect(),
        Decision::Choice(letter) => {
            let its = |q: &&QueryRecord| matches!(&q.role, Role::DenyOption(l) | Role::AssumeOption(l) if options::belongs(l, letter));
            unsat.filter(its).collect()
        }
        _ => Vec::new(),
    };
    let items = needed.into_iter().flat_map(QueryRecord::core);
    let mut out: Vec<u32> = items
        .filter_map(|item| match item {
            Item::Premise(i) => Some(*i),
            Item::Goal(_) => None,
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}
