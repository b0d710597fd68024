//! Proofs by steps that people make: from what is known forward, and by cases
//! where that is not enough.
//!
//! A certificate's lines contradict each other as propositions. Here they are
//! clauses, and unit propagation finds the contradiction (a step is a clause all
//! of whose other members are known to fail), with suppositions where it comes
//! to rest. What is wanted is looked for before its opposite is supposed.

use super::clauses::{Clauses, Lit, Why, not};

/// Why a formula is known.
#[derive(Debug)]
enum Reason {
    /// This clause, of which all else fails.
    Clause(usize),
    /// It is supposed.
    Supposed,
    /// Its opposite leads to a contradiction.
    Absurd(Box<Proof>),
}

/// A contradiction: everything that was known when it came up.
#[derive(Debug)]
pub(super) struct Proof {
    /// What was supposed first.
    supposed: Option<Lit>,
    /// What came to be known, in order, beyond what was known before.
    steps: Vec<(Lit, Reason)>,
    /// All of these are known, and cannot all hold.
    end: Vec<Lit>,
    /// The clause that says so; none where what is wanted is known.
    clash: Option<usize>,
}

/// A clause none of whose members can hold, with their denials.
type Clash = (usize, Vec<Lit>);

/// A step to be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A premise, by its position.
    Premise(Lit, u32),
    /// What is supposed, in a proof by contradiction or a case.
    Suppose(Lit),
    /// What follows from the steps at these positions.
    Follows(Lit, Vec<usize>, Why),
    /// The steps at these positions cannot all hold, so that what was supposed
    /// last does not.
    Absurd(Vec<usize>),
}

/// Searching for a proof goes no further.
const MOST_SUPPOSITIONS: usize = 2_400;
const DEEPEST: usize = 6;

struct Search<'c> {
    clauses: &'c Clauses,
    /// Clauses in which each formula occurs.
    occurs: Vec<Vec<usize>>,
    value: Vec<Option<bool>>,
    /// What is known, in order.
    trail: Vec<(Lit, Reason)>,
    /// How much of the trail was propagated.
    from: usize,
    supposed: usize,
    /// Whether clauses that suppose the opposite of what is wanted count.
    with_goal: bool,
}

/// A proof of what is wanted, or of a contradiction; `None` if none is found.
pub(super) fn prove(clauses: &Clauses, wanted: Option<Lit>) -> Option<Vec<Told>> {
    let mut search = Search {
        clauses,
        occurs: vec![Vec::new(); clauses.formulas.len()],
        value: vec![None; clauses.formulas.len()],
        trail: Vec::new(),
        from: 0,
        supposed: 0,
        with_goal: false,
    };
    for (at, clause) in clauses.clauses.iter().enumerate() {
        for (formula, _) in &clause.lits {
            if let Some(list) = search.occurs.get_mut(*formula) {
                list.push(at);
            }
        }
    }
    let mut conflict = search.begin();
    if conflict.is_none()
        && let Some(wanted) = wanted
        && search.holds(wanted) == Some(true)
    {
        let proof = Proof {
            supposed: None,
            steps: search.trail,
            end: vec![wanted],
            clash: None,
        };
        return Some(Teller::new(clauses).tell(&proof, false));
    }
    if conflict.is_none() {
        search.with_goal = true;
        conflict = search.begin();
    }
    let (clash, end) = match conflict {
        Some(clash) => clash,
        None => search.close(0)?,
    };
    let proof = Proof {
        supposed: None,
        steps: search.trail,
        end,
        clash: Some(clash),
    };
    Some(Teller::new(clauses).tell(&proof, true))
}

