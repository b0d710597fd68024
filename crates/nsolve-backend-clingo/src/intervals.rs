//! Whether a program's arithmetic fits 32 bits.
//!
//! Each argument of a predicate has an interval that holds all integers it can
//! be. [`Intervals::of_program`] finds such intervals by running the rules over
//! intervals until nothing changes, and gives up on those that keep growing.
//! [`Intervals::of_model`] takes them from the atoms of a model. Then every
//! operation of every rule is bounded by what its variables can be.

use nsolve_il::program::{
    Aggregate, AggregateFunction, ArithmeticOp, Atom, Comparison, Goal, GroundAtom, Head, Literal,
    Problem, Rule, Sign, Term, Value, VarId, dependencies,
};

/// The largest integer that clingo has; the least is its negation, so that
/// every integer can be negated.
const MOST: i128 = i32::MAX as i128;

/// Stands for what has no bound.
const FAR: i128 = 1 << 100;

/// After so many rounds what still grows is said to have no bound.
const ROUNDS: usize = 40;

/// What an integer can be: from the first to the second, with none between where
/// the first is larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Interval(i128, i128);

const NONE: Interval = Interval(1, 0);
const ALL: Interval = Interval(-FAR, FAR);

impl Interval {
    fn is_none(self) -> bool {
        self.0 > self.1
    }

    fn join(self, other: Self) -> Self {
        match (self.is_none(), other.is_none()) {
            (true, _) => other,
            (_, true) => self,
            _ => Interval(self.0.min(other.0), self.1.max(other.1)),
        }
    }

    fn meet(self, other: Self) -> Self {
        Interval(self.0.max(other.0), self.1.min(other.1))
    }

    /// The least interval around these numbers.
    fn around(numbers: impl IntoIterator<Item = i128>) -> Self {
        let one = |n: i128| Interval(n.clamp(-FAR, FAR), n.clamp(-FAR, FAR));
        numbers.into_iter().map(one).fold(NONE, Interval::join)
    }

    fn fits(self) -> bool {
        self.is_none() || (self.0 >= -MOST && self.1 <= MOST)
    }

    fn size(self) -> u128 {
        match self.is_none() {
            true => 0,
            false => (self.1 - self.0).unsigned_abs() + 1,
        }
    }
}

/// What the integers of a program can be, and how many atoms there can be.
pub(crate) struct Intervals {
    /// By predicate and argument.
    arguments: Vec<Vec<Interval>>,
    /// Integers within functions, of all predicates together.
    nested: Interval,
    /// The most atoms of each predicate.
    sizes: Vec<u128>,
}

impl Intervals {
    fn new(problem: &Problem) -> Self {
        let arguments = |p: &nsolve_il::program::Predicate| vec![NONE; p.arity as usize];
        Intervals {
            arguments: problem.predicates.iter().map(arguments).collect(),
            nested: NONE,
            sizes: vec![0; problem.predicates.len()],
        }
    }

    /// What holds in one model.
    pub(crate) fn of_model(problem: &Problem, atoms: &[GroundAtom]) -> Self {
        let mut out = Intervals::new(problem);
        for atom in atoms {
            for (i, value) in atom.arguments.iter().enumerate() {
                out.see_value(atom.predicate.index(), i, value);
            }
            if let Some(size) = out.sizes.get_mut(atom.predicate.index()) {
                *size += 1;
            }
        }
        out
    }

    /// What holds in every model.
    pub(crate) fn of_program(problem: &Problem) -> Self {
        let mut out = Intervals::new(problem);
        for rule in problem.rules.iter().filter(|r| r.body.is_empty()) {
            out.run(rule);
        }
        for round in 0.. {
            let before = (out.arguments.clone(), out.nested);
            for rule in problem.rules.iter().filter(|r| !r.body.is_empty()) {
                out.run(rule);
            }
            if (&out.arguments, out.nested) == (&before.0, before.1) {
                break;
            }
            if round >= ROUNDS {
                out.widen(&before.0, before.1);
            }
        }
        out.count(problem);
        out
    }

