//! Which predicates depend on each other.

use super::rules::{Head, Rule};

/// Strongly connected components of predicates and rules: a head depends on its
/// rule, a rule on the predicates of its body and of its head's conditions.
pub(super) struct Graph {
    /// Components of the predicates, then of the rules.
    component: Vec<u32>,
    predicates: usize,
}

impl Graph {
    pub(super) fn new(predicates: usize, rules: &[Rule]) -> Self {
        let mut next = vec![Vec::new(); predicates + rules.len()];
        for (i, rule) in rules.iter().enumerate() {
            let node = predicates + i;
            let mut add = |from: usize, to: usize| {
                if let Some(list) = next.get_mut(from) {
                    list.push(to);
                }
            };
            rule.head.each_predicate(&mut |p| add(p, node));
            rule.each_predicate(&mut |p, _| add(node, p));
        }
        Graph {
            component: components(&next),
            predicates,
        }
    }

    fn of(&self, node: usize) -> Option<u32> {
        self.component.get(node).copied()
    }

    /// The component of a rule. One that depends on another has the higher
    /// number.
    pub(super) fn of_rule(&self, rule: usize) -> u32 {
        self.of(self.predicates + rule).unwrap_or(u32::MAX)
    }

    /// Whether a predicate that a rule needs depends on the rule's own head.
    pub(super) fn is_recursive(&self, rule: usize, predicate: usize) -> bool {
        self.of(self.predicates + rule) == self.of(predicate)
    }

    /// Whether the head depends on itself through `not` or an aggregate.
    pub(super) fn has_negative_cycle(&self, at: usize, rule: &Rule) -> bool {
        let mut found = false;
        rule.each_predicate(&mut |p, negative| found |= negative && self.is_recursive(at, p));
        found
    }

    /// Whether an aggregate depends on the head of its own rule.
    pub(super) fn has_recursive_aggregate(&self, at: usize, rule: &Rule) -> bool {
        if matches!(rule.head, Head::Never | Head::Cost(_)) {
            return false;
        }
        let mut found = false;
        for literal in &rule.body {
            if let super::rules::Literal::Aggregate(..) = literal {
                literal.each_predicate(&mut |p, _| found |= self.is_recursive(at, p));
            }
        }
        found
    }
}

/// Numbers the strongly connected components of a graph (Tarjan 1972), with a
/// stack of its own: chains may be long.
pub(super) fn components(next: &[Vec<usize>]) -> Vec<u32> {
    const NEW: u32 = u32::MAX;
    let mut index = vec![NEW; next.len()];
    let mut low = vec![0u32; next.len()];
    let mut component = vec![NEW; next.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut count = 0;
    let mut found = 0;
    for root in 0..next.len() {
        if at(&index, root) != NEW {
            continue;
        }
        let mut calls: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((node, place)) = calls.pop() {
            if place == 0 {
                put(&mut index, node, count);
                put(&mut low, node, count);
                count += 1;
                open.push(node);
            }
            if let Some(&to) = next.get(node).and_then(|l| l.get(place)) {
                calls.push((node, place + 1));
                if at(&index, to) == NEW {
                    calls.push((to, 0));
                } else if at(&component, to) == NEW {
                    let least = at(&low, node).min(at(&index, to));
                    put(&mut low, node, least);
                }
                continue;
            }
            if let Some(&(caller, _)) = calls.last() {
                let least = at(&low, caller).min(at(&low, node));
                put(&mut low, caller, least);
            }
            if at(&low, node) == at(&index, node) {
                while let Some(member) = open.pop() {
                    put(&mut component, member, found);
                    if member == node {
                        break;
                    }
                }
                found += 1;
            }
        }
    }
    component
}

fn at(list: &[u32], i: usize) -> u32 {
    list.get(i).copied().unwrap_or(u32::MAX)
}

fn put(list: &mut [u32], i: usize, value: u32) {
    if let Some(slot) = list.get_mut(i) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn components_are_the_sets_that_reach_each_other() {
        // 0 -> 1 -> 2 -> 0, 2 -> 3 -> 4 -> 3, 5 -> 5.
        let next = [vec![1], vec![2], vec![0, 3], vec![4], vec![3], vec![5]];
        let found = components(&next);
        let same = |i: usize, j: usize| found[i] == found[j];
        assert!(same(0, 1) && same(1, 2) && same(3, 4));
        assert!(!same(0, 3) && !same(0, 5) && !same(3, 5));
    }

    #[test]
    fn a_long_chain_uses_no_stack() {
        let mut next: Vec<Vec<usize>> = (1..1_000_000).map(|i| vec![i]).collect();
        next.push(vec![0]);
        let found = components(&next);
        assert!(found.iter().all(|&c| c == 0));
    }
}
