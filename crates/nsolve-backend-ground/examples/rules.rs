//! Times the backend on rule problems made on the spot: facts and rules over a
//! few constants, in the manner of the ProofWriter set.
//!
//! `cargo run --release --example rules`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "an example prints, and may stop where something is wrong"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::{Backend, Evidence, SolveCx};
use nsolve_backend_ground::Ground;
use nsolve_il::fol::{Builder, Problem, Quantifier, Query, Question, TermId};

/// A small generator of numbers, the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

fn atom(b: &mut Builder, random: &mut Random, terms: &[TermId]) -> TermId {
    let thing = b.default_sort();
    let (name, arity) = match random.below(14) {
        n @ 0..10 => (format!("is{n}"), 1),
        n => (format!("likes{n}"), 2),
    };
    let symbol = b.signature().find_symbol(&name, arity, true);
    let symbol = symbol.unwrap_or_else(|| b.predicate(&name, &vec![thing; arity]).unwrap());
    let arguments = (0..arity)
        .map(|_| terms[random.below(terms.len())])
        .collect();
    let atom = b.apply(symbol, arguments).unwrap();
    match random.below(5) {
        0 => b.not(atom).unwrap(),
        _ => atom,
    }
}

/// A problem and the formula that is asked about.
fn problem(random: &mut Random) -> (Arc<Problem>, TermId) {
    let mut b = Builder::new();
    let thing = b.default_sort();
    let mut constants = Vec::new();
    for i in 0..4 + random.below(5) {
        let c = b.constant(&format!("c{i}"), thing).unwrap();
        constants.push(b.apply(c, vec![]).unwrap());
    }
    for i in 0..5 + random.below(8) {
        let fact = atom(&mut b, random, &constants);
        b.premise(&format!("fact{i}"), fact, None, None).unwrap();
    }
    for i in 0..6 + random.below(10) {
        let n = 1 + random.below(2);
        let names: Vec<_> = (0..n).map(|i| b.variable(["x", "y"][i], thing)).collect();
        let variables: Vec<TermId> = names.iter().map(|&v| b.var(v)).collect();
        let body: Vec<TermId> = (0..1 + random.below(2))
            .map(|_| atom(&mut b, random, &variables))
            .collect();
        let body = b.and(body).unwrap();
        let head = atom(&mut b, random, &variables);
        let rule = b.implies(body, head).unwrap();
        let rule = b.quantified(Quantifier::Forall, names, rule).unwrap();
        b.premise(&format!("rule{i}"), rule, None, None).unwrap();
    }
    let asked = atom(&mut b, random, &constants);
    (Arc::new(b.finish(Question::Model)), asked)
}

fn main() {
    let mut random = Random(7);
    let mut times: Vec<Duration> = Vec::new();
    let (mut lines, mut refuted, mut unknown) = (0, 0, 0);
    for _ in 0..2000 {
        let (problem, asked) = problem(&mut random);
        for holds in [true, false] {
            let query = Query::premises_of(&problem).assuming(asked, holds);
            let start = Instant::now();
            let outcome = Ground.solve(&problem, &query, &SolveCx::default()).unwrap();
            times.push(start.elapsed());
            match outcome.evidence {
                Evidence::Certificate(c) => {
                    refuted += 1;
                    lines += c.lines.len();
                }
                Evidence::Model(_) => {}
                _ => unknown += 1,
            }
        }
    }
    times.sort();
    let at = |percent: usize| times[times.len() * percent / 100 - 1];
    println!(
        "{} queries: median {:?}, 90 % {:?}, 99 % {:?}, most {:?}",
        times.len(),
        at(50),
        at(90),
        at(99),
        at(100)
    );
    println!(
        "{refuted} refuted with {:.1} lines on average, {unknown} open",
        lines as f64 / f64::from(refuted)
    );
}
