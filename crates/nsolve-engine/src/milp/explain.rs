use std::fmt::Write;

use nsolve_il::milp::{
    Condition, Count, Family, Item, Linear, Number, Problem, Relation, Row, Sense,
};

use super::answer::{MilpAnswer, MilpDecision};
use crate::answer::Assurance;

/// An answer in words and tables.
pub fn explain_milp(problem: &Problem, answer: &MilpAnswer) -> String {
    let mut out = String::new();
    head(problem, answer, &mut out);
    if let Some(point) = &answer.point {
        out.push('\n');
        values(problem, point, &mut out);
    }
    for (place, point) in answer.more.iter().enumerate() {
        let _ = writeln!(out, "\nsolution {}:", place + 2);
        for objective in &problem.objectives {
            let value = objective.expression.value(point);
            let _ = writeln!(out, "  {} = {}", objective.name, shown(&value));
        }
        values(problem, point, &mut out);
    }
    sensitivity(problem, answer, &mut out);
    if let Some(conflict) = &answer.conflict {
        out.push('\n');
        let what = match (conflict.members.len(), conflict.is_irreducible()) {
            (1, _) => "This cannot hold:",
            (_, true) => "These cannot all hold, and any of them could be left out to mend that:",
            (_, false) => {
                "These cannot all hold (that there is no smaller such set was not shown):"
            }
        };
        let _ = writeln!(out, "{what}");
        for member in &conflict.members {
            let _ = writeln!(out, "  {}", item(problem, member.item));
        }
    }
    if !answer.ray.is_empty() {
        out.push_str("\nThe objective gets better for ever when these change together:\n");
        for (column, change) in &answer.ray {
            let sign = if change.is_negative() { "" } else { "+" };
            let _ = writeln!(
                out,
                "  {} by {sign}{}",
                problem.column_name(*column),
                shown(change)
            );
        }
    }
    out
}

fn head(problem: &Problem, answer: &MilpAnswer, out: &mut String) {
    let _ = write!(out, "{}", answer.decision.as_str());
    let _ = writeln!(out, " ({})", answer.assurance.name());
    let pairs = problem.objectives.iter().zip(&answer.objectives);
    for (objective, value) in pairs {
        let _ = writeln!(out, "{} = {}", objective.name, shown(value));
    }
    let said = match (answer.decision, answer.assurance) {
        (MilpDecision::Optimal, Assurance::Verified) => {
            "The point is feasible and no point is better: both were checked exactly."
        }
        (MilpDecision::Optimal, Assurance::CrossChecked) => {
            "The point was checked; that none is better is what two solvers say."
        }
        (MilpDecision::Optimal, Assurance::Claimed) => {
            "That no point is better is what the solver says; it was not shown."
        }
        (MilpDecision::Feasible, _) => "A better point may exist.",
        (MilpDecision::Infeasible, Assurance::Verified) => {
            "There is no feasible point: a combination of the constraints shows it."
        }
        (MilpDecision::Infeasible, _) => "There is no feasible point, as the solver says.",
        (MilpDecision::Unbounded, _) => "The objective has no limit.",
        (MilpDecision::InfeasibleOrUnbounded, _) => {
            "There is no feasible point, or the objective has no limit; which of them was not found out."
        }
        (MilpDecision::Unknown, _) => "Not decided.",
    };
    let _ = writeln!(out, "{said}");
    if let Some(by) = answer.violation {
        let _ = writeln!(
            out,
            "The point is only nearly feasible: something is violated by {by:.1e}."
        );
    }
    if let (MilpDecision::Feasible | MilpDecision::Unknown, Some(bound)) =
        (answer.decision, answer.bound)
    {
        let _ = writeln!(out, "No point is better than {bound}, as the solver says.");
        if let Some(value) = answer.objectives.first() {
            let gap = (value.to_f64() - bound).abs() / value.to_f64().abs().max(1e-10);
            let _ = writeln!(out, "gap {:.4} %", gap * 100.0);
        }
    }
    if answer.stop != nsolve_backend::StopReason::Completed {
        let _ = writeln!(out, "stopped: {}", answer.stop);
    }
}

/// A number as people like it: exact where that is short.
fn shown(number: &Number) -> String {
    let exact = number.to_string();
    if exact.len() <= 16 {
        return exact;
    }
    let float = number.to_f64();
    if float.abs() >= 1e15 || (float != 0.0 && float.abs() < 1e-6) {
        format!("{float:.6e}")
    } else {
        format!("{float:.6}")
    }
}

