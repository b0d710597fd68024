//! All ways to meet a formula: a search with learning.
//!
//! Depth first with clauses learnt from conflicts (Marques-Silva and Sakallah
//! 1999). A clause is learnt by resolving clauses that hold, and each value
//! that was not chosen has such a clause: one of the formula, one learnt before,
//! what a sum says in the given case, or what a set of atoms says that only
//! support each other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::circles::Circle;
use super::formula::{Formula, Lit, Sum};
use crate::{Refusal, spend};

/// Why a variable has its value.
#[derive(Clone, Copy)]
enum Reason {
    Chosen,
    Clause(u32),
    Sum(u32),
}

/// What a variable has.
#[derive(Clone, Copy)]
struct Given {
    value: bool,
    level: u32,
    /// Its place on the trail.
    place: u32,
    reason: Reason,
}

/// How far a sum is.
#[derive(Clone, Copy, Default)]
struct Reach {
    /// The weight of what is true.
    low: i128,
    /// The weight of what is not false.
    high: i128,
}

/// A clause all of whose literals are false.
type Conflict = Vec<Lit>;

pub(super) struct Search {
    clauses: Vec<Vec<Lit>>,
    /// Clauses by the literals that they watch: the first two.
    watches: Vec<Vec<u32>>,
    sums: Vec<Sum>,
    reach: Vec<Reach>,
    /// The sums in which a literal is a term, with its weight.
    terms: Vec<Vec<(u32, i128)>>,
    /// The sums that a variable is in.
    sums_of: Vec<Vec<u32>>,
    circles: Vec<Circle>,
    /// The circles to look at where a literal becomes false.
    circles_of: Vec<Vec<u32>>,
    given: Vec<Option<Given>>,
    trail: Vec<Lit>,
    /// How much of the trail has been followed.
    followed: usize,
    /// How long the trail was before each choice.
    choices: Vec<usize>,
    /// Variables with when they last had part in a conflict, the latest first.
    queue: BinaryHeap<(u64, Reverse<usize>)>,
    stamps: Vec<u64>,
    saved: Vec<bool>,
    conflicts: u64,
    restart_at: u64,
    restarts: u64,
    /// Whether nothing is left to search.
    over: bool,
}

/// So many conflicts make a unit between restarts.
const RESTART: u64 = 100;

fn get<T: Copy>(list: &[T], i: usize, default: T) -> T {
    list.get(i).copied().unwrap_or(default)
}

impl Search {
    pub(super) fn new(formula: Formula, circles: Vec<Circle>) -> Self {
        let variables = formula.variables;
        let mut search = Search {
            clauses: Vec::with_capacity(formula.clauses.len()),
            watches: vec![Vec::new(); 2 * variables],
            reach: Vec::with_capacity(formula.sums.len()),
            terms: vec![Vec::new(); 2 * variables],
            sums_of: vec![Vec::new(); variables],
            circles_of: vec![Vec::new(); 2 * variables],
            given: vec![None; variables],
            trail: Vec::with_capacity(variables),
            followed: 0,
            choices: Vec::new(),
            queue: (0..variables).map(|v| (0, Reverse(v))).collect(),
            stamps: vec![0; variables],
            saved: vec![false; variables],
            conflicts: 0,
            restart_at: RESTART,
            restarts: 1,
            over: false,
            sums: formula.sums,
            circles,
        };
        search.index_sums();
        search.index_circles();
        for clause in formula.clauses {
            search.start_with(clause);
        }
        search
    }

    fn index_sums(&mut self) {
        for (i, sum) in (0_u32..).zip(&self.sums) {
            let mut reach = Reach::default();
            if let Some(list) = self.sums_of.get_mut(sum.it.variable()) {
                list.push(i);
            }
            for &(weight, lit) in &sum.terms {
                reach.high += weight;
                if let Some(list) = self.terms.get_mut(lit.index()) {
                    list.push((i, weight));
                }
                if let Some(list) = self.sums_of.get_mut(lit.variable()) {
                    list.push(i);
                }
            }
            self.reach.push(reach);
        }
    }

    fn index_circles(&mut self) {
        for (i, circle) in (0_u32..).zip(&self.circles) {
            for lit in circle.bodies() {
                if let Some(list) = self.circles_of.get_mut(lit.index()) {
                    list.push(i);
                }
            }
        }
    }

    /// Takes in a clause before anything was chosen.
    fn start_with(&mut self, clause: Vec<Lit>) {
        match clause.as_slice() {
            [] => self.over = true,
            &[one] => match self.value(one) {
                Some(true) => {}
                Some(false) => self.over = true,
                None => {
                    let at = self.attach(clause);
                    self.set(one, Reason::Clause(at));
                }
            },
            _ => {
                self.attach(clause);
            }
        }
    }

