//! Gates and clauses over an incremental SAT solver.

use std::cell::Cell;

use batsat::{Callbacks, Lit as SatLit, Solver, SolverInterface, SolverOpts, lbool};
use nsolve_backend::{SolveCx, StopReason};
use rustc_hash::FxHashMap;

use crate::world::World;

/// A proposition or its negation: twice its number, plus one where negated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Lit(u32);

impl Lit {
    /// Proposition 0 holds always.
    pub(crate) const TRUE: Lit = Lit(0);
    pub(crate) const FALSE: Lit = Lit(1);

    /// A proposition.
    pub(crate) fn of(variable: u32) -> Lit {
        Lit(variable << 1)
    }

    pub(crate) fn variable(self) -> u32 {
        self.0 >> 1
    }

    pub(crate) fn is_negated(self) -> bool {
        self.0 & 1 == 1
    }
}

impl std::ops::Not for Lit {
    type Output = Lit;

    fn not(self) -> Lit {
        Lit(self.0 ^ 1)
    }
}

/// How many turns of an inner loop pass between two looks at the clock.
const TURNS: u32 = 64;

/// Watches the limits while the SAT solver works.
#[derive(Debug)]
struct Watch {
    cx: SolveCx,
    turns: Cell<u32>,
    stopped: Cell<bool>,
}

impl Callbacks for Watch {
    fn stop(&self) -> bool {
        let turns = self.turns.get() + 1;
        self.turns.set(turns % TURNS);
        if turns >= TURNS && self.cx.stop().is_some() {
            self.stopped.set(true);
        }
        self.stopped.get()
    }
}

/// About how many bytes a clause takes besides its literals.
const CLAUSE_BYTES: u64 = 40;

/// Gates, each made once, and the solver that they are in.
pub(crate) struct Circuit {
    solver: Solver<Watch>,
    next: u32,
    gates: FxHashMap<Box<[Lit]>, Lit>,
    choices: FxHashMap<[Lit; 3], Lit>,
    buffer: Vec<SatLit>,
    /// Bytes that clauses and gates take, about.
    pub(crate) bytes: u64,
}

impl Circuit {
    /// A solver with so many propositions that are no gates, from 1.
    pub(crate) fn new(propositions: u32, cx: &SolveCx) -> Self {
        let options = SolverOpts {
            // The solver wants a positive number; 0 means its own default.
            random_seed: 91_648_253.0 + (cx.seed % 1_000_003) as f64,
            ..SolverOpts::default()
        };
        let watch = Watch {
            cx: cx.clone(),
            turns: Cell::new(0),
            stopped: Cell::new(false),
        };
        let mut circuit = Circuit {
            solver: Solver::new(options, watch),
            next: propositions + 1,
            gates: FxHashMap::default(),
            choices: FxHashMap::default(),
            buffer: Vec::new(),
            bytes: 0,
        };
        circuit.add(&[Lit::TRUE]);
        circuit
    }

    fn sat_lit(&mut self, lit: Lit) -> SatLit {
        SatLit::new(self.solver.var_of_int(lit.variable()), !lit.is_negated())
    }