    /// Says of each bound that grew in this round that there is none. Each bound
    /// is widened once, so this comes to an end.
    fn widen(&mut self, before: &[Vec<Interval>], nested: Interval) {
        let wide = |now: Interval, old: Interval| {
            let grew = |a: i128, b: i128, far: i128| if a == b { a } else { far };
            Interval(grew(now.0, old.0, -FAR), grew(now.1, old.1, FAR))
        };
        for (now, old) in self.arguments.iter_mut().zip(before) {
            for (now, old) in now.iter_mut().zip(old) {
                *now = wide(*now, *old);
            }
        }
        self.nested = wide(self.nested, nested);
    }

    fn see_value(&mut self, predicate: usize, argument: usize, value: &Value) {
        match value {
            Value::Int(n) => self.see(predicate, argument, Interval((*n).into(), (*n).into())),
            Value::Function(_, args) => args.iter().for_each(|a| self.see_nested(a)),
            _ => {}
        }
    }

    fn see_nested(&mut self, value: &Value) {
        match value {
            Value::Int(n) => self.nested = self.nested.join(Interval((*n).into(), (*n).into())),
            Value::Function(_, args) => args.iter().for_each(|a| self.see_nested(a)),
            _ => {}
        }
    }

    fn see(&mut self, predicate: usize, argument: usize, interval: Interval) {
        let slot = self.arguments.get_mut(predicate);
        if let Some(slot) = slot.and_then(|a| a.get_mut(argument)) {
            *slot = slot.join(interval);
        }
    }

    /// Adds what a rule gives.
    fn run(&mut self, rule: &Rule) {
        let mut body = Line::new(self, rule.variables.len());
        body.conjunction(&rule.body);
        let variables = body.variables;
        match &rule.head {
            Head::Atom(atom) => self.give(atom, &variables),
            Head::Disjunction(atoms) => atoms.iter().for_each(|a| self.give(a, &variables)),
            Head::Choice { elements, .. } => {
                for element in elements {
                    let mut line = Line::new(self, 0);
                    line.variables.clone_from(&variables);
                    line.conjunction(&element.condition);
                    let variables = line.variables;
                    self.give(&element.atom, &variables);
                }
            }
            Head::Never | Head::Cost(_) => {}
        }
    }

    fn give(&mut self, atom: &Atom, variables: &[Interval]) {
        for (i, term) in atom.arguments.iter().enumerate() {
            match term {
                Term::Value(value) => self.see_value(atom.predicate.index(), i, value),
                Term::Function(..) => self.give_nested(term, variables),
                _ => {
                    let interval = interval(term, variables, &mut true);
                    self.see(atom.predicate.index(), i, interval);
                }
            }
        }
    }

    fn give_nested(&mut self, term: &Term, variables: &[Interval]) {
        match term {
            Term::Value(value) => self.see_nested(value),
            Term::Function(_, args) => args.iter().for_each(|a| self.give_nested(a, variables)),
            _ => self.nested = self.nested.join(interval(term, variables, &mut true)),
        }
    }

    /// Bounds the number of atoms of each predicate by its rules, those of
    /// predicates that others rest on first.
    fn count(&mut self, problem: &Problem) {
        let graph = dependencies(problem);
        let mut rules_of: Vec<Vec<&Rule>> = vec![Vec::new(); problem.predicates.len()];
        for rule in &problem.rules {
            for atom in rule.head.atoms() {
                if let Some(list) = rules_of.get_mut(atom.predicate.index()) {
                    list.push(rule);
                }
            }
        }
        for component in graph.components() {
            for &p in component {
                let recursive = graph.edges_of(p).any(|e| graph.is_recursive(e));
                let rules = rules_of.get(p.index()).into_iter().flatten();
                let size = match recursive {
                    true => u128::MAX,
                    false => rules
                        .map(|r| self.instances(r))
                        .fold(0, u128::saturating_add),
                };
                let by_type = self.arguments.get(p.index()).map_or(0, |args| {
                    let sizes = args.iter().map(|i| i.size());
                    sizes.fold(1, u128::saturating_mul)
                });
                // Arguments that are no integers at all have no size to count.
                let all_integers = rules_of
                    .get(p.index())
                    .is_some_and(|rules| rules.iter().all(|r| gives_integers(r, p)));
                if let Some(slot) = self.sizes.get_mut(p.index()) {
                    *slot = if all_integers {
                        size.min(by_type)
                    } else {
                        size
                    };
                }
            }
        }
    }