    fn attach(&mut self, clause: Vec<Lit>) -> u32 {
        let at = self.clauses.len() as u32;
        if clause.len() > 1 {
            for lit in clause.iter().take(2) {
                if let Some(list) = self.watches.get_mut(lit.index()) {
                    list.push(at);
                }
            }
        }
        self.clauses.push(clause);
        at
    }

    fn given(&self, lit: Lit) -> Option<Given> {
        self.given.get(lit.variable()).copied().flatten()
    }

    /// Whether a literal is true, where that is decided.
    pub(super) fn value(&self, lit: Lit) -> Option<bool> {
        self.given(lit).map(|g| g.value != lit.is_negative())
    }

    fn level(&self, lit: Lit) -> u32 {
        self.given(lit).map_or(0, |g| g.level)
    }

    /// Makes a literal true that has no value.
    fn set(&mut self, lit: Lit, reason: Reason) {
        let given = Given {
            value: !lit.is_negative(),
            level: self.choices.len() as u32,
            place: self.trail.len() as u32,
            reason,
        };
        if let Some(slot) = self.given.get_mut(lit.variable()) {
            *slot = Some(given);
        }
        self.trail.push(lit);
        self.move_sums(lit, 1);
        let circles = self.circles_of.get((!lit).index());
        for &circle in circles.into_iter().flatten() {
            if let Some(circle) = self.circles.get_mut(circle as usize) {
                circle.changed = true;
            }
        }
    }

    /// Counts a literal as true, or with -1 takes that back.
    fn move_sums(&mut self, lit: Lit, by: i128) {
        for &(sum, weight) in self.terms.get(lit.index()).into_iter().flatten() {
            if let Some(reach) = self.reach.get_mut(sum as usize) {
                reach.low += by * weight;
            }
        }
        for &(sum, weight) in self.terms.get((!lit).index()).into_iter().flatten() {
            if let Some(reach) = self.reach.get_mut(sum as usize) {
                reach.high -= by * weight;
            }
        }
    }

    /// Takes all back that came after so many choices.
    fn undo(&mut self, level: usize) {
        let Some(&length) = self.choices.get(level) else {
            return;
        };
        while self.trail.len() > length {
            let Some(lit) = self.trail.pop() else { break };
            let variable = lit.variable();
            if let Some(slot) = self.given.get_mut(variable) {
                *slot = None;
            }
            if let Some(slot) = self.saved.get_mut(variable) {
                *slot = !lit.is_negative();
            }
            self.move_sums(lit, -1);
            let stamp = get(&self.stamps, variable, 0);
            self.queue.push((stamp, Reverse(variable)));
        }
        self.choices.truncate(level);
        self.followed = length;
    }

    /// Draws what follows; a conflict where nothing can hold.
    fn follow(&mut self, steps: &mut u64) -> Result<Option<Conflict>, Refusal> {
        loop {
            while let Some(&lit) = self.trail.get(self.followed) {
                self.followed += 1;
                if let Some(conflict) = self.follow_clauses(!lit, steps)? {
                    return Ok(Some(conflict));
                }
                for i in 0..self.sums_of.get(lit.variable()).map_or(0, Vec::len) {
                    let sum = self.sums_of.get(lit.variable()).and_then(|l| l.get(i));
                    let Some(&sum) = sum else { continue };
                    if let Some(conflict) = self.follow_sum(sum, steps)? {
                        return Ok(Some(conflict));
                    }
                }
            }
            for at in 0..self.circles.len() {
                if let Some(conflict) = self.follow_circle(at, steps)? {
                    return Ok(Some(conflict));
                }
                if self.followed < self.trail.len() {
                    break;
                }
            }
            if self.followed == self.trail.len() {
                return Ok(None);
            }
        }
    }

    /// Follows all clauses that watch a literal that has become false.
    fn follow_clauses(&mut self, lit: Lit, steps: &mut u64) -> Result<Option<Conflict>, Refusal> {
        let Some(list) = self.watches.get_mut(lit.index()) else {
            return Ok(None);
        };
        let mut list = std::mem::take(list);
        spend(steps, 1 + list.len() as u64)?;
        let mut conflict = None;
        list.retain(|&at| {
            if conflict.is_some() {
                return true;
            }
            let Some(mut clause) = self.clauses.get_mut(at as usize).map(std::mem::take) else {
                return false;
            };
            if clause.first() == Some(&lit) {
                clause.swap(0, 1);
            }
            let first = clause.first().copied().unwrap_or(Lit::FALSE);
            let mut stays = true;
            if self.value(first) != Some(true) {
                let other = clause.iter().skip(2);
                let other = other.copied().position(|l| self.value(l) != Some(false));
                if let Some(other) = other.map(|i| i + 2) {
                    clause.swap(1, other);
                    let watched = clause.get(1).map_or(0, |l| l.index());
                    if let Some(list) = self.watches.get_mut(watched) {
                        list.push(at);
                    }
                    stays = false;
                } else if self.value(first).is_none() {
                    self.set(first, Reason::Clause(at));
                } else {
                    conflict = Some(clause.clone());
                }
            }
            if let Some(slot) = self.clauses.get_mut(at as usize) {
                *slot = clause;
            }
            stays
        });
        // No clause that moves its watch chooses a literal that is false.
        if let Some(slot) = self.watches.get_mut(lit.index()) {
            *slot = list;
        }
        Ok(conflict)
    }

