//! Expressions with variables: linear ones, and conditions.

use nsolve_il::milp::{
    Column, ColumnId, Condition, Definition, Family, Function as Shape, Item, Linear, Number,
    Relation,
};
use nsolve_source::{Code, Span};

use super::ast::{Iterated, Operator};
use super::evaluate::{Eval, Evaluator, fault, piecewise_value};
use super::ir::{Function, Node, NodeKind};

impl<'m> Evaluator<'m> {
    /// Adds a multiple of an expression to another.
    pub(super) fn linear(&mut self, node: &'m Node, factor: &Number, out: &mut Linear) -> Eval<()> {
        if !node.variable {
            let value = self.number(node)?;
            out.constant += &(&value * factor);
            return Ok(());
        }
        match &node.kind {
            NodeKind::Var(id, subscripts) => {
                let column = self.column(*id, subscripts, node.span)?;
                out.terms.push((column, factor.clone()));
                Ok(())
            }
            NodeKind::Negate(inner) => self.linear(inner, &-factor, out),
            NodeKind::Binary(operator, left, right) => {
                self.linear_binary(*operator, left, right, factor, out, node.span)
            }
            NodeKind::If(condition, then, otherwise) if !condition.variable => {
                if self.truth(condition)? {
                    self.linear(then, factor, out)
                } else if let Some(otherwise) = otherwise {
                    self.linear(otherwise, factor, out)
                } else {
                    Ok(())
                }
            }
            NodeKind::Iterated(Iterated::Sum, _, range, body) => {
                self.each(range, &mut |this| this.linear(body, factor, out))
            }
            _ => {
                let column = self.function(node)?;
                out.terms.push((column, factor.clone()));
                Ok(())
            }
        }
    }

    fn linear_binary(
        &mut self,
        operator: Operator,
        left: &'m Node,
        right: &'m Node,
        factor: &Number,
        out: &mut Linear,
        span: Span,
    ) -> Eval<()> {
        match operator {
            Operator::Add => {
                self.linear(left, factor, out)?;
                self.linear(right, factor, out)
            }
            Operator::Subtract => {
                self.linear(left, factor, out)?;
                self.linear(right, &-factor, out)
            }
            Operator::Multiply => {
                let (constant, other) = if left.variable {
                    (right, left)
                } else {
                    (left, right)
                };
                let constant = self.number(constant)?;
                if constant.is_zero() {
                    return Ok(());
                }
                self.linear(other, &(&constant * factor), out)
            }
            Operator::Divide => {
                let divisor = self.number(right)?;
                match factor.checked_div(&divisor) {
                    Some(factor) => self.linear(left, &factor, out),
                    None => fault(Code::DIVISION_BY_ZERO, span, "division by zero"),
                }
            }
            _ => fault(Code::NOT_LINEAR, span, "this is not linear in variables"),
        }
    }

    /// An expression on its own.
    pub(super) fn linear_of(&mut self, node: &'m Node) -> Eval<Linear> {
        let mut out = Linear::default();
        self.linear(node, &Number::ONE, &mut out)?;
        out.normalize();
        Ok(out)
    }

    /// A column that has the value of an expression which is not linear.
    fn function(&mut self, node: &'m Node) -> Eval<ColumnId> {
        let function = match &node.kind {
            NodeKind::Call(Function::Abs, arguments) => match arguments.as_slice() {
                [argument] => Shape::Abs(self.linear_of(argument)?),
                _ => return fault(Code::SUBSCRIPT_COUNT, node.span, "`abs` takes 1 argument"),
            },
            NodeKind::Call(Function::Min, arguments) => Shape::Min(self.linears(arguments)?),
            NodeKind::Call(Function::Max, arguments) => Shape::Max(self.linears(arguments)?),
            NodeKind::Iterated(operator @ (Iterated::Min | Iterated::Max), _, range, body) => {
                let mut parts = Vec::new();
                self.each(range, &mut |this| {
                    parts.push(this.linear_of(body)?);
                    Ok(())
                })?;
                if parts.is_empty() {
                    let what = "the least or greatest of nothing";
                    return fault(Code::DIVISION_BY_ZERO, node.span, what);
                }
                match operator {
                    Iterated::Min => Shape::Min(parts),
                    _ => Shape::Max(parts),
                }
            }
            NodeKind::If(condition, then, otherwise) => {
                let condition = self.condition(condition)?;
                let then = self.linear_of(then)?;
                let otherwise = match otherwise {
                    Some(otherwise) => self.linear_of(otherwise)?,
                    None => Linear::default(),
                };
                Shape::If(Box::new(condition), then, otherwise)
            }
            NodeKind::Piecewise(breakpoints, slopes, argument) => {
                let (x, s) = self.breakpoints(breakpoints, slopes, node.span)?;
                let argument = self.linear_of(argument)?;
                let points = self.points(&x, &s, &argument, node.span)?;
                Shape::Piecewise { argument, points }
            }
            _ => {
                return fault(
                    Code::NOT_LINEAR,
                    node.span,
                    "this is not linear in variables",
                );
            }
        };
        let column = self.problem.columns.len() as ColumnId;
        let item = Item::Function(self.problem.functions.len() as u32);
        let (lower, upper) = function.range(&self.problem.columns);
        self.problem.columns.push(Column {
            lower,
            upper,
            ..Column::FREE
        });
        let mut family = Family::one(format!("value#{column}"), column, Some(node.span));
        family.helps = Some(item);
        self.problem.column_families.push(family);
        self.problem.functions.push(Definition { column, function });
        Ok(column)
    }