    /// The most instances of a rule.
    fn instances(&self, rule: &Rule) -> u128 {
        let body = self.matches(&rule.body, rule.variables.len());
        match &rule.head {
            Head::Choice { elements, .. } => {
                let each = elements.iter();
                let each = each.map(|e| self.matches(&e.condition, rule.variables.len()));
                body.saturating_mul(each.fold(0, u128::saturating_add))
            }
            _ => body,
        }
    }

    /// The most ways in which a conjunction can hold.
    fn matches(&self, body: &[Literal], variables: usize) -> u128 {
        let mut line = Line::new(self, variables);
        line.conjunction(body);
        let mut out = 1u128;
        for literal in body {
            let ways = match literal {
                Literal::Atom(Sign::Positive, atom) => {
                    self.sizes.get(atom.predicate.index()).copied().unwrap_or(0)
                }
                Literal::Range(term, ..) => interval(term, &line.variables, &mut true).size(),
                _ => 1,
            };
            out = out.saturating_mul(ways);
        }
        out
    }

    /// Whether all arithmetic of these rules and goals fits, where their
    /// variables are what these intervals say.
    pub(crate) fn fit(&self, rules: &[Rule], goals: &[Goal]) -> bool {
        let bodies = goals.iter().map(|g| (&g.body, g.variables.len()));
        rules.iter().all(|rule| self.rule_fits(rule))
            && bodies.into_iter().all(|(body, variables)| {
                let mut line = Line::new(self, variables);
                line.conjunction(body);
                line.check(body)
            })
    }

    fn rule_fits(&self, rule: &Rule) -> bool {
        let mut line = Line::new(self, rule.variables.len());
        line.conjunction(&rule.body);
        if !line.check(&rule.body) {
            return false;
        }
        if let Head::Choice { elements, guards } = &rule.head {
            return guards.iter().all(|g| line.term_fits(&g.term))
                && elements.iter().all(|element| {
                    let mut inner = line.clone();
                    inner.conjunction(&element.condition);
                    inner.check(&element.condition)
                        && element.atom.arguments.iter().all(|t| inner.term_fits(t))
                });
        }
        let mut fits = true;
        rule.head.each_term(&mut |t| fits &= line.term_fits(t));
        fits
    }
}

/// Whether a rule's heads give integers alone for all arguments of a predicate.
fn gives_integers(rule: &Rule, p: nsolve_il::program::PredicateId) -> bool {
    let mut atoms = rule.head.atoms().filter(|a| a.predicate == p);
    atoms.all(|a| {
        let is_integer = |t: &Term| matches!(t, Term::Value(Value::Int(_)) | Term::Arithmetic(..));
        a.arguments.iter().all(is_integer)
    })
}

/// What the variables of one rule can be, as integers.
#[derive(Clone)]
struct Line<'a> {
    known: &'a Intervals,
    variables: Vec<Interval>,
}

impl<'a> Line<'a> {
    fn new(known: &'a Intervals, variables: usize) -> Self {
        Line {
            known,
            variables: vec![ALL; variables],
        }
    }

    fn meet(&mut self, v: VarId, interval: Interval) {
        if let Some(slot) = self.variables.get_mut(v.index()) {
            *slot = slot.meet(interval);
        }
    }

    /// Learns from a conjunction that holds. Twice and once more, since a
    /// literal may tell about variables of one before it.
    fn conjunction(&mut self, body: &[Literal]) {
        for _ in 0..3 {
            body.iter().for_each(|literal| self.learn(literal));
        }
    }

    fn learn(&mut self, literal: &Literal) {
        match literal {
            Literal::Atom(Sign::Positive, atom) => {
                for (i, term) in atom.arguments.iter().enumerate() {
                    let known = self.known.arguments.get(atom.predicate.index());
                    let here = known.and_then(|a| a.get(i)).copied().unwrap_or(ALL);
                    self.matched(term, here);
                }
            }
            Literal::Atom(Sign::Not, _) => {}
            Literal::Compare(comparison, a, b) => {
                self.compared(*comparison, a, b);
                self.compared(comparison.flipped(), b, a);
            }
            Literal::Range(term, low, high) => {
                let low = interval(low, &self.variables, &mut true);
                let high = interval(high, &self.variables, &mut true);
                let range = match low.is_none() || high.is_none() {
                    true => NONE,
                    false => Interval(low.0, high.1),
                };
                self.matched(term, range);
            }
            Literal::Aggregate(sign, aggregate) => {
                for guard in &aggregate.guards {
                    let equal = guard.relation == Comparison::Equal && *sign == Sign::Positive;
                    if equal && matches!(guard.term, Term::Variable(_)) {
                        let result = self.aggregate(aggregate).0;
                        self.matched(&guard.term, result);
                    }
                }
            }
        }
    }

