//! Herbrand certificates as JSON.

use nsolve_il::fol::{
    ArithmeticOp, Binding, Certificate, CompareOp, GroundId, GroundTerm, Line, LinearFact, Problem,
    Query, SortId,
};
use serde_json::{Map, Value, json};

use super::place::{Items, Place, Places};
use super::value::{Read, expected, field, list, number, sort, symbol, text, truth, whole};
use crate::FormatError;

/// A certificate as JSON: its ground terms, then its lines. Subformulas are
/// named by item and path, so that they are found in any problem that reads the
/// same.
///
/// # Errors
/// [`FormatError::Foreign`] where the certificate is of another query.
pub fn certificate_to_json(
    problem: &Problem,
    query: &Query,
    certificate: &Certificate,
) -> Result<Value, FormatError> {
    let places = Places::of(problem, query);
    let items = Items::of(problem, query);
    let terms: Result<Vec<Value>, _> = certificate
        .terms
        .iter()
        .map(|t| write_term(problem, t))
        .collect();
    let lines: Result<Vec<Value>, _> = certificate
        .lines
        .iter()
        .map(|line| write_line(problem, &places, &items, line))
        .collect();
    Ok(json!({ "terms": terms?, "lines": lines? }))
}

/// The certificate that [`certificate_to_json`] wrote.
///
/// # Errors
/// [`FormatError::Json`] where the value has another shape,
/// [`FormatError::Foreign`] where it names what the problem does not have.
pub fn certificate_from_json(
    problem: &Problem,
    query: &Query,
    value: &Value,
) -> Result<Certificate, FormatError> {
    let mut before = 0;
    let terms = field(value, "terms", |terms| {
        list(terms, |term| {
            let read = read_term(problem, before, term);
            before += 1;
            read
        })
    })?;
    let reader = Reader {
        problem,
        items: Items::of(problem, query),
        terms: before,
    };
    let lines = field(value, "lines", |lines| list(lines, |l| reader.line(l)))?;
    Ok(Certificate { terms, lines })
}

const OPS: [(ArithmeticOp, &str); 8] = [
    (ArithmeticOp::Add, "add"),
    (ArithmeticOp::Subtract, "subtract"),
    (ArithmeticOp::Multiply, "multiply"),
    (ArithmeticOp::Divide, "divide"),
    (ArithmeticOp::Negate, "negate"),
    (ArithmeticOp::IntDivide, "div"),
    (ArithmeticOp::Modulo, "mod"),
    (ArithmeticOp::ToReal, "to_real"),
];

const COMPARISONS: [(Option<CompareOp>, &str); 5] = [
    (Some(CompareOp::Less), "<"),
    (Some(CompareOp::LessEq), "<="),
    (Some(CompareOp::Greater), ">"),
    (Some(CompareOp::GreaterEq), ">="),
    (None, "="),
];

