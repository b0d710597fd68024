//! Units: whether what is added, compared or assigned is of one dimension.
//!
//! What has no unit declared may have any: nothing is said of expressions with
//! such a part, so that a model may give units where they matter only. A number
//! that is written out is a pure factor in a product, and of whatever unit is
//! wanted in a sum or beside a comparison.

use std::collections::BTreeMap;
use std::sync::Arc;

use nsolve_source::{Code, Diagnostic, Span};
use rustc_hash::FxHashMap;

use super::ast::{
    Expr, ExprKind, Iterated, Model, Operator, ParamValue, Restriction, Statement, Unit,
};

/// Base units with their powers.
type Powers = BTreeMap<Arc<str>, i32>;

/// What is known of an expression's unit.
#[derive(Clone, Debug, PartialEq)]
enum Dimension {
    Unknown,
    /// A number that is written out.
    Literal,
    Of(Powers),
}

/// Tells where units do not fit.
pub(super) fn check_units(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    let mut declared: FxHashMap<Arc<str>, Dimension> = FxHashMap::default();
    for statement in &model.statements {
        let (head, unit) = match statement {
            Statement::Param(p) => (&p.head, &p.unit),
            Statement::Var(v) => (&v.head, &v.unit),
            _ => continue,
        };
        declared.insert(head.name.text.clone(), of(unit.as_ref()));
    }
    let mut checker = Checker {
        declared,
        diagnostics,
    };
    for statement in &model.statements {
        checker.statement(statement);
    }
}

fn of(unit: Option<&Unit>) -> Dimension {
    unit.map_or(Dimension::Unknown, |u| {
        Dimension::Of(u.powers.iter().cloned().collect())
    })
}

