use nsolve_il::milp::{Column, ColumnId, Condition, Function, Item, Linear, Number, Problem, Row};

use super::{MilpFault, fault, pay, sign};
use crate::{Refusal, spend};

/// Whether a point satisfies everything.
pub(super) fn check_point(
    problem: &Problem,
    relaxed: bool,
    point: &[Number],
    steps: &mut u64,
) -> Result<(), Refusal> {
    if point.len() != problem.columns.len() {
        return fault(MilpFault::Length {
            found: u32::try_from(point.len()).unwrap_or(u32::MAX),
            wanted: u32::try_from(problem.columns.len()).unwrap_or(u32::MAX),
        });
    }
    for (id, (column, value)) in (0..).zip(problem.columns.iter().zip(point)) {
        pay(steps, value)?;
        check_value(id, column, relaxed, value)?;
    }
    for (id, row) in (0..).zip(problem.rows.iter()) {
        for column in row.columns {
            let Some(value) = point.get(*column as usize) else {
                return fault(MilpFault::Dangling);
            };
            pay(steps, value)?;
        }
        if !is_within(&row, &row.value(point)) {
            return fault(MilpFault::Violated(Item::Row(id)));
        }
    }
    if relaxed {
        return Ok(());
    }
    for (id, definition) in (0..).zip(&problem.functions) {
        spend_function(&definition.function, steps)?;
        let value = point.get(definition.column as usize);
        if value.is_none() || value != definition.function.value(point).as_ref() {
            return fault(MilpFault::Violated(Item::Function(id)));
        }
    }
    for (id, condition) in (0..).zip(&problem.conditions) {
        spend_condition(condition, steps)?;
        if !condition.holds(point) {
            return fault(MilpFault::Violated(Item::Condition(id)));
        }
    }
    Ok(())
}

fn is_within(row: &Row<'_>, value: &Number) -> bool {
    row.lower.is_none_or(|l| l <= value) && row.upper.is_none_or(|u| value <= u)
}

fn check_value(
    id: ColumnId,
    column: &Column,
    relaxed: bool,
    value: &Number,
) -> Result<(), Refusal> {
    if column.domain.is_integer() && !relaxed && !value.is_integer() {
        return fault(MilpFault::Violated(Item::Domain(id)));
    }
    let semi = column.domain.is_semi();
    if semi && value.is_zero() {
        return Ok(());
    }
    let is_low = column.lower.as_ref().is_some_and(|l| value < l);
    let is_high = column.upper.as_ref().is_some_and(|u| value > u);
    // Relaxed, a semicontinuous column may lie between 0 and its bounds.
    let reaches_zero = semi && relaxed;
    if is_low && !(reaches_zero && value.is_positive()) {
        return fault(MilpFault::Violated(Item::Lower(id)));
    }
    if is_high && !(reaches_zero && value.is_negative()) {
        return fault(MilpFault::Violated(Item::Upper(id)));
    }
    Ok(())
}

fn spend_function(function: &Function, steps: &mut u64) -> Result<(), Refusal> {
    match function {
        Function::Abs(argument) => spend_linear(argument, steps),
        Function::Min(parts) | Function::Max(parts) => {
            parts.iter().try_for_each(|part| spend_linear(part, steps))
        }
        Function::If(condition, then, otherwise) => {
            spend_condition(condition, steps)?;
            spend_linear(then, steps)?;
            spend_linear(otherwise, steps)
        }
        Function::Piecewise { argument, points } => {
            spend(steps, points.len() as u64)?;
            spend_linear(argument, steps)
        }
    }
}

fn spend_linear(linear: &Linear, steps: &mut u64) -> Result<(), Refusal> {
    spend(steps, 1 + 4 * linear.terms.len() as u64)
}

fn spend_condition(condition: &Condition, steps: &mut u64) -> Result<(), Refusal> {
    match condition {
        Condition::Constant(_) => spend(steps, 1),
        Condition::Compare(left, _) => spend_linear(left, steps),
        Condition::Not(inner) => spend_condition(inner, steps),
        Condition::And(parts) | Condition::Or(parts) | Condition::Count(_, _, parts) => parts
            .iter()
            .try_for_each(|part| spend_condition(part, steps)),
        Condition::Xor(a, b) | Condition::Implies(a, b) | Condition::Iff(a, b) => {
            spend_condition(a, steps)?;
            spend_condition(b, steps)
        }
        Condition::Sos(_, columns) => spend(steps, columns.len() as u64),
    }
}

/// Whether the objective gets better for ever in a direction that breaks
/// nothing.
pub(super) fn check_ray(
    problem: &Problem,
    relaxed: bool,
    ray: &[(ColumnId, Number)],
    steps: &mut u64,
) -> Result<(), Refusal> {
    let logic = !problem.conditions.is_empty() || !problem.functions.is_empty();
    if logic && !relaxed {
        return Err(Refusal::NoEvidence);
    }
    let mut direction = vec![Number::ZERO; problem.columns.len()];
    for (id, change) in ray {
        let Some(place) = direction.get_mut(*id as usize) else {
            return fault(MilpFault::Dangling);
        };
        *place = change.clone();
        let column = problem.column(*id);
        let meets_bound = (change.is_negative() && column.lower.is_some())
            || (change.is_positive() && column.upper.is_some());
        let leaves_domain = !relaxed && column.domain.is_integer() && !change.is_integer();
        if !change.is_zero() && (meets_bound || leaves_domain || column.domain.is_semi()) {
            return fault(MilpFault::Ray);
        }
    }
    for row in problem.rows.iter() {
        spend(steps, 1 + row.columns.len() as u64)?;
        let change = row.value(&direction);
        pay(steps, &change)?;
        let meets_bound = (change.is_negative() && row.lower.is_some())
            || (change.is_positive() && row.upper.is_some());
        if meets_bound {
            return fault(MilpFault::Ray);
        }
    }
    let Some(objective) = problem.objective() else {
        return fault(MilpFault::Ray);
    };
    let mut slope = objective.expression.value(&direction);
    slope = &(&slope - &objective.expression.constant) * &sign(objective.sense);
    if slope.is_negative() {
        Ok(())
    } else {
        fault(MilpFault::Ray)
    }
}
