//! Answers `Query::Instances`: the rows of a goal in a program of one model.

use nsolve_backend::{Evidence, Outcome, SolveCx, StopReason, Verdict};
use nsolve_il::program::{
    Bindings, Certificate, Derivation, Goal, Head, Literal, PredicateId, Problem, Program, Row,
    Rule, Term, Witness, dependencies,
};

use crate::evaluate::Engine;
use crate::magic::{self, Magic};
use crate::provenance::{Origin, Reader, closed_roots};
use crate::table::at;

/// The largest derivation that shows that a goal has no instance.
const MOST_STEPS: u64 = 200_000;

/// The largest derivation that shows that a goal has no other instance than
/// those that were found. Smaller, since it comes with answers that need none.
const MOST_TO_CLOSE: u64 = 10_000;

/// How many rules a program has before its evaluation is steered by the goal at
/// once. Smaller ones are first evaluated whole, by which it is shown that there
/// are no other instances.
const FEWEST_TO_STEER: usize = 2_000;

/// After how many instances of rules that is given up.
const STEPS_TO_STEER: u64 = 500_000;

/// Answers a goal.
pub(crate) fn solve(
    problem: &Problem,
    goal: &Goal,
    limit: Option<usize>,
    cx: &SolveCx,
) -> Outcome<Program> {
    match answer(problem, goal, limit, cx) {
        Ok(outcome) => outcome,
        Err(reason) => Outcome::unknown(reason),
    }
}

fn answer(
    problem: &Problem,
    goal: &Goal,
    limit: Option<usize>,
    cx: &SolveCx,
) -> Result<Outcome<Program>, StopReason> {
    let graph = dependencies(problem);
    let roots = predicates_of(&goal.body);
    if !graph.is_deterministic(roots.iter().copied()) {
        let why = "the goal rests on choices, or on `not` within a cycle".to_owned();
        return Err(StopReason::Incomplete(why));
    }
    let cone = graph.cone(roots.iter().copied());
    let is_safe = problem.rules.iter().all(|rule| {
        let gives = |a: &nsolve_il::program::Atom| cone.binary_search(&a.predicate).is_ok();
        !rule.head.atoms().any(gives) || rule.schedule().is_ok()
    });
    let as_rule = rule_of(goal);
    // Asked backwards, rules that make new values may go on for ever where they
    // end forwards.
    let may_steer = as_rule.schedule().is_ok()
        && !makes_values(problem, &cone)
        && magic::pays(problem, goal, &graph);
    let whole = |cx: &SolveCx| {
        let mut engine = Engine::new(problem, cx);
        engine.run(&cone)?;
        let origin = Origin::same(problem.predicates.len());
        let task = Task {
            problem,
            goal,
            limit,
            cone: &cone,
            origin: &origin,
        };
        task.finish(&mut engine, &goal.body, &as_rule, true)
    };
    if is_safe && may_steer && problem.rules.len() < FEWEST_TO_STEER {
        let mut brief = cx.clone();
        let given = cx.budget.steps.unwrap_or(u64::MAX);
        brief.budget.steps = Some(given.min(STEPS_TO_STEER));
        match whole(&brief) {
            Err(StopReason::Steps) if given > STEPS_TO_STEER => {}
            decided => return decided,
        }
    }
    if !is_safe || may_steer {
        let closed = graph.cone(closed_roots(relevant(problem, &cone, goal)));
        match magic::rewrite(problem, goal, &closed) {
            Ok(magic) => match magically(problem, goal, &magic, limit, cx) {
                // What shows that there is no instance is the whole cone.
                Ok(outcome) if !is_safe || outcome.verdict != Verdict::Unsat => {
                    return Ok(outcome);
                }
                Ok(_) | Err(StopReason::Incomplete(_)) if is_safe => {}
                Ok(outcome) => return Ok(outcome),
                Err(reason) => return Err(reason),
            },
            Err(reason) if !is_safe => return Err(reason),
            Err(_) => {}
        }
    }
    whole(cx)
}

/// Answers a goal by way of a rewritten program.
fn magically(
    problem: &Problem,
    goal: &Goal,
    magic: &Magic,
    limit: Option<usize>,
    cx: &SolveCx,
) -> Result<Outcome<Program>, StopReason> {
    let mut engine = Engine::new(&magic.problem, cx);
    let numbers = magic.origin.rules.iter().flatten().map(|(rule, _)| *rule);
    engine.numbers = numbers.chain([problem.rules.len() as u32]).collect();
    let graph = dependencies(&magic.problem);
    let cone = graph.cone(predicates_of(&magic.goal));
    engine.run(&cone)?;
    let task = Task {
        problem,
        goal,
        limit,
        cone: &cone,
        origin: &magic.origin,
    };
    task.finish(&mut engine, &magic.goal, &rule_of(goal), false)
}

struct Task<'t> {
    /// As written.
    problem: &'t Problem,
    goal: &'t Goal,
    limit: Option<usize>,
    /// Predicates of the evaluated program that the goal rests on.
    cone: &'t [PredicateId],
    origin: &'t Origin,
}

