//! The least or greatest value of something: better and better models, until
//! it is shown that there is none beyond.

use std::sync::Arc;

use nsolve_backend::{Evidence, Outcome, Verdict};
use nsolve_bridge::{MeasureIs, compare_measure, complete};
use nsolve_check::Limits as CheckLimits;
use nsolve_il::Rational;
use nsolve_il::fol::{Direction, Extremum, Goal, Model, Problem, Query, Semantics};
use num_traits::One;

use crate::answer::{QueryRecord, Role};
use crate::error::SolveError;
use crate::evidence::Run;

/// How many queries may look for a better value.
const MOST_QUERIES: u32 = 200;

/// Steps double until there is nothing beyond: so often, and the value is given
/// up for one that nothing bounds.
const MOST_DOUBLINGS: u32 = 48;

/// Asks for a model with the best value, and for one beyond. Also gives the
/// reason where no value is shown to be the best.
pub(crate) fn extremum(
    run: &mut Run<'_>,
    semantics: Semantics,
    asked: &Extremum,
) -> Result<(Vec<QueryRecord>, Option<String>), SolveError> {
    let first = run.answer(Role::PremisesAlone, Query::premises_of(&run.problem))?;
    if semantics == Semantics::Rules {
        let why = "least and greatest values have no meaning under the semantics of rules";
        return Ok((vec![first], Some(why.into())));
    }
    let Some((model, value)) = measured(&run.problem, asked, &first) else {
        let why = (first.verdict() == Verdict::Sat).then(|| "no model gives it a value".to_owned());
        return Ok((vec![first], why));
    };
    let mut search = Search {
        asked,
        plain: run.problem.clone(),
        backend: first.backend,
        best: value,
        model,
        beyond: None,
        bound: None,
        step: Rational::one(),
    };
    let shown = search.go(run)?;
    let best = search.best.clone();
    let mut records = Vec::new();
    if let Some((problem, query)) = query(&search.plain, asked, &Role::Attains(best.clone())) {
        run.problem = problem;
        let outcome = Outcome::sat(search.model);
        records.push(run.record(Role::Attains(best.clone()), query, outcome, search.backend)?);
    }
    records.extend(search.beyond);
    let way = match asked.direction {
        Direction::Minimum => "less",
        Direction::Maximum => "more",
    };
    let open = format!("{best} is possible; whether {way} is was not decided");
    Ok((records, (!shown).then_some(open)))
}

/// The query of one of the roles that are about a value, with the problem that
/// states its goal.
pub(crate) fn query(
    problem: &Arc<Problem>,
    asked: &Extremum,
    role: &Role,
) -> Option<(Arc<Problem>, Query)> {
    let (is, value) = match (role, asked.direction) {
        (Role::Attains(value), _) => (MeasureIs::Equal, value),
        (Role::Beyond(value), Direction::Minimum) => (MeasureIs::Less, value),
        (Role::Beyond(value), Direction::Maximum) => (MeasureIs::Greater, value),
        _ => return None,
    };
    let (longer, formula) = compare_measure(problem, asked.measure, is, value).ok()?;
    let mut query = Query::premises_of(problem);
    query.goals.push(Goal {
        formula,
        holds: true,
    });
    Some((Arc::new(longer), query))
}

/// A record's model, made to say what is measured, and the value.
fn measured(
    problem: &Problem,
    asked: &Extremum,
    record: &QueryRecord,
) -> Option<(Model, Rational)> {
    let Evidence::Model(model) = &record.outcome.evidence else {
        return None;
    };
    let model = complete(problem, model, asked.measure.root());
    let value = nsolve_check::measure(problem, &model, asked.measure, &CheckLimits::default());
    Some((model, value.ok()?))
}

struct Search<'a> {
    asked: &'a Extremum,
    plain: Arc<Problem>,
    backend: &'static str,
    /// The best value so far, and a model that has it.
    best: Rational,
    model: Model,
    /// The last query that looked beyond the best value.
    beyond: Option<QueryRecord>,
    /// Nothing is beyond this value.
    bound: Option<Rational>,
    /// How far the next look goes.
    step: Rational,
}

impl Search<'_> {
    /// Searches until nothing is beyond the best value; `false` where that
    /// could not be shown.
    fn go(&mut self, run: &mut Run<'_>) -> Result<bool, SolveError> {
        let mut doublings = 0;
        for _ in 0..MOST_QUERIES {
            if self.bound.as_ref() == Some(&self.best) {
                return Ok(true);
            }
            let target = self.target();
            let role = Role::Beyond(target.clone());
            let Some((problem, query)) = query(&self.plain, self.asked, &role) else {
                return Ok(false);
            };
            run.problem = problem;
            let record = run.answer(role, query)?;
            match record.verdict() {
                Verdict::Sat => {
                    let Some((model, value)) = measured(&run.problem, self.asked, &record) else {
                        return Ok(false);
                    };
                    (self.model, self.best, self.backend) = (model, value, record.backend);
                    doublings += 1;
                    if self.bound.is_none() && doublings > MOST_DOUBLINGS {
                        return Ok(false);
                    }
                    self.step = &self.step + &self.step;
                }
                Verdict::Unsat => {
                    self.bound = Some(target);
                    self.beyond = Some(record);
                }
                _ => {
                    self.beyond = Some(record);
                    return Ok(false);
                }
            }
        }
        Ok(false)
    }

    /// Beyond which value to look next: halfway to the bound, or a step further
    /// than the best value while there is none.
    fn target(&self) -> Rational {
        let one = Rational::one();
        let sign = match self.asked.direction {
            Direction::Minimum => -Rational::one(),
            Direction::Maximum => Rational::one(),
        };
        // How far, from the best value on.
        let far = match &self.bound {
            None => &self.step - one,
            Some(bound) => {
                let gap = (bound - &self.best) * &sign;
                (gap / (&one + &one)).floor()
            }
        };
        &self.best + far * sign
    }
}
