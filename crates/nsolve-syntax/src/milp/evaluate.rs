//! Values of expressions without variables.

use std::rc::Rc;

use nsolve_il::milp::{Number, Relation, Symbol};
use nsolve_source::{Code, Diagnostic, Span};
use rustc_hash::FxHashSet;

use super::ast::{Iterated, Operator};
use super::data::Tables;
use super::generate::Columns;
use super::ir::{
    Function, ModelIr, Node, NodeKind, ParamIr, Part, Range, RestrictionIr, SetIr, Sort,
};
use super::resolve::nearest;
use super::value::{SetValue, SymbolId, Symbols, Table};

/// Something that has no value; boxed, since most things have one.
pub(super) type Fault = Box<Diagnostic>;
pub(super) type Eval<T> = Result<T, Fault>;

/// How deep values may depend on each other.
const DEEPEST: usize = 500;
/// How many members a set may have.
const MOST_MEMBERS: usize = 5_000_000;
/// How many times something may be ranged over, in a whole model.
const MOST_STEPS: u64 = 100_000_000;
/// How many bits a number may have.
const MOST_BITS: u64 = 20_000;
/// How many bytes a symbol may have.
const LONGEST_SYMBOL: usize = 1000;

pub(super) fn fault<T>(code: Code, span: Span, message: impl Into<String>) -> Eval<T> {
    Err(Box::new(Diagnostic::error(code, message).at(span)))
}

/// Evaluates the expressions of one model with its data.
pub(super) struct Evaluator<'m> {
    pub(super) model: &'m ModelIr,
    pub(super) symbols: Symbols,
    tables: Tables,
    /// Sets and parameters whose value was computed.
    sets: Vec<Table<Rc<SetValue>>>,
    numbers: Vec<Table<Number>>,
    texts: Vec<Table<SymbolId>>,
    /// What is being computed now.
    open: FxHashSet<(bool, usize, Vec<SymbolId>)>,
    pub(super) slots: Vec<SymbolId>,
    /// Where the columns of each variable are.
    pub(super) columns: Vec<Columns>,
    pub(super) problem: nsolve_il::milp::Problem,
    pub(super) diagnostics: Vec<Diagnostic>,
    steps: u64,
}

impl<'m> Evaluator<'m> {
    pub(super) fn new(model: &'m ModelIr, symbols: Symbols, tables: Tables) -> Self {
        Evaluator {
            model,
            symbols,
            tables,
            sets: model
                .sets
                .iter()
                .map(|s| Table::new(s.declared.arity))
                .collect(),
            numbers: model
                .params
                .iter()
                .map(|p| Table::new(p.declared.arity))
                .collect(),
            texts: model
                .params
                .iter()
                .map(|p| Table::new(p.declared.arity))
                .collect(),
            open: FxHashSet::default(),
            slots: vec![0; model.slots],
            columns: Vec::new(),
            problem: Default::default(),
            diagnostics: Vec::new(),
            steps: 0,
        }
    }

    // --- ranging

    /// Does something for every member of a range, with its slots bound.
    pub(super) fn each(
        &mut self,
        range: &'m Range,
        body: &mut dyn FnMut(&mut Self) -> Eval<()>,
    ) -> Eval<()> {
        self.each_from(range, 0, body)
    }