fn word<T: PartialEq>(words: &[(T, &'static str)], thing: &T) -> &'static str {
    let found = words.iter().find(|(t, _)| t == thing);
    found.map_or("", |(_, word)| word)
}

fn thing<T: Copy>(words: &[(T, &'static str)], value: &Value) -> Read<T> {
    let word = text(value)?;
    match words.iter().find(|(_, w)| *w == word) {
        Some((thing, _)) => Ok(*thing),
        None => expected(format!(
            "one of {}",
            words.iter().map(|w| w.1).collect::<Vec<_>>().join(" ")
        )),
    }
}

// Terms --------------------------------------------------------------------

fn numbers(ids: &[GroundId]) -> Vec<u32> {
    ids.iter().map(|id| id.0).collect()
}

fn write_term(problem: &Problem, term: &GroundTerm) -> Result<Value, FormatError> {
    let sort_name = |id: SortId| {
        let sort = problem.signature.sorts().get(id.index());
        let sort = sort.ok_or_else(|| FormatError::foreign(format!("{id:?}")))?;
        Ok(sort.name.to_string())
    };
    match term {
        GroundTerm::Apply(id, arguments) => {
            let symbol = problem.signature.symbols().get(id.index());
            let symbol = symbol.ok_or_else(|| FormatError::foreign(format!("{id:?}")))?;
            Ok(match arguments.is_empty() {
                true => json!(&*symbol.name),
                false => json!({ "apply": &*symbol.name, "to": numbers(arguments) }),
            })
        }
        GroundTerm::Witness(sort) => Ok(json!({ "witness": sort_name(*sort)? })),
        GroundTerm::Number(value, sort) => {
            Ok(json!({ "number": value.to_string(), "sort": sort_name(*sort)? }))
        }
        GroundTerm::Arithmetic(op, operands) => {
            Ok(json!({ "op": word(&OPS, op), "of": numbers(operands) }))
        }
    }
}

/// A position among the terms that are known.
fn ground(known: u32, value: &Value) -> Read<GroundId> {
    match whole(value)? {
        id if id < known => Ok(GroundId(id)),
        _ => expected("the position of a term that stands before"),
    }
}

fn grounds(known: u32, value: &Value) -> Read<Box<[GroundId]>> {
    list(value, |v| ground(known, v)).map(Into::into)
}

fn read_term(problem: &Problem, before: u32, value: &Value) -> Read<GroundTerm> {
    let signature = &problem.signature;
    if let Some(name) = value.as_str() {
        let constant = symbol(signature, name, 0, false)?;
        return Ok(GroundTerm::Apply(constant, Box::new([])));
    }
    if value.get("apply").is_some() {
        let arguments = field(value, "to", |v| grounds(before, v))?;
        let function = field(value, "apply", |v| {
            symbol(signature, text(v)?, arguments.len(), false)
        })?;
        return Ok(GroundTerm::Apply(function, arguments));
    }
    if value.get("witness").is_some() {
        let sort = field(value, "witness", |v| sort(problem, v))?;
        return Ok(GroundTerm::Witness(sort));
    }
    if value.get("number").is_some() {
        let number = field(value, "number", number)?;
        let sort = field(value, "sort", |v| sort(problem, v))?;
        return Ok(GroundTerm::Number(number, sort));
    }
    if value.get("op").is_some() {
        let op = field(value, "op", |v| thing(&OPS, v))?;
        let operands = field(value, "of", |v| grounds(before, v))?;
        return Ok(GroundTerm::Arithmetic(op, operands));
    }
    expected("a constant's name, or an object with `apply`, `witness`, `number` or `op`")
}

// Lines --------------------------------------------------------------------

fn pairs(pairs: &[(GroundId, GroundId)]) -> Vec<[u32; 2]> {
    pairs.iter().map(|(a, b)| [a.0, b.0]).collect()
}

fn write_line(
    problem: &Problem,
    places: &Places<'_>,
    items: &Items<'_>,
    line: &Line,
) -> Result<Value, FormatError> {
    let case = |kind: &str, formula, binding: &Binding, key: &str, terms: &[GroundId]| {
        let (item, at, place) = places.write(formula)?;
        let mut bound = Map::new();
        for (variable, term) in binding {
            bound.insert(place.key(problem, *variable)?, json!(term.0));
        }
        let mut line = json!({ "line": kind, "item": item, "at": at, "binding": bound });
        if let Some(object) = line.as_object_mut() {
            object.insert(key.into(), json!(numbers(terms)));
        }
        Ok(line)
    };
    Ok(match line {
        Line::Assert(item) => json!({ "line": "assert", "item": items.write(*item)? }),
        Line::Instance {
            formula,
            binding,
            terms,
        } => return case("instance", *formula, binding, "terms", terms),
        Line::Witness {
            formula,
            binding,
            constants,
        } => return case("witness", *formula, binding, "constants", constants),
        Line::Equal { equal, then } => {
            json!({ "line": "equal", "equal": pairs(equal), "then": [then.0.0, then.1.0] })
        }
        Line::SameAtom {
            equal,
            predicate,
            from,
            to,
        } => {
            let symbol = problem.signature.symbols().get(predicate.index());
            let symbol = symbol.ok_or_else(|| FormatError::foreign(format!("{predicate:?}")))?;
            json!({ "line": "same-atom", "equal": pairs(equal), "predicate": &*symbol.name,
                "from": numbers(from), "to": numbers(to) })
        }
        Line::OneOf(term) => json!({ "line": "one-of", "term": term.0 }),
        Line::Different(a, b) => json!({ "line": "different", "terms": [a.0, b.0] }),
        Line::Linear(facts) => {
            let facts: Vec<Value> = facts.iter().map(write_fact).collect();
            json!({ "line": "linear", "facts": facts })
        }
        Line::IntegerSplit(term, at) => {
            json!({ "line": "integer-split", "term": term.0, "at_most": at.to_string() })
        }
        Line::Trichotomy(a, b) => json!({ "line": "trichotomy", "terms": [a.0, b.0] }),
    })
}

fn write_fact(fact: &LinearFact) -> Value {
    json!({ "left": fact.left.0, "op": word(&COMPARISONS, &fact.op), "right": fact.right.0,
        "holds": fact.holds, "factor": fact.factor.to_string() })
}

struct Reader<'a> {
    problem: &'a Problem,
    items: Items<'a>,
    terms: u32,
}

impl Reader<'_> {
    fn ground(&self, value: &Value) -> Read<GroundId> {
        ground(self.terms, value)
    }

    fn grounds(&self, value: &Value) -> Read<Box<[GroundId]>> {
        grounds(self.terms, value)
    }

    fn pair(&self, value: &Value) -> Read<(GroundId, GroundId)> {
        match *self.grounds(value)? {
            [a, b] => Ok((a, b)),
            _ => expected("two terms"),
        }
    }

    fn pairs(&self, value: &Value) -> Read<Box<[(GroundId, GroundId)]>> {
        list(value, |v| self.pair(v)).map(Into::into)
    }

    fn place(&self, value: &Value) -> Read<(Place, Binding)> {
        let place = Place::read(self.problem, &self.items, value)?;
        let binding = field(value, "binding", |bound| {
            let Some(entries) = bound.as_object() else {
                return expected("an object");
            };
            let mut binding = Vec::new();
            for (key, term) in entries {
                let variable = place.variable(self.problem, key)?;
                binding.push((variable, self.ground(term)?));
            }
            binding.sort_by_key(|(variable, _)| *variable);
            Ok(binding.into())
        })?;
        Ok((place, binding))
    }

    fn line(&self, value: &Value) -> Read<Line> {
        let kind = field(value, "line", text)?;
        Ok(match kind {
            "assert" => Line::Assert(field(value, "item", |v| self.items.read(v))?),
            "instance" => {
                let (place, binding) = self.place(value)?;
                Line::Instance {
                    formula: place.term,
                    binding,
                    terms: field(value, "terms", |v| self.grounds(v))?,
                }
            }
            "witness" => {
                let (place, binding) = self.place(value)?;
                Line::Witness {
                    formula: place.term,
                    binding,
                    constants: field(value, "constants", |v| self.grounds(v))?,
                }
            }
            "equal" => Line::Equal {
                equal: field(value, "equal", |v| self.pairs(v))?,
                then: field(value, "then", |v| self.pair(v))?,
            },
            "same-atom" => {
                let from = field(value, "from", |v| self.grounds(v))?;
                let to = field(value, "to", |v| self.grounds(v))?;
                let predicate = field(value, "predicate", |v| {
                    symbol(&self.problem.signature, text(v)?, from.len(), true)
                })?;
                Line::SameAtom {
                    equal: field(value, "equal", |v| self.pairs(v))?,
                    predicate,
                    from,
                    to,
                }
            }
            "one-of" => Line::OneOf(field(value, "term", |v| self.ground(v))?),
            "different" => {
                let (a, b) = field(value, "terms", |v| self.pair(v))?;
                Line::Different(a, b)
            }
            "linear" => Line::Linear(field(value, "facts", |v| {
                Ok(list(v, |fact| self.fact(fact))?.into())
            })?),
            "integer-split" => Line::IntegerSplit(
                field(value, "term", |v| self.ground(v))?,
                field(value, "at_most", number)?,
            ),
            "trichotomy" => {
                let (a, b) = field(value, "terms", |v| self.pair(v))?;
                Line::Trichotomy(a, b)
            }
            other => return expected(format!("a kind of line, not `{other:.60}`")),
        })
    }

    fn fact(&self, value: &Value) -> Read<LinearFact> {
        Ok(LinearFact {
            left: field(value, "left", |v| self.ground(v))?,
            op: field(value, "op", |v| thing(&COMPARISONS, v))?,
            right: field(value, "right", |v| self.ground(v))?,
            holds: field(value, "holds", truth)?,
            factor: field(value, "factor", number)?,
        })
    }
}
