use super::{Head, Literal, PredicateId, Problem, Sign};

/// One way in which a head depends on a predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The predicate in the head.
    pub head: PredicateId,
    /// The predicate that it depends on.
    pub on: PredicateId,
    /// Whether the dependency is through `not`.
    pub negative: bool,
    /// Whether the dependency is through an aggregate.
    pub aggregate: bool,
    /// The rule that makes it so.
    pub rule: u32,
}

/// Which predicates depend on which, in components: sets of predicates that
/// depend on each other.
#[derive(Clone, Debug)]
pub struct Dependencies {
    edges: Vec<Edge>,
    /// Component of each predicate.
    component: Vec<u32>,
    /// Members of each component; those that others depend on come first.
    components: Vec<Vec<PredicateId>>,
    /// Predicates in the head of a choice or a disjunction.
    open: Vec<bool>,
    /// Edges by the predicate in the head.
    of_head: Vec<Vec<u32>>,
}

/// Finds out which predicates depend on which. All atoms of one disjunction
/// depend on each other's bodies only, not on each other.
pub fn dependencies(problem: &Problem) -> Dependencies {
    let count = problem.predicates.len();
    let mut edges = Vec::new();
    let mut open = vec![false; count];
    for (i, rule) in problem.rules.iter().enumerate() {
        let is_open = matches!(rule.head, Head::Choice { .. } | Head::Disjunction(_));
        for atom in rule.head.atoms() {
            if let Some(slot) = open.get_mut(atom.predicate.index()) {
                *slot |= is_open;
            }
            let mut add = |literal: &Literal, aggregate: bool| {
                if let Literal::Atom(sign, on) = literal {
                    edges.push(Edge {
                        head: atom.predicate,
                        on: on.predicate,
                        negative: *sign == Sign::Not,
                        aggregate,
                        rule: i as u32,
                    });
                }
            };
            for literal in &rule.body {
                add(literal, false);
                if let Literal::Aggregate(_, aggregate) = literal {
                    let conditions = aggregate.elements.iter().flat_map(|e| &e.condition);
                    conditions.for_each(|l| add(l, true));
                }
            }
            if let Head::Choice { elements, .. } = &rule.head {
                let conditions = elements.iter().flat_map(|e| &e.condition);
                conditions.for_each(|l| add(l, false));
            }
        }
    }
    let mut of_head = vec![Vec::new(); count];
    for (i, edge) in edges.iter().enumerate() {
        if let Some(list) = of_head.get_mut(edge.head.index()) {
            list.push(i as u32);
        }
    }
    let mut out = Dependencies {
        edges,
        component: vec![u32::MAX; count],
        components: Vec::new(),
        open,
        of_head,
    };
    out.find_components();
    out
}

impl Dependencies {
    /// All edges.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The components, those that others depend on first.
    pub fn components(&self) -> &[Vec<PredicateId>] {
        &self.components
    }

    /// The position of a predicate's component.
    pub fn component_of(&self, predicate: PredicateId) -> usize {
        let found = self.component.get(predicate.index());
        found.map_or(usize::MAX, |&c| c as usize)
    }

    /// Whether an edge stays within one component.
    pub fn is_recursive(&self, edge: &Edge) -> bool {
        self.component_of(edge.head) == self.component_of(edge.on)
    }

    /// Whether no predicate depends on itself through `not`.
    pub fn is_stratified(&self) -> bool {
        !self
            .edges
            .iter()
            .any(|e| e.negative && self.is_recursive(e))
    }

    /// The rule of an aggregate that depends on its own head, if there is one.
    pub fn recursive_aggregate(&self, _problem: &Problem) -> Option<u32> {
        let found = self
            .edges
            .iter()
            .find(|e| e.aggregate && self.is_recursive(e));
        found.map(|e| e.rule)
    }

    /// The predicates that these depend on, themselves included, ascending.
    pub fn cone(&self, roots: impl IntoIterator<Item = PredicateId>) -> Vec<PredicateId> {
        let mut seen = vec![false; self.component.len()];
        let mut stack: Vec<PredicateId> = roots.into_iter().collect();
        while let Some(p) = stack.pop() {
            match seen.get_mut(p.index()) {
                Some(slot) if !*slot => *slot = true,
                _ => continue,
            }
            stack.extend(self.edges_of(p).map(|e| e.on));
        }
        let marked = seen.iter().enumerate().filter(|(_, s)| **s);
        marked.map(|(i, _)| PredicateId(i as u32)).collect()
    }