impl Search<'_> {
    fn holds(&self, (at, holds): Lit) -> Option<bool> {
        self.value.get(at).copied().flatten().map(|v| v == holds)
    }

    fn counts(&self, clause: usize) -> bool {
        let clause = self.clauses.clauses.get(clause);
        clause.is_some_and(|c| self.with_goal || c.why != Why::Goal)
    }

    fn set(&mut self, lit: Lit, reason: Reason) {
        if let Some(slot) = self.value.get_mut(lit.0) {
            *slot = Some(lit.1);
            self.trail.push((lit, reason));
        }
    }

    /// Takes in what clauses say by themselves.
    fn begin(&mut self) -> Option<Clash> {
        for at in 0..self.clauses.clauses.len() {
            if let Some(end) = self.look(at) {
                return Some(end);
            }
        }
        self.propagate()
    }

    /// What a clause adds to what is known; the members of one that cannot
    /// hold, each denied.
    fn look(&mut self, at: usize) -> Option<Clash> {
        if !self.counts(at) {
            return None;
        }
        let clause = self.clauses.clauses.get(at)?;
        let mut open = None;
        for &lit in &clause.lits {
            match self.holds(lit) {
                Some(true) => return None,
                Some(false) => {}
                None if open.is_some_and(|o| o != lit) => return None,
                None => open = Some(lit),
            }
        }
        match open {
            Some(lit) => {
                self.set(lit, Reason::Clause(at));
                None
            }
            None => Some((at, clause.lits.iter().map(|&l| not(l)).collect())),
        }
    }

    fn propagate(&mut self) -> Option<Clash> {
        while let Some(formula) = self.trail.get(self.from).map(|(lit, _)| lit.0) {
            self.from += 1;
            for i in 0.. {
                let Some(&at) = self.occurs.get(formula).and_then(|list| list.get(i)) else {
                    break;
                };
                if let Some(end) = self.look(at) {
                    return Some(end);
                }
            }
        }
        None
    }

    /// Supposes things until there is a contradiction without them.
    fn close(&mut self, depth: usize) -> Option<Clash> {
        loop {
            let choices = self.choices();
            let mut found = None;
            // What is absurd at once is better than cases within cases.
            for &lit in &choices {
                if let Some(proof) = self.absurd(lit, None)? {
                    found = Some((lit, proof));
                    break;
                }
            }
            if found.is_none() && depth < DEEPEST {
                let first = *choices.first()?;
                let proof = self.absurd(first, Some(depth + 1))?;
                found = proof.map(|proof| (first, proof));
            }
            let (lit, proof) = found?;
            self.set(not(lit), Reason::Absurd(Box::new(proof)));
            if let Some(end) = self.propagate() {
                return Some(end);
            }
        }
    }

    /// What could be supposed: members of the shortest clauses that are open.
    fn choices(&self) -> Vec<Lit> {
        let mut open: Vec<(usize, Vec<Lit>)> = Vec::new();
        for (at, clause) in self.clauses.clauses.iter().enumerate() {
            if !self.counts(at) || clause.lits.iter().any(|&l| self.holds(l) == Some(true)) {
                continue;
            }
            let members = clause.lits.iter().copied();
            let left: Vec<Lit> = members.filter(|&l| self.holds(l).is_none()).collect();
            if !left.is_empty() {
                open.push((left.len(), left));
            }
        }
        open.sort_by_key(|(n, _)| *n);
        let mut out: Vec<Lit> = Vec::new();
        for (_, lits) in open.into_iter().take(40) {
            for lit in lits {
                if !out.contains(&lit) {
                    out.push(lit);
                }
            }
        }
        out
    }

    /// Supposes something; the contradiction, if there is one. With a depth,
    /// cases are tried within the supposition. `None` where it took too long.
    fn absurd(&mut self, lit: Lit, depth: Option<usize>) -> Option<Option<Proof>> {
        self.supposed += 1;
        if self.supposed > MOST_SUPPOSITIONS {
            return None;
        }
        let before = self.trail.len();
        let from = self.from;
        self.set(lit, Reason::Supposed);
        let mut end = self.propagate();
        if end.is_none()
            && let Some(depth) = depth
        {
            end = self.close(depth);
        }
        let steps: Vec<(Lit, Reason)> = self.trail.split_off(before);
        for ((formula, _), _) in &steps {
            if let Some(slot) = self.value.get_mut(*formula) {
                *slot = None;
            }
        }
        self.from = from;
        Some(end.map(|(clash, end)| Proof {
            supposed: Some(lit),
            steps,
            end,
            clash: Some(clash),
        }))
    }
}

