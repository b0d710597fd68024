//! Sorts during inference: a union-find whose classes are known sorts,
//! numbers of either sort, or still open.

use nsolve_il::fol::SortId;

/// A sort that may still be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SortVar(usize);

/// What is known of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing.
    Open,
    /// `Int` or `Real`; `Int` if nothing else turns up.
    Number,
    /// This sort.
    Sort(SortId),
}

#[derive(Debug, Default)]
pub(super) struct Sorts {
    parent: Vec<usize>,
    known: Vec<Known>,
}

impl Sorts {
    pub(super) fn fresh(&mut self, known: Known) -> SortVar {
        self.parent.push(self.parent.len());
        self.known.push(known);
        SortVar(self.parent.len() - 1)
    }

    fn root(&mut self, var: SortVar) -> usize {
        let mut at = var.0;
        while let Some(&up) = self.parent.get(at) {
            if up == at {
                break;
            }
            // Path halving keeps chains short.
            let above = self.parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = self.parent.get_mut(at) {
                *slot = above;
            }
            at = above;
        }
        at
    }

    pub(super) fn known(&mut self, var: SortVar) -> Known {
        let root = self.root(var);
        self.known.get(root).copied().unwrap_or(Known::Open)
    }

    /// Makes two sorts one.
    ///
    /// `Int` and `Real` may meet without becoming one, since integers are taken
    /// as reals where they do.
    ///
    /// # Errors
    /// The two sorts, where both are known and differ.
    pub(super) fn unify(&mut self, a: SortVar, b: SortVar) -> Result<(), (SortId, SortId)> {
        let (ra, rb) = (self.root(a), self.root(b));
        if ra == rb {
            return Ok(());
        }
        let (ka, kb) = (self.known(a), self.known(b));
        let merged = match (ka, kb) {
            (Known::Sort(x), Known::Sort(y)) if x == y => ka,
            (Known::Sort(x), Known::Sort(y)) if x.is_numeric() && y.is_numeric() => return Ok(()),
            (Known::Sort(x), Known::Sort(y)) => return Err((x, y)),
            (Known::Open, other) | (other, Known::Open) => other,
            (Known::Number, Known::Number) => Known::Number,
            (Known::Number, Known::Sort(x)) | (Known::Sort(x), Known::Number) => {
                if !x.is_numeric() {
                    return Err(if ka == Known::Number {
                        (SortId::INT, x)
                    } else {
                        (x, SortId::INT)
                    });
                }
                Known::Sort(x)
            }
        };
        if let Some(slot) = self.parent.get_mut(rb) {
            *slot = ra;
        }
        if let Some(slot) = self.known.get_mut(ra) {
            *slot = merged;
        }
        Ok(())
    }
}
