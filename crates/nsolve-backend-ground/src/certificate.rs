#![expect(
    clippy::indexing_slicing,
    reason = "reasons and terms are walked by positions that the grounding made"
)]

use nsolve_backend::SolveCx;
use nsolve_il::fol::{
    Binding, Certificate, CompareOp, GroundId, GroundTerm, Line, LinearFact, VarId,
};
use rustc_hash::FxHashSet;

use crate::clauses::lit;
use crate::grounding::{Grounding, Reason};
use crate::sat::{Answer, Sat};
use crate::store::{NONE, Shape};

/// Up to how many reasons are tried one by one, and with how many conflicts.
const FEW: usize = 80;
const CONFLICTS: u64 = 200;

/// Writes down what of a contradictory grounding is needed; `None` where some
/// of it has no line.
pub(crate) fn certify(grounding: &Grounding<'_>, cx: &SolveCx) -> Option<Certificate> {
    let mut writer = Writer {
        grounding,
        ids: vec![NONE; grounding.store.len()],
        out: Certificate::default(),
        done: FxHashSet::default(),
    };
    for i in core(grounding, cx) {
        writer.reason(&grounding.reasons[i].0)?;
    }
    Some(writer.out)
}

/// Positions of reasons that contradict each other, ascending: few, but not
/// necessarily as few as possible.
fn core(grounding: &Grounding<'_>, cx: &SolveCx) -> Vec<usize> {
    let reasons = grounding.reasons.len();
    let first = grounding.meanings.len() as u32;
    let switch = |i: usize| lit(first + i as u32, true);
    let mut sat = Sat::new(cx);
    for i in 0..reasons {
        let start = grounding.reasons[i].1 as usize;
        let next = grounding.reasons.get(i + 1);
        let end = next.map_or(grounding.clauses.len(), |r| r.1 as usize);
        for clause in start..end {
            let off = lit(first + i as u32, false);
            sat.add(grounding.clauses.get(clause), Some(off));
        }
    }
    let mut needed: Vec<usize> = (0..reasons).collect();
    // Each core is a smaller question, and often has a smaller core.
    loop {
        let assumptions = needed.iter().map(|&i| switch(i));
        if sat.solve(assumptions, u64::MAX) != Answer::Unsat {
            return needed;
        }
        let before = needed.len();
        needed.retain(|&i| sat.in_core(switch(i)));
        if needed.len() == before || needed.len() <= FEW {
            break;
        }
    }
    if needed.len() <= FEW {
        drop_one_by_one(&mut sat, &mut needed, switch);
    }
    needed
}

fn drop_one_by_one(sat: &mut Sat, needed: &mut Vec<usize>, switch: impl Fn(usize) -> u32) {
    let mut at = needed.len();
    while at > 0 {
        at -= 1;
        let others = needed.iter().enumerate().filter(|(i, _)| *i != at);
        let assumptions = others.map(|(_, &r)| switch(r));
        if sat.solve(assumptions, CONFLICTS) == Answer::Unsat {
            needed.remove(at);
            let mut position = 0;
            let kept: Vec<bool> = needed.iter().map(|&r| sat.in_core(switch(r))).collect();
            let gone = kept.iter().take(at).filter(|k| !**k).count();
            needed.retain(|_| {
                position += 1;
                kept[position - 1]
            });
            at -= gone;
        }
    }
}

struct Writer<'a> {
    grounding: &'a Grounding<'a>,
    /// The certificate's id of each term.
    ids: Vec<u32>,
    out: Certificate,
    /// Cases that are written already.
    done: FxHashSet<(u32, Binding, Box<[GroundId]>)>,
}