    /// Learns from a term that is equal to a value; `interval` is what that is
    /// where it is an integer.
    fn matched(&mut self, term: &Term, interval: Interval) {
        match term {
            Term::Variable(v) => self.meet(*v, interval),
            Term::Value(_) => {}
            Term::Function(_, args) => {
                let nested = self.known.nested;
                args.iter().for_each(|a| self.matched(a, nested));
            }
            Term::Arithmetic(op, args) => {
                let at = |t: &Term| self::interval(t, &self.variables, &mut true);
                let solved = match (op, args.as_slice()) {
                    (ArithmeticOp::Negate, [Term::Variable(v)]) => {
                        Some((*v, subtract(Interval(0, 0), interval)))
                    }
                    (ArithmeticOp::Add, [Term::Variable(v), c] | [c, Term::Variable(v)]) => {
                        Some((*v, subtract(interval, at(c))))
                    }
                    (ArithmeticOp::Subtract, [Term::Variable(v), c]) => {
                        Some((*v, add(interval, at(c))))
                    }
                    (ArithmeticOp::Subtract, [c, Term::Variable(v)]) => {
                        Some((*v, subtract(at(c), interval)))
                    }
                    _ => None,
                };
                if let Some((v, interval)) = solved {
                    self.meet(v, interval);
                }
            }
        }
    }

    /// Learns about a variable on the left of a comparison. Only from a right
    /// side that is an integer for sure: any integer is less than any name.
    fn compared(&mut self, comparison: Comparison, a: &Term, b: &Term) {
        let right = interval(b, &self.variables, &mut true);
        if comparison == Comparison::Equal {
            self.matched(a, right);
            return;
        }
        let is_integer = matches!(b, Term::Value(Value::Int(_)) | Term::Arithmetic(..));
        let Term::Variable(v) = a else { return };
        if !is_integer || right.is_none() {
            return;
        }
        match comparison {
            Comparison::Less => self.meet(*v, Interval(-FAR, right.1 - 1)),
            Comparison::LessOrEqual => self.meet(*v, Interval(-FAR, right.1)),
            Comparison::Greater => self.meet(*v, Interval(right.0 + 1, FAR)),
            Comparison::GreaterOrEqual => self.meet(*v, Interval(right.0, FAR)),
            Comparison::Equal | Comparison::NotEqual => {}
        }
    }

    /// What an aggregate can come to, and whether its arithmetic fits.
    fn aggregate(&self, aggregate: &Aggregate) -> (Interval, bool) {
        let mut weights = NONE;
        let mut tuples = 0u128;
        let mut fits = true;
        for element in &aggregate.elements {
            let mut inner = self.clone();
            inner.conjunction(&element.condition);
            fits &= inner.check(&element.condition);
            fits &= element.tuple.iter().all(|t| inner.term_fits(t));
            if let Some(first) = element.tuple.first() {
                weights = weights.join(interval(first, &inner.variables, &mut true));
            }
            let ways = self.known.matches(&element.condition, self.variables.len());
            tuples = tuples.saturating_add(ways);
        }
        let tuples = i128::try_from(tuples).unwrap_or(FAR).min(FAR);
        let result = match aggregate.function {
            AggregateFunction::Count => Interval(0, tuples.min(MOST)),
            AggregateFunction::Min | AggregateFunction::Max => weights,
            AggregateFunction::Sum if weights.is_none() => Interval(0, 0),
            AggregateFunction::Sum => Interval(
                weights.0.min(0).saturating_mul(tuples).max(-FAR),
                weights.1.max(0).saturating_mul(tuples).min(FAR),
            ),
        };
        (result, fits && result.fits())
    }