/// The values that are not 0, by name.
fn values(problem: &Problem, point: &[Number], out: &mut String) {
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut zeros = 0;
    for (id, value) in (0..).zip(point) {
        let helper = problem
            .column_family(id)
            .is_some_and(|f: &Family| f.helps.is_some());
        if helper {
            continue;
        }
        if value.is_zero() {
            zeros += 1;
        } else {
            rows.push((problem.column_name(id), shown(value)));
        }
    }
    let width = rows
        .iter()
        .map(|(n, _)| n.chars().count())
        .max()
        .unwrap_or(0);
    let digits = rows
        .iter()
        .map(|(_, v)| v.chars().count())
        .max()
        .unwrap_or(0);
    for (name, value) in &rows {
        let _ = writeln!(out, "  {name:<width$}  {value:>digits$}");
    }
    match zeros {
        0 => {}
        1 => out.push_str("  (one more is 0)\n"),
        n if rows.is_empty() => {
            let _ = writeln!(out, "  (all {n} are 0)");
        }
        n => {
            let _ = writeln!(out, "  ({n} more are 0)");
        }
    }
}

fn sensitivity(problem: &Problem, answer: &MilpAnswer, out: &mut String) {
    let Some(s) = &answer.sensitivity else {
        return;
    };
    let range = |(a, b): (f64, f64)| format!("{} .. {}", float(a), float(b));
    let mut rows: Vec<[String; 3]> = Vec::new();
    for (id, dual) in (0..).zip(&s.row_duals) {
        let helper = problem.row_family(id).is_some_and(|f| f.helps.is_some());
        if dual.abs() > 1e-9 && !helper {
            let at = s.right_sides.get(id as usize).copied().map(range);
            rows.push([problem.row_name(id), float(*dual), at.unwrap_or_default()]);
        }
    }
    if !rows.is_empty() {
        out.push_str(
            "\nA unit more on the right side changes the objective by (while it is within):\n",
        );
        table(&rows, out);
    }
    let mut columns: Vec<[String; 3]> = Vec::new();
    for (id, reduced) in (0..).zip(&s.reduced_costs) {
        let helper = problem.column_family(id).is_some_and(|f| f.helps.is_some());
        if !helper {
            let at = s.costs.get(id as usize).copied().map(range);
            columns.push([
                problem.column_name(id),
                float(*reduced),
                at.unwrap_or_default(),
            ]);
        }
    }
    if !columns.is_empty() && columns.len() <= 200 {
        out.push_str("\nReduced costs, and between which costs the point stays best:\n");
        table(&columns, out);
    }
}

fn float(value: f64) -> String {
    if value.abs() >= 1e20 {
        return if value > 0.0 {
            "inf".into()
        } else {
            "-inf".into()
        };
    }
    let rounded = (value * 1e6).round() / 1e6;
    format!("{}", rounded + 0.0)
}

