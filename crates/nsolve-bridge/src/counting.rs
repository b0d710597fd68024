use nsolve_il::fol::{Features, Problem, Quantifier, SortError, TermId, VarId};

use crate::copy::{Copier, Rewrite};
use crate::graph::{Bridge, Fidelity, Lowering, Trace};

/// Counting quantifiers become `exists` over different things.
///
/// ```text
/// at least n x. F   =>  exists x1 .. xn. distinct(x1, .., xn) and F[x1] and .. and F[xn]
/// at most n x. F    =>  not at least n+1 x. F
/// exactly n x. F    =>  at least n x. F  and  at most n x. F
/// exists! x. F      =>  exactly 1 x. F
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CountingToQuantifiers;

/// The highest count that is taken apart: the body is copied that often, and
/// `distinct` over so many things is as long as a formula should get.
const HIGHEST: u32 = 64;

impl Bridge for CountingToQuantifiers {
    fn name(&self) -> &'static str {
        "counting quantifiers to distinct witnesses"
    }

    fn fidelity(&self) -> Fidelity {
        Fidelity::Equisatisfiable
    }

    fn removes(&self) -> Features {
        Features::COUNTING
    }

    fn adds(&self) -> Features {
        Features::EQUALITY
    }

    fn cost(&self) -> u32 {
        2
    }

    fn lower(&self, problem: &Problem) -> Result<Lowering, SortError> {
        let mut copy = Copier::new(problem);
        copy.declare_all()?;
        Ok(Lowering {
            problem: copy.finish(&mut Counting { copies: 1 })?,
            trace: Trace {
                premises: (0..problem.premises.len() as u32).map(Some).collect(),
                ..Trace::default()
            },
        })
    }
}

struct Counting {
    /// How often the body at hand is being copied: nested counts multiply.
    copies: u32,
}

impl Rewrite for Counting {
    fn quantified(
        &mut self,
        copy: &mut Copier<'_>,
        quantifier: Quantifier,
        variables: &[VarId],
        body: TermId,
    ) -> Result<TermId, SortError> {
        let Some(&variable) = variables.first() else {
            return Err(SortError::Binder { found: 0 });
        };
        match quantifier {
            Quantifier::Forall | Quantifier::Exists => {
                copy.quantified(self, quantifier, variables, body)
            }
            Quantifier::AtLeast(n) => self.at_least(copy, n, variable, body),
            Quantifier::AtMost(n) => self.at_most(copy, n, variable, body),
            Quantifier::Exactly(n) => self.exactly(copy, n, variable, body),
            Quantifier::ExistsUnique => self.exactly(copy, 1, variable, body),
        }
    }
}

impl Counting {
    fn exactly(
        &mut self,
        copy: &mut Copier<'_>,
        n: u32,
        variable: VarId,
        body: TermId,
    ) -> Result<TermId, SortError> {
        let least = self.at_least(copy, n, variable, body)?;
        let most = self.at_most(copy, n, variable, body)?;
        copy.builder.and(vec![least, most])
    }

    fn at_most(
        &mut self,
        copy: &mut Copier<'_>,
        n: u32,
        variable: VarId,
        body: TermId,
    ) -> Result<TermId, SortError> {
        let more = self.at_least(copy, n.saturating_add(1), variable, body)?;
        copy.builder.not(more)
    }

    fn at_least(
        &mut self,
        copy: &mut Copier<'_>,
        n: u32,
        variable: VarId,
        body: TermId,
    ) -> Result<TermId, SortError> {
        if n == 0 {
            return Ok(copy.builder.truth(true));
        }
        let outside = self.copies;
        self.copies = outside.saturating_mul(n);
        if self.copies > HIGHEST {
            return Err(SortError::Operands { found: n as usize });
        }
        let (mut new, mut things, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..n {
            let (variable, term) = copy.fresh(variable);
            new.push(variable);
            things.push(term);
        }
        if n > 1 {
            parts.push(copy.builder.distinct(things.clone())?);
        }
        for thing in things {
            parts.push(copy.body_with(self, variable, thing, body)?);
        }
        self.copies = outside;
        let body = copy.builder.and(parts)?;
        copy.builder.quantified(Quantifier::Exists, new, body)
    }
}