    /// Adds a clause.
    pub(crate) fn add(&mut self, clause: &[Lit]) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        for &lit in clause {
            buffer.push(self.sat_lit(lit));
        }
        self.solver.add_clause_reuse(&mut buffer);
        self.buffer = buffer;
        self.bytes += CLAUSE_BYTES + 4 * clause.len() as u64;
    }

    /// A new proposition.
    pub(crate) fn fresh(&mut self) -> Lit {
        let lit = Lit::of(self.next);
        self.next += 1;
        self.bytes += 100;
        lit
    }

    /// What holds where all of these hold.
    pub(crate) fn and(&mut self, mut all: Vec<Lit>) -> Lit {
        all.retain(|&l| l != Lit::TRUE);
        all.sort_unstable();
        all.dedup();
        // A proposition and its negation are neighbours.
        let clash = all.windows(2).any(|w| matches!(w, [a, b] if *a == !*b));
        if clash || all.contains(&Lit::FALSE) {
            return Lit::FALSE;
        }
        match all.as_slice() {
            [] => return Lit::TRUE,
            [one] => return *one,
            _ => {}
        }
        if let Some(&known) = self.gates.get(all.as_slice()) {
            return known;
        }
        let gate = self.fresh();
        for &lit in &all {
            self.add(&[!gate, lit]);
        }
        let mut clause: Vec<Lit> = all.iter().map(|&l| !l).collect();
        clause.push(gate);
        self.add(&clause);
        self.bytes += 40 + 4 * all.len() as u64;
        self.gates.insert(all.into(), gate);
        gate
    }

    /// What holds where one of these holds.
    pub(crate) fn or(&mut self, any: impl IntoIterator<Item = Lit>) -> Lit {
        let denied = any.into_iter().map(|l| !l).collect();
        !self.and(denied)
    }

    /// `then` where `lit` holds, else `other`, which implies `then`.
    pub(crate) fn choose(&mut self, lit: Lit, then: Lit, other: Lit) -> Lit {
        if then == other {
            return then;
        }
        if then == Lit::TRUE {
            return self.or([lit, other]);
        }
        if other == Lit::FALSE {
            return self.and(vec![lit, then]);
        }
        if let Some(&known) = self.choices.get(&[lit, then, other]) {
            return known;
        }
        let gate = self.fresh();
        self.add(&[!gate, then]);
        self.add(&[!gate, lit, other]);
        self.add(&[gate, !other]);
        self.add(&[gate, !lit, !then]);
        self.choices.insert([lit, then, other], gate);
        gate
    }

    /// The sum and the carry of three bits.
    pub(crate) fn add_bits(&mut self, bits: [Lit; 3]) -> (Lit, Lit) {
        let [a, b, c] = bits;
        if c == Lit::FALSE && (a == Lit::FALSE || b == Lit::FALSE) {
            return (if a == Lit::FALSE { b } else { a }, Lit::FALSE);
        }
        let (sum, carry) = (self.fresh(), self.fresh());
        for row in 0u8..8 {
            // Each row of the table says what follows if the bits are these.
            let mut clause = Vec::with_capacity(4);
            for (i, bit) in bits.into_iter().enumerate() {
                clause.push(if row >> i & 1 == 1 { !bit } else { bit });
            }
            let count = row.count_ones();
            for (lit, value) in [(sum, count % 2 == 1), (carry, count >= 2)] {
                clause.push(if value { lit } else { !lit });
                self.add(&clause);
                clause.pop();
            }
        }
        (sum, carry)
    }

    /// Whether there is a model under assumptions.
    pub(crate) fn solve(&mut self, assumptions: &[Lit]) -> Result<bool, StopReason> {
        let assumptions: Vec<SatLit> = assumptions.iter().map(|&l| self.sat_lit(l)).collect();
        match self.solver.solve_limited(&assumptions) {
            answer if answer == lbool::TRUE => Ok(true),
            answer if answer == lbool::FALSE => Ok(false),
            _ => Err(self.solver.cb().cx.stop().unwrap_or(StopReason::Steps)),
        }
    }

    /// Whether a literal holds in the model that was found last.
    pub(crate) fn holds(&self, lit: Lit) -> bool {
        let variable = lit.variable();
        let positive = SatLit::new(batsat::Var::unsafe_from_idx(variable), true);
        let value =
            variable < self.solver.num_vars() && self.solver.value_lit(positive) == lbool::TRUE;
        value != lit.is_negated()
    }

    /// A literal's value where the clauses leave no choice, as far as was found
    /// so far.
    pub(crate) fn fixed(&self, lit: Lit) -> Option<bool> {
        if lit.variable() >= self.solver.num_vars() {
            return None;
        }
        let positive = SatLit::new(batsat::Var::unsafe_from_idx(lit.variable()), true);
        match self.solver.value_lvl_0(positive) {
            value if value == lbool::TRUE => Some(!lit.is_negated()),
            value if value == lbool::FALSE => Some(lit.is_negated()),
            _ => None,
        }
    }

    /// Tells the world how much this takes, and whether to go on.
    pub(crate) fn account(&mut self, world: &mut World) -> Result<(), StopReason> {
        world.elsewhere += std::mem::take(&mut self.bytes);
        world.turn();
        world.go_on()
    }
}
