//! From logic to rows: conditions and functions of an optimisation problem are
//! expressed by binary columns and linear rows.
//!
//! Negations are first moved inwards, to comparisons. Then a condition is only
//! ever needed in one direction: a helper column `z` of the values 0 and 1 is
//! made so that `z = 1` makes its condition hold, and nothing says the
//! converse (Plaisted and Greenbaum 1986). A comparison `e <= 0` under `z`
//! becomes `e <= u (1 - z)`, where `u` is the greatest value that the columns'
//! bounds let `e` have: computed for this row, never a constant for all. Where
//! `u` is infinite there is no such row, and the condition is refused.
//!
//! # Fidelity
//! Every feasible point of the problem extends to one of the result: each `z`
//! is 1 exactly where its condition holds. Every feasible point of the result,
//! without its helpers, is feasible in the problem, once columns that are
//! functions get their value; where only one direction of a function was
//! written down, because nothing forbids the other and the objective does not
//! like it, that improves the point. So both have the same optima, and one is
//! infeasible exactly if the other is.
//!
//! Strict comparisons are exact where all columns and coefficients in them are
//! integers (after scaling), and are refused otherwise.

use nsolve_il::milp::{
    Bound, Column, ColumnId, Condition, Count, Domain, Family, Function, Item, Linear, Number,
    Problem, Relation, Rows, Sense,
};
use nsolve_source::{Code, Diagnostic};

/// The way back from a problem without logic.
#[derive(Clone, Debug)]
pub struct Linearized {
    /// The problem without conditions and functions.
    pub problem: Problem,
    /// How many columns the source problem has: these come first.
    columns: usize,
    functions: Vec<(ColumnId, Function)>,
}

impl Linearized {
    /// The columns of the source problem as they are, whatever they stand for.
    pub fn truncate(&self, point: &[Number]) -> Vec<Number> {
        point.iter().take(self.columns).cloned().collect()
    }

    /// The point of the source problem that belongs to one of the result.
    pub fn lift(&self, point: &[Number]) -> Vec<Number> {
        let mut lifted = self.truncate(point);
        for (column, function) in &self.functions {
            let value = function.value(&lifted);
            if let (Some(value), Some(place)) = (value, lifted.get_mut(*column as usize)) {
                *place = value;
            }
        }
        lifted
    }
}

/// Expresses the logic of a problem by rows.
///
/// # Errors
/// Diagnostics about conditions that cannot be expressed: a bound that is
/// needed is infinite, or a strict comparison is not of integers.
///
/// ```
/// use nsolve_bridge::linearize;
/// use nsolve_il::milp::{Column, Condition, Linear, Number, Problem, Relation};
///
/// // y or z, of two binaries: one row.
/// let is_one = |c| Condition::Compare(
///     Linear { terms: vec![(c, Number::ONE)], constant: Number::from(-1) }, Relation::Eq);
/// let problem = Problem {
///     columns: vec![Column::binary(), Column::binary()],
///     conditions: vec![Condition::Or(vec![is_one(0), is_one(1)])],
///     ..Problem::default()
/// };
/// let linear = linearize(&problem).unwrap();
/// assert_eq!((linear.problem.rows.len(), linear.problem.columns.len()), (1, 2));
/// ```
pub fn linearize(problem: &Problem) -> Result<Linearized, Vec<Diagnostic>> {
    let mut result = problem.clone();
    let conditions = std::mem::take(&mut result.conditions);
    let functions = std::mem::take(&mut result.functions);
    result.condition_families.clear();
    let mut lowering = Lowering {
        source: problem,
        result,
        item: Item::Condition(0),
        diagnostics: Vec::new(),
    };
    for (id, definition) in (0..).zip(&functions) {
        lowering.item = Item::Function(id);
        let done = lowering.function(definition.column, &definition.function);
        lowering.tell(done);
    }
    for (id, condition) in (0..).zip(&conditions) {
        lowering.item = Item::Condition(id);
        let done = lowering.post(&[], &positive(condition, true));
        lowering.tell(done);
    }
    if !lowering.diagnostics.is_empty() {
        return Err(lowering.diagnostics);
    }
    Ok(Linearized {
        problem: lowering.result,
        columns: problem.columns.len(),
        functions: functions
            .into_iter()
            .map(|d| (d.column, d.function))
            .collect(),
    })
}