    /// Whether the arithmetic of a conjunction fits.
    fn check(&self, body: &[Literal]) -> bool {
        body.iter().all(|literal| match literal {
            Literal::Aggregate(_, aggregate) => {
                self.aggregate(aggregate).1
                    && aggregate.guards.iter().all(|g| self.term_fits(&g.term))
            }
            other => {
                let mut fits = true;
                other.each_term(&mut |t| fits &= self.term_fits(t));
                // Matching turns `p(X+c)` into a difference.
                fits && self.patterns_fit(other)
            }
        })
    }

    fn patterns_fit(&self, literal: &Literal) -> bool {
        let mut fits = true;
        literal.each_term(&mut |t| {
            if let Term::Arithmetic(..) = t {
                t.each_variable(&mut |v| {
                    fits &= interval(&Term::Variable(v), &self.variables, &mut true).fits();
                });
            }
        });
        fits
    }

    fn term_fits(&self, term: &Term) -> bool {
        let mut fits = true;
        if matches!(term, Term::Arithmetic(..)) {
            interval(term, &self.variables, &mut fits);
        }
        fits
    }
}

fn add(a: Interval, b: Interval) -> Interval {
    match a.is_none() || b.is_none() {
        true => NONE,
        false => Interval::around([a.0 + b.0, a.1 + b.1]),
    }
}

fn subtract(a: Interval, b: Interval) -> Interval {
    match b.is_none() {
        true => NONE,
        false => add(a, Interval(-b.1, -b.0)),
    }
}

/// What a term can be as an integer. `fits` becomes false where an operation can
/// leave 32 bits, or where an operand can.
fn interval(term: &Term, variables: &[Interval], fits: &mut bool) -> Interval {
    match term {
        Term::Variable(v) => variables.get(v.index()).copied().unwrap_or(ALL),
        Term::Value(Value::Int(n)) => Interval((*n).into(), (*n).into()),
        Term::Value(_) => NONE,
        Term::Function(_, args) => {
            for arg in args {
                interval(arg, variables, fits);
            }
            NONE
        }
        Term::Arithmetic(op, args) => {
            let mut args = args.iter().map(|a| interval(a, variables, fits));
            let a = args.next().unwrap_or(ALL);
            let b = args.next().unwrap_or(Interval(0, 0));
            if a.is_none() || b.is_none() {
                return NONE;
            }
            let result = operation(*op, a, b);
            // What is printed for these two needs a little more than the result.
            let more = match op {
                ArithmeticOp::Modulo => add(b, b),
                ArithmeticOp::Power => add(b, Interval(1, 1)),
                _ => NONE,
            };
            *fits &= a.fits() && b.fits() && result.fits() && more.fits();
            result
        }
    }
}

fn operation(op: ArithmeticOp, a: Interval, b: Interval) -> Interval {
    let far = |n: Interval| n.0.abs().max(n.1.abs()).min(FAR);
    match op {
        ArithmeticOp::Add => add(a, b),
        ArithmeticOp::Subtract => subtract(a, b),
        ArithmeticOp::Negate => Interval(-a.1, -a.0),
        ArithmeticOp::Absolute => Interval(0, far(a)),
        ArithmeticOp::Multiply => {
            let products = [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)];
            Interval::around(products.map(|(x, y)| x.saturating_mul(y)))
        }
        // Toward zero, so never further from it than the dividend.
        ArithmeticOp::Divide if a.0 >= 0 && b.0 >= 0 => Interval(0, a.1),
        ArithmeticOp::Divide => Interval(-far(a), far(a)),
        ArithmeticOp::Remainder => {
            let most = far(a).min((far(b) - 1).max(0));
            let low = if a.0 >= 0 { 0 } else { -most };
            Interval(low, most)
        }
        ArithmeticOp::Modulo => {
            let most = (far(b) - 1).max(0);
            let low = if b.0 >= 0 { 0 } else { -most };
            Interval(low, most)
        }
        ArithmeticOp::Power => {
            let base = far(a).max(1);
            let most = match u32::try_from(b.1.clamp(0, FAR)) {
                Ok(exponent) => base.saturating_pow(exponent).min(FAR),
                Err(_) => FAR,
            };
            let low = if a.0 >= 0 { 0 } else { -most };
            Interval(low, most)
        }
    }
}