    /// The edges whose head is this predicate.
    pub fn edges_of(&self, p: PredicateId) -> impl Iterator<Item = &Edge> {
        let list = self.of_head.get(p.index()).into_iter().flatten();
        list.filter_map(|&i| self.edges.get(i as usize))
    }

    /// Whether these predicates rest on stratified rules without choices and
    /// disjunctions, so that every model has the same atoms of them.
    pub fn is_deterministic(&self, roots: impl IntoIterator<Item = PredicateId>) -> bool {
        self.cone(roots).into_iter().all(|p| {
            let open = self.open.get(p.index()).copied().unwrap_or(false);
            !open && !self.edges_of(p).any(|e| e.negative && self.is_recursive(e))
        })
    }

    /// A cycle through `not`, as the edges along it, if there is one.
    pub fn negative_cycle(&self) -> Option<Vec<Edge>> {
        let first = *self
            .edges
            .iter()
            .find(|e| e.negative && self.is_recursive(e))?;
        let mut path = self.path(first.on, first.head)?;
        path.insert(0, first);
        Some(path)
    }

    /// The shortest way from one predicate to another it depends on.
    fn path(&self, from: PredicateId, to: PredicateId) -> Option<Vec<Edge>> {
        let mut came: Vec<Option<Edge>> = vec![None; self.component.len()];
        let mut queue = std::collections::VecDeque::from([from]);
        while let Some(p) = queue.pop_front() {
            if p == to {
                break;
            }
            for edge in self.edges_of(p) {
                if edge.on == from {
                    continue;
                }
                if let Some(slot @ None) = came.get_mut(edge.on.index()) {
                    *slot = Some(*edge);
                    queue.push_back(edge.on);
                }
            }
        }
        let mut out = Vec::new();
        let mut at = to;
        while at != from {
            let edge = (*came.get(at.index())?)?;
            out.push(edge);
            at = edge.head;
        }
        out.reverse();
        Some(out)
    }

    /// Tarjan's algorithm (1972), with its own stack so that long chains of
    /// predicates do not use up the thread's.
    fn find_components(&mut self) {
        let count = self.component.len();
        let mut index = vec![u32::MAX; count];
        let mut low = vec![0u32; count];
        let mut on_stack = vec![false; count];
        let mut stack: Vec<usize> = Vec::new();
        let mut next = 0u32;
        for root in 0..count {
            if index.get(root).copied() != Some(u32::MAX) {
                continue;
            }
            let mut work: Vec<(usize, usize)> = vec![(root, 0)];
            while let Some((p, at)) = work.pop() {
                if at == 0 {
                    put(&mut index, p, next);
                    put(&mut low, p, next);
                    put(&mut on_stack, p, true);
                    next += 1;
                    stack.push(p);
                }
                let edge = self.of_head.get(p).and_then(|l| l.get(at));
                let on = edge.and_then(|&e| self.edges.get(e as usize));
                match on.map(|e| e.on.index()) {
                    Some(q) => {
                        work.push((p, at + 1));
                        if get(&index, q, 0) == u32::MAX {
                            work.push((q, 0));
                        } else if get(&on_stack, q, false) {
                            let least = get(&low, p, 0).min(get(&index, q, 0));
                            put(&mut low, p, least);
                        }
                    }
                    None => {
                        if let Some((parent, _)) = work.last() {
                            let least = get(&low, *parent, 0).min(get(&low, p, 0));
                            put(&mut low, *parent, least);
                        }
                        if get(&low, p, 0) == get(&index, p, 1) {
                            self.close(p, &mut stack, &mut on_stack);
                        }
                    }
                }
            }
        }
    }

    fn close(&mut self, root: usize, stack: &mut Vec<usize>, on_stack: &mut [bool]) {
        let number = self.components.len() as u32;
        let mut members = Vec::new();
        while let Some(q) = stack.pop() {
            put(on_stack, q, false);
            put(&mut self.component, q, number);
            members.push(PredicateId(q as u32));
            if q == root {
                break;
            }
        }
        members.sort_unstable();
        self.components.push(members);
    }
}

fn get<T: Copy>(list: &[T], at: usize, other: T) -> T {
    list.get(at).copied().unwrap_or(other)
}

fn put<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}
