//! From names to what they stand for, with every fault that can be found
//! without data.

use std::sync::Arc;

use nsolve_il::milp::{Domain, Relation};
use nsolve_source::{Code, Diagnostic, Span};
use rustc_hash::FxHashMap;

use super::ast::{
    Expr, ExprKind, Head, Indexing, Iterated, Model, Operator, ParamValue, Restriction, Statement,
    VarDomain,
};
use super::ir::{
    CheckIr, ConstraintIr, Declared, Function, ModelIr, Node, NodeKind, ObjectiveIr, ParamIr, Part,
    Range, RestrictionIr, SetIr, Slot, Sort, Source, VarIr,
};
use super::value::Symbols;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Set(usize),
    Param(usize),
    Var(usize),
    /// A constraint or objective, which expressions cannot speak of.
    Other,
}

/// What is known of a declared name before its statement is resolved.
struct Known {
    meaning: Meaning,
    span: Span,
    arity: usize,
    /// The members' arity, of a set.
    dimension: usize,
    symbolic: bool,
    /// The declared set behind each subscript, where it is one by name.
    homes: Vec<Option<Arc<str>>>,
    used: bool,
}

/// Resolves a model's names.
pub(super) fn resolve(
    model: &Model,
    symbols: &mut Symbols,
    diagnostics: &mut Vec<Diagnostic>,
) -> ModelIr {
    let mut resolver = Resolver {
        symbols,
        diagnostics,
        names: FxHashMap::default(),
        scope: Vec::new(),
        slots: 0,
    };
    let dimensions = used_dimensions(model);
    resolver.declare(model, &dimensions);
    let mut ir = ModelIr::default();
    for statement in &model.statements {
        resolver.statement(statement, &mut ir);
    }
    ir.slots = resolver.slots;
    resolver.lint_unused();
    ir
}

/// How many symbols the members of sets have, by how these are ranged over:
/// `(i, j) in Arcs`.
fn used_dimensions(model: &Model) -> FxHashMap<Arc<str>, usize> {
    let mut found = FxHashMap::default();
    super::visit::each_indexing(model, &mut |indexing| {
        for entry in &indexing.entries {
            if let (ExprKind::Name(name, _), true) = (&entry.set.kind, entry.indices.len() > 1) {
                found.entry(name.clone()).or_insert(entry.indices.len());
            }
        }
    });
    found
}

struct Resolver<'a> {
    symbols: &'a mut Symbols,
    diagnostics: &'a mut Vec<Diagnostic>,
    names: FxHashMap<Arc<str>, Known>,
    /// The index variables in scope, innermost last, with the set they range
    /// over where that is a declared one by name.
    scope: Vec<(Arc<str>, Slot, Option<Arc<str>>)>,
    slots: usize,
}

/// What may stand somewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bare {
    /// Names must be declared.
    No,
    /// A name that is not declared is a symbol.
    Symbol,
}