/// Puts the steps that are needed into words' order.
struct Teller<'c> {
    clauses: &'c Clauses,
    out: Vec<Told>,
    /// The positions of the steps that tell a formula.
    told: Vec<Option<Vec<usize>>>,
}

impl<'c> Teller<'c> {
    fn new(clauses: &'c Clauses) -> Self {
        Teller {
            clauses,
            out: Vec::new(),
            told: vec![None; clauses.formulas.len()],
        }
    }

    fn tell(mut self, proof: &Proof, is_absurd: bool) -> Vec<Told> {
        self.proof(proof, &mut Vec::new(), is_absurd);
        self.out
    }

    /// Tells a proof inside those around it.
    fn proof<'p>(&mut self, proof: &'p Proof, around: &mut Vec<&'p Proof>, is_absurd: bool) {
        if proof.supposed.is_some() {
            // What does not rest on the supposition is told before it.
            let mut outer = Vec::new();
            self.needs(proof, &mut outer);
            for lit in outer {
                self.known(lit, around, false);
            }
        }
        let known = self.told.clone();
        if let Some(lit) = proof.supposed {
            self.out.push(Told::Suppose(lit));
            self.know(lit, vec![self.out.len() - 1]);
        }
        around.push(proof);
        let mut at = Vec::new();
        for &lit in &proof.end {
            extend(&mut at, self.known(lit, around, !is_absurd));
        }
        around.pop();
        // A premise may say the opposite of what was found.
        let clash = proof.clash.and_then(|c| self.clauses.clauses.get(c));
        if let Some((&lit, why)) = clash.and_then(|c| Some((c.lits.first()?, c.why))) {
            let step = match why {
                Why::Premise(i) => Some(Told::Premise(lit, i)),
                Why::Goal => Some(Told::Suppose(lit)),
                _ => None,
            };
            if let Some(step) = step {
                self.out.push(step);
                extend(&mut at, vec![self.out.len() - 1]);
            }
        }
        if is_absurd {
            self.out.push(Told::Absurd(at));
        }
        // What was shown under a supposition is not known behind it.
        if proof.supposed.is_some() {
            self.told = known;
        }
    }

    /// What a proof rests on that is not its own.
    fn needs(&self, proof: &Proof, out: &mut Vec<Lit>) {
        let mut waiting = proof.end.clone();
        let mut seen: Vec<Lit> = Vec::new();
        while let Some(lit) = waiting.pop() {
            if seen.contains(&lit) {
                continue;
            }
            seen.push(lit);
            match proof.steps.iter().find(|(l, _)| *l == lit) {
                None if out.contains(&lit) => {}
                None => out.push(lit),
                Some((_, Reason::Supposed)) => {}
                Some((_, Reason::Clause(clause))) => {
                    let clause = self.clauses.clauses.get(*clause);
                    let others = clause.map(|c| c.lits.iter().filter(|l| **l != lit));
                    waiting.extend(others.into_iter().flatten().map(|&l| not(l)));
                }
                Some((_, Reason::Absurd(inner))) => {
                    let mut inner_needs = Vec::new();
                    self.needs(inner, &mut inner_needs);
                    waiting.extend(inner_needs);
                }
            }
        }
    }

    fn know(&mut self, lit: Lit, at: Vec<usize>) {
        if let Some(slot) = self.told.get_mut(lit.0) {
            *slot = Some(at);
        }
    }

    /// Tells why something is known, and where that was told.
    fn known(&mut self, lit: Lit, around: &mut Vec<&Proof>, is_end: bool) -> Vec<usize> {
        if let Some(Some(at)) = self.told.get(lit.0) {
            return at.clone();
        }
        let found = around.iter().enumerate().rev().find_map(|(level, proof)| {
            let step = proof.steps.iter().find(|(l, _)| *l == lit)?;
            Some((level, &step.1))
        });
        let Some((level, reason)) = found else {
            return Vec::new();
        };
        let at = match reason {
            Reason::Supposed => Vec::new(),
            Reason::Clause(clause) => self.by_clause(lit, *clause, around, is_end),
            Reason::Absurd(inner) => {
                let mut outer: Vec<&Proof> = around.get(..=level).unwrap_or_default().to_vec();
                self.proof(inner, &mut outer, true);
                let absurd = self.out.len() - 1;
                self.out
                    .push(Told::Follows(lit, vec![absurd], Why::Meaning));
                vec![self.out.len() - 1]
            }
        };
        self.know(lit, at.clone());
        at
    }

    fn by_clause(
        &mut self,
        lit: Lit,
        clause: usize,
        around: &mut Vec<&Proof>,
        is_end: bool,
    ) -> Vec<usize> {
        let Some(clause) = self.clauses.clauses.get(clause) else {
            return Vec::new();
        };
        let mut from = Vec::new();
        let mut others: Vec<Lit> = clause.lits.iter().copied().filter(|&l| l != lit).collect();
        // What is known of the things themselves comes before the rule for them.
        others.sort_by_key(|&l| self.is_instance(not(l), around));
        for &other in &others {
            extend(&mut from, self.known(not(other), around, false));
        }
        let step = match clause.why {
            Why::Premise(i) => Told::Premise(lit, i),
            Why::Goal => Told::Suppose(lit),
            // What only takes apart or puts together is not worth a step.
            Why::Instance if !is_end => return from,
            Why::Meaning if !is_end && self.is_plain(lit, &others) => return from,
            why => Told::Follows(lit, from, why),
        };
        self.out.push(step);
        vec![self.out.len() - 1]
    }

    fn is_instance(&self, lit: Lit, around: &[&Proof]) -> bool {
        let reasons = around.iter().flat_map(|proof| &proof.steps);
        let mut own = reasons.filter(|(l, _)| *l == lit);
        own.any(|(_, reason)| match reason {
            Reason::Clause(at) => {
                let clause = self.clauses.clauses.get(*at);
                clause.is_some_and(|c| matches!(c.why, Why::Instance | Why::Premise(_)))
                    && self
                        .clauses
                        .formulas
                        .get(lit.0)
                        .is_some_and(|f| f.literal().is_none())
            }
            _ => false,
        })
    }

    /// Whether a connective's clause takes one part out of a whole, or makes a
    /// whole of its parts.
    fn is_plain(&self, lit: Lit, others: &[Lit]) -> bool {
        others.len() <= 1 || others.iter().all(|other| self.is_part(other.0, lit.0))
    }

    fn is_part(&self, part: usize, whole: usize) -> bool {
        use super::statement::Statement;
        let (Some(part), Some(whole)) = (
            self.clauses.formulas.get(part),
            self.clauses.formulas.get(whole),
        ) else {
            return false;
        };
        let is =
            |s: &Statement| s == part || matches!(s, Statement::Not(inner) if **inner == *part);
        match whole {
            Statement::And(parts) | Statement::Or(parts) => parts.iter().any(is),
            Statement::If(a, b) | Statement::Iff(a, b) | Statement::Xor(a, b) => is(a) || is(b),
            _ => false,
        }
    }
}

fn extend(all: &mut Vec<usize>, more: Vec<usize>) {
    for at in more {
        if !all.contains(&at) {
            all.push(at);
        }
    }
    all.sort_unstable();
}