impl Task<'_> {
    fn finish<'a>(
        &self,
        engine: &mut Engine<'a>,
        body: &'a [Literal],
        as_rule: &Rule,
        whole: bool,
    ) -> Result<Outcome<Program>, StopReason> {
        let (relation, clause) = engine.add_goal(body, as_rule)?;
        let plan = engine.plan_or_fail(clause, None)?;
        let wanted = self
            .limit
            .map_or(u32::MAX, |l| u32::try_from(l).unwrap_or(u32::MAX));
        engine.run_plan(clause, &plan, wanted)?;
        let found = engine.world.relations.get(relation).map_or(0, |r| r.len());
        let deep = self.cone.iter().any(|p| at(&engine.tainted, p.index()))
            || at(&engine.tainted, relation);
        if found == 0 {
            return self.nothing(engine, deep, whole);
        }
        let mut reader = Reader::new(self.origin);
        let mut rows = Vec::new();
        for row in 0..found.min(wanted) {
            let Some((number, frame)) = engine.reason(relation, row) else {
                continue;
            };
            for (p, r) in engine.rows_of(number, &frame) {
                reader.visit(engine, p, r)?;
            }
            let binding = engine.binding(number, &frame).to_vec();
            engine.world.elsewhere += 32 * binding.len() as u64 + 24;
            rows.push(Row { binding });
            if engine.world.turn() {
                engine.world.go_on()?;
            }
        }
        if rows.is_empty() {
            // Nothing was wanted.
            return Err(StopReason::Incomplete(
                "no instance was asked for".to_owned(),
            ));
        }
        let close_all = whole && !deep && self.size(engine) <= MOST_TO_CLOSE;
        let derivation = if close_all {
            for p in self.cone {
                reader.visit_all(engine, p.index())?;
            }
            reader.finish(self.cone.to_vec())
        } else {
            self.close(engine, reader)?
        };
        Ok(Outcome::sat(Witness::Instances(Bindings {
            rows,
            derivation,
            complete: found <= wanted && !deep,
        })))
    }

    /// Closes what the steps' rules and the goal speak of under `not` and in
    /// aggregates.
    fn close(
        &self,
        engine: &mut Engine<'_>,
        mut reader: Reader<'_>,
    ) -> Result<Derivation, StopReason> {
        let roots = reader.spoken_of(self.problem, self.goal.body.iter());
        let graph = dependencies(self.problem);
        let closed = graph.cone(roots);
        for p in &closed {
            if at(&engine.tainted, p.index()) {
                return Err(too_deep(self.problem));
            }
            reader.visit_all(engine, p.index())?;
        }
        Ok(reader.finish(closed))
    }

    /// How many atoms there are of the cone's predicates.
    fn size(&self, engine: &Engine<'_>) -> u64 {
        let relations = &engine.world.relations;
        let rows = self.cone.iter().filter_map(|p| relations.get(p.index()));
        rows.map(|r| u64::from(r.len())).sum()
    }

    fn nothing(
        &self,
        engine: &mut Engine<'_>,
        deep: bool,
        whole: bool,
    ) -> Result<Outcome<Program>, StopReason> {
        if deep {
            return Err(too_deep(self.problem));
        }
        if !whole || self.size(engine) > MOST_STEPS {
            return Ok(Outcome {
                verdict: Verdict::Unsat,
                stop: StopReason::Completed,
                evidence: Evidence::None,
            });
        }
        let mut reader = Reader::new(self.origin);
        for p in self.cone {
            reader.visit_all(engine, p.index())?;
        }
        let derivation = reader.finish(self.cone.to_vec());
        Ok(Outcome::unsat(Certificate::NoInstance { derivation }))
    }
}

/// Whether a rule for one of these predicates makes values in its head that its
/// body does not have.
fn makes_values(problem: &Problem, cone: &[PredicateId]) -> bool {
    let gives = |a: &nsolve_il::program::Atom| cone.binary_search(&a.predicate).is_ok();
    let makes = |term: &Term| matches!(term, Term::Function(..) | Term::Arithmetic(..));
    problem.rules.iter().any(|rule| {
        let mut heads = rule.head.atoms().filter(|a| gives(a));
        !rule.body.is_empty() && heads.any(|a| a.arguments.iter().any(makes))
    })
}

/// The reason for withholding what a bound on depth may have changed.
pub(crate) fn too_deep(problem: &Problem) -> StopReason {
    StopReason::Incomplete(format!("terms deeper than {}", problem.depth))
}

/// A goal as the constraint that forbids it.
pub(crate) fn rule_of(goal: &Goal) -> Rule {
    Rule {
        head: Head::Never,
        body: goal.body.clone(),
        variables: goal.variables.clone(),
        sentence: None,
        span: goal.span,
    }
}

/// The literals that an evaluation of these predicates and the goal may look
/// at.
fn relevant<'l>(
    problem: &'l Problem,
    cone: &'l [PredicateId],
    goal: &'l Goal,
) -> impl Iterator<Item = &'l Literal> {
    let rules = problem.rules.iter().filter(|rule| {
        let mut atoms = rule.head.atoms();
        atoms.any(|a| cone.binary_search(&a.predicate).is_ok())
    });
    rules.flat_map(|r| &r.body).chain(&goal.body)
}

/// All predicates in a conjunction, those in aggregates included.
pub(crate) fn predicates_of(body: &[Literal]) -> Vec<PredicateId> {
    let mut out = Vec::new();
    for literal in body {
        match literal {
            Literal::Atom(_, atom) => out.push(atom.predicate),
            Literal::Aggregate(_, aggregate) => {
                let conditions = aggregate.elements.iter().flat_map(|e| &e.condition);
                out.extend(
                    conditions
                        .filter_map(|l| l.as_atom())
                        .map(|(_, a)| a.predicate),
                );
            }
            _ => {}
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
