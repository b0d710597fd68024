//! From a model and its data to the flat problem.

use std::rc::Rc;

use nsolve_il::milp::{
    Bound, Column, ColumnId, Condition, Family, Keys, Linear, Number, Objective, Problem, Relation,
};
use nsolve_source::{Code, Diagnostic, Span};

use super::ast::VarDomain;
use super::evaluate::{Eval, Evaluator, fault};
use super::ir::{ConstraintIr, Declared, Node, NodeKind, ObjectiveIr, Part, Range, VarIr};
use super::value::{Index, SetValue, SymbolId};

/// How many columns or rows a model may make.
const MOST: usize = 5_000_000;
/// How many faults of one declaration are told.
const MOST_FAULTS: usize = 5;

/// Where a variable's columns are.
pub(super) enum Columns {
    /// One for each combination of members of sets of single symbols: the first
    /// column, and the sets.
    Dense(ColumnId, Vec<Rc<SetValue>>),
    /// The first column, and the position of each tuple.
    Sparse(ColumnId, Index),
}

impl Columns {
    fn get(&self, key: &[SymbolId]) -> Option<ColumnId> {
        match self {
            Columns::Dense(first, sets) => {
                let mut place = 0_u32;
                for (set, symbol) in sets.iter().zip(key) {
                    place = place * set.len() as u32 + set.position(&[*symbol])?;
                }
                Some(first + place)
            }
            Columns::Sparse(first, index) => Some(first + index.get(key)?),
        }
    }
}

/// The keys of members of one declaration, as they are made.
struct KeysBuilder {
    arity: usize,
    symbols: Vec<u32>,
    len: u32,
}

impl KeysBuilder {
    fn new(declared: &Declared) -> Self {
        KeysBuilder {
            arity: declared.arity,
            symbols: Vec::new(),
            len: 0,
        }
    }

    fn push(&mut self, key: &[SymbolId]) {
        self.symbols.extend_from_slice(key);
        self.len += 1;
    }

    fn family(self, declared: &Declared, first: u32) -> Option<Family> {
        (self.len > 0).then(|| Family {
            name: declared.name.clone(),
            span: Some(declared.span),
            doc: declared.doc.clone(),
            first,
            len: self.len,
            keys: if declared.range.is_none() {
                Keys::One
            } else {
                Keys::Tuples {
                    arity: self.arity as u32,
                    symbols: self.symbols,
                }
            },
            helps: None,
        })
    }
}

impl<'m> Evaluator<'m> {
    /// Makes the problem; `None` where something has no value.
    pub(super) fn generate(mut self) -> (Option<Problem>, Vec<Diagnostic>) {
        let model = self.model;
        self.check_sets();
        self.check_data();
        for check in &model.checks {
            let result = match &check.range {
                Some(range) => {
                    self.each(range, &mut |this| this.check(&check.condition, check.span))
                }
                None => self.check(&check.condition, check.span),
            };
            self.tell(result);
        }
        for var in &model.vars {
            let result = self.variables(var);
            self.tell(result);
        }
        // Without columns, every constraint would be one more fault.
        if self.columns.len() == model.vars.len() && !nsolve_source::has_errors(&self.diagnostics) {
            for objective in &model.objectives {
                let result = self.objective(objective);
                self.tell(result);
            }
            for constraint in &model.constraints {
                let result = self.constraint(constraint);
                self.tell(result);
            }
        }
        if nsolve_source::has_errors(&self.diagnostics) {
            return (None, self.diagnostics);
        }
        self.problem.symbols = self.symbols.into_all();
        (Some(self.problem), self.diagnostics)
    }

    fn tell(&mut self, result: Eval<()>) {
        if let Err(fault) = result {
            self.diagnostics.push(*fault);
        }
    }

    /// Sets that the data give are looked at even where nothing uses them.
    fn check_sets(&mut self) {
        let model = self.model;
        for (id, ir) in model.sets.iter().enumerate() {
            if ir.declared.arity == 0 {
                let result = self.set_value(id, &[], ir.declared.name_span).map(|_| ());
                self.tell(result);
            }
        }
    }

    fn check(&mut self, condition: &'m Node, span: Span) -> Eval<()> {
        if self.truth(condition)? {
            Ok(())
        } else {
            fault(
                Code::CHECK_FAILED,
                span,
                "this condition about the data does not hold",
            )
        }
    }

    /// Does something for each member of what is declared; several faults of
    /// one declaration are told, but not thousands.
    fn members(
        &mut self,
        declared: &'m Declared,
        body: &mut dyn FnMut(&mut Self) -> Eval<()>,
    ) -> Eval<()> {
        let Some(range) = &declared.range else {
            return body(self);
        };
        let mut faults = 0;
        self.each(range, &mut |this| match body(this) {
            Err(fault) => {
                faults += 1;
                if faults >= MOST_FAULTS {
                    return Err(fault);
                }
                this.diagnostics.push(*fault);
                Ok(())
            }
            done => done,
        })
    }

