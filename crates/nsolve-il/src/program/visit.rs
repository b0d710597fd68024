//! Walks over rules, so that nobody writes the same match twice.

use super::{Aggregate, Atom, Head, Literal, Rule, Sign, Term, VarId};

impl Term {
    /// Calls `f` on this term and all terms in it.
    pub fn each(&self, f: &mut impl FnMut(&Term)) {
        f(self);
        match self {
            Term::Variable(_) | Term::Value(_) => {}
            Term::Function(_, args) | Term::Arithmetic(_, args) => {
                for arg in args {
                    arg.each(f);
                }
            }
        }
    }

    /// Calls `f` on each variable in it, as often as it occurs.
    pub fn each_variable(&self, f: &mut impl FnMut(VarId)) {
        self.each(&mut |term| {
            if let Term::Variable(v) = term {
                f(*v);
            }
        });
    }
}

impl Literal {
    /// Calls `f` on each term in it, members of aggregates included.
    pub fn each_term(&self, f: &mut impl FnMut(&Term)) {
        match self {
            Literal::Atom(_, atom) => each_argument(atom, f),
            Literal::Compare(_, a, b) => {
                a.each(f);
                b.each(f);
            }
            Literal::Range(t, low, high) => {
                t.each(f);
                low.each(f);
                high.each(f);
            }
            Literal::Aggregate(_, aggregate) => {
                for guard in &aggregate.guards {
                    guard.term.each(f);
                }
                for element in &aggregate.elements {
                    element.tuple.iter().for_each(|t| t.each(f));
                    element.condition.iter().for_each(|l| l.each_term(f));
                }
            }
        }
    }

    /// Calls `f` on each variable that occurs in it outside of an aggregate's
    /// elements.
    pub fn each_global(&self, f: &mut impl FnMut(VarId)) {
        match self {
            Literal::Aggregate(_, aggregate) => {
                for guard in &aggregate.guards {
                    guard.term.each_variable(f);
                }
            }
            _ => self.each_term(&mut |term| {
                if let Term::Variable(v) = term {
                    f(*v);
                }
            }),
        }
    }

    /// The aggregate that it is, if it is one.
    pub fn as_aggregate(&self) -> Option<(Sign, &Aggregate)> {
        match self {
            Literal::Aggregate(sign, aggregate) => Some((*sign, aggregate)),
            _ => None,
        }
    }

    /// The atom that it is about, if it is about one.
    pub fn as_atom(&self) -> Option<(Sign, &Atom)> {
        match self {
            Literal::Atom(sign, atom) => Some((*sign, atom)),
            _ => None,
        }
    }
}

fn each_argument(atom: &Atom, f: &mut impl FnMut(&Term)) {
    atom.arguments.iter().for_each(|t| t.each(f));
}

impl Head {
    /// The atoms in it, those of choices without their conditions.
    pub fn atoms(&self) -> impl Iterator<Item = &Atom> {
        let (one, many, elements) = match self {
            Head::Atom(atom) => (Some(atom), None, None),
            Head::Disjunction(atoms) => (None, Some(atoms.iter()), None),
            Head::Choice { elements, .. } => (None, None, Some(elements.iter())),
            Head::Never | Head::Cost(_) => (None, None, None),
        };
        let chosen = elements.into_iter().flatten().map(|e| &e.atom);
        one.into_iter()
            .chain(many.into_iter().flatten())
            .chain(chosen)
    }

    /// Calls `f` on each term in it, conditions and guards of choices included.
    pub fn each_term(&self, f: &mut impl FnMut(&Term)) {
        match self {
            Head::Atom(_) | Head::Disjunction(_) | Head::Never => {
                self.atoms().for_each(|a| each_argument(a, f));
            }
            Head::Choice { elements, guards } => {
                for guard in guards {
                    guard.term.each(f);
                }
                for element in elements {
                    each_argument(&element.atom, f);
                    element.condition.iter().for_each(|l| l.each_term(f));
                }
            }
            Head::Cost(cost) => {
                cost.weight.each(f);
                cost.level.each(f);
                cost.tuple.iter().for_each(|t| t.each(f));
            }
        }
    }
}

impl Rule {
    /// Calls `f` on each term of the head and the body.
    pub fn each_term(&self, f: &mut impl FnMut(&Term)) {
        self.head.each_term(f);
        self.body.iter().for_each(|l| l.each_term(f));
    }

    /// Calls `f` on each literal: the body's, those of conditions in it, and
    /// those of conditions in the head.
    pub fn each_literal(&self, f: &mut impl FnMut(&Literal)) {
        let mut deep = |literals: &[Literal]| {
            for literal in literals {
                f(literal);
                if let Literal::Aggregate(_, aggregate) = literal {
                    for element in &aggregate.elements {
                        element.condition.iter().for_each(&mut *f);
                    }
                }
            }
        };
        deep(&self.body);
        if let Head::Choice { elements, .. } = &self.head {
            for element in elements {
                deep(&element.condition);
            }
        }
    }

    /// Which variables are global, by [`VarId`]: they occur outside of the
    /// elements of aggregates and choices.
    pub fn globals(&self) -> Vec<bool> {
        let mut out = vec![false; self.variables.len()];
        let mut mark = |v: VarId| {
            if let Some(slot) = out.get_mut(v.index()) {
                *slot = true;
            }
        };
        match &self.head {
            Head::Choice { guards, .. } => {
                for guard in guards {
                    guard.term.each_variable(&mut mark);
                }
            }
            head => head.each_term(&mut |term| {
                if let Term::Variable(v) = term {
                    mark(*v);
                }
            }),
        }
        for literal in &self.body {
            literal.each_global(&mut mark);
        }
        out
    }
}