impl Writer<'_> {
    fn reason(&mut self, reason: &Reason) -> Option<()> {
        let line = match reason {
            Reason::Assert(item) => Line::Assert(*item),
            Reason::Instance(closed, values) => {
                self.instance(*closed, values);
                return Some(());
            }
            Reason::Computed => return None,
            Reason::Witness(closed, constants) => {
                let closed = &self.grounding.closed[*closed as usize];
                let block = self.grounding.blocks.get(closed.block);
                let pairs = block.free.iter().zip(&closed.binding);
                Line::Witness {
                    formula: block.formula,
                    binding: pairs.map(|(&v, &t)| (v, self.term(t))).collect(),
                    constants: self.terms(constants),
                }
            }
            Reason::Equal(equal, (a, b)) => Line::Equal {
                equal: self.pairs(equal),
                then: (self.term(*a), self.term(*b)),
            },
            Reason::SameAtom(equal, predicate, from, to) => Line::SameAtom {
                equal: self.pairs(equal),
                predicate: *predicate,
                from: self.terms(from),
                to: self.terms(to),
            },
            Reason::OneOf(term) => Line::OneOf(self.term(*term)),
            Reason::Different(a, b) => Line::Different(self.term(*a), self.term(*b)),
            Reason::Linear(facts) => Line::Linear(
                facts
                    .iter()
                    .map(|(fact, factor)| LinearFact {
                        left: self.term(fact.left),
                        op: (!fact.equation).then_some(CompareOp::Less),
                        right: self.term(fact.right),
                        holds: fact.holds,
                        factor: factor.clone(),
                    })
                    .collect(),
            ),
            Reason::IntegerSplit(term, number) => {
                Line::IntegerSplit(self.term(*term), number.clone())
            }
            Reason::Trichotomy(a, b) => Line::Trichotomy(self.term(*a), self.term(*b)),
        };
        self.out.lines.push(line);
        Some(())
    }

    /// A case of several nested quantifiers is one line for each of them.
    fn instance(&mut self, closed: u32, values: &[u32]) {
        let closed = &self.grounding.closed[closed as usize];
        let block = self.grounding.blocks.get(closed.block);
        let free = block
            .free
            .iter()
            .copied()
            .zip(closed.binding.iter().copied());
        if closed.count > 0 {
            let binding = free.map(|(v, t)| (v, self.term(t))).collect();
            let terms = self.terms(values);
            self.case(closed.block, binding, terms);
            return;
        }
        let bound = block.variables.iter().copied().zip(values.iter().copied());
        let all: Vec<(VarId, u32)> = free.chain(bound).collect();
        let value = |v: &VarId| all.iter().find(|(w, _)| w == v).map(|(_, t)| *t);
        for &part in &block.parts {
            let inner = self.grounding.blocks.get(part);
            let mut binding = Vec::with_capacity(inner.free.len());
            for v in &inner.free {
                binding.extend(value(v).map(|t| (*v, self.term(t))));
            }
            let terms = inner.bound.iter().filter_map(value);
            let terms = terms.map(|t| self.term(t)).collect();
            self.case(part, binding.into(), terms);
        }
    }

    fn case(&mut self, block: u32, binding: Binding, terms: Box<[GroundId]>) {
        let formula = self.grounding.blocks.get(block).formula;
        if self.done.insert((block, binding.clone(), terms.clone())) {
            self.out.lines.push(Line::Instance {
                formula,
                binding,
                terms,
            });
        }
    }

    fn terms(&mut self, terms: &[u32]) -> Box<[GroundId]> {
        terms.iter().map(|&t| self.term(t)).collect()
    }

    fn pairs(&mut self, pairs: &[(u32, u32)]) -> Box<[(GroundId, GroundId)]> {
        let pairs = pairs.iter();
        pairs.map(|&(a, b)| (self.term(a), self.term(b))).collect()
    }

    fn term(&mut self, term: u32) -> GroundId {
        if self.ids[term as usize] == NONE {
            let store = &self.grounding.store;
            let made = match store.shape(term) {
                Shape::Apply(symbol, arguments) => GroundTerm::Apply(symbol, self.terms(arguments)),
                Shape::Witness => GroundTerm::Witness(store.sort(term)),
                Shape::Number(value) => GroundTerm::Number(value.clone(), store.sort(term)),
                Shape::Arithmetic(op, parts) => GroundTerm::Arithmetic(op, self.terms(parts)),
            };
            self.ids[term as usize] = self.out.terms.len() as u32;
            self.out.terms.push(made);
        }
        GroundId(self.ids[term as usize])
    }
}