    fn follow_sum(&mut self, at: u32, steps: &mut u64) -> Result<Option<Conflict>, Refusal> {
        spend(steps, 1)?;
        let (Some(sum), Some(&reach)) = (self.sums.get(at as usize), self.reach.get(at as usize))
        else {
            return Ok(None);
        };
        let it = sum.it;
        let decided = if reach.low >= sum.bound {
            Some(it)
        } else if reach.high < sum.bound {
            Some(!it)
        } else {
            None
        };
        if let Some(lit) = decided {
            return Ok(match self.value(lit) {
                Some(true) => None,
                None => {
                    self.set(lit, Reason::Sum(at));
                    None
                }
                Some(false) => {
                    let mut conflict = self.of_sum(at, lit, u32::MAX);
                    conflict.push(lit);
                    Some(conflict)
                }
            });
        }
        // What no term may do: as false miss the bound, or as true reach it.
        let (wanted, room) = match self.value(it) {
            None => return Ok(None),
            Some(true) => (true, reach.high - sum.bound),
            Some(false) => (false, sum.bound - 1 - reach.low),
        };
        let mut forced = Vec::new();
        for &(weight, lit) in &sum.terms {
            if weight <= room {
                break;
            }
            spend(steps, 1)?;
            if self.value(lit).is_none() {
                forced.push(if wanted { lit } else { !lit });
            }
        }
        for lit in forced {
            self.set(lit, Reason::Sum(at));
        }
        Ok(None)
    }

    /// The false literals by which a sum gives a literal, as they were before
    /// that place on the trail.
    fn of_sum(&self, at: u32, lit: Lit, before: u32) -> Vec<Lit> {
        let Some(sum) = self.sums.get(at as usize) else {
            return Vec::new();
        };
        // What is true counts where the sum reaches its bound, or must not.
        let by_true = if lit.variable() == sum.it.variable() {
            lit == sum.it
        } else {
            self.value(sum.it) == Some(false)
        };
        let mut out = Vec::new();
        if lit.variable() != sum.it.variable() {
            out.push(if by_true { sum.it } else { !sum.it });
        }
        for &(_, term) in &sum.terms {
            let earlier = self.given(term).is_some_and(|g| g.place < before);
            if earlier && self.value(term) == Some(by_true) {
                out.push(if by_true { !term } else { term });
            }
        }
        out
    }

    /// Makes atoms false that only support each other.
    fn follow_circle(&mut self, at: usize, steps: &mut u64) -> Result<Option<Conflict>, Refusal> {
        let Some(mut circle) = self.circles.get_mut(at).map(std::mem::take) else {
            return Ok(None);
        };
        let mut conflict = None;
        if circle.changed {
            let loops = circle.unfounded(&|lit| self.value(lit), steps)?;
            circle.changed = !loops.atoms.is_empty();
            if loops.bodies.iter().any(|&b| self.value(b) != Some(false)) {
                // It was looked at before all was drawn, which does not happen.
                return Err(Refusal::Limit);
            }
            for &atom in &loops.atoms {
                spend(steps, 1 + loops.bodies.len() as u64)?;
                let lit = Lit::of(atom, true);
                let mut clause = loops.bodies.clone();
                clause.insert(0, lit);
                match self.value(lit) {
                    Some(true) => {}
                    Some(false) => {
                        conflict = Some(clause);
                        break;
                    }
                    None => {
                        self.latest_second(&mut clause);
                        let clause = self.attach(clause);
                        self.set(lit, Reason::Clause(clause));
                    }
                }
            }
        }
        if let Some(slot) = self.circles.get_mut(at) {
            *slot = circle;
        }
        Ok(conflict)
    }

    /// Puts the literal that was decided last in the second place, to be
    /// watched: it is the first to become open again.
    fn latest_second(&self, clause: &mut [Lit]) {
        let rest = clause.iter().enumerate().skip(1);
        let latest = rest.max_by_key(|(_, l)| self.level(**l)).map(|(i, _)| i);
        if let Some(latest) = latest {
            clause.swap(1, latest);
        }
    }

