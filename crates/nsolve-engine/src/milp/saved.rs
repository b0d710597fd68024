//! Answers about optimisation problems as JSON.

use nsolve_backend::Evidence;
use nsolve_il::milp::{Certificate, Family, Node, Number, Problem, Proof};
use serde_json::{Map, Value, json};

use super::answer::{Conflict, MilpAnswer};
use super::explain::item;

/// An answer as JSON; numbers are texts that hold them exactly.
pub fn milp_answer_to_json(id: &str, problem: &Problem, answer: &MilpAnswer) -> Value {
    let point = answer.point.as_ref().map(|p| values(problem, p));
    let more: Vec<Value> = answer.more.iter().map(|p| values(problem, p)).collect();
    let objectives: Map<String, Value> = problem
        .objectives
        .iter()
        .zip(&answer.objectives)
        .map(|(o, value)| (o.name.to_string(), exact(value)))
        .collect();
    let first = answer.objectives.first();
    json!({
        "format": "nsolve/answer",
        "version": "1.0",
        "id": id,
        "language": "milp",
        "answer": first.map_or(json!(answer.decision.as_str()), |v| json!(v.to_f64())),
        "verdict": answer.decision.as_str(),
        "stop": answer.stop.to_string(),
        "assurance": answer.assurance.name(),
        "objective": first.map(Number::to_f64),
        "objectives": objectives,
        "bound": answer.bound,
        "violation": answer.violation,
        "solution": point,
        "solutions": more,
        "sensitivity": sensitivity(problem, answer),
        "ray": ray(problem, answer),
        "conflict": answer.conflict.as_ref().map(|c| conflict(problem, c)),
        "evidence": evidence(&answer.evidence),
        "backend": {"name": answer.backend.0, "version": answer.backend.1},
        "time": {
            "read_us": answer.times.read.as_micros() as u64,
            "lower_us": answer.times.lower.as_micros() as u64,
            "solve_us": answer.times.solve.as_micros() as u64,
            "certify_us": answer.times.certify.as_micros() as u64,
            "check_us": answer.times.check.as_micros() as u64,
        },
    })
}

/// An integer of 53 bits as a number, anything else as a text.
fn exact(number: &Number) -> Value {
    match number.to_i64().filter(|n| n.unsigned_abs() < 1 << 53) {
        Some(n) => json!(n),
        None => json!(number.to_string()),
    }
}

fn values(problem: &Problem, point: &[Number]) -> Value {
    let mut map = Map::new();
    for (id, value) in (0..).zip(point) {
        let helper = problem
            .column_family(id)
            .is_some_and(|f: &Family| f.helps.is_some());
        if !helper {
            map.insert(problem.column_name(id), exact(value));
        }
    }
    Value::Object(map)
}

/// A float that JSON has; infinities are texts.
fn float(value: f64) -> Value {
    if value.is_finite() && value.abs() < 1e20 {
        json!(value)
    } else if value > 0.0 {
        json!("inf")
    } else {
        json!("-inf")
    }
}

fn sensitivity(problem: &Problem, answer: &MilpAnswer) -> Value {
    let Some(s) = &answer.sensitivity else {
        return Value::Null;
    };
    let mut rows = Map::new();
    for (id, dual) in (0..).zip(&s.row_duals) {
        let helper = problem.row_family(id).is_some_and(|f| f.helps.is_some());
        if !helper && (id as usize) < problem.rows.len() {
            let (from, to) = s.right_sides.get(id as usize).copied().unwrap_or_default();
            rows.insert(
                problem.row_name(id),
                json!({"dual": float(*dual), "from": float(from), "to": float(to)}),
            );
        }
    }
    let mut columns = Map::new();
    for (id, reduced) in (0..).zip(&s.reduced_costs) {
        let helper = problem.column_family(id).is_some_and(|f| f.helps.is_some());
        if !helper && (id as usize) < problem.columns.len() {
            let (from, to) = s.costs.get(id as usize).copied().unwrap_or_default();
            columns.insert(
                problem.column_name(id),
                json!({"reduced_cost": float(*reduced), "from": float(from), "to": float(to)}),
            );
        }
    }
    json!({"rows": rows, "columns": columns})
}

fn ray(problem: &Problem, answer: &MilpAnswer) -> Value {
    if answer.ray.is_empty() {
        return Value::Null;
    }
    let changes = answer.ray.iter();
    changes
        .map(|(column, change)| (problem.column_name(*column), exact(change)))
        .collect::<Map<String, Value>>()
        .into()
}

fn conflict(problem: &Problem, conflict: &Conflict) -> Value {
    let members: Vec<Value> = conflict
        .members
        .iter()
        .map(|member| {
            json!({
                "text": item(problem, member.item),
                "needed": member.needed,
                "span": problem.span(member.item).map(|s| [s.start, s.end]),
            })
        })
        .collect();
    json!({
        "irreducible": conflict.is_irreducible(),
        "clash": conflict.clash.name(),
        "members": members,
    })
}

fn evidence(evidence: &Evidence<nsolve_il::milp::Milp>) -> Value {
    match evidence {
        Evidence::Model(solution) => json!({
            "kind": "solution",
            "point": solution.point.iter().map(exact).collect::<Vec<_>>(),
            "proof": solution.proof.as_ref().map(proof),
        }),
        Evidence::Certificate(Certificate::Infeasible(tree)) => {
            json!({"kind": "infeasible", "proof": proof(tree)})
        }
        Evidence::Certificate(Certificate::Unbounded { point, ray }) => json!({
            "kind": "unbounded",
            "point": point.iter().map(exact).collect::<Vec<_>>(),
            "ray": ray.iter().map(|(c, v)| json!([c, exact(v)])).collect::<Vec<_>>(),
        }),
        _ => Value::Null,
    }
}

fn proof(proof: &Proof) -> Value {
    let node = |node: &Node| match node {
        Node::Leaf { objective, weights } => json!({
            "objective": objective,
            "weights": weights.iter().map(|(r, w)| json!([r, exact(w)])).collect::<Vec<_>>(),
        }),
        Node::Split { column, at, cases } => {
            json!({"column": column, "at": at, "cases": [cases.0, cases.1]})
        }
        Node::Semi { column, cases } => {
            json!({"semicontinuous": column, "cases": [cases.0, cases.1]})
        }
    };
    proof.nodes.iter().map(node).collect()
}