struct Checker<'a> {
    declared: FxHashMap<Arc<str>, Dimension>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Param(p) => {
                let own = of(p.unit.as_ref());
                let place = p.head.name.span;
                if let Some(ParamValue::Expr(value)) = &p.value {
                    self.fits(&own, place, value);
                }
                if let Some(value) = &p.default {
                    self.fits(&own, place, value);
                }
                for restriction in &p.restrictions {
                    if let Restriction::Compare(_, value) = restriction {
                        self.fits(&own, place, value);
                    }
                }
            }
            Statement::Var(v) => {
                let own = of(v.unit.as_ref());
                for (_, bound) in &v.bounds {
                    self.fits(&own, v.head.name.span, bound);
                }
            }
            Statement::Objective(o) => {
                self.infer(&o.expression);
            }
            Statement::Constraint(c) => {
                self.infer(&c.condition);
            }
            Statement::Check { condition, .. } => {
                self.infer(condition);
            }
            Statement::Set(_) => {}
        }
    }

    fn fits(&mut self, own: &Dimension, place: Span, value: &Expr) {
        let found = self.infer(value);
        self.same((own.clone(), place), (found, value.span), value.span);
    }

    /// The unit of two things that must have the same one.
    fn same(&mut self, left: (Dimension, Span), right: (Dimension, Span), span: Span) -> Dimension {
        match (&left.0, &right.0) {
            (Dimension::Of(a), Dimension::Of(b)) if a != b => {
                let message = format!("`{}` and `{}` do not fit", shown(a), shown(b));
                self.diagnostics.push(
                    Diagnostic::error(Code::UNIT_MISMATCH, message)
                        .at(span)
                        .related(left.1, format!("this is in {}", shown(a)))
                        .related(right.1, format!("this is in {}", shown(b)))
                        .help(
                            "convert one of them by a factor with a unit, such as `1000 [g / kg]`",
                        ),
                );
                Dimension::Unknown
            }
            (Dimension::Of(_), Dimension::Unknown | Dimension::Literal | Dimension::Of(_)) => {
                left.0
            }
            (_, Dimension::Of(_)) => right.0,
            (Dimension::Literal, Dimension::Literal) => Dimension::Literal,
            _ => Dimension::Unknown,
        }
    }

    /// What all of them must be in.
    fn all<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expr>, span: Span) -> Dimension {
        let mut so_far: Option<(Dimension, Span)> = None;
        for part in parts {
            let found = (self.infer(part), part.span);
            so_far = Some(match so_far {
                None => found,
                Some(before) => (self.same(before, found, span), part.span),
            });
        }
        so_far.map_or(Dimension::Unknown, |(dimension, _)| dimension)
    }

    fn infer(&mut self, expr: &Expr) -> Dimension {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Number(_, Some(unit)) => of(Some(unit)),
            ExprKind::Number(_, None) | ExprKind::Infinity => Dimension::Literal,
            ExprKind::Name(name, _) => {
                let known = self.declared.get(name);
                known.cloned().unwrap_or(Dimension::Unknown)
            }
            ExprKind::Negate(inner) => self.infer(inner),
            ExprKind::Not(inner) => {
                self.infer(inner);
                Dimension::Unknown
            }
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            ExprKind::Compare(first, rest) => {
                let sides = std::iter::once(&**first).chain(rest.iter().map(|(_, e)| e));
                self.all(sides, span);
                Dimension::Unknown
            }
            ExprKind::If(condition, then, otherwise) => {
                self.infer(condition);
                self.all(std::iter::once(&**then).chain(otherwise.as_deref()), span)
            }
            ExprKind::ImpliesElse(a, b, c) => {
                for part in [a, b, c] {
                    self.infer(part);
                }
                Dimension::Unknown
            }
            ExprKind::Iterated(operator, _, _, body) => {
                let body = self.infer(body);
                match operator {
                    Iterated::Sum | Iterated::Min | Iterated::Max => body,
                    _ => Dimension::Unknown,
                }
            }
            ExprKind::CountOf(_, _, parts) => {
                for part in parts {
                    self.infer(part);
                }
                Dimension::Unknown
            }
            ExprKind::Call(name, parts) => match &**name {
                "abs" | "min" | "max" => self.all(parts, span),
                _ => Dimension::Unknown,
            },
            ExprKind::Piecewise { argument, .. } => {
                self.infer(argument);
                Dimension::Unknown
            }
            ExprKind::Text(_)
            | ExprKind::Tuple(_)
            | ExprKind::SetLiteral(_)
            | ExprKind::Indexed(_)
            | ExprKind::Range(..) => Dimension::Unknown,
        }
    }

    fn binary(&mut self, operator: Operator, left: &Expr, right: &Expr, span: Span) -> Dimension {
        match operator {
            Operator::Add | Operator::Subtract | Operator::Less => self.all([left, right], span),
            Operator::Multiply => product(&self.infer(left), &self.infer(right), 1),
            Operator::Divide => product(&self.infer(left), &self.infer(right), -1),
            _ => {
                self.infer(left);
                self.infer(right);
                Dimension::Unknown
            }
        }
    }
}

/// The unit of a product, or of a quotient where the sign is -1.
fn product(left: &Dimension, right: &Dimension, sign: i32) -> Dimension {
    let mut powers = match left {
        Dimension::Unknown => return Dimension::Unknown,
        Dimension::Literal => Powers::new(),
        Dimension::Of(powers) => powers.clone(),
    };
    match (left, right) {
        (_, Dimension::Unknown) => return Dimension::Unknown,
        (Dimension::Literal, Dimension::Literal) => return Dimension::Literal,
        (_, Dimension::Literal) => {}
        (_, Dimension::Of(others)) => {
            for (base, power) in others {
                *powers.entry(base.clone()).or_insert(0) += sign * power;
            }
        }
    }
    powers.retain(|_, power| *power != 0);
    Dimension::Of(powers)
}

/// `$ / h`, `kg * m^2`, `1`.
fn shown(powers: &Powers) -> String {
    let list = |wanted: fn(i32) -> bool| -> Vec<String> {
        powers
            .iter()
            .filter(|(_, power)| wanted(**power))
            .map(|(base, power)| match power.abs() {
                1 => base.to_string(),
                n => format!("{base}^{n}"),
            })
            .collect()
    };
    let (above, below) = (list(|p| p > 0), list(|p| p < 0));
    let above = if above.is_empty() {
        "1".to_owned()
    } else {
        above.join(" * ")
    };
    match below.as_slice() {
        [] => above,
        _ => format!("{above} / {}", below.join(" / ")),
    }
}