impl Resolver<'_> {
    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.diagnostics
            .push(Diagnostic::error(code, message).at(span));
    }

    // --- declarations

    fn declare(&mut self, model: &Model, dimensions: &FxHashMap<Arc<str>, usize>) {
        let mut counts = [0_usize; 3];
        for statement in &model.statements {
            let (head, which) = match statement {
                Statement::Set(s) => (&s.head, 0),
                Statement::Param(p) => (&p.head, 1),
                Statement::Var(v) => (&v.head, 2),
                Statement::Objective(o) => (&o.head, 3),
                Statement::Constraint(c) => (&c.head, 3),
                Statement::Check { .. } => continue,
            };
            let next = counts.get_mut(which).map_or(0, |count| {
                *count += 1;
                *count - 1
            });
            let meaning = match which {
                0 => Meaning::Set(next),
                1 => Meaning::Param(next),
                2 => Meaning::Var(next),
                _ => Meaning::Other,
            };
            let dimension = match statement {
                Statement::Set(s) => s
                    .dimension
                    .map(|d| d as usize)
                    .or_else(|| dimensions.get(&head.name.text).copied())
                    .unwrap_or(0),
                _ => 0,
            };
            let known = Known {
                meaning,
                span: head.name.span,
                arity: 0,
                dimension,
                symbolic: matches!(statement, Statement::Param(p) if p.symbolic),
                homes: Vec::new(),
                used: meaning == Meaning::Other,
            };
            if let Some(before) = self.names.get(&head.name.text) {
                let span = before.span;
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::REPEATED_NAME,
                        format!("`{}` is declared twice", head.name.text),
                    )
                    .at(head.name.span)
                    .related(span, "the first declaration is here")
                    .help("give one of them another name"),
                );
                continue;
            }
            self.names.insert(head.name.text.clone(), known);
        }
        self.infer_dimensions(model);
        for statement in &model.statements {
            let head = match statement {
                Statement::Set(s) => &s.head,
                Statement::Param(p) => &p.head,
                Statement::Var(v) => &v.head,
                _ => continue,
            };
            let homes = self.homes(head.domain.as_ref());
            if let Some(known) = self.names.get_mut(&head.name.text) {
                known.arity = homes.len();
                known.homes = homes;
            }
        }
    }

    /// Sets without a stated dimension have that of their value, or of a set
    /// they are within, or 1.
    fn infer_dimensions(&mut self, model: &Model) {
        for _ in 0..model.statements.len() {
            let mut changed = false;
            for statement in &model.statements {
                let Statement::Set(set) = statement else {
                    continue;
                };
                if self.dimension_of(&set.head.name.text) != 0 {
                    continue;
                }
                let sources = set.value.iter().chain(&set.default).chain(&set.within);
                let found = sources.map(|e| self.shape(e)).find(|d| *d > 0);
                if let (Some(found), Some(known)) = (found, self.names.get_mut(&set.head.name.text))
                {
                    known.dimension = found;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        for known in self.names.values_mut() {
            if matches!(known.meaning, Meaning::Set(_)) && known.dimension == 0 {
                known.dimension = 1;
            }
        }
    }

    fn dimension_of(&self, name: &str) -> usize {
        self.names.get(name).map_or(0, |known| known.dimension)
    }

    /// The dimension of a set expression, where it can be told; 0 otherwise.
    fn shape(&self, expr: &Expr) -> usize {
        match &expr.kind {
            ExprKind::Name(name, _) => self.dimension_of(name),
            ExprKind::Range(..) => 1,
            ExprKind::SetLiteral(parts) => match parts.first().map(|p| &p.kind) {
                Some(ExprKind::Tuple(parts)) => parts.len(),
                Some(_) => 1,
                None => 0,
            },
            ExprKind::Indexed(indexing) => {
                let shapes: Vec<usize> = (indexing.entries.iter())
                    .map(|e| match e.indices.len() {
                        0 => self.shape(&e.set),
                        n => n,
                    })
                    .collect();
                if shapes.contains(&0) {
                    0
                } else {
                    shapes.iter().sum()
                }
            }
            ExprKind::Iterated(Iterated::SetOf, _, _, body) => match &body.kind {
                ExprKind::Tuple(parts) => parts.len(),
                _ => 1,
            },
            ExprKind::Binary(Operator::Cross, a, b) => match (self.shape(a), self.shape(b)) {
                (0, _) | (_, 0) => 0,
                (a, b) => a + b,
            },
            ExprKind::Binary(_, a, b) => self.shape(a).max(self.shape(b)),
            ExprKind::If(_, a, b) => {
                let other = b.as_ref().map_or(0, |b| self.shape(b));
                self.shape(a).max(other)
            }
            _ => 0,
        }
    }

    /// The sets behind the subscripts of what is declared over this.
    fn homes(&self, domain: Option<&Indexing>) -> Vec<Option<Arc<str>>> {
        let mut homes = Vec::new();
        for entry in domain.map_or(&[][..], |d| &d.entries) {
            let count = match entry.indices.len() {
                0 => self.shape(&entry.set).max(1),
                n => n,
            };
            match (&entry.set.kind, count) {
                (ExprKind::Name(name, subscripts), 1) if subscripts.is_empty() => {
                    homes.push(Some(name.clone()));
                }
                _ => homes.extend((0..count).map(|_| None)),
            }
        }
        homes
    }

    fn head(&mut self, head: &Head) -> Declared {
        self.scope.clear();
        let range = head.domain.as_ref().map(|d| self.range(d));
        Declared {
            name: head.name.text.clone(),
            doc: head.doc.clone(),
            name_span: head.name.span,
            span: head.span,
            arity: range
                .as_ref()
                .map_or(0, |r| r.entries.iter().map(|e| e.parts.len()).sum()),
            range,
        }
    }

    fn statement(&mut self, statement: &Statement, ir: &mut ModelIr) {
        match statement {
            Statement::Set(set) => {
                let declared = self.head(&set.head);
                let dimension = self.dimension_of(&set.head.name.text);
                let within = set.within.iter().filter_map(|e| self.set_expr(e)).collect();
                let value = set.value.as_ref().and_then(|e| self.set_of(e, dimension));
                let default = set.default.as_ref().and_then(|e| self.set_of(e, dimension));
                ir.sets.push(SetIr {
                    declared,
                    dimension,
                    within,
                    value,
                    default,
                });
            }
            Statement::Param(param) => {
                let declared = self.head(&param.head);
                let mut restrictions = Vec::new();
                for restriction in &param.restrictions {
                    restrictions.extend(match restriction {
                        Restriction::Compare(relation, value) => {
                            let bare = bare_if(param.symbolic);
                            self.constant(value, bare)
                                .map(|n| RestrictionIr::Compare(*relation, n))
                        }
                        Restriction::In(set) => self.set_expr(set).map(RestrictionIr::In),
                    });
                }
                if param.integer {
                    restrictions.push(RestrictionIr::Integer);
                }
                if param.binary {
                    restrictions.push(RestrictionIr::Binary);
                }
                let bare = bare_if(param.symbolic);
                let value = match &param.value {
                    Some(ParamValue::Expr(e)) => self.constant(e, bare),
                    _ => None,
                };
                let default = param.default.as_ref().and_then(|e| self.constant(e, bare));
                ir.params.push(ParamIr {
                    declared,
                    symbolic: param.symbolic,
                    restrictions,
                    value,
                    default,
                });
            }
            Statement::Var(var) => {
                let declared = self.head(&var.head);
                if var.domain.is_none() {
                    let end = var.head.name.span.end as usize;
                    self.diagnostics.push(
                        Diagnostic::warning(
                            Code::MISSING_DOMAIN,
                            format!(
                                "`{}` has no domain word; it was read as real",
                                declared.name
                            ),
                        )
                        .at(var.head.name.span)
                        .expecting(["real", "integer", "binary", "semicontinuous"])
                        .help("say `real`, `integer`, `binary` or `semicontinuous`")
                        .suggest(
                            after_domain(&var.head).unwrap_or(Span::new(end, end)),
                            " real",
                        ),
                    );
                }
                let bounds = var.bounds.iter();
                let bounds = bounds
                    .filter_map(|(r, e)| Some((*r, self.constant(e, Bare::No)?)))
                    .collect();
                ir.vars.push(VarIr {
                    declared,
                    domain: var.domain.unwrap_or(VarDomain::Of(Domain::Real)),
                    bounds,
                });
            }
            Statement::Objective(objective) => {
                let declared = self.head(&objective.head);
                if let Some(expression) = self.number(&objective.expression) {
                    ir.objectives.push(ObjectiveIr {
                        declared,
                        sense: objective.sense,
                        expression,
                    });
                }
            }
            Statement::Constraint(constraint) => {
                let declared = self.head(&constraint.head);
                let Some(condition) = self.condition(&constraint.condition) else {
                    return;
                };
                if !condition.variable {
                    self.diagnostics.push(
                        Diagnostic::warning(
                            Code::NO_VARIABLE,
                            format!("constraint `{}` mentions no variable", declared.name),
                        )
                        .at(constraint.head.span)
                        .help("use `check` for a condition about the data"),
                    );
                }
                ir.constraints.push(ConstraintIr {
                    declared,
                    condition,
                });
            }
            Statement::Check {
                domain,
                condition,
                span,
            } => {
                self.scope.clear();
                let range = domain.as_ref().map(|d| self.range(d));
                if let Some(condition) = self.condition(condition) {
                    ir.checks.push(CheckIr {
                        range,
                        condition,
                        span: *span,
                    });
                }
            }
        }
    }

    fn lint_unused(&mut self) {
        let mut unused: Vec<(&Arc<str>, &Known)> =
            self.names.iter().filter(|(_, known)| !known.used).collect();
        unused.sort_by_key(|(_, known)| known.span.start);
        let unused: Vec<Diagnostic> = unused
            .into_iter()
            .map(|(name, known)| {
                let what = match known.meaning {
                    Meaning::Set(_) => "set",
                    Meaning::Param(_) => "parameter",
                    _ => "variable",
                };
                Diagnostic::warning(
                    Code::UNUSED_PARAMETER,
                    format!("{what} `{name}` is never used"),
                )
                .at(known.span)
                .help("remove it, or use it where it was meant to be")
            })
            .collect();
        self.diagnostics.extend(unused);
    }

    // --- expressions of a wanted sort

    /// A number without variables, or a symbol.
    fn constant(&mut self, expr: &Expr, bare: Bare) -> Option<Node> {
        let node = self.expr(expr, bare)?;
        self.no_variable(&node)?;
        match node.sort {
            Sort::Number | Sort::Symbol => Some(node),
            _ => self.wrong(&node, "a number"),
        }
    }

    fn no_variable(&mut self, node: &Node) -> Option<()> {
        if node.variable {
            self.error(
                Code::NOT_LINEAR,
                node.span,
                "this depends on variables, where a value must be known before solving",
            );
            return None;
        }
        Some(())
    }

    fn number(&mut self, expr: &Expr) -> Option<Node> {
        let node = self.expr(expr, Bare::No)?;
        match node.sort {
            Sort::Number | Sort::Symbol => Some(node),
            // A condition counts 1 where it holds.
            Sort::Condition if node.variable => self.wrong(&node, "a number"),
            _ => self.wrong(&node, "a number"),
        }
    }

    fn condition(&mut self, expr: &Expr) -> Option<Node> {
        let node = self.expr(expr, Bare::No)?;
        match node.sort {
            Sort::Condition => Some(node),
            // A binary variable is a condition, as is a known number that is not 0.
            Sort::Number | Sort::Symbol
                if !node.variable || matches!(node.kind, NodeKind::Var(..)) =>
            {
                Some(Node {
                    span: node.span,
                    sort: Sort::Condition,
                    variable: node.variable,
                    kind: NodeKind::Compare(
                        Box::new(node.clone()),
                        vec![(
                            Relation::Ne,
                            Node {
                                kind: NodeKind::Number(Default::default()),
                                span: node.span,
                                sort: Sort::Number,
                                variable: false,
                            },
                        )],
                    ),
                })
            }
            _ => self.wrong(&node, "a condition"),
        }
    }

    fn set_expr(&mut self, expr: &Expr) -> Option<Node> {
        let node = self.expr(expr, Bare::No)?;
        match node.sort {
            Sort::Set(_) => {
                self.no_variable(&node)?;
                Some(node)
            }
            _ => self.wrong(&node, "a set"),
        }
    }

    fn set_of(&mut self, expr: &Expr, dimension: usize) -> Option<Node> {
        let mut node = self.set_expr(expr)?;
        match node.sort {
            Sort::Set(found) if found == dimension => Some(node),
            // An empty literal has any dimension.
            Sort::Set(0) => {
                node.sort = Sort::Set(dimension);
                Some(node)
            }
            Sort::Set(found) => {
                self.error(
                    Code::SUBSCRIPT_COUNT,
                    expr.span,
                    format!(
                        "members of this set have {found} symbols, where {dimension} are wanted"
                    ),
                );
                None
            }
            _ => None,
        }
    }

    fn wrong<T>(&mut self, node: &Node, wanted: &str) -> Option<T> {
        let found = match node.sort {
            Sort::Number => "a number",
            Sort::Symbol => "a symbol",
            Sort::Set(_) => "a set",
            Sort::Tuple(_) => "a tuple",
            Sort::Condition => "a condition",
        };
        self.error(
            Code::WRONG_KIND,
            node.span,
            format!("expected {wanted}, found {found}"),
        );
        None
    }

    // --- ranges

    /// Resolves what is ranged over; its indices stay in scope.
    fn range(&mut self, indexing: &Indexing) -> Range {
        let mut entries = Vec::new();
        for entry in &indexing.entries {
            let Some(set) = self.set_expr(&entry.set) else {
                // The indices are bound all the same, so that their uses are
                // no further faults.
                for index in &entry.indices {
                    if let ExprKind::Name(name, _) = &index.kind {
                        let slot = self.new_slot();
                        self.scope.push((name.clone(), slot, None));
                    }
                }
                continue;
            };
            let Sort::Set(dimension) = set.sort else {
                continue;
            };
            let home = match &entry.set.kind {
                ExprKind::Name(name, subscripts) if subscripts.is_empty() => Some(name.clone()),
                _ => None,
            };
            let dimension = if dimension == 0 {
                entry.indices.len().max(1)
            } else {
                dimension
            };
            if !entry.indices.is_empty() && entry.indices.len() != dimension {
                self.error(
                    Code::SUBSCRIPT_COUNT,
                    entry.set.span,
                    format!(
                        "members of this set have {dimension} symbols, but {} indices stand for them",
                        entry.indices.len()
                    ),
                );
            }
            let parts = if entry.indices.is_empty() {
                (0..dimension)
                    .map(|_| Part::Bind(self.new_slot()))
                    .collect()
            } else {
                entry
                    .indices
                    .iter()
                    .filter_map(|index| self.part(index, home.as_ref()))
                    .collect()
            };
            entries.push(Source { parts, set });
        }
        let condition = indexing.condition.as_ref().and_then(|c| {
            let node = self.condition(c)?;
            self.no_variable(&node)?;
            Some(Box::new(node))
        });
        Range { entries, condition }
    }

    fn new_slot(&mut self) -> Slot {
        self.slots += 1;
        self.slots - 1
    }

    fn part(&mut self, index: &Expr, home: Option<&Arc<str>>) -> Option<Part> {
        if let ExprKind::Name(name, subscripts) = &index.kind
            && subscripts.is_empty()
            && !self.scope.iter().any(|(n, _, _)| n == name)
        {
            let slot = self.new_slot();
            self.scope.push((name.clone(), slot, home.cloned()));
            return Some(Part::Bind(slot));
        }
        Some(Part::Match(self.constant(index, Bare::Symbol)?))
    }

    // --- expressions

    fn boxed(&mut self, expr: &Expr) -> Option<Box<Node>> {
        self.number(expr).map(Box::new)
    }

    fn expr(&mut self, expr: &Expr, bare: Bare) -> Option<Node> {
        let span = expr.span;
        let leaf = |kind, sort| {
            Some(Node {
                kind,
                span,
                sort,
                variable: false,
            })
        };
        match &expr.kind {
            ExprKind::Number(value, _) => leaf(NodeKind::Number(value.clone()), Sort::Number),
            ExprKind::Infinity => leaf(NodeKind::Infinity, Sort::Number),
            ExprKind::Text(text) => leaf(NodeKind::Symbol(self.symbols.text(text)), Sort::Symbol),
            ExprKind::Name(name, subscripts) => self.name(name, subscripts, span, bare),
            ExprKind::Negate(inner) => {
                let inner = self.boxed(inner)?;
                let variable = inner.variable;
                let kind = NodeKind::Negate(inner);
                Some(Node {
                    kind,
                    span,
                    sort: Sort::Number,
                    variable,
                })
            }
            ExprKind::Not(inner) => {
                let inner = Box::new(self.condition(inner)?);
                let variable = inner.variable;
                let kind = NodeKind::Not(inner);
                Some(Node {
                    kind,
                    span,
                    sort: Sort::Condition,
                    variable,
                })
            }
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            ExprKind::Compare(first, rest) => self.comparison(first, rest, span),
            ExprKind::If(condition, then, otherwise) => {
                let condition = self.condition(condition);
                let then = self.expr(then, bare);
                let otherwise = match otherwise {
                    Some(e) => Some(Box::new(self.expr(e, bare)?)),
                    None => None,
                };
                let (condition, then) = (Box::new(condition?), Box::new(then?));
                let sort = match (then.sort, otherwise.as_ref().map(|o| o.sort)) {
                    (Sort::Set(0), Some(other)) => other,
                    (sort, _) => sort,
                };
                let variable = condition.variable
                    || then.variable
                    || otherwise.as_ref().is_some_and(|o| o.variable);
                let kind = NodeKind::If(condition, then, otherwise);
                Some(Node {
                    kind,
                    span,
                    sort,
                    variable,
                })
            }
            ExprKind::ImpliesElse(condition, then, otherwise) => {
                let condition = self.condition(condition);
                let then = self.condition(then);
                let otherwise = self.condition(otherwise);
                let (c, t, o) = (condition?, then?, otherwise?);
                let variable = c.variable || t.variable || o.variable;
                let kind = NodeKind::ImpliesElse(c.into(), t.into(), o.into());
                Some(Node {
                    kind,
                    span,
                    sort: Sort::Condition,
                    variable,
                })
            }
            ExprKind::Iterated(operator, count, indexing, body) => {
                self.iterated(*operator, count.as_deref(), indexing, body, span)
            }
            ExprKind::CountOf(count, number, parts) => {
                let number = self.constant(number, Bare::No);
                let nodes: Vec<Option<Node>> = parts.iter().map(|p| self.condition(p)).collect();
                let parts: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
                let variable = parts.iter().any(|p| p.variable);
                let kind = NodeKind::CountOf(*count, number?.into(), parts);
                Some(Node {
                    kind,
                    span,
                    sort: Sort::Condition,
                    variable,
                })
            }
            ExprKind::Call(name, arguments) => self.call(name, arguments, span),
            ExprKind::Tuple(parts) => {
                let nodes: Vec<Option<Node>> = parts
                    .iter()
                    .map(|p| self.constant(p, Bare::Symbol))
                    .collect();
                let parts: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
                let sort = Sort::Tuple(parts.len());
                leaf(NodeKind::Tuple(parts), sort)
            }
            ExprKind::SetLiteral(parts) => {
                let nodes: Vec<Option<Node>> =
                    parts.iter().map(|p| self.expr(p, Bare::Symbol)).collect();
                let parts: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
                let dimension = match parts.first().map(|p| p.sort) {
                    None => 0,
                    Some(Sort::Tuple(n)) => n,
                    Some(_) => 1,
                };
                for part in &parts {
                    let found = match part.sort {
                        Sort::Tuple(n) => n,
                        Sort::Number | Sort::Symbol => 1,
                        _ => return self.wrong(part, "a member of a set"),
                    };
                    if found != dimension {
                        self.error(
                            Code::SUBSCRIPT_COUNT,
                            part.span,
                            format!("this member has {found} symbols, the first one {dimension}"),
                        );
                        return None;
                    }
                }
                leaf(NodeKind::SetLiteral(parts), Sort::Set(dimension))
            }
            ExprKind::Indexed(indexing) => {
                let outer = self.scope.len();
                let range = self.range(indexing);
                self.scope.truncate(outer);
                let dimension = range.entries.iter().map(|e| e.parts.len()).sum();
                leaf(NodeKind::Indexed(range), Sort::Set(dimension))
            }
            ExprKind::Range(from, to, by) => {
                let from = self.constant(from, Bare::No);
                let to = self.constant(to, Bare::No);
                let by = match by {
                    Some(by) => Some(Box::new(self.constant(by, Bare::No)?)),
                    None => None,
                };
                leaf(
                    NodeKind::Interval(from?.into(), to?.into(), by),
                    Sort::Set(1),
                )
            }
            ExprKind::Piecewise {
                breakpoints,
                slopes,
                argument,
            } => {
                let mut list = |exprs: &[Expr]| -> Option<Vec<Node>> {
                    exprs.iter().map(|e| self.constant(e, Bare::No)).collect()
                };
                let (breakpoints, slopes) = (list(breakpoints)?, list(slopes)?);
                let argument = self.boxed(argument)?;
                let variable = argument.variable;
                let kind = NodeKind::Piecewise(breakpoints, slopes, argument);
                Some(Node {
                    kind,
                    span,
                    sort: Sort::Number,
                    variable,
                })
            }
        }
    }

    fn name(
        &mut self,
        name: &Arc<str>,
        subscripts: &[Expr],
        span: Span,
        bare: Bare,
    ) -> Option<Node> {
        if subscripts.is_empty()
            && let Some((_, slot, _)) = self.scope.iter().rev().find(|(n, _, _)| n == name)
        {
            return Some(Node {
                kind: NodeKind::Slot(*slot),
                span,
                sort: Sort::Symbol,
                variable: false,
            });
        }
        let Some(known) = self.names.get_mut(name) else {
            if bare == Bare::Symbol && subscripts.is_empty() {
                return Some(Node {
                    kind: NodeKind::Symbol(self.symbols.text(name)),
                    span,
                    sort: Sort::Symbol,
                    variable: false,
                });
            }
            self.unknown(name, span);
            for subscript in subscripts {
                self.constant(subscript, Bare::Symbol);
            }
            return None;
        };
        known.used = true;
        let (meaning, arity, dimension) = (known.meaning, known.arity, known.dimension);
        let (symbolic, declared) = (known.symbolic, known.span);
        let homes = known.homes.clone();
        let parts = self.subscripts(subscripts, &homes)?;
        if parts.len() != arity {
            let fault = Diagnostic::error(
                Code::SUBSCRIPT_COUNT,
                format!(
                    "`{name}` takes {}, not {}",
                    counted(arity, "subscript"),
                    parts.len()
                ),
            );
            self.diagnostics
                .push(fault.at(span).related(declared, "it is declared here"));
            return None;
        }
        let (kind, sort, variable) = match meaning {
            Meaning::Set(id) => (NodeKind::Set(id, parts), Sort::Set(dimension), false),
            Meaning::Param(id) => {
                let sort = if symbolic { Sort::Symbol } else { Sort::Number };
                (NodeKind::Param(id, parts), sort, false)
            }
            Meaning::Var(id) => (NodeKind::Var(id, parts), Sort::Number, true),
            Meaning::Other => {
                self.error(
                    Code::WRONG_KIND,
                    span,
                    format!("`{name}` is a constraint or an objective, which has no value here"),
                );
                return None;
            }
        };
        Some(Node {
            kind,
            span,
            sort,
            variable,
        })
    }

    fn subscripts(&mut self, subscripts: &[Expr], homes: &[Option<Arc<str>>]) -> Option<Vec<Node>> {
        let mut parts = Vec::new();
        for subscript in subscripts {
            let node = self.constant(subscript, Bare::Symbol)?;
            let home = homes.get(parts.len()).and_then(Option::as_ref);
            if let (Some(home), ExprKind::Name(index, _)) = (home, &subscript.kind) {
                self.check_home(index, home, subscript.span);
            }
            parts.push(node);
        }
        Some(parts)
    }

    /// Remarks on an index of one set that stands where one of another is
    /// declared.
    fn check_home(&mut self, index: &Arc<str>, home: &Arc<str>, span: Span) {
        let ranged = self.scope.iter().rev().find(|(n, _, _)| n == index);
        let Some((_, _, Some(ranged))) = ranged else {
            return;
        };
        if ranged == home {
            return;
        }
        // Another index in scope that fits is what was probably meant.
        let meant = self
            .scope
            .iter()
            .rev()
            .find(|(_, _, s)| s.as_ref() == Some(home));
        let Some((meant, _, _)) = meant else {
            return;
        };
        let fault = Diagnostic::warning(
            Code::SUBSCRIPT_SET,
            format!("`{index}` ranges over `{ranged}`, where a member of `{home}` is declared"),
        );
        let fault = fault
            .at(span)
            .help(format!("`{meant}` ranges over `{home}`"))
            .suggest(span, meant.to_string());
        self.diagnostics.push(fault);
    }

    fn unknown(&mut self, name: &str, span: Span) {
        let candidates = self
            .names
            .keys()
            .chain(self.scope.iter().map(|(n, _, _)| n));
        let near = nearest(name, candidates.map(|n| &**n));
        let mut fault =
            Diagnostic::error(Code::UNKNOWN_NAME, format!("`{name}` is not declared")).at(span);
        fault = match near {
            Some(near) => fault.help(format!("did you mean `{near}`?")).suggest(
                Span::new(span.start as usize, span.start as usize + name.len()),
                near,
            ),
            None => fault.help("declare it with `set`, `param` or `var`"),
        };
        self.diagnostics.push(fault);
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Option<Node> {
        use Operator as O;
        match operator {
            O::And | O::Or | O::Xor | O::Implies | O::Iff => {
                let (left, right) = (self.condition(left), self.condition(right));
                let (left, right) = (left?, right?);
                Some(made(operator, left, right, Sort::Condition, span))
            }
            O::In | O::NotIn => {
                let left = self.expr(left, Bare::Symbol);
                let right = self.set_expr(right);
                let (left, right) = (left?, right?);
                self.no_variable(&left)?;
                let parts = match left.sort {
                    Sort::Tuple(n) => n,
                    Sort::Number | Sort::Symbol => 1,
                    _ => return self.wrong(&left, "a member of a set"),
                };
                if let Sort::Set(dimension) = right.sort
                    && dimension != parts
                    && dimension != 0
                {
                    self.error(
                        Code::SUBSCRIPT_COUNT,
                        span,
                        format!("members of the set have {dimension} symbols, not {parts}"),
                    );
                    return None;
                }
                Some(made(operator, left, right, Sort::Condition, span))
            }
            O::Within | O::NotWithin => {
                let (left, right) = (self.set_expr(left), self.set_expr(right));
                Some(made(operator, left?, right?, Sort::Condition, span))
            }
            O::Union | O::Difference | O::SymmetricDifference | O::Intersection | O::Cross => {
                let (left, right) = (self.set_expr(left), self.set_expr(right));
                let (left, right) = (left?, right?);
                let (Sort::Set(a), Sort::Set(b)) = (left.sort, right.sort) else {
                    return None;
                };
                let sort = match operator {
                    O::Cross => a + b,
                    _ if a == b || b == 0 => a,
                    _ if a == 0 => b,
                    _ => {
                        self.error(
                            Code::SUBSCRIPT_COUNT,
                            span,
                            format!("members of one set have {a} symbols, of the other {b}"),
                        );
                        return None;
                    }
                };
                Some(made(operator, left, right, Sort::Set(sort), span))
            }
            O::Concatenate => {
                let left = self.constant(left, Bare::No);
                let right = self.constant(right, Bare::No);
                Some(made(operator, left?, right?, Sort::Symbol, span))
            }
            _ => {
                let (left, right) = (self.number(left), self.number(right));
                let (left, right) = (left?, right?);
                let bad = match operator {
                    O::Multiply => left.variable && right.variable,
                    O::Divide => right.variable,
                    O::Add | O::Subtract => false,
                    _ => left.variable || right.variable,
                };
                if bad {
                    self.not_linear(operator, &left, &right, span);
                    return None;
                }
                Some(made(operator, left, right, Sort::Number, span))
            }
        }
    }

    fn not_linear(&mut self, operator: Operator, left: &Node, right: &Node, span: Span) {
        let what = match operator {
            Operator::Multiply => "variables are multiplied with each other",
            Operator::Divide => "something is divided by variables",
            Operator::Power => "variables are raised to a power, or are one",
            _ => "this operator is not linear in variables",
        };
        let mut fault = Diagnostic::error(Code::NOT_LINEAR, what).at(span);
        for side in [left, right] {
            if side.variable {
                fault = fault.related(side.span, "this depends on variables");
            }
        }
        let help = match operator {
            Operator::Multiply => {
                "where one of them is binary, use an implication: `y = 0 ==> z = 0`, `y = 1 ==> z = x`"
            }
            Operator::Divide => "multiply the constraint by the divisor, if it is positive",
            _ => "approximate it by `<<breakpoints; slopes>> x`",
        };
        self.diagnostics.push(fault.help(help));
    }

    fn comparison(&mut self, first: &Expr, rest: &[(Relation, Expr)], span: Span) -> Option<Node> {
        // Beside something symbolic, a name that nothing declares is a symbol.
        let symbolic = std::iter::once(first)
            .chain(rest.iter().map(|(_, e)| e))
            .any(|e| self.is_symbolic(e));
        let bare = bare_if(symbolic);
        let first = self.expr(first, bare);
        let nodes: Vec<Option<(Relation, Node)>> = rest
            .iter()
            .map(|(relation, e)| Some((*relation, self.expr(e, bare)?)))
            .collect();
        let first = first?;
        let rest: Vec<(Relation, Node)> = nodes.into_iter().collect::<Option<_>>()?;
        let sets = matches!(first.sort, Sort::Set(_));
        for node in std::iter::once(&first).chain(rest.iter().map(|(_, n)| n)) {
            match node.sort {
                Sort::Number | Sort::Symbol if !sets => {}
                Sort::Set(_) if sets => {}
                _ => return self.wrong(node, if sets { "a set" } else { "a number" }),
            }
        }
        let variable = first.variable || rest.iter().any(|(_, n)| n.variable);
        Some(Node {
            kind: NodeKind::Compare(first.into(), rest),
            span,
            sort: Sort::Condition,
            variable,
        })
    }

    fn is_symbolic(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Text(_) => true,
            ExprKind::Name(name, subscripts) => {
                (subscripts.is_empty() && self.scope.iter().any(|(n, _, _)| n == name))
                    || self.names.get(name).is_some_and(|known| known.symbolic)
            }
            _ => false,
        }
    }

    fn iterated(
        &mut self,
        operator: Iterated,
        count: Option<&Expr>,
        indexing: &Indexing,
        body: &Expr,
        span: Span,
    ) -> Option<Node> {
        let count = match count {
            Some(count) => Some(Box::new(self.constant(count, Bare::No)?)),
            None => None,
        };
        let outer = self.scope.len();
        let range = self.range(indexing);
        let body = match operator {
            Iterated::Forall | Iterated::Exists | Iterated::Count(_) => self.condition(body),
            Iterated::SetOf => self.expr(body, Bare::Symbol),
            _ => self.number(body),
        };
        self.scope.truncate(outer);
        let body = body?;
        let sort = match operator {
            Iterated::Forall | Iterated::Exists | Iterated::Count(_) | Iterated::Sos(_) => {
                Sort::Condition
            }
            Iterated::SetOf => match body.sort {
                Sort::Tuple(n) => Sort::Set(n),
                Sort::Number | Sort::Symbol => Sort::Set(1),
                _ => return self.wrong(&body, "a member of a set"),
            },
            _ => Sort::Number,
        };
        if operator == Iterated::Product || operator == Iterated::SetOf {
            self.no_variable(&body)?;
        }
        let variable = body.variable;
        Some(Node {
            kind: NodeKind::Iterated(operator, count, range, body.into()),
            span,
            sort,
            variable,
        })
    }

    fn call(&mut self, name: &str, arguments: &[Expr], span: Span) -> Option<Node> {
        let Some((function, least, most)) = function(name) else {
            // Brackets for subscripts, as in other systems.
            if self.names.contains_key(name) {
                self.diagnostics.push(
                    Diagnostic::warning(
                        Code::MODEL_SPELLING,
                        format!("subscripts stand in square brackets: `{name}[..]`"),
                    )
                    .at(span),
                );
                return self.name(&name.into(), arguments, span, Bare::No);
            }
            self.unknown(name, span);
            return None;
        };
        if arguments.len() < least || arguments.len() > most {
            self.error(
                Code::SUBSCRIPT_COUNT,
                span,
                format!("`{name}` takes {}", counted(least, "argument")),
            );
            return None;
        }
        let mut nodes = Vec::new();
        for argument in arguments {
            nodes.push(match function {
                Function::Card => self.set_expr(argument)?,
                Function::Length => self.constant(argument, Bare::No)?,
                _ => self.number(argument)?,
            });
        }
        let variable = nodes.iter().any(|n| n.variable);
        if variable && !matches!(function, Function::Abs | Function::Min | Function::Max) {
            let fault = Diagnostic::error(
                Code::NOT_LINEAR,
                format!("`{name}` of variables is not linear"),
            );
            let help =
                "`abs`, `min`, `max`, `if` and `<<breakpoints; slopes>>` may be of variables";
            self.diagnostics.push(fault.at(span).help(help));
            return None;
        }
        Some(Node {
            kind: NodeKind::Call(function, nodes),
            span,
            sort: Sort::Number,
            variable,
        })
    }
}

fn made(operator: Operator, left: Node, right: Node, sort: Sort, span: Span) -> Node {
    let variable = left.variable || right.variable;
    Node {
        kind: NodeKind::Binary(operator, left.into(), right.into()),
        span,
        sort,
        variable,
    }
}

fn bare_if(symbolic: bool) -> Bare {
    if symbolic { Bare::Symbol } else { Bare::No }
}

fn after_domain(head: &Head) -> Option<Span> {
    let end = head.domain.as_ref()?.span.end as usize;
    Some(Span::new(end, end))
}

pub(super) fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

fn function(name: &str) -> Option<(Function, usize, usize)> {
    const MANY: usize = usize::MAX;
    Some(match name {
        "abs" => (Function::Abs, 1, 1),
        "min" => (Function::Min, 1, MANY),
        "max" => (Function::Max, 1, MANY),
        "ceil" => (Function::Ceil, 1, 1),
        "floor" => (Function::Floor, 1, 1),
        "round" => (Function::Round, 1, 2),
        "trunc" => (Function::Trunc, 1, 2),
        "card" => (Function::Card, 1, 1),
        "length" => (Function::Length, 1, 1),
        "sqrt" => (Function::Float(f64::sqrt), 1, 1),
        "exp" => (Function::Float(f64::exp), 1, 1),
        "log" => (Function::Float(f64::ln), 1, 1),
        "log10" => (Function::Float(f64::log10), 1, 1),
        "sin" => (Function::Float(f64::sin), 1, 1),
        "cos" => (Function::Float(f64::cos), 1, 1),
        "tan" => (Function::Float(f64::tan), 1, 1),
        "atan" => (Function::Float(f64::atan), 1, 1),
        _ => return None,
    })
}

/// The name that differs least from another, if it differs little.
pub(super) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let most = match name.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    names
        .map(|other| (distance(name, other), other))
        .filter(|(d, _)| *d <= most)
        .min()
        .map(|(_, other)| other.to_owned())
}

/// How many letters must be changed, added or removed (Levenshtein 1966),
/// without regard to case.
fn distance(a: &str, b: &str) -> usize {
    let lower = |text: &str| text.to_lowercase().chars().collect::<Vec<char>>();
    let (a, b) = (lower(a), lower(b));
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(0);
            let next = (above + 1).min(left + 1).min(corner + usize::from(x != y));
            if let Some(place) = row.get_mut(j) {
                *place = left;
            }
            (corner, left) = (above, next);
        }
        if let Some(place) = row.get_mut(b.len()) {
            *place = left;
        }
    }
    row.last().copied().unwrap_or(0)
}