/// A condition without `Not`, `Xor`, `Implies`, `Iff`, and with `AtLeast` as the
/// only count; or its negation.
fn positive(condition: &Condition, holds: bool) -> Condition {
    let both = |a: &Condition, b: &Condition, same: bool| {
        // `a` and `b` have the same value, or different ones.
        Condition::And(vec![
            Condition::Or(vec![positive(a, true), positive(b, !same)]),
            Condition::Or(vec![positive(a, false), positive(b, same)]),
        ])
    };
    match condition {
        Condition::Constant(value) => Condition::Constant(*value == holds),
        Condition::Compare(left, relation) if holds => Condition::Compare(left.clone(), *relation),
        Condition::Compare(left, relation) => Condition::Compare(left.clone(), relation.negated()),
        Condition::Not(inner) => positive(inner, !holds),
        Condition::And(parts) | Condition::Or(parts) => {
            let is_and = matches!(condition, Condition::And(_)) == holds;
            let parts = parts.iter().map(|p| positive(p, holds)).collect();
            if is_and {
                Condition::And(parts)
            } else {
                Condition::Or(parts)
            }
        }
        Condition::Xor(a, b) => both(a, b, !holds),
        Condition::Iff(a, b) => both(a, b, holds),
        Condition::Implies(a, b) if holds => {
            Condition::Or(vec![positive(a, false), positive(b, true)])
        }
        Condition::Implies(a, b) => Condition::And(vec![positive(a, true), positive(b, false)]),
        Condition::Count(count, wanted, parts) => {
            let all = parts.len() as u64;
            // At least so many hold, or at least so many do not.
            let at_least = |n: u64| {
                Condition::Count(
                    Count::AtLeast,
                    n,
                    parts.iter().map(|p| positive(p, true)).collect(),
                )
            };
            let at_most = |n: u64| match all.checked_sub(n) {
                Some(rest) => Condition::Count(
                    Count::AtLeast,
                    rest,
                    parts.iter().map(|p| positive(p, false)).collect(),
                ),
                None => Condition::Constant(true),
            };
            // Fewer than none is impossible.
            let below = |n: u64| match n.checked_sub(1) {
                Some(n) => at_most(n),
                None => Condition::Constant(false),
            };
            match (count, holds) {
                (Count::AtLeast, true) => at_least(*wanted),
                (Count::AtLeast, false) => below(*wanted),
                (Count::AtMost, true) => at_most(*wanted),
                (Count::AtMost, false) => at_least(wanted + 1),
                (Count::Exactly, true) => Condition::And(vec![at_least(*wanted), at_most(*wanted)]),
                (Count::Exactly, false) => {
                    Condition::Or(vec![below(*wanted), at_least(wanted + 1)])
                }
            }
        }
        Condition::Sos(..) if holds => condition.clone(),
        Condition::Sos(kind, columns) => not_sos(*kind, columns),
    }
}

/// That a special ordered set's condition does not hold: two columns that may
/// not be used together are.
fn not_sos(kind: u8, columns: &[ColumnId]) -> Condition {
    let used = |c: ColumnId| Condition::Compare(Linear::column(c), Relation::Ne);
    let mut pairs = Vec::new();
    for (i, a) in columns.iter().enumerate() {
        for (j, b) in columns.iter().enumerate().skip(i + 1) {
            if kind == 1 || j - i > 1 {
                pairs.push(Condition::And(vec![used(*a), used(*b)]));
            }
        }
    }
    Condition::Or(pairs)
}

/// A condition could not be expressed; the diagnostic says why.
struct Refused;
type Lowered<T> = Result<T, Refused>;

/// A column of the values 0 and 1 or its complement, or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Literal {
    Is(ColumnId),
    IsNot(ColumnId),
    Constant(bool),
}

impl Literal {
    /// Adds a multiple of the literal's value to an expression.
    fn add_to(self, out: &mut Linear, factor: &Number) {
        match self {
            Literal::Is(column) => out.terms.push((column, factor.clone())),
            Literal::IsNot(column) => {
                out.terms.push((column, -factor));
                out.constant += factor;
            }
            Literal::Constant(true) => out.constant += factor,
            Literal::Constant(false) => {}
        }
    }
}

