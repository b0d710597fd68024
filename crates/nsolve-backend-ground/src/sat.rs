use std::cell::Cell;

use batsat::{Callbacks, ClauseKind, Lit as SatLit, Solver, SolverInterface, SolverOpts, lbool};
use nsolve_backend::{SolveCx, StopReason};

use crate::clauses::{Lit, sign, var};

/// How many turns of an inner loop pass between two looks at the clock.
const TURNS: u32 = 64;

/// Watches the limits while the SAT solver works.
#[derive(Debug)]
struct Watch {
    cx: SolveCx,
    turns: Cell<u32>,
    stopped: Cell<bool>,
    conflicts: u64,
    limit: u64,
}

impl Callbacks for Watch {
    fn on_new_clause(&mut self, _: &[SatLit], kind: ClauseKind) {
        if kind == ClauseKind::Learnt {
            self.conflicts += 1;
        }
    }

    fn stop(&self) -> bool {
        if self.conflicts >= self.limit {
            return true;
        }
        let turns = self.turns.get() + 1;
        self.turns.set(turns % TURNS);
        if turns >= TURNS && self.cx.stop().is_some() {
            self.stopped.set(true);
        }
        self.stopped.get()
    }
}

/// What the SAT solver found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There is a model; read it with [`Sat::value`].
    Sat,
    /// There is none under the assumptions; read [`Sat::core`].
    Unsat,
    /// It took more conflicts than it was allowed.
    Conflicts,
    /// A limit of the query.
    Stopped(StopReason),
}

/// An incremental SAT solver under the limits of a query.
///
/// The solver behind it reserves some megabytes, which many queries never need:
/// it is made when the first clause comes.
pub(crate) struct Sat {
    cx: SolveCx,
    solver: Option<Solver<Watch>>,
    buffer: Vec<SatLit>,
    assumptions: Vec<SatLit>,
}

impl Sat {
    /// A solver without clauses.
    pub(crate) fn new(cx: &SolveCx) -> Self {
        Sat {
            cx: cx.clone(),
            solver: None,
            buffer: Vec::new(),
            assumptions: Vec::new(),
        }
    }

    fn solver(&mut self) -> &mut Solver<Watch> {
        self.solver.get_or_insert_with(|| {
            let options = SolverOpts {
                // The solver wants a positive number; 0 means its own default.
                random_seed: 91_648_253.0 + (self.cx.seed % 1_000_003) as f64,
                ..SolverOpts::default()
            };
            let watch = Watch {
                cx: self.cx.clone(),
                turns: Cell::new(0),
                stopped: Cell::new(false),
                conflicts: 0,
                limit: u64::MAX,
            };
            Solver::new(options, watch)
        })
    }

    /// Adds a clause, and one more literal where there is one.
    pub(crate) fn add(&mut self, clause: &[Lit], more: Option<Lit>) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let solver = self.solver();
        buffer.extend(clause.iter().chain(more.iter()).map(|&l| made(solver, l)));
        solver.add_clause_reuse(&mut buffer);
        self.buffer = buffer;
    }

    /// Searches for a model with these assumptions, for so many conflicts.
    pub(crate) fn solve(
        &mut self,
        assumptions: impl IntoIterator<Item = Lit>,
        conflicts: u64,
    ) -> Answer {
        let mut assumed = std::mem::take(&mut self.assumptions);
        assumed.clear();
        let solver = self.solver();
        assumed.extend(assumptions.into_iter().map(|l| made(solver, l)));
        let watch = solver.cb_mut();
        watch.limit = watch.conflicts.saturating_add(conflicts);
        let answer = match solver.solve_limited(&assumed) {
            answer if answer == lbool::TRUE => Answer::Sat,
            answer if answer == lbool::FALSE => Answer::Unsat,
            _ => match solver.cb().cx.stop() {
                Some(reason) => Answer::Stopped(reason),
                None => Answer::Conflicts,
            },
        };
        self.assumptions = assumed;
        answer
    }

    /// A variable's value in the model that was found last.
    pub(crate) fn value(&self, variable: u32) -> bool {
        let lit = SatLit::new(batsat::Var::unsafe_from_idx(variable), true);
        self.with(variable)
            .is_some_and(|solver| solver.value_lit(lit) == lbool::TRUE)
    }

    /// A variable's value where the clauses leave it no choice, as far as was
    /// found so far.
    pub(crate) fn fixed(&self, variable: u32) -> Option<bool> {
        let lit = SatLit::new(batsat::Var::unsafe_from_idx(variable), true);
        match self.with(variable)?.value_lvl_0(lit) {
            value if value == lbool::TRUE => Some(true),
            value if value == lbool::FALSE => Some(false),
            _ => None,
        }
    }

    /// The solver, if it has this variable.
    fn with(&self, variable: u32) -> Option<&Solver<Watch>> {
        let solver = self.solver.as_ref()?;
        (variable < solver.num_vars()).then_some(solver)
    }

    /// Whether an assumption was needed for the last contradiction.
    pub(crate) fn in_core(&self, assumption: Lit) -> bool {
        let variable = batsat::Var::unsafe_from_idx(var(assumption));
        let solver = self.solver.as_ref();
        solver.is_some_and(|solver| solver.unsat_core_contains_var(variable))
    }

    /// How many conflicts there were so far.
    pub(crate) fn conflicts(&self) -> u64 {
        let solver = self.solver.as_ref();
        solver.map_or(0, |solver| solver.cb().conflicts)
    }
}

/// The solver's own literal; its variable is made where it is new.
fn made(solver: &mut Solver<Watch>, lit: Lit) -> SatLit {
    SatLit::new(solver.var_of_int(var(lit)), sign(lit))
}