fn table(rows: &[[String; 3]], out: &mut String) {
    let width = |i: usize| {
        let cells = rows.iter().filter_map(|r| r.get(i));
        cells.map(|c| c.chars().count()).max().unwrap_or(0)
    };
    let (a, b) = (width(0), width(1));
    for [first, second, third] in rows {
        let line = format!("  {first:<a$}  {second:>b$}  {third}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// A part of a problem, as it reads: `capacity: x + y <= 4`.
pub(super) fn item(problem: &Problem, item: Item) -> String {
    match item {
        Item::Row(row) => {
            let text = row_text(problem, &problem.rows.get(row));
            let doc = problem.row_family(row).and_then(|f| f.doc.as_deref());
            named(&problem.row_name(row), &text, doc)
        }
        Item::Lower(c) => {
            let bound = problem
                .column(c)
                .lower
                .as_ref()
                .map(shown)
                .unwrap_or_default();
            format!("{} >= {bound}", problem.column_name(c))
        }
        Item::Upper(c) => {
            let bound = problem
                .column(c)
                .upper
                .as_ref()
                .map(shown)
                .unwrap_or_default();
            format!("{} <= {bound}", problem.column_name(c))
        }
        Item::Domain(c) => {
            let name = problem.column_name(c);
            format!("{name} is {}", problem.column(c).domain.name())
        }
        Item::Condition(id) => {
            let text = problem
                .conditions
                .get(id as usize)
                .map(|c| condition(problem, c));
            let doc = problem.condition_family(id).and_then(|f| f.doc.as_deref());
            named(&problem.condition_name(id), &text.unwrap_or_default(), doc)
        }
        Item::Function(id) => format!("the value of function {}", id + 1),
    }
}

fn named(name: &str, text: &str, doc: Option<&str>) -> String {
    match doc {
        Some(doc) => format!("{name} ({doc}): {text}"),
        None => format!("{name}: {text}"),
    }
}

fn row_text(problem: &Problem, row: &Row<'_>) -> String {
    let terms: Vec<(u32, Number)> = row.terms().map(|(c, v)| (c, v.clone())).collect();
    let sum = terms_text(problem, &terms);
    match (row.lower, row.upper) {
        (Some(l), Some(u)) if l == u => format!("{sum} = {}", shown(l)),
        (Some(l), Some(u)) => format!("{} <= {sum} <= {}", shown(l), shown(u)),
        (Some(l), None) => format!("{sum} >= {}", shown(l)),
        (None, Some(u)) => format!("{sum} <= {}", shown(u)),
        (None, None) => format!("{sum} is anything"),
    }
}

/// The most terms of a sum that are written out.
const MOST_TERMS: usize = 12;

fn terms_text(problem: &Problem, terms: &[(u32, Number)]) -> String {
    let mut out = String::new();
    for (place, (column, value)) in terms.iter().enumerate() {
        if place == MOST_TERMS && terms.len() > MOST_TERMS + 1 {
            let _ = write!(out, " + ... ({} terms)", terms.len());
            break;
        }
        let sign = match (place, value.is_negative()) {
            (0, false) => "",
            (0, true) => "-",
            (_, false) => " + ",
            (_, true) => " - ",
        };
        let size = value.abs();
        let name = problem.column_name(*column);
        if size == Number::ONE {
            let _ = write!(out, "{sign}{name}");
        } else {
            let _ = write!(out, "{sign}{} {name}", shown(&size));
        }
    }
    if terms.is_empty() {
        out.push('0');
    }
    out
}

fn linear(problem: &Problem, expression: &Linear) -> String {
    let mut out = terms_text(problem, &expression.terms);
    let constant = &expression.constant;
    if !constant.is_zero() {
        let sign = if constant.is_negative() { '-' } else { '+' };
        let _ = write!(out, " {sign} {}", shown(&constant.abs()));
    }
    out
}

fn condition(problem: &Problem, this: &Condition) -> String {
    let inner = |c: &Condition| match c {
        Condition::Compare(..) | Condition::Constant(_) => condition(problem, c),
        _ => format!("({})", condition(problem, c)),
    };
    let joined = |parts: &[Condition], word: &str| {
        let parts: Vec<String> = parts.iter().map(inner).collect();
        parts.join(word)
    };
    match this {
        Condition::Constant(value) => value.to_string(),
        Condition::Compare(left, relation) => compare(problem, left, *relation),
        Condition::Not(c) => format!("not {}", inner(c)),
        Condition::And(parts) => joined(parts, " and "),
        Condition::Or(parts) => joined(parts, " or "),
        Condition::Xor(a, b) => format!("{} xor {}", inner(a), inner(b)),
        Condition::Implies(a, b) => format!("{} ==> {}", inner(a), inner(b)),
        Condition::Iff(a, b) => format!("{} <==> {}", inner(a), inner(b)),
        Condition::Count(count, number, parts) => {
            let word: &str = Count::name(*count);
            format!("{word} {number} of ({})", joined(parts, ", "))
        }
        Condition::Sos(kind, columns) => {
            let names: Vec<String> = columns.iter().map(|c| problem.column_name(*c)).collect();
            format!("sos{kind} ({})", names.join(", "))
        }
    }
}

fn compare(problem: &Problem, left: &Linear, relation: Relation) -> String {
    if let [(column, value)] = left.terms.as_slice()
        && problem.column(*column).is_binary()
        && left.constant.is_zero()
        && *value == Number::ONE
        && relation == Relation::Ne
    {
        return problem.column_name(*column);
    }
    let sum = terms_text(problem, &left.terms);
    format!("{sum} {} {}", relation.symbol(), shown(&-&left.constant))
}

/// A problem in words: how large it is, what is wanted, and each kind of
/// constraint.
pub fn describe_milp(problem: &Problem) -> String {
    let mut out = String::new();
    let helpers = |families: &[Family]| -> u32 {
        families
            .iter()
            .filter(|f| f.helps.is_some())
            .map(|f| f.len)
            .sum()
    };
    let columns = problem.columns.len() as u32 - helpers(&problem.column_families);
    let binaries = problem.columns.iter().filter(|c| c.is_binary()).count();
    let integers = problem
        .columns
        .iter()
        .filter(|c| c.domain.is_integer())
        .count()
        - binaries;
    let _ = writeln!(
        out,
        "{columns} variables ({binaries} binary, {integers} integer), {} rows with {} coefficients, {} conditions",
        problem.rows.len(),
        problem.rows.nonzeros(),
        problem.conditions.len()
    );
    for objective in &problem.objectives {
        let word = match objective.sense {
            Sense::Minimize => "minimize",
            Sense::Maximize => "maximize",
        };
        let text = linear(problem, &objective.expression);
        let _ = writeln!(out, "{word} {}: {text}", objective.name);
    }
    for row in 0..problem.rows.len().min(200) as u32 {
        let _ = writeln!(out, "  {}", item(problem, Item::Row(row)));
    }
    for id in 0..problem.conditions.len().min(200) as u32 {
        let _ = writeln!(out, "  {}", item(problem, Item::Condition(id)));
    }
    out
}