    fn variables(&mut self, ir: &'m VarIr) -> Eval<()> {
        let first = self.problem.columns.len() as ColumnId;
        let mut keys = KeysBuilder::new(&ir.declared);
        let dense = self.dense_sets(ir.declared.range.as_ref())?;
        let mut index = Index::new(ir.declared.arity);
        let result = self.members(&ir.declared, &mut |this| {
            let key = this.key(ir.declared.range.as_ref());
            let column = this.variable(ir)?;
            if this.problem.columns.len() >= MOST {
                let what = format!("the model has more than {MOST} columns");
                return fault(Code::MODEL_TOO_LARGE, ir.declared.span, what);
            }
            this.problem.columns.push(column);
            keys.push(&key);
            if dense.is_none() {
                index.insert(&key);
            }
            Ok(())
        });
        self.columns.push(match dense {
            Some(sets) => Columns::Dense(first, sets),
            None => Columns::Sparse(first, index),
        });
        let empty = keys.len == 0 && result.is_ok();
        self.problem
            .column_families
            .extend(keys.family(&ir.declared, first));
        if empty {
            self.lint_empty(&ir.declared);
        }
        result
    }

    fn lint_empty(&mut self, declared: &Declared) {
        self.diagnostics.push(
            Diagnostic::warning(
                Code::EMPTY_INDEX,
                format!("`{}` ranges over nothing", declared.name),
            )
            .at(declared.name_span),
        );
    }

    /// The sets of a range that goes through every combination of single
    /// symbols.
    pub(super) fn dense_sets(
        &mut self,
        range: Option<&'m Range>,
    ) -> Eval<Option<Vec<Rc<SetValue>>>> {
        let Some(range) = range.filter(|r| r.condition.is_none()) else {
            return Ok(None);
        };
        let mut sets = Vec::new();
        for source in &range.entries {
            let ([Part::Bind(_)], NodeKind::Set(_, subscripts)) =
                (source.parts.as_slice(), &source.set.kind)
            else {
                return Ok(None);
            };
            if !subscripts.is_empty() {
                return Ok(None);
            }
            sets.push(self.set(&source.set)?);
        }
        Ok(Some(sets))
    }

    fn variable(&mut self, ir: &'m VarIr) -> Eval<Column> {
        let mut column = match ir.domain {
            VarDomain::Binary => Column::binary(),
            VarDomain::Of(domain) => Column {
                domain,
                ..Column::FREE
            },
        };
        let mut place = None;
        for (relation, node) in &ir.bounds {
            let infinite = match &node.kind {
                NodeKind::Infinity => Some(true),
                NodeKind::Negate(inner) => {
                    matches!(inner.kind, NodeKind::Infinity).then_some(false)
                }
                _ => None,
            };
            place = place.or(Some(node.span));
            if let Some(positive) = infinite {
                match (relation, positive) {
                    (Relation::Le, true) => column.upper = None,
                    (Relation::Ge, false) => column.lower = None,
                    _ => {
                        return fault(
                            Code::EMPTY_BOUNDS,
                            node.span,
                            "no number is beyond infinity",
                        );
                    }
                }
                continue;
            }
            let value = self.number(node)?;
            let raise = |old: Bound| Some(old.map_or(value.clone(), |o| o.max(value.clone())));
            let reduce = |old: Bound| Some(old.map_or(value.clone(), |o| o.min(value.clone())));
            match relation {
                Relation::Ge => column.lower = raise(column.lower),
                Relation::Le => column.upper = reduce(column.upper),
                Relation::Eq => {
                    column.lower = raise(column.lower);
                    column.upper = reduce(column.upper);
                }
                _ => {
                    return fault(
                        Code::STRICT_COMPARISON,
                        node.span,
                        "a variable is bounded by `>=`, `<=` or `=`",
                    );
                }
            }
        }
        let (lower, upper) = column.interval();
        if let (Some(l), Some(u)) = (lower, upper)
            && l > u
        {
            let name = &ir.declared.name;
            return fault(
                Code::EMPTY_BOUNDS,
                place.unwrap_or(ir.declared.name_span),
                format!("`{name}` would have to be at least {l} and at most {u}"),
            );
        }
        let needs_upper = column.domain.is_semi() && column.upper.is_none();
        if needs_upper {
            return fault(
                Code::INFINITE_BOUND,
                ir.declared.name_span,
                "a semicontinuous variable needs an upper bound",
            );
        }
        Ok(column)
    }