struct Lowering<'p> {
    source: &'p Problem,
    result: Problem,
    /// What is being expressed.
    item: Item,
    diagnostics: Vec<Diagnostic>,
}

impl Lowering<'_> {
    fn tell(&mut self, done: Lowered<()>) {
        debug_assert!(done.is_ok() || !self.diagnostics.is_empty());
    }

    fn refuse<T>(&mut self, code: Code, message: String, help: &str) -> Lowered<T> {
        let fault = Diagnostic::error(code, message).at(self.source.span(self.item));
        self.diagnostics.push(fault.help(help));
        Err(Refused)
    }

    fn helper(&mut self, column: Column) -> ColumnId {
        let id = self.result.columns.len() as ColumnId;
        self.result.columns.push(column);
        let mut family = Family::one(format!("helper#{id}"), id, None);
        family.helps = Some(self.item);
        self.result.column_families.push(family);
        id
    }

    fn row(&mut self, lower: Bound, mut expression: Linear, upper: Bound) {
        expression.normalize();
        let id = self.result.rows.push(lower, &expression, upper);
        let mut family = Family::one(format!("helper#{id}"), id, None);
        family.helps = Some(self.item);
        self.result.row_families.push(family);
    }

    fn range(&self, expression: &Linear) -> (Bound, Bound) {
        expression.range(&self.result.columns)
    }

    // --- conditions

    /// Makes a condition hold wherever all the guards are 0.
    fn post(&mut self, guards: &[Literal], condition: &Condition) -> Lowered<()> {
        if guards.contains(&Literal::Constant(true)) {
            return Ok(());
        }
        match condition {
            Condition::Constant(true) => Ok(()),
            Condition::Constant(false) => {
                self.at_least(guards, &[], 1);
                Ok(())
            }
            Condition::Compare(left, relation) => self.compare(guards, left, *relation),
            Condition::And(parts) => parts.iter().try_for_each(|part| self.post(guards, part)),
            Condition::Or(parts) => self.any(guards, parts),
            Condition::Count(_, wanted, parts) => {
                let literals = self.literals(parts)?;
                self.at_least(guards, &literals, *wanted);
                Ok(())
            }
            Condition::Sos(kind, columns) => self.sos(guards, *kind, columns),
            other => self.post(guards, &positive(other, true)),
        }
    }

    fn any(&mut self, guards: &[Literal], parts: &[Condition]) -> Lowered<()> {
        let mut guards = guards.to_vec();
        let mut others = Vec::new();
        for part in parts {
            match self.as_literal(part) {
                Some(literal) => guards.push(literal),
                None => others.push(part),
            }
        }
        match others.as_slice() {
            [] => {
                self.at_least(&guards, &[], 1);
                Ok(())
            }
            // The one that is no column needs no helper of its own.
            [one] => self.post(&guards, one),
            [first, rest @ ..] => {
                for part in rest {
                    guards.push(self.literal(part)?);
                }
                self.post(&guards, first)
            }
        }
    }

    /// Of the literals, so many are 1, unless a guard is.
    fn at_least(&mut self, guards: &[Literal], literals: &[Literal], wanted: u64) {
        let wanted = Number::from(i64::try_from(wanted).unwrap_or(i64::MAX));
        let mut sum = Linear::default();
        for literal in literals {
            literal.add_to(&mut sum, &Number::ONE);
        }
        for guard in guards {
            // With nothing to count, the guards are the alternatives.
            guard.add_to(&mut sum, &wanted);
        }
        self.row(Some(wanted), sum, None);
    }

    fn literals(&mut self, parts: &[Condition]) -> Lowered<Vec<Literal>> {
        parts.iter().map(|part| self.literal(part)).collect()
    }

    /// The literal that a condition is, where it is one.
    fn as_literal(&self, condition: &Condition) -> Option<Literal> {
        if let Condition::Constant(value) = condition {
            return Some(Literal::Constant(*value));
        }
        let Condition::Compare(left, relation) = condition else {
            return None;
        };
        if let Some(column) = condition.as_binary(&self.result) {
            return Some(Literal::Is(column));
        }
        let negated = Condition::Compare(left.clone(), relation.negated());
        if let Some(column) = negated.as_binary(&self.result) {
            return Some(Literal::IsNot(column));
        }
        // What the bounds decide.
        let (low, high) = self.range(left);
        decided(*relation, &low, &high).map(Literal::Constant)
    }

    /// A literal that makes a condition hold where it is 1.
    fn literal(&mut self, condition: &Condition) -> Lowered<Literal> {
        if let Some(literal) = self.as_literal(condition) {
            return Ok(literal);
        }
        let column = self.helper(Column::binary());
        self.post(&[Literal::IsNot(column)], condition)?;
        Ok(Literal::Is(column))
    }

    fn compare(&mut self, guards: &[Literal], left: &Linear, relation: Relation) -> Lowered<()> {
        match relation {
            Relation::Le => self.at_most_zero(guards, left.clone()),
            Relation::Ge => self.at_most_zero(guards, negated(left)),
            Relation::Eq if guards.is_empty() => {
                self.row(Some(Number::ZERO), left.clone(), Some(Number::ZERO));
                Ok(())
            }
            Relation::Eq => {
                self.at_most_zero(guards, left.clone())?;
                self.at_most_zero(guards, negated(left))
            }
            Relation::Lt => {
                let below = self.below_zero(left)?;
                self.at_most_zero(guards, below)
            }
            Relation::Gt => {
                let below = self.below_zero(&negated(left))?;
                self.at_most_zero(guards, below)
            }
            Relation::Ne => {
                let parts = [
                    Condition::Compare(left.clone(), Relation::Lt),
                    Condition::Compare(left.clone(), Relation::Gt),
                ];
                self.any(guards, &parts)
            }
        }
    }

    /// `e <= 0`, unless a guard is 1.
    fn at_most_zero(&mut self, guards: &[Literal], mut expression: Linear) -> Lowered<()> {
        if guards.is_empty() {
            self.row(None, expression, Some(Number::ZERO));
            return Ok(());
        }
        let (_, high) = self.range(&expression);
        let Some(high) = high else {
            return self.unbounded(&expression);
        };
        if !high.is_positive() {
            return Ok(());
        }
        for guard in guards {
            guard.add_to(&mut expression, &-&high);
        }
        self.row(None, expression, Some(Number::ZERO));
        Ok(())
    }

    fn unbounded(&mut self, expression: &Linear) -> Lowered<()> {
        let culprit = expression.terms.iter().find(|(column, a)| {
            let (low, high) = self.result.column(*column).interval();
            if a.is_positive() {
                high.is_none()
            } else {
                low.is_none()
            }
        });
        let name = culprit.map_or_else(String::new, |(column, a)| {
            let side = if a.is_positive() { "upper" } else { "lower" };
            format!(
                ": `{}` has no {side} bound",
                self.source.column_name(*column)
            )
        });
        self.refuse(
            Code::INFINITE_BOUND,
            format!("how far this may be relaxed cannot be computed{name}"),
            "give the variable a bound, as tight as is true",
        )
    }

    /// An expression that is at most 0 exactly where the given one is below 0.
    fn below_zero(&mut self, expression: &Linear) -> Lowered<Linear> {
        let real = expression
            .terms
            .iter()
            .find(|(column, _)| !self.result.column(*column).domain.is_integer());
        if let Some((column, _)) = real {
            let name = self.source.column_name(*column);
            return self.refuse(
                Code::STRICT_COMPARISON,
                format!("a strict comparison, though `{name}` need not be an integer"),
                "use `<=` or `>=`: in `x >= 5 ==> y`, what holds just below 5 is not defined for a \
                 real `x`; `x > 5 ==> y` has no such gap",
            );
        }
        let mut scaled = expression.clone();
        let mut common = Number::ONE;
        for value in scaled
            .terms
            .iter()
            .map(|(_, a)| a)
            .chain([&scaled.constant])
        {
            let product = value * &common;
            if !product.is_integer() {
                common = &common * &Number::from(product.to_rational().denom().clone());
            }
        }
        scaled.scale(&common);
        // An integer below 0 is at most -1.
        scaled.constant += &Number::ONE;
        Ok(scaled)
    }

    fn sos(&mut self, guards: &[Literal], kind: u8, columns: &[ColumnId]) -> Lowered<()> {
        // For each place (or pair of neighbours) a binary that lets its columns
        // differ from 0; one of them at most.
        let slots = match kind {
            1 => columns.len(),
            _ => columns.len().saturating_sub(1).max(1),
        };
        let open: Vec<ColumnId> = (0..slots).map(|_| self.helper(Column::binary())).collect();
        let mut total = Linear::default();
        for slot in &open {
            total.terms.push((*slot, Number::ONE));
        }
        self.row(None, total, Some(Number::ONE));
        for (place, column) in columns.iter().enumerate() {
            let mut relaxers = guards.to_vec();
            let first = if kind == 1 {
                place
            } else {
                place.saturating_sub(1)
            };
            let slots = open.get(first..(place + 1).min(open.len()));
            relaxers.extend(slots.unwrap_or_default().iter().map(|s| Literal::Is(*s)));
            self.compare(&relaxers, &Linear::column(*column), Relation::Eq)?;
        }
        Ok(())
    }

    // --- functions

    fn function(&mut self, column: ColumnId, function: &Function) -> Lowered<()> {
        let small = self.may_move(column, true);
        let large = self.may_move(column, false);
        // `f - e`
        let minus = |e: &Linear| {
            let mut difference = Linear::column(column);
            difference.add(e, &Number::from(-1));
            difference.normalize();
            difference
        };
        let at_least = |e: &Linear| Condition::Compare(minus(e), Relation::Ge);
        let at_most = |e: &Linear| Condition::Compare(minus(e), Relation::Le);
        let condition = match function {
            Function::Abs(argument) => {
                let parts = [argument.clone(), negated(argument)];
                extreme(&parts, small, &at_least, &at_most)
            }
            Function::Max(parts) => extreme(parts, small, &at_least, &at_most),
            Function::Min(parts) => extreme(parts, large, &at_most, &at_least),
            Function::If(when, then, otherwise) => {
                let equal = |e: &Linear| Condition::Compare(minus(e), Relation::Eq);
                Condition::And(vec![
                    Condition::Or(vec![positive(when, false), equal(then)]),
                    Condition::Or(vec![positive(when, true), equal(otherwise)]),
                ])
            }
            Function::Piecewise { argument, points } => {
                return self.piecewise(column, argument, points, small, large);
            }
        };
        self.post(&[], &condition)
    }

    /// Whether a column may become smaller (or larger) without breaking a row or
    /// making the objective worse.
    fn may_move(&self, column: ColumnId, down: bool) -> bool {
        let objective = self.source.objective();
        let harms = objective.is_some_and(|o| {
            let wants_small = |a: &Number| a.is_positive() == (o.sense == Sense::Minimize);
            let mut terms = o.expression.terms.iter().filter(|(c, _)| *c == column);
            terms.any(|(_, a)| wants_small(a) != down)
        });
        // Where objectives are weighed against each other, all matter.
        if harms || self.source.objectives.len() > 1 {
            return false;
        }
        let in_logic = self.source.conditions.iter().any(|c| mentions(c, column))
            || self
                .source
                .functions
                .iter()
                .any(|d| function_mentions(&d.function, column));
        !in_logic && self.rows_let(column, down)
    }

    fn rows_let(&self, column: ColumnId, down: bool) -> bool {
        let rows: &Rows = &self.source.rows;
        rows.iter().all(|row| {
            let coefficient = row.terms().find(|(c, _)| *c == column).map(|(_, a)| a);
            coefficient.is_none_or(|a| {
                let falls = a.is_positive() == down;
                if falls {
                    row.lower.is_none()
                } else {
                    row.upper.is_none()
                }
            })
        })
    }

    fn piecewise(
        &mut self,
        column: ColumnId,
        argument: &Linear,
        points: &[(Number, Number)],
        small: bool,
        large: bool,
    ) -> Lowered<()> {
        let slopes: Vec<Number> = points
            .iter()
            .zip(points.iter().skip(1))
            .filter_map(|((x0, y0), (x1, y1))| (y1 - y0).checked_div(&(x1 - x0)))
            .collect();
        let convex = slopes.is_sorted();
        let concave = slopes.is_sorted_by(|a, b| a >= b);
        if (convex && small) || (concave && large) {
            for (slope, (x, y)) in slopes.iter().zip(points) {
                // f - slope * argument against y - slope * x
                let mut difference = Linear::column(column);
                difference.add(argument, &-slope);
                difference.constant += &-&(y - &(slope * x));
                let (lower, upper) = if small && convex {
                    (Some(Number::ZERO), None)
                } else {
                    (None, Some(Number::ZERO))
                };
                self.row(lower, difference, upper);
            }
            return Ok(());
        }
        // A point between two neighbouring corners, as their weighted mean.
        let weights: Vec<ColumnId> = points
            .iter()
            .map(|_| {
                self.helper(Column {
                    lower: Some(Number::ZERO),
                    upper: Some(Number::ONE),
                    domain: Domain::Real,
                })
            })
            .collect();
        let (mut total, mut x_sum, mut y_sum) =
            (Linear::default(), negated(argument), Linear::default());
        y_sum.terms.push((column, Number::from(-1)));
        for (weight, (x, y)) in weights.iter().zip(points) {
            total.terms.push((*weight, Number::ONE));
            x_sum.terms.push((*weight, x.clone()));
            y_sum.terms.push((*weight, y.clone()));
        }
        let zero = || Some(Number::ZERO);
        self.row(Some(Number::ONE), total, Some(Number::ONE));
        self.row(zero(), x_sum, zero());
        self.row(zero(), y_sum, zero());
        self.sos(&[], 2, &weights)
    }
}