    fn linears(&mut self, nodes: &'m [Node]) -> Eval<Vec<Linear>> {
        nodes.iter().map(|node| self.linear_of(node)).collect()
    }

    /// The corners of a piecewise linear function where its argument can be.
    fn points(
        &mut self,
        breakpoints: &[Number],
        slopes: &[Number],
        argument: &Linear,
        span: Span,
    ) -> Eval<Vec<(Number, Number)>> {
        let (low, high) = argument.range(&self.problem.columns);
        let (Some(low), Some(high)) = (low, high) else {
            return fault(
                Code::INFINITE_BOUND,
                span,
                "the argument of a piecewise linear function needs finite bounds",
            );
        };
        let mut corners: Vec<Number> = breakpoints
            .iter()
            .filter(|x| low < **x && **x < high)
            .cloned()
            .collect();
        corners.insert(0, low.clone());
        if low < high {
            corners.push(high);
        }
        Ok(corners
            .into_iter()
            .map(|x| {
                let y = piecewise_value(breakpoints, slopes, &x);
                (x, y)
            })
            .collect())
    }

    /// A condition that may depend on variables.
    pub(super) fn condition(&mut self, node: &'m Node) -> Eval<Condition> {
        if !node.variable {
            return Ok(Condition::Constant(self.truth(node)?));
        }
        match &node.kind {
            NodeKind::Not(inner) => Ok(Condition::Not(self.condition(inner)?.into())),
            NodeKind::Compare(first, rest) => {
                let mut parts = Vec::new();
                let mut left = &**first;
                for (relation, right) in rest {
                    parts.push(self.comparison(left, *relation, right)?);
                    left = right;
                }
                Ok(one_or(parts, Condition::And))
            }
            NodeKind::Binary(operator, left, right) => {
                let (a, b) = (self.condition(left)?, self.condition(right)?);
                Ok(match operator {
                    Operator::And => Condition::And(vec![a, b]),
                    Operator::Or => Condition::Or(vec![a, b]),
                    Operator::Xor => Condition::Xor(a.into(), b.into()),
                    Operator::Implies => Condition::Implies(a.into(), b.into()),
                    Operator::Iff => Condition::Iff(a.into(), b.into()),
                    _ => return fault(Code::WRONG_KIND, node.span, "expected a condition"),
                })
            }
            NodeKind::ImpliesElse(condition, then, otherwise) => {
                let c = self.condition(condition)?;
                let t = self.condition(then)?;
                let e = self.condition(otherwise)?;
                Ok(Condition::And(vec![
                    Condition::Implies(c.clone().into(), t.into()),
                    Condition::Implies(Condition::Not(c.into()).into(), e.into()),
                ]))
            }
            NodeKind::Iterated(Iterated::Sos(kind), _, range, body) => {
                let mut columns = Vec::new();
                self.each(range, &mut |this| {
                    let NodeKind::Var(id, subscripts) = &body.kind else {
                        let what = "a special ordered set is of variables";
                        return fault(Code::WRONG_KIND, body.span, what);
                    };
                    columns.push(this.column(*id, subscripts, body.span)?);
                    Ok(())
                })?;
                Ok(Condition::Sos(*kind, columns))
            }
            NodeKind::Iterated(operator, count, range, body) => {
                let mut parts = Vec::new();
                self.each(range, &mut |this| {
                    parts.push(this.condition(body)?);
                    Ok(())
                })?;
                Ok(match operator {
                    Iterated::Forall => Condition::And(parts),
                    Iterated::Exists => Condition::Or(parts),
                    Iterated::Count(kind) => {
                        let wanted = self.count(count.as_deref(), node.span)?;
                        Condition::Count(*kind, wanted, parts)
                    }
                    _ => return fault(Code::WRONG_KIND, node.span, "expected a condition"),
                })
            }
            NodeKind::CountOf(kind, count, parts) => {
                let wanted = self.count(Some(count), node.span)?;
                let parts = parts
                    .iter()
                    .map(|p| self.condition(p))
                    .collect::<Eval<_>>()?;
                Ok(Condition::Count(*kind, wanted, parts))
            }
            _ => fault(Code::WRONG_KIND, node.span, "expected a condition"),
        }
    }

    fn comparison(
        &mut self,
        left: &'m Node,
        relation: Relation,
        right: &'m Node,
    ) -> Eval<Condition> {
        let mut difference = Linear::default();
        self.linear(left, &Number::ONE, &mut difference)?;
        self.linear(right, &Number::from(-1), &mut difference)?;
        difference.normalize();
        Ok(Condition::Compare(difference, relation))
    }
}

/// The only part, or all of them together.
fn one_or(mut parts: Vec<Condition>, all: fn(Vec<Condition>) -> Condition) -> Condition {
    if parts.len() == 1 {
        parts.pop().unwrap_or(Condition::Constant(true))
    } else {
        all(parts)
    }
}