    /// The column of a variable with subscripts.
    pub(super) fn column(
        &mut self,
        id: usize,
        subscripts: &'m [Node],
        span: Span,
    ) -> Eval<ColumnId> {
        let found = match subscripts {
            [] => self.columns.get(id).and_then(|c| c.get(&[])),
            [a] => {
                let key = [self.symbol(a)?];
                self.columns.get(id).and_then(|c| c.get(&key))
            }
            [a, b] => {
                let key = [self.symbol(a)?, self.symbol(b)?];
                self.columns.get(id).and_then(|c| c.get(&key))
            }
            _ => {
                let key = self.symbols_of(subscripts)?;
                self.columns.get(id).and_then(|c| c.get(&key))
            }
        };
        if let Some(column) = found {
            return Ok(column);
        }
        let key = self.symbols_of(subscripts)?;
        let Some(ir) = self.model.vars.get(id) else {
            return fault(Code::UNKNOWN_NAME, span, "no such variable");
        };
        self.check_key(ir.declared.range.as_ref(), &key, &ir.declared.name, span)?;
        fault(
            Code::NOT_IN_SET,
            span,
            format!(
                "`{}` has no variable for {}",
                ir.declared.name,
                self.symbols.show(&key)
            ),
        )
    }

    fn objective(&mut self, ir: &'m ObjectiveIr) -> Eval<()> {
        self.members(&ir.declared, &mut |this| {
            let expression = this.linear_of(&ir.expression)?;
            let key = this.key(ir.declared.range.as_ref());
            let name = if key.is_empty() {
                ir.declared.name.clone()
            } else {
                let parts: Vec<String> = key
                    .iter()
                    .map(|k| this.symbols.get(*k).to_string())
                    .collect();
                format!("{}[{}]", ir.declared.name, parts.join(",")).into()
            };
            this.problem.objectives.push(Objective {
                name,
                sense: ir.sense,
                expression,
                span: Some(ir.declared.span),
                doc: ir.declared.doc.clone(),
            });
            Ok(())
        })
    }

    fn constraint(&mut self, ir: &'m ConstraintIr) -> Eval<()> {
        let first_row = self.problem.rows.len() as u32;
        let first_condition = self.problem.conditions.len() as u32;
        let mut rows = KeysBuilder::new(&ir.declared);
        let mut conditions = KeysBuilder::new(&ir.declared);
        let mut scratch = Linear::default();
        let result = self.members(&ir.declared, &mut |this| {
            let key = this.key(ir.declared.range.as_ref());
            if this.problem.rows.len() + this.problem.conditions.len() >= MOST {
                let what = format!("the model has more than {MOST} constraints");
                return fault(Code::MODEL_TOO_LARGE, ir.declared.span, what);
            }
            if let Some((lower, upper)) = this.row(&ir.condition, &mut scratch)? {
                this.problem.rows.push(lower, &scratch, upper);
                rows.push(&key);
                return Ok(());
            }
            let condition = this.condition(&ir.condition)?;
            if condition != Condition::Constant(true) {
                this.problem.conditions.push(condition);
                conditions.push(&key);
            }
            Ok(())
        });
        if rows.len + conditions.len == 0 && result.is_ok() && ir.condition.variable {
            self.lint_empty(&ir.declared);
        }
        self.problem
            .row_families
            .extend(rows.family(&ir.declared, first_row));
        let family = conditions.family(&ir.declared, first_condition);
        self.problem.condition_families.extend(family);
        result
    }

    /// The bounds of a constraint that is a row, whose expression is left in
    /// `out`; `None` where it is another condition.
    fn row(&mut self, node: &'m Node, out: &mut Linear) -> Eval<Option<(Bound, Bound)>> {
        let NodeKind::Compare(first, rest) = &node.kind else {
            return Ok(None);
        };
        let plain = |r: &Relation| matches!(r, Relation::Le | Relation::Ge | Relation::Eq);
        if !rest.iter().all(|(r, _)| plain(r)) || matches!(first.sort, super::ir::Sort::Set(_)) {
            return Ok(None);
        }
        out.terms.clear();
        out.constant = Number::ZERO;
        match rest.as_slice() {
            [(relation, right)] => {
                self.linear(first, &Number::ONE, out)?;
                self.linear(right, &Number::from(-1), out)?;
                out.normalize();
                Ok(Some(between(*relation, Number::ZERO)))
            }
            // `1 <= x + y <= 2`
            [(low, middle), (high, last)] if !first.variable && !last.variable => {
                let (a, b) = (self.number(first)?, self.number(last)?);
                self.linear(middle, &Number::ONE, out)?;
                out.normalize();
                let (l1, u1) = between(low.flipped(), a);
                let (l2, u2) = between(*high, b);
                let lower = match (l1, l2) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    (a, b) => a.or(b),
                };
                let upper = match (u1, u2) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                Ok(Some((lower, upper)))
            }
            _ => Ok(None),
        }
    }
}

fn between(relation: Relation, bound: Number) -> (Bound, Bound) {
    match relation {
        Relation::Le => (None, Some(bound)),
        Relation::Ge => (Some(bound), None),
        _ => (Some(bound.clone()), Some(bound)),
    }
}