    fn each_from(
        &mut self,
        range: &'m Range,
        entry: usize,
        body: &mut dyn FnMut(&mut Self) -> Eval<()>,
    ) -> Eval<()> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            let span = range.entries.first().map(|source| source.set.span);
            let what = format!("the model ranges over more than {MOST_STEPS} members in all");
            return fault(Code::MODEL_TOO_LARGE, span.unwrap_or_default(), what);
        }
        let Some(source) = range.entries.get(entry) else {
            let holds = match &range.condition {
                Some(condition) => self.truth(condition)?,
                None => true,
            };
            return if holds { body(self) } else { Ok(()) };
        };
        // Numbers in a row need no set.
        if let (NodeKind::Interval(from, to, by), [Part::Bind(slot)]) =
            (&source.set.kind, source.parts.as_slice())
        {
            let (from, to, by) = self.interval(from, to, by.as_deref(), source.set.span)?;
            let mut at = from;
            while if by.is_positive() { at <= to } else { at >= to } {
                let id = self.symbols.number(&at);
                self.bind(*slot, id);
                self.each_from(range, entry + 1, body)?;
                at += &by;
            }
            return Ok(());
        }
        let set = self.set(&source.set)?;
        let mut pattern: Vec<Option<SymbolId>> = Vec::with_capacity(source.parts.len());
        for part in &source.parts {
            pattern.push(match part {
                Part::Bind(_) => None,
                Part::Match(node) => Some(self.symbol(node)?),
            });
        }
        let visit =
            |this: &mut Self, member: &[SymbolId], body: &mut dyn FnMut(&mut Self) -> Eval<()>| {
                for (part, symbol) in source.parts.iter().zip(member) {
                    if let Part::Bind(slot) = part {
                        this.bind(*slot, *symbol);
                    }
                }
                this.each_from(range, entry + 1, body)
            };
        if pattern.iter().all(Option::is_none) {
            for place in 0..set.len() {
                visit(self, set.get(place), body)?;
            }
        } else {
            for place in set.matching(&pattern) {
                visit(self, set.get(place as usize), body)?;
            }
        }
        Ok(())
    }

    pub(super) fn bind(&mut self, slot: usize, symbol: SymbolId) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = symbol;
        }
    }

    pub(super) fn slot(&self, slot: usize) -> SymbolId {
        self.slots.get(slot).copied().unwrap_or(0)
    }

    /// The symbols that the slots of a range are bound to.
    pub(super) fn key(&self, range: Option<&Range>) -> Vec<SymbolId> {
        let parts = range
            .into_iter()
            .flat_map(|r| &r.entries)
            .flat_map(|e| &e.parts);
        parts
            .map(|part| match part {
                Part::Bind(slot) => self.slot(*slot),
                Part::Match(_) => 0,
            })
            .collect()
    }

    fn interval(
        &mut self,
        from: &'m Node,
        to: &'m Node,
        by: Option<&'m Node>,
        span: Span,
    ) -> Eval<(Number, Number, Number)> {
        let from = self.number(from)?;
        let to = self.number(to)?;
        let by = match by {
            Some(by) => self.number(by)?,
            None => Number::ONE,
        };
        if by.is_zero() {
            return fault(Code::NEGATIVE_SIZE, span, "the step of a range is 0");
        }
        let count = (&to - &from).checked_div(&by).unwrap_or_default();
        if count > Number::from(MOST_MEMBERS as i64) {
            return fault(
                Code::MODEL_TOO_LARGE,
                span,
                format!("this range has more than {MOST_MEMBERS} members"),
            );
        }
        Ok((from, to, by))
    }

    // --- sets

    pub(super) fn set(&mut self, node: &'m Node) -> Eval<Rc<SetValue>> {
        match &node.kind {
            NodeKind::Set(id, subscripts) => {
                let key = self.symbols_of(subscripts)?;
                self.set_value(*id, &key, node.span)
            }
            NodeKind::SetLiteral(parts) => {
                let arity = match node.sort {
                    Sort::Set(n) => n.max(1),
                    _ => 1,
                };
                let mut set = SetValue::new(arity);
                for part in parts {
                    let member = self.tuple(part)?;
                    set.insert(&member);
                }
                Ok(Rc::new(set))
            }
            NodeKind::Indexed(range) => {
                let arity = range.entries.iter().map(|e| e.parts.len()).sum();
                let mut set = SetValue::new(arity);
                self.each(range, &mut |this| {
                    let mut member = Vec::with_capacity(arity);
                    for part in range.entries.iter().flat_map(|e| &e.parts) {
                        member.push(match part {
                            Part::Bind(slot) => this.slot(*slot),
                            Part::Match(node) => this.symbol(node)?,
                        });
                    }
                    set.insert(&member);
                    Ok(())
                })?;
                Ok(Rc::new(set))
            }
            NodeKind::Iterated(Iterated::SetOf, _, range, body) => {
                let arity = match node.sort {
                    Sort::Set(n) => n,
                    _ => 1,
                };
                let mut set = SetValue::new(arity);
                self.each(range, &mut |this| {
                    let member = this.tuple(body)?;
                    set.insert(&member);
                    Ok(())
                })?;
                Ok(Rc::new(set))
            }
            NodeKind::Interval(from, to, by) => {
                let (from, to, by) = self.interval(from, to, by.as_deref(), node.span)?;
                let mut set = SetValue::new(1);
                let mut at = from;
                while if by.is_positive() { at <= to } else { at >= to } {
                    let id = self.symbols.number(&at);
                    set.insert(&[id]);
                    at += &by;
                }
                Ok(Rc::new(set))
            }
            NodeKind::If(condition, then, otherwise) => {
                if self.truth(condition)? {
                    self.set(then)
                } else if let Some(otherwise) = otherwise {
                    self.set(otherwise)
                } else {
                    Ok(Rc::new(SetValue::new(1)))
                }
            }
            NodeKind::Binary(operator, left, right) => {
                let (left, right) = (self.set(left)?, self.set(right)?);
                self.combine_sets(*operator, &left, &right, node.span)
            }
            _ => fault(Code::WRONG_KIND, node.span, "expected a set"),
        }
    }

    fn combine_sets(
        &mut self,
        operator: Operator,
        left: &SetValue,
        right: &SetValue,
        span: Span,
    ) -> Eval<Rc<SetValue>> {
        if operator == Operator::Cross {
            if left.len().saturating_mul(right.len()) > MOST_MEMBERS {
                return fault(
                    Code::MODEL_TOO_LARGE,
                    span,
                    "this product of sets is too large",
                );
            }
            let mut set = SetValue::new(left.arity() + right.arity());
            for a in left.iter() {
                for b in right.iter() {
                    set.insert(&[a, b].concat());
                }
            }
            return Ok(Rc::new(set));
        }
        let arity = if left.len() == 0 {
            right.arity()
        } else {
            left.arity()
        };
        let mut set = SetValue::new(arity);
        for member in left.iter() {
            let keep = match operator {
                Operator::Union => true,
                Operator::Intersection => right.contains(member),
                _ => !right.contains(member),
            };
            if keep {
                set.insert(member);
            }
        }
        if matches!(operator, Operator::Union | Operator::SymmetricDifference) {
            for member in right.iter().filter(|m| !left.contains(m)) {
                set.insert(member);
            }
        }
        Ok(Rc::new(set))
    }

    /// The value of a declared set.
    pub(super) fn set_value(
        &mut self,
        id: usize,
        key: &[SymbolId],
        span: Span,
    ) -> Eval<Rc<SetValue>> {
        if let Some(value) = self.sets.get(id).and_then(|t| t.get(key)) {
            return Ok(value.clone());
        }
        let model = self.model;
        let Some(ir) = model.sets.get(id) else {
            return fault(Code::UNKNOWN_NAME, span, "no such set");
        };
        let value = match self.tables.take_set(id, key) {
            Some(value) => Rc::new(value),
            None => self.computed(false, id, key, span, |this| {
                this.bind_key(ir.declared.range.as_ref(), key);
                match (&ir.value, &ir.default) {
                    (Some(node), _) | (None, Some(node)) => this.set(node),
                    _ => this.missing(&ir.declared.name, ir.declared.name_span, key, span, "set"),
                }
            })?,
        };
        self.check_within(ir, &value, key)?;
        if let Some(table) = self.sets.get_mut(id) {
            table.insert(key, value.clone());
        }
        Ok(value)
    }

    fn check_within(&mut self, ir: &'m SetIr, value: &SetValue, key: &[SymbolId]) -> Eval<()> {
        for node in &ir.within {
            let saved = self.slots.clone();
            self.bind_key(ir.declared.range.as_ref(), key);
            let outer = self.set(node);
            self.slots = saved;
            let outer = outer?;
            if let Some(member) = value.iter().find(|m| !outer.contains(m)) {
                return fault(
                    Code::CHECK_FAILED,
                    ir.declared.name_span,
                    format!(
                        "`{}` holds {}, which is not in the set that it must be within",
                        ir.declared.name,
                        self.symbols.show(member)
                    ),
                );
            }
        }
        Ok(())
    }

    /// Computes a value that may depend on others, but not on itself.
    fn computed<T>(
        &mut self,
        is_param: bool,
        id: usize,
        key: &[SymbolId],
        span: Span,
        compute: impl FnOnce(&mut Self) -> Eval<T>,
    ) -> Eval<T> {
        let open = (is_param, id, key.to_vec());
        if self.open.len() >= DEEPEST || !self.open.insert(open.clone()) {
            return fault(
                Code::SELF_REFERENCE,
                span,
                "the value of this depends on itself, or on too many others in a row",
            );
        }
        let saved = self.slots.clone();
        let result = compute(self);
        self.slots = saved;
        self.open.remove(&open);
        result
    }

    fn bind_key(&mut self, range: Option<&'m Range>, key: &[SymbolId]) {
        let parts = range
            .into_iter()
            .flat_map(|r| &r.entries)
            .flat_map(|e| &e.parts);
        for (part, symbol) in parts.zip(key) {
            if let Part::Bind(slot) = part {
                self.bind(*slot, *symbol);
            }
        }
    }

    fn missing<T>(
        &self,
        name: &str,
        declared: Span,
        key: &[SymbolId],
        span: Span,
        what: &str,
    ) -> Eval<T> {
        let place = if key.is_empty() {
            format!("`{name}`")
        } else {
            let parts: Vec<String> = key
                .iter()
                .map(|k| self.symbols.get(*k).to_string())
                .collect();
            format!("`{name}[{}]`", parts.join(","))
        };
        let fault = Diagnostic::error(Code::MISSING_DATA, format!("{what} {place} has no value"));
        Err(Box::new(
            fault
                .at(span)
                .related(declared, "it is declared here")
                .help(format!(
                    "give it in the data, or say `default` in the declaration of `{name}`"
                )),
        ))
    }

    // --- parameters

    fn param_ir(&self, id: usize, span: Span) -> Eval<&'m ParamIr> {
        match self.model.params.get(id) {
            Some(ir) => Ok(ir),
            None => fault(Code::UNKNOWN_NAME, span, "no such parameter"),
        }
    }

    fn param_number(&mut self, id: usize, key: &[SymbolId], span: Span) -> Eval<Number> {
        if let Some(value) = self.tables.number(id, key) {
            return Ok(value.clone());
        }
        if let Some(value) = self.numbers.get(id).and_then(|t| t.get(key)) {
            return Ok(value.clone());
        }
        let ir = self.param_ir(id, span)?;
        let value = match (&ir.value, self.tables.default_number(id)) {
            (None, Some(value)) => value.clone(),
            _ => self.computed(true, id, key, span, |this| {
                this.bind_key(ir.declared.range.as_ref(), key);
                match (&ir.value, &ir.default) {
                    (Some(node), _) | (None, Some(node)) => this.number(node),
                    _ => {
                        this.check_key(ir.declared.range.as_ref(), key, &ir.declared.name, span)?;
                        this.missing(
                            &ir.declared.name,
                            ir.declared.name_span,
                            key,
                            span,
                            "parameter",
                        )
                    }
                }
            })?,
        };
        if ir.value.is_some() || ir.default.is_some() {
            self.check_key(ir.declared.range.as_ref(), key, &ir.declared.name, span)?;
            self.check_restrictions(ir, key, &value)?;
        }
        if let Some(table) = self.numbers.get_mut(id) {
            table.insert(key, value.clone());
        }
        Ok(value)
    }

    fn param_symbol(&mut self, id: usize, key: &[SymbolId], span: Span) -> Eval<SymbolId> {
        if let Some(value) = self.tables.symbol(id, key) {
            return Ok(value);
        }
        if let Some(value) = self.texts.get(id).and_then(|t| t.get(key)) {
            return Ok(*value);
        }
        let ir = self.param_ir(id, span)?;
        let value = match (&ir.value, self.tables.default_symbol(id)) {
            (None, Some(value)) => value,
            _ => self.computed(true, id, key, span, |this| {
                this.bind_key(ir.declared.range.as_ref(), key);
                match (&ir.value, &ir.default) {
                    (Some(node), _) | (None, Some(node)) => this.symbol(node),
                    _ => this.missing(
                        &ir.declared.name,
                        ir.declared.name_span,
                        key,
                        span,
                        "parameter",
                    ),
                }
            })?,
        };
        if let Some(table) = self.texts.get_mut(id) {
            table.insert(key, value);
        }
        Ok(value)
    }

    /// Whether subscripts are members of what a declaration ranges over.
    pub(super) fn check_key(
        &mut self,
        range: Option<&'m Range>,
        key: &[SymbolId],
        name: &str,
        span: Span,
    ) -> Eval<()> {
        let Some(range) = range else {
            return Ok(());
        };
        let saved = self.slots.clone();
        let result = self.check_key_bound(range, key, name, span);
        self.slots = saved;
        result
    }

    fn check_key_bound(
        &mut self,
        range: &'m Range,
        mut key: &[SymbolId],
        name: &str,
        span: Span,
    ) -> Eval<()> {
        for source in &range.entries {
            let Some((member, rest)) = key.split_at_checked(source.parts.len()) else {
                return Ok(());
            };
            key = rest;
            let set = self.set(&source.set)?;
            if !set.contains(member) {
                let shown = self.symbols.show(member);
                let members: Vec<String> = set
                    .iter()
                    .take(1000)
                    .map(|m| self.symbols.show(m))
                    .collect();
                let near = nearest(&shown, members.iter().map(String::as_str));
                let mut fault = Diagnostic::error(
                    Code::NOT_IN_SET,
                    format!("{shown} is not a member of the set that `{name}` is indexed over"),
                )
                .at(span)
                .related(source.set.span, "this set");
                if let Some(near) = near {
                    fault = fault.help(format!("did you mean {near}?"));
                }
                return Err(Box::new(fault));
            }
            for (part, symbol) in source.parts.iter().zip(member) {
                if let Part::Bind(slot) = part {
                    self.bind(*slot, *symbol);
                }
            }
        }
        if let Some(condition) = &range.condition
            && !self.truth(condition)?
        {
            return fault(
                Code::NOT_IN_SET,
                span,
                format!("these subscripts violate the condition that `{name}` is indexed under"),
            );
        }
        Ok(())
    }

    /// Checks the values that the data give: that they are where the model has
    /// a place for them, and what the model says they are.
    pub(super) fn check_data(&mut self) {
        let model = self.model;
        for (id, ir) in model.params.iter().enumerate() {
            if self.is_plainly_placed(id, ir) {
                continue;
            }
            let mut told = 0;
            for place in 0..self.tables.count(id) {
                let key = self.tables.key(id, place).to_vec();
                let span = self.tables.span(id).unwrap_or(ir.declared.name_span);
                let place =
                    self.check_key(ir.declared.range.as_ref(), &key, &ir.declared.name, span);
                let result = place.map_err(|mut fault| {
                    if fault.code == Code::NOT_IN_SET {
                        fault.code = Code::UNKNOWN_DATA;
                        fault.message =
                            format!("data for `{}`: {}", ir.declared.name, fault.message);
                    }
                    fault
                });
                let result = result.and_then(|()| {
                    if ir.symbolic || ir.restrictions.is_empty() {
                        return Ok(());
                    }
                    match self.tables.number(id, &key).cloned() {
                        Some(value) => self.check_restrictions(ir, &key, &value),
                        None => Ok(()),
                    }
                });
                if let Err(fault) = result {
                    self.diagnostics.push(*fault);
                    told += 1;
                    if told >= 5 {
                        break;
                    }
                }
            }
        }
    }

    /// Whether nothing can be wrong with a parameter's data: each subscript is in
    /// its set, and nothing else is asked of the values. The common case, in
    /// which there may be millions.
    fn is_plainly_placed(&mut self, id: usize, ir: &'m ParamIr) -> bool {
        if !ir.symbolic && !ir.restrictions.is_empty() {
            return false;
        }
        let Ok(Some(sets)) = self.dense_sets(ir.declared.range.as_ref()) else {
            return false;
        };
        (0..self.tables.count(id)).all(|place| {
            let key = self.tables.key(id, place);
            key.iter()
                .zip(&sets)
                .all(|(symbol, set)| set.contains(&[*symbol]))
        })
    }

    fn check_restrictions(
        &mut self,
        ir: &'m ParamIr,
        key: &[SymbolId],
        value: &Number,
    ) -> Eval<()> {
        for restriction in &ir.restrictions {
            let saved = self.slots.clone();
            self.bind_key(ir.declared.range.as_ref(), key);
            let wrong = match restriction {
                RestrictionIr::Integer if !value.is_integer() => Some("integer".to_owned()),
                RestrictionIr::Binary if !(value.is_zero() || *value == Number::ONE) => {
                    Some("binary".to_owned())
                }
                RestrictionIr::Compare(relation, node) => {
                    let bound = self.number(node)?;
                    (!relation.holds(value, &bound))
                        .then(|| format!("{} {bound}", relation.symbol()))
                }
                RestrictionIr::In(node) => {
                    let set = self.set(node)?;
                    let id = self.symbols.number(value);
                    (!set.contains(&[id])).then(|| "in its set".to_owned())
                }
                _ => None,
            };
            self.slots = saved;
            if let Some(wanted) = wrong {
                let place = if key.is_empty() {
                    String::new()
                } else {
                    let parts: Vec<String> = key
                        .iter()
                        .map(|k| self.symbols.get(*k).to_string())
                        .collect();
                    format!("[{}]", parts.join(","))
                };
                return fault(
                    Code::CHECK_FAILED,
                    ir.declared.name_span,
                    format!(
                        "`{}{place}` is {value}, and must be {wanted}",
                        ir.declared.name
                    ),
                );
            }
        }
        Ok(())
    }

    // --- symbols and numbers

    pub(super) fn symbols_of(&mut self, nodes: &'m [Node]) -> Eval<Vec<SymbolId>> {
        nodes.iter().map(|node| self.symbol(node)).collect()
    }

    fn tuple(&mut self, node: &'m Node) -> Eval<Vec<SymbolId>> {
        match &node.kind {
            NodeKind::Tuple(parts) => self.symbols_of(parts),
            _ => Ok(vec![self.symbol(node)?]),
        }
    }

    pub(super) fn symbol(&mut self, node: &'m Node) -> Eval<SymbolId> {
        match &node.kind {
            NodeKind::Slot(slot) => Ok(self.slot(*slot)),
            NodeKind::Symbol(id) => Ok(*id),
            NodeKind::Param(id, subscripts) if node.sort == Sort::Symbol => {
                let key = self.symbols_of(subscripts)?;
                self.param_symbol(*id, &key, node.span)
            }
            NodeKind::If(condition, then, otherwise) if node.sort == Sort::Symbol => {
                if self.truth(condition)? {
                    self.symbol(then)
                } else if let Some(otherwise) = otherwise {
                    self.symbol(otherwise)
                } else {
                    Ok(self.symbols.number(&Number::ZERO))
                }
            }
            NodeKind::Binary(Operator::Concatenate, left, right) => {
                let left = self.symbol(left)?;
                let right = self.symbol(right)?;
                let text = format!("{}{}", self.symbols.get(left), self.symbols.get(right));
                if text.len() > LONGEST_SYMBOL {
                    let what = format!("a symbol of more than {LONGEST_SYMBOL} bytes");
                    return fault(Code::NAME_TOO_LONG, node.span, what);
                }
                Ok(self.symbols.text(&text))
            }
            _ => {
                let value = self.number(node)?;
                Ok(self.symbols.number(&value))
            }
        }
    }

    fn number_of_symbol(&self, id: SymbolId, span: Span) -> Eval<Number> {
        match self.symbols.get(id) {
            Symbol::Number(number) => Ok(number.clone()),
            Symbol::Text(text) => fault(
                Code::WRONG_KIND,
                span,
                format!("expected a number, found the symbol `{text}`"),
            ),
        }
    }

    pub(super) fn number(&mut self, node: &'m Node) -> Eval<Number> {
        match &node.kind {
            NodeKind::Number(value) => Ok(value.clone()),
            NodeKind::Slot(slot) => self.number_of_symbol(self.slot(*slot), node.span),
            NodeKind::Symbol(id) => self.number_of_symbol(*id, node.span),
            NodeKind::Param(id, subscripts) => {
                if node.sort == Sort::Symbol {
                    let id = self.symbol(node)?;
                    return self.number_of_symbol(id, node.span);
                }
                // The common cases without an allocation.
                match subscripts.as_slice() {
                    [] => self.param_number(*id, &[], node.span),
                    [a] => {
                        let key = [self.symbol(a)?];
                        self.param_number(*id, &key, node.span)
                    }
                    [a, b] => {
                        let key = [self.symbol(a)?, self.symbol(b)?];
                        self.param_number(*id, &key, node.span)
                    }
                    _ => {
                        let key = self.symbols_of(subscripts)?;
                        self.param_number(*id, &key, node.span)
                    }
                }
            }
            NodeKind::Negate(inner) => Ok(-&self.number(inner)?),
            NodeKind::Binary(operator, left, right) => {
                let (a, b) = (self.number(left)?, self.number(right)?);
                let value = self.arithmetic(*operator, &a, &b, node.span)?;
                if value.bits() > MOST_BITS {
                    return fault(Code::MODEL_NUMBER, node.span, "this number is too large");
                }
                Ok(value)
            }
            NodeKind::If(condition, then, otherwise) => {
                if self.truth(condition)? {
                    self.number(then)
                } else if let Some(otherwise) = otherwise {
                    self.number(otherwise)
                } else {
                    Ok(Number::ZERO)
                }
            }
            NodeKind::Iterated(operator, _, range, body) => {
                self.iterated(*operator, range, body, node.span)
            }
            NodeKind::Call(function, arguments) => self.call(*function, arguments, node.span),
            NodeKind::Infinity => fault(
                Code::MODEL_NUMBER,
                node.span,
                "`Infinity` may stand only as a bound of a variable",
            ),
            NodeKind::Piecewise(breakpoints, slopes, argument) => {
                let at = self.number(argument)?;
                let (x, s) = self.breakpoints(breakpoints, slopes, node.span)?;
                Ok(piecewise_value(&x, &s, &at))
            }
            _ => fault(Code::WRONG_KIND, node.span, "expected a number"),
        }
    }

    /// The breakpoints and slopes of a piecewise linear function.
    pub(super) fn breakpoints(
        &mut self,
        breakpoints: &'m [Node],
        slopes: &'m [Node],
        span: Span,
    ) -> Eval<(Vec<Number>, Vec<Number>)> {
        let x: Vec<Number> = breakpoints
            .iter()
            .map(|n| self.number(n))
            .collect::<Eval<_>>()?;
        let s: Vec<Number> = slopes.iter().map(|n| self.number(n)).collect::<Eval<_>>()?;
        if !x.is_sorted_by(|a, b| a < b) {
            return fault(Code::NEGATIVE_SIZE, span, "breakpoints must ascend");
        }
        Ok((x, s))
    }

    fn arithmetic(
        &mut self,
        operator: Operator,
        a: &Number,
        b: &Number,
        span: Span,
    ) -> Eval<Number> {
        let by_zero = || fault(Code::DIVISION_BY_ZERO, span, "division by zero");
        match operator {
            Operator::Add => Ok(a + b),
            Operator::Subtract => Ok(a - b),
            Operator::Less => Ok((a - b).max(Number::ZERO)),
            Operator::Multiply => Ok(a * b),
            Operator::Divide => a.checked_div(b).map_or_else(by_zero, Ok),
            Operator::Quotient => match a.checked_div(b) {
                Some(q) if q.is_negative() => Ok(q.ceil()),
                Some(q) => Ok(q.floor()),
                None => by_zero(),
            },
            // As GMPL has it: x mod 0 = x, else with the divisor's sign.
            Operator::Remainder => match a.checked_div(b) {
                Some(q) => Ok(a - &(&q.floor() * b)),
                None => Ok(a.clone()),
            },
            Operator::Power => self.power(a, b, span),
            _ => fault(Code::WRONG_KIND, span, "expected a number"),
        }
    }

    fn power(&mut self, a: &Number, b: &Number, span: Span) -> Eval<Number> {
        let small = b.to_i64().filter(|n| n.unsigned_abs() <= 1000);
        if let Some(exponent) = small {
            let mut value = Number::ONE;
            for _ in 0..exponent.unsigned_abs() {
                value = &value * a;
                if value.bits() > MOST_BITS {
                    return fault(Code::MODEL_NUMBER, span, "this power is too large");
                }
            }
            if exponent >= 0 {
                return Ok(value);
            }
            return match Number::ONE.checked_div(&value) {
                Some(value) => Ok(value),
                None => fault(Code::DIVISION_BY_ZERO, span, "a negative power of zero"),
            };
        }
        self.float(a.to_f64().powf(b.to_f64()), span)
    }

    /// A value that was computed as a float.
    fn float(&mut self, value: f64, span: Span) -> Eval<Number> {
        let Some(exact) = Number::of_f64(value) else {
            return fault(Code::DIVISION_BY_ZERO, span, "this has no value");
        };
        if !self
            .diagnostics
            .iter()
            .any(|d| d.code == Code::FLOAT_FUNCTION && d.span == Some(span))
        {
            self.diagnostics.push(
                Diagnostic::note(
                    Code::FLOAT_FUNCTION,
                    "this was computed as a float, which is taken exactly from here on",
                )
                .at(span),
            );
        }
        Ok(exact)
    }

    fn iterated(
        &mut self,
        operator: Iterated,
        range: &'m Range,
        body: &'m Node,
        span: Span,
    ) -> Eval<Number> {
        let mut total = match operator {
            Iterated::Sum => Some(Number::ZERO),
            Iterated::Product => Some(Number::ONE),
            _ => None,
        };
        self.each(range, &mut |this| {
            let value = this.number(body)?;
            total = Some(match (operator, total.take()) {
                (_, None) => value,
                (Iterated::Sum, Some(t)) => &t + &value,
                (Iterated::Product, Some(t)) => &t * &value,
                (Iterated::Min, Some(t)) => t.min(value),
                (_, Some(t)) => t.max(value),
            });
            Ok(())
        })?;
        match total {
            Some(total) => Ok(total),
            None => fault(
                Code::DIVISION_BY_ZERO,
                span,
                "the least or greatest of nothing",
            ),
        }
    }

    fn call(&mut self, function: Function, arguments: &'m [Node], span: Span) -> Eval<Number> {
        if let Function::Card = function {
            let Some(set) = arguments.first() else {
                return fault(Code::WRONG_KIND, span, "expected a set");
            };
            return Ok((self.set(set)?.len() as i64).into());
        }
        if let Function::Length = function {
            let Some(text) = arguments.first() else {
                return fault(Code::WRONG_KIND, span, "expected a text");
            };
            let id = self.symbol(text)?;
            let length = self.symbols.get(id).to_string().chars().count();
            return Ok((length as i64).into());
        }
        let values: Vec<Number> = arguments
            .iter()
            .map(|a| self.number(a))
            .collect::<Eval<_>>()?;
        let first = values.first().cloned().unwrap_or_default();
        // To so many places behind the point.
        let places = |value: &Number, round: fn(&Number) -> Number| {
            let places = values.get(1).and_then(Number::to_i64).unwrap_or(0);
            let power = Number::of_decimal(format!("1e{}", places.clamp(-18, 18)).as_bytes());
            let power = power.unwrap_or(Number::ONE);
            round(&(value * &power))
                .checked_div(&power)
                .unwrap_or_default()
        };
        Ok(match function {
            Function::Abs => first.abs(),
            Function::Min => values.into_iter().min().unwrap_or_default(),
            Function::Max => values.into_iter().max().unwrap_or_default(),
            Function::Ceil => first.ceil(),
            Function::Floor => first.floor(),
            Function::Round => places(&first, Number::round),
            Function::Trunc => places(
                &first,
                |n| if n.is_negative() { n.ceil() } else { n.floor() },
            ),
            Function::Float(compute) => return self.float(compute(first.to_f64()), span),
            Function::Card | Function::Length => first,
        })
    }

    // --- conditions

    pub(super) fn truth(&mut self, node: &'m Node) -> Eval<bool> {
        match &node.kind {
            NodeKind::Not(inner) => Ok(!self.truth(inner)?),
            NodeKind::Compare(first, rest) => {
                let mut left = &**first;
                for (relation, right) in rest {
                    if !self.compare(left, *relation, right)? {
                        return Ok(false);
                    }
                    left = right;
                }
                Ok(true)
            }
            NodeKind::Binary(operator, left, right) => match operator {
                Operator::And => Ok(self.truth(left)? && self.truth(right)?),
                Operator::Or => Ok(self.truth(left)? || self.truth(right)?),
                Operator::Xor => Ok(self.truth(left)? != self.truth(right)?),
                Operator::Implies => Ok(!self.truth(left)? || self.truth(right)?),
                Operator::Iff => Ok(self.truth(left)? == self.truth(right)?),
                Operator::In | Operator::NotIn => {
                    let member = self.tuple(left)?;
                    let found = self.set(right)?.contains(&member);
                    Ok(found == (*operator == Operator::In))
                }
                Operator::Within | Operator::NotWithin => {
                    let (inner, outer) = (self.set(left)?, self.set(right)?);
                    let found = inner.iter().all(|m| outer.contains(m));
                    Ok(found == (*operator == Operator::Within))
                }
                _ => fault(Code::WRONG_KIND, node.span, "expected a condition"),
            },
            NodeKind::ImpliesElse(condition, then, otherwise) => {
                if self.truth(condition)? {
                    self.truth(then)
                } else {
                    self.truth(otherwise)
                }
            }
            NodeKind::Iterated(operator, count, range, body) => {
                let (mut found, mut all) = (0_u64, 0_u64);
                self.each(range, &mut |this| {
                    all += 1;
                    found += u64::from(this.truth(body)?);
                    Ok(())
                })?;
                match operator {
                    Iterated::Forall => Ok(found == all),
                    Iterated::Exists => Ok(found > 0),
                    Iterated::Count(kind) => {
                        let wanted = self.count(count.as_deref(), node.span)?;
                        Ok(kind.holds(found, wanted))
                    }
                    _ => fault(Code::WRONG_KIND, node.span, "expected a condition"),
                }
            }
            NodeKind::CountOf(kind, count, parts) => {
                let wanted = self.count(Some(count), node.span)?;
                let mut found = 0;
                for part in parts {
                    found += u64::from(self.truth(part)?);
                }
                Ok(kind.holds(found, wanted))
            }
            _ => fault(Code::WRONG_KIND, node.span, "expected a condition"),
        }
    }

    /// How many of something are wanted.
    pub(super) fn count(&mut self, node: Option<&'m Node>, span: Span) -> Eval<u64> {
        let value = match node {
            Some(node) => self.number(node)?,
            None => Number::ZERO,
        };
        match value.to_i64().and_then(|n| u64::try_from(n).ok()) {
            Some(count) => Ok(count),
            None => fault(
                Code::NEGATIVE_SIZE,
                span,
                format!("{value} is no number of conditions"),
            ),
        }
    }

    fn compare(&mut self, left: &'m Node, relation: Relation, right: &'m Node) -> Eval<bool> {
        if matches!(left.sort, Sort::Set(_)) {
            let (a, b) = (self.set(left)?, self.set(right)?);
            let same = a.len() == b.len() && a.iter().all(|m| b.contains(m));
            return match relation {
                Relation::Eq => Ok(same),
                Relation::Ne => Ok(!same),
                _ => fault(
                    Code::WRONG_KIND,
                    left.span,
                    "sets are only compared by `=` and `!=`",
                ),
            };
        }
        let symbolic = left.sort == Sort::Symbol || right.sort == Sort::Symbol;
        match relation {
            Relation::Eq if symbolic => Ok(self.symbol(left)? == self.symbol(right)?),
            Relation::Ne if symbolic => Ok(self.symbol(left)? != self.symbol(right)?),
            _ if symbolic => {
                let (a, b) = (self.symbol(left)?, self.symbol(right)?);
                match (self.symbols.get(a), self.symbols.get(b)) {
                    (Symbol::Number(a), Symbol::Number(b)) => Ok(relation.holds(a, b)),
                    // As GMPL has it: one behind the other as texts.
                    (a, b) => {
                        let (a, b) = (a.to_string(), b.to_string());
                        Ok(match relation {
                            Relation::Lt => a < b,
                            Relation::Le => a <= b,
                            Relation::Gt => a > b,
                            _ => a >= b,
                        })
                    }
                }
            }
            _ => {
                let (a, b) = (self.number(left)?, self.number(right)?);
                Ok(relation.holds(&a, &b))
            }
        }
    }
}

/// The value of the piecewise linear function that is 0 at 0.
pub(super) fn piecewise_value(breakpoints: &[Number], slopes: &[Number], at: &Number) -> Number {
    // The integral of the slope from 0 to `at`.
    let (from, to, sign) = if at.is_negative() {
        (at.clone(), Number::ZERO, Number::from(-1))
    } else {
        (Number::ZERO, at.clone(), Number::ONE)
    };
    let mut total = Number::ZERO;
    for (i, slope) in slopes.iter().enumerate() {
        let low = i.checked_sub(1).and_then(|i| breakpoints.get(i));
        let high = breakpoints.get(i);
        let start = low.map_or(from.clone(), |l| l.clone().max(from.clone()));
        let end = high.map_or(to.clone(), |h| h.clone().min(to.clone()));
        if start < end {
            total += &(slope * &(&end - &start));
        }
    }
    &total * &sign
}