/// That a column is the greatest of its parts (with the two comparisons
/// exchanged: the least): on one side of all, and, unless it goes there by
/// itself, on the other side of one.
fn extreme(
    parts: &[Linear],
    goes_there: bool,
    beyond: &dyn Fn(&Linear) -> Condition,
    reached: &dyn Fn(&Linear) -> Condition,
) -> Condition {
    let mut conditions: Vec<Condition> = parts.iter().map(beyond).collect();
    if !goes_there {
        conditions.push(Condition::Or(parts.iter().map(reached).collect()));
    }
    Condition::And(conditions)
}

fn negated(expression: &Linear) -> Linear {
    let mut result = expression.clone();
    result.scale(&Number::from(-1));
    result
}

/// Whether bounds decide how an expression relates to 0.
fn decided(relation: Relation, low: &Bound, high: &Bound) -> Option<bool> {
    let below = |strict: bool| {
        high.as_ref()
            .is_some_and(|h| h.is_negative() || (!strict && h.is_zero()))
    };
    let above = |strict: bool| {
        low.as_ref()
            .is_some_and(|l| l.is_positive() || (!strict && l.is_zero()))
    };
    let (holds, fails) = match relation {
        Relation::Le => (below(false), above(true)),
        Relation::Lt => (below(true), above(false)),
        Relation::Ge => (above(false), below(true)),
        Relation::Gt => (above(true), below(false)),
        Relation::Eq => (below(false) && above(false), below(true) || above(true)),
        Relation::Ne => (below(true) || above(true), below(false) && above(false)),
    };
    match (holds, fails) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

fn mentions(condition: &Condition, column: ColumnId) -> bool {
    let within = |e: &Linear| e.terms.iter().any(|(c, _)| *c == column);
    match condition {
        Condition::Constant(_) => false,
        Condition::Compare(left, _) => within(left),
        Condition::Not(inner) => mentions(inner, column),
        Condition::And(parts) | Condition::Or(parts) | Condition::Count(_, _, parts) => {
            parts.iter().any(|p| mentions(p, column))
        }
        Condition::Xor(a, b) | Condition::Implies(a, b) | Condition::Iff(a, b) => {
            mentions(a, column) || mentions(b, column)
        }
        Condition::Sos(_, columns) => columns.contains(&column),
    }
}

fn function_mentions(function: &Function, column: ColumnId) -> bool {
    let within = |e: &Linear| e.terms.iter().any(|(c, _)| *c == column);
    match function {
        Function::Abs(argument) | Function::Piecewise { argument, .. } => within(argument),
        Function::Min(parts) | Function::Max(parts) => parts.iter().any(within),
        Function::If(condition, then, otherwise) => {
            mentions(condition, column) || within(then) || within(otherwise)
        }
    }
}