    /// The literals, all false, by which a literal was made true.
    fn reason(&self, lit: Lit) -> Vec<Lit> {
        match self.given(lit).map(|g| (g.reason, g.place)) {
            Some((Reason::Clause(at), _)) => {
                let clause = self.clauses.get(at as usize);
                let others = clause.into_iter().flatten().copied();
                others.filter(|&l| l != lit).collect()
            }
            Some((Reason::Sum(at), place)) => self.of_sum(at, lit, place),
            _ => Vec::new(),
        }
    }

    /// Learns a clause from a conflict and goes back to where it says something;
    /// false where nothing is left.
    fn learn(&mut self, conflict: Conflict, steps: &mut u64) -> Result<bool, Refusal> {
        let latest = conflict.iter().map(|&l| self.level(l)).max().unwrap_or(0);
        if latest == 0 {
            return Ok(false);
        }
        self.undo(latest as usize);
        self.conflicts += 1;
        let mut seen = rustc_hash::FxHashSet::default();
        let mut learnt: Vec<Lit> = vec![Lit::FALSE];
        let mut open = 0;
        let mut place = self.trail.len();
        let mut next = conflict;
        loop {
            spend(steps, 1 + next.len() as u64)?;
            for &lit in &next {
                let level = self.level(lit);
                if level == 0 || !seen.insert(lit.variable()) {
                    continue;
                }
                if let Some(stamp) = self.stamps.get_mut(lit.variable()) {
                    *stamp = self.conflicts;
                }
                if level == latest {
                    open += 1;
                } else {
                    learnt.push(lit);
                }
            }
            let lit = loop {
                place = place.saturating_sub(1);
                let lit = get(&self.trail, place, Lit::TRUE);
                if place == 0 || seen.contains(&lit.variable()) {
                    break lit;
                }
            };
            open -= 1;
            if open <= 0 {
                if let Some(slot) = learnt.first_mut() {
                    *slot = !lit;
                }
                break;
            }
            next = self.reason(lit);
        }
        self.assert(learnt);
        Ok(true)
    }

    /// Goes back to where all but the first of these false literals are false
    /// still, and makes the first one true.
    fn assert(&mut self, mut clause: Vec<Lit>) {
        self.latest_second(&mut clause);
        let level = clause.get(1).map_or(0, |&l| self.level(l));
        self.undo(level as usize);
        let first = clause.first().copied().unwrap_or(Lit::FALSE);
        let at = self.attach(clause);
        self.set(first, Reason::Clause(at));
    }

    /// Finds the next way to meet the formula; false where there is none.
    pub(super) fn next(&mut self, steps: &mut u64) -> Result<bool, Refusal> {
        for at in 0..self.sums.len() as u32 {
            if !self.choices.is_empty() || self.over {
                break;
            }
            if self.follow_sum(at, steps)?.is_some() {
                self.over = true;
            }
        }
        while !self.over {
            if let Some(conflict) = self.follow(steps)? {
                self.over = !self.learn(conflict, steps)?;
                continue;
            }
            if self.conflicts >= self.restart_at {
                self.restarts += 1;
                self.restart_at = self.conflicts + RESTART * luby(self.restarts);
                self.undo(0);
                continue;
            }
            let Some(variable) = self.choice() else {
                return Ok(true);
            };
            spend(steps, 1)?;
            self.choices.push(self.trail.len());
            let negative = !get(&self.saved, variable, false);
            self.set(Lit::of(variable, negative), Reason::Chosen);
        }
        Ok(false)
    }

    fn choice(&mut self) -> Option<usize> {
        while let Some((stamp, Reverse(variable))) = self.queue.pop() {
            let current = get(&self.stamps, variable, 0) == stamp;
            if current && self.given.get(variable).copied().flatten().is_none() {
                return Some(variable);
            }
        }
        // Whatever the queue has lost.
        self.given.iter().position(Option::is_none)
    }

    /// Rules out the way that was found. What was chosen decides all else.
    pub(super) fn exclude(&mut self) {
        let chosen = self.choices.iter().rev();
        let chosen = chosen.filter_map(|&at| self.trail.get(at));
        let clause: Vec<Lit> = chosen.map(|&l| !l).collect();
        if clause.is_empty() {
            self.over = true;
        } else {
            self.assert(clause);
        }
    }
}

/// 1, 1, 2, 1, 1, 2, 4, ... (Luby, Sinclair and Zuckerman 1993), from 1 on.
fn luby(mut i: u64) -> u64 {
    loop {
        let bits = 64 - i.leading_zeros();
        if i == (1 << bits) - 1 {
            return 1 << (bits - 1);
        }
        i -= (1 << (bits - 1)) - 1;
    }
}
