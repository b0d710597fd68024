//! Finds out what each name is, and what sorts fit.

mod declare;

use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, Builder, CompareOp, Declared, Direction, Modality, Quantifier, Semantics, SortId,
};
use nsolve_source::{Code, Diagnostic, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Style;
use super::sorts::{Known, SortVar, Sorts};
use crate::fol::{
    BinaryOp, Document, Expr, ExprKind, Ident, ItemKind, NaryOp, Quantified, Statement, UnaryOp,
};

/// A term or formula whose names are resolved.
#[derive(Debug)]
pub(super) enum Node {
    Var(usize),
    Symbol(usize, Vec<Node>),
    Number(Rational, SortVar),
    Truth(bool),
    Not(Box<Node>),
    Nary(NaryOp, Vec<Node>),
    Xor(Box<Node>, Box<Node>),
    Implies(Box<Node>, Box<Node>),
    Iff(Box<Node>, Box<Node>),
    Equal(Box<Node>, Box<Node>),
    Compare(CompareOp, Box<Node>, Box<Node>),
    Arithmetic(ArithmeticOp, Vec<Node>),
    Quantified(Quantifier, Vec<usize>, Box<Node>),
}

/// A symbol, declared or inferred.
#[derive(Debug)]
pub(super) struct SymbolEntry {
    pub(super) name: String,
    pub(super) arguments: Vec<SortVar>,
    /// `None` for a predicate.
    pub(super) result: Option<SortVar>,
    pub(super) declared: Declared,
    pub(super) meaning: Option<String>,
    /// The numeral that the constant is written as, where it is one: should its
    /// sort turn out numeric, it is a number and no constant.
    pub(super) numeral: Option<Rational>,
    /// Already in the builder: an element of an enumerated sort.
    pub(super) element: bool,
}

#[derive(Debug)]
pub(super) struct VarEntry {
    pub(super) name: String,
    pub(super) sort: SortVar,
}

#[derive(Debug)]
pub(super) struct ResolvedStatement {
    pub(super) name: Option<Ident>,
    pub(super) sentence: Option<String>,
    pub(super) span: Span,
    pub(super) formula: Node,
}

#[derive(Debug)]
pub(super) enum ResolvedItem {
    Premise(ResolvedStatement),
    Conclusion(ResolvedStatement),
    Choice(ResolvedStatement, Option<Modality>),
    AskModel,
    AskOptions {
        modality: Modality,
        except: bool,
    },
    AskExtremum {
        direction: Direction,
        counts: bool,
        measure: Node,
    },
}

/// What resolution hands on: declared sorts are in the builder, symbols are
/// not yet, since their sorts may have been open until the end.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) builder: Builder,
    pub(super) sorts: Sorts,
    pub(super) symbols: Vec<SymbolEntry>,
    pub(super) variables: Vec<VarEntry>,
    pub(super) items: Vec<(ResolvedItem, Span)>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether the text asks anything, be it ill-formed.
    pub(super) asks: bool,
}

/// How many names are listed as expected.
const MOST_EXPECTED: usize = 20;

/// How a name is used: with how many arguments, and whether as a predicate.
type Use = (usize, bool);

struct Resolver<'a> {
    style: &'a Style,
    out: Resolved,
    /// The symbols of each name by their uses, the newest last.
    by_name: FxHashMap<String, Vec<(Use, usize)>>,
    /// Names with their argument counts that stand where only a formula can.
    formula_uses: FxHashSet<(&'a str, usize)>,
    /// The same for places where only a term can stand.
    term_uses: FxHashSet<(&'a str, usize)>,
    /// The variables of each name that are bound around the place at hand,
    /// innermost last; the free ones of the statement stand first.
    scope: FxHashMap<String, Vec<usize>>,
    /// The first symbol that the text declares under a name, as a predicate or
    /// not.
    declared_by_name: FxHashMap<(String, bool), usize>,
    /// Variables of the current statement that nothing binds.
    free: Vec<usize>,
}

pub(super) fn resolve(document: &Document, style: &Style) -> Resolved {
    let mut resolver = Resolver {
        style,
        out: Resolved {
            builder: Builder::new(),
            sorts: Sorts::default(),
            symbols: Vec::new(),
            variables: Vec::new(),
            items: Vec::new(),
            diagnostics: Vec::new(),
            asks: document.asks(),
        },
        by_name: FxHashMap::default(),
        formula_uses: FxHashSet::default(),
        term_uses: FxHashSet::default(),
        scope: FxHashMap::default(),
        declared_by_name: FxHashMap::default(),
        free: Vec::new(),
    };
    resolver.declare(document);
    for item in &document.items {
        if let ItemKind::Premise(s) | ItemKind::Conclusion(s) | ItemKind::Choice(s, _) = &item.kind
        {
            resolver.note_uses(&s.formula, true);
        }
        if let ItemKind::AskExtremum {
            counts, measure, ..
        } = &item.kind
        {
            resolver.note_uses(measure, *counts);
        }
    }
    for item in &document.items {
        let resolved = match &item.kind {
            ItemKind::Declaration(_) => None,
            ItemKind::Semantics(semantics) => {
                resolver.semantics(*semantics);
                None
            }
            ItemKind::AskModel => Some(ResolvedItem::AskModel),
            &ItemKind::AskOptions { modality, except } => {
                Some(ResolvedItem::AskOptions { modality, except })
            }
            ItemKind::AskExtremum {
                direction,
                counts,
                measure,
            } => resolver.extremum(*direction, *counts, measure),
            ItemKind::Premise(s) => resolver.statement(s, item.span).map(ResolvedItem::Premise),
            ItemKind::Conclusion(s) => resolver
                .statement(s, item.span)
                .map(ResolvedItem::Conclusion),
            ItemKind::Choice(s, modality) => {
                let statement = resolver.statement(s, item.span);
                statement.map(|s| ResolvedItem::Choice(s, *modality))
            }
        };
        resolver.out.items.extend(resolved.map(|r| (r, item.span)));
    }
    resolver.out
}

fn arguments(n: usize) -> String {
    match n {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        n => format!("{n} arguments"),
    }
}

/// A part of a statement that is ill-formed; the diagnostic is already written.
struct Faulty;

type Found<T> = Result<T, Faulty>;

impl<'a> Resolver<'a> {
    fn fault<T>(&mut self, diagnostic: Diagnostic) -> Found<T> {
        self.out.diagnostics.push(diagnostic);
        Err(Faulty)
    }

    fn semantics(&mut self, semantics: Semantics) {
        self.out.builder.semantics(semantics);
    }

    // Statements -----------------------------------------------------------

    fn statement(&mut self, statement: &Statement, span: Span) -> Option<ResolvedStatement> {
        self.scope.clear();
        self.free.clear();
        let mut formula = self.formula(&statement.formula).ok()?;
        let free = std::mem::take(&mut self.free);
        if !free.is_empty() {
            let names: Vec<_> = free
                .iter()
                .map(|&v| format!("`{}`", self.var_name(v)))
                .collect();
            let (noun, verb) = if free.len() == 1 {
                ("variable", "is")
            } else {
                ("variables", "are")
            };
            self.out.diagnostics.push(
                Diagnostic::warning(
                    Code::FREE_VARIABLE_CLOSED,
                    format!(
                        "{noun} {} {verb} bound by no quantifier; read as `for all`",
                        names.join(", ")
                    ),
                )
                .at(statement.formula.span)
                .help("write the quantifier"),
            );
            formula = Node::Quantified(Quantifier::Forall, free, Box::new(formula));
        }
        Some(ResolvedStatement {
            name: statement.name.clone(),
            sentence: statement.sentence.clone(),
            span,
            formula,
        })
    }

    /// What is asked the least or greatest value of: a closed term of sort
    /// `Int`, or a closed formula whose things are counted.
    fn extremum(
        &mut self,
        direction: Direction,
        counts: bool,
        measure: &Expr,
    ) -> Option<ResolvedItem> {
        self.scope.clear();
        self.free.clear();
        let node = if counts {
            self.formula(measure).ok()?
        } else {
            let (node, sort) = self.term(measure).ok()?;
            let int = self.out.sorts.fresh(Known::Sort(SortId::INT));
            if self.out.sorts.known(sort) == Known::Sort(SortId::REAL) {
                let fault = Diagnostic::error(
                    Code::SORT_MISMATCH,
                    "the least or greatest value is asked for of whole numbers only",
                )
                .at(measure.span)
                .expecting(["a term of sort `Int`", "`count x: S. ..`"]);
                return self.fault(fault).ok();
            }
            self.unify(int, sort, measure.span).ok()?;
            node
        };
        if let Some(&free) = self.free.first() {
            let name = self.var_name(free).to_owned();
            let fault = Diagnostic::error(
                Code::UNEXPECTED,
                format!("`{name}` is a variable that nothing binds"),
            )
            .at(measure.span);
            return self.fault(fault).ok();
        }
        Some(ResolvedItem::AskExtremum {
            direction,
            counts,
            measure: node,
        })
    }

    fn var_name(&self, var: usize) -> &str {
        self.out.variables.get(var).map_or("", |v| &v.name)
    }

    fn formulas(&mut self, exprs: &[Expr]) -> Found<Vec<Node>> {
        // All parts are looked at before the first fault ends the statement.
        let nodes: Vec<_> = exprs.iter().map(|e| self.formula(e)).collect();
        nodes.into_iter().collect()
    }

    fn formula(&mut self, e: &Expr) -> Found<Node> {
        match &e.kind {
            ExprKind::Name(name) => self.proposition(name, e.span),
            ExprKind::Variable(name) => self.fault(
                Diagnostic::error(
                    Code::SORT_MISMATCH,
                    format!("the variable `{name}` stands where a formula is wanted"),
                )
                .at(e.span)
                .help("apply a predicate to it"),
            ),
            ExprKind::Apply(name, arguments) => {
                self.application(name, arguments, true).map(|x| x.0)
            }
            ExprKind::Number(_) | ExprKind::Arithmetic(..) => self.fault(
                Diagnostic::error(
                    Code::SORT_MISMATCH,
                    "a number stands where a formula is wanted",
                )
                .at(e.span)
                .help("compare it with something"),
            ),
            ExprKind::Unary(UnaryOp::Negate, inner) | ExprKind::Unary(UnaryOp::Not, inner) => {
                Ok(Node::Not(Box::new(self.formula(inner)?)))
            }
            ExprKind::Truth(value) => Ok(Node::Truth(*value)),
            ExprKind::Nary(NaryOp::Distinct, operands) => self.distinct(operands, e.span),
            ExprKind::Nary(op, operands) => Ok(Node::Nary(*op, self.formulas(operands)?)),
            ExprKind::Binary(op, a, b) => self.binary(*op, a, b, e.span),
            ExprKind::Quantified(q) => self.quantified(q, e.span),
        }
    }

    fn proposition(&mut self, name: &str, span: Span) -> Found<Node> {
        if let Some(var) = self.bound(name) {
            let name = self.var_name(var).to_owned();
            return self.fault(
                Diagnostic::error(
                    Code::SORT_MISMATCH,
                    format!("the variable `{name}` stands where a formula is wanted"),
                )
                .at(span)
                .help("apply a predicate to it"),
            );
        }
        let index = self.symbol(name, 0, true, span);
        Ok(Node::Symbol(index, Vec::new()))
    }

    fn binary(&mut self, op: BinaryOp, a: &Expr, b: &Expr, span: Span) -> Found<Node> {
        let between_formulas = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual)
            && self.is_formula(a)
            && self.is_formula(b);
        if between_formulas || matches!(op, BinaryOp::Xor | BinaryOp::Implies | BinaryOp::Iff) {
            let (left, right) = (self.formula(a), self.formula(b));
            let (left, right) = (Box::new(left?), Box::new(right?));
            return Ok(match op {
                BinaryOp::Implies => Node::Implies(left, right),
                BinaryOp::Xor | BinaryOp::NotEqual => Node::Xor(left, right),
                BinaryOp::Iff | BinaryOp::Equal | BinaryOp::Compare(_) => Node::Iff(left, right),
            });
        }
        let (left, right) = (self.term(a), self.term(b));
        let ((left, left_sort), (right, right_sort)) = (left?, right?);
        if let BinaryOp::Compare(op) = op {
            self.number(left_sort, a.span)?;
            self.number(right_sort, b.span)?;
            self.unify(left_sort, right_sort, span)?;
            return Ok(Node::Compare(op, Box::new(left), Box::new(right)));
        }
        self.unify(left_sort, right_sort, span)?;
        self.check_element(&left, a.span)?;
        self.check_element(&right, b.span)?;
        let equal = Node::Equal(Box::new(left), Box::new(right));
        Ok(match op {
            BinaryOp::NotEqual => Node::Not(Box::new(equal)),
            _ => equal,
        })
    }

    fn distinct(&mut self, operands: &[Expr], span: Span) -> Found<Node> {
        if operands.len() < 2 {
            return self.fault(
                Diagnostic::error(Code::ARITY_MISMATCH, "`distinct` needs two terms or more")
                    .at(span),
            );
        }
        let terms: Vec<_> = operands.iter().map(|o| self.term(o)).collect();
        let terms: Vec<_> = terms.into_iter().collect::<Found<_>>()?;
        for pair in terms.windows(2) {
            if let [(_, a), (_, b)] = pair {
                self.unify(*a, *b, span)?;
            }
        }
        let nodes = terms.into_iter().map(|(node, _)| node).collect();
        Ok(Node::Nary(NaryOp::Distinct, nodes))
    }

    fn quantified(&mut self, q: &Quantified, span: Span) -> Found<Node> {
        if q.variables.is_empty() || (q.quantifier.is_counting() && q.variables.len() != 1) {
            return self.fault(
                Diagnostic::error(
                    Code::ARITY_MISMATCH,
                    "a counting quantifier binds one variable",
                )
                .at(span)
                .help("nest one quantifier a variable"),
            );
        }
        let mut bound = Vec::new();
        for (name, sort) in &q.variables {
            let known = sort.as_ref().map_or(Known::Open, |s| self.sort_named(s));
            if known == Known::Sort(SortId::BOOL) {
                return self.fault(
                    Diagnostic::error(
                        Code::SORT_MISMATCH,
                        "truth values cannot be quantified over",
                    )
                    .at(name.span),
                );
            }
            let sort = self.out.sorts.fresh(known);
            bound.push(self.push_variable(&name.name, sort));
        }
        for (&var, (name, _)) in bound.iter().zip(&q.variables) {
            self.enter(&name.name, var);
        }
        let body = self.formula(&q.body);
        for (name, _) in &q.variables {
            if let Some(vars) = self.scope.get_mut(&name.name) {
                vars.pop();
            }
        }
        Ok(Node::Quantified(q.quantifier, bound, Box::new(body?)))
    }

    fn push_variable(&mut self, name: &str, sort: SortVar) -> usize {
        self.out.variables.push(VarEntry {
            name: name.to_owned(),
            sort,
        });
        self.out.variables.len() - 1
    }

    fn enter(&mut self, name: &str, var: usize) {
        match self.scope.get_mut(name) {
            Some(vars) => vars.push(var),
            None => {
                self.scope.insert(name.to_owned(), vec![var]);
            }
        }
    }

    fn bound(&self, name: &str) -> Option<usize> {
        self.scope.get(name)?.last().copied()
    }

    // Terms ----------------------------------------------------------------

    fn term(&mut self, e: &Expr) -> Found<(Node, SortVar)> {
        match &e.kind {
            ExprKind::Name(name) => Ok(self.name(name, e.span)),
            ExprKind::Variable(name) => Ok(self.variable(name)),
            ExprKind::Apply(name, arguments) => {
                let (node, sort) = self.application(name, arguments, false)?;
                match sort {
                    Some(sort) => Ok((node, sort)),
                    None => Err(Faulty),
                }
            }
            ExprKind::Number(value) => Ok(self.numeral(value, e.span)),
            ExprKind::Unary(UnaryOp::Negate, inner) => {
                let (node, sort) = self.term(inner)?;
                self.number(sort, inner.span)?;
                Ok((Node::Arithmetic(ArithmeticOp::Negate, vec![node]), sort))
            }
            ExprKind::Arithmetic(op, operands) => self.arithmetic(*op, operands, e.span),
            ExprKind::Truth(_)
            | ExprKind::Unary(UnaryOp::Not, _)
            | ExprKind::Nary(..)
            | ExprKind::Binary(..)
            | ExprKind::Quantified(_) => self.fault(
                Diagnostic::error(
                    Code::SORT_MISMATCH,
                    "a formula stands where a term is wanted",
                )
                .at(e.span)
                .expecting(["a constant", "a variable", "a function term"]),
            ),
        }
    }

    fn name(&mut self, name: &str, span: Span) -> (Node, SortVar) {
        if let Some(var) = self.bound(name) {
            return (Node::Var(var), self.var_sort(var));
        }
        let declared = self.find(name, 0, false).is_some();
        if !declared && (self.style.implicit_variable)(name) {
            return self.variable(name);
        }
        let index = self.symbol(name, 0, false, span);
        let sort = self.result(index);
        (Node::Symbol(index, Vec::new()), sort)
    }

    fn var_sort(&mut self, var: usize) -> SortVar {
        match self.out.variables.get(var) {
            Some(entry) => entry.sort,
            None => self.out.sorts.fresh(Known::Open),
        }
    }

    fn result(&mut self, symbol: usize) -> SortVar {
        match self.out.symbols.get(symbol).and_then(|s| s.result) {
            Some(sort) => sort,
            None => self.out.sorts.fresh(Known::Open),
        }
    }

    fn variable(&mut self, name: &str) -> (Node, SortVar) {
        let var = self.bound(name).unwrap_or_else(|| {
            let sort = self.out.sorts.fresh(Known::Open);
            let var = self.push_variable(name, sort);
            self.enter(name, var);
            self.free.push(var);
            var
        });
        (Node::Var(var), self.var_sort(var))
    }

    fn numeral(&mut self, value: &Rational, span: Span) -> (Node, SortVar) {
        if !self.style.numerals_are_constants {
            let known = if value.is_integer() {
                Known::Number
            } else {
                Known::Sort(SortId::REAL)
            };
            let sort = self.out.sorts.fresh(known);
            return (Node::Number(value.clone(), sort), sort);
        }
        let index = self.symbol(&value.to_string(), 0, false, span);
        if let Some(entry) = self.out.symbols.get_mut(index) {
            entry.numeral = Some(value.clone());
        }
        let sort = self.result(index);
        (Node::Symbol(index, Vec::new()), sort)
    }

    fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        operands: &[Expr],
        span: Span,
    ) -> Found<(Node, SortVar)> {
        let mut nodes = Vec::new();
        let mut real = matches!(op, ArithmeticOp::Divide | ArithmeticOp::ToReal);
        let mut open = Vec::new();
        for operand in operands {
            let (node, sort) = self.term(operand)?;
            self.number(sort, operand.span)?;
            match self.out.sorts.known(sort) {
                Known::Sort(s) => real |= s == SortId::REAL,
                Known::Open | Known::Number => open.push(sort),
            }
            nodes.push(node);
        }
        let known = if real {
            Known::Sort(SortId::REAL)
        } else {
            Known::Number
        };
        let result = self.out.sorts.fresh(known);
        if matches!(op, ArithmeticOp::IntDivide | ArithmeticOp::Modulo) {
            // Settled at once: what surrounds a remainder must not make it real.
            let int = self.out.sorts.fresh(Known::Sort(SortId::INT));
            for sort in open.into_iter().chain([result]) {
                self.unify(int, sort, span)?;
            }
            return Ok((Node::Arithmetic(op, nodes), int));
        }
        // A quotient's operands may stay integers; a sum's sort is its parts'.
        if !matches!(op, ArithmeticOp::Divide | ArithmeticOp::ToReal) {
            for sort in open {
                self.unify(result, sort, span)?;
            }
            if nodes.len() == operands.len() && !real && self.all_integers(operands) {
                let int = self.out.sorts.fresh(Known::Sort(SortId::INT));
                self.unify(result, int, span)?;
            }
        }
        Ok((Node::Arithmetic(op, nodes), result))
    }

    /// Whether nothing but whole numerals is in it, so that its sort is settled.
    fn all_integers(&self, operands: &[Expr]) -> bool {
        operands
            .iter()
            .all(|o| matches!(&o.kind, ExprKind::Number(n) if n.is_integer()))
    }

    fn number(&mut self, sort: SortVar, span: Span) -> Found<()> {
        let number = self.out.sorts.fresh(Known::Number);
        match self.out.sorts.known(sort) {
            Known::Sort(s) if !s.is_numeric() => {
                let name = self.sort_name(s);
                self.fault(
                    Diagnostic::error(
                        Code::SORT_MISMATCH,
                        format!("a number is wanted, this has sort `{name}`"),
                    )
                    .at(span)
                    .expecting(["a term of sort `Int`", "a term of sort `Real`"]),
                )
            }
            _ => self.unify(sort, number, span),
        }
    }

    fn application(
        &mut self,
        name: &Ident,
        arguments: &[Expr],
        predicate: bool,
    ) -> Found<(Node, Option<SortVar>)> {
        if let Some(var) = self.bound(&name.name) {
            let name_text = self.var_name(var).to_owned();
            return self.fault(
                Diagnostic::error(
                    Code::SORT_MISMATCH,
                    format!("the variable `{name_text}` is applied like a predicate"),
                )
                .at(name.span)
                .help("only predicates and functions are applied; quantify over things"),
            );
        }
        let mut terms = Vec::new();
        for argument in arguments {
            terms.push(self.term(argument));
        }
        let terms: Vec<_> = terms.into_iter().collect::<Found<_>>()?;
        if self.style.strict {
            self.check_arity(name, arguments.len(), predicate)?;
        }
        let index = self.symbol(&name.name, arguments.len(), predicate, name.span);
        let entry = self.out.symbols.get(index);
        let (wanted, result) = entry
            .map(|s| (s.arguments.clone(), s.result))
            .unwrap_or_default();
        let mut nodes = Vec::new();
        for (((node, sort), wanted), argument) in terms.into_iter().zip(wanted).zip(arguments) {
            self.unify(wanted, sort, argument.span)?;
            self.check_element(&node, argument.span)?;
            nodes.push(node);
        }
        Ok((Node::Symbol(index, nodes), result))
    }

    /// A name that is inferred to be of an enumerated sort is a misspelt
    /// element, since the sort has no other things.
    fn check_element(&mut self, node: &Node, span: Span) -> Found<()> {
        let Node::Symbol(index, _) = node else {
            return Ok(());
        };
        let Some(entry) = self.out.symbols.get(*index) else {
            return Ok(());
        };
        let (Declared::Inferred(_), [], Some(sort)) =
            (entry.declared, entry.arguments.as_slice(), entry.result)
        else {
            return Ok(());
        };
        let Known::Sort(sort) = self.out.sorts.known(sort) else {
            return Ok(());
        };
        let signature = self.out.builder.signature();
        let Some(elements) = signature.elements(sort) else {
            return Ok(());
        };
        let name = entry.name.clone();
        let sort_name = signature.sort(sort).name.clone();
        let expected: Vec<_> = elements
            .iter()
            .take(MOST_EXPECTED)
            .map(|&e| format!("`{}`", signature.symbol(e).name))
            .collect();
        self.fault(
            Diagnostic::error(
                Code::UNDECLARED,
                format!("`{name}` is not an element of sort `{sort_name}`"),
            )
            .at(span)
            .expecting(expected)
            .help(format!(
                "use an element, or declare an unknown one: `const {name} : {sort_name}`"
            )),
        )
    }

    fn check_arity(&mut self, name: &Ident, found: usize, predicate: bool) -> Found<()> {
        if self.find(&name.name, found, predicate).is_some() {
            return Ok(());
        }
        let declared = self.declared_by_name.get(&(name.name.clone(), predicate));
        let Some(declared) = declared.and_then(|&index| self.out.symbols.get(index)) else {
            return Ok(());
        };
        let wanted = declared.arguments.len();
        let mut fault = Diagnostic::error(
            Code::ARITY_MISMATCH,
            format!(
                "`{}` takes {}, here {}",
                name.name,
                arguments(wanted),
                if found == 1 {
                    "is 1".to_owned()
                } else {
                    format!("are {found}")
                }
            ),
        )
        .at(name.span);
        if let Some(at) = declared.declared.span() {
            fault = fault.related(at, "declared here");
        }
        self.fault(fault.help("give it the declared number of arguments, or declare this use too"))
    }

    /// The symbol of this name and role, where there is one so far.
    fn find(&self, name: &str, arity: usize, predicate: bool) -> Option<usize> {
        let mut uses = self.by_name.get(name)?.iter().rev();
        let found = uses.find(|(used, _)| *used == (arity, predicate));
        found.map(|(_, index)| *index)
    }

    /// The symbol of this name and role, inferred where it is not declared.
    fn symbol(&mut self, name: &str, arity: usize, predicate: bool, span: Span) -> usize {
        if let Some(index) = self.find(name, arity, predicate) {
            return index;
        }
        let arguments = (0..arity)
            .map(|_| self.out.sorts.fresh(Known::Open))
            .collect();
        let result = (!predicate).then(|| self.out.sorts.fresh(Known::Open));
        self.push_symbol(name, arguments, result, Declared::Inferred(Some(span)))
    }

    fn sort_name(&self, sort: SortId) -> String {
        self.out.builder.signature().sort(sort).name.to_string()
    }

    fn unify(&mut self, wanted: SortVar, found: SortVar, span: Span) -> Found<()> {
        match self.out.sorts.unify(wanted, found) {
            Ok(()) => Ok(()),
            Err((wanted, found)) => {
                let (wanted, found) = (self.sort_name(wanted), self.sort_name(found));
                self.fault(
                    Diagnostic::error(
                        Code::SORT_MISMATCH,
                        format!("a term of sort `{wanted}` is wanted, this has sort `{found}`"),
                    )
                    .at(span)
                    .expecting([format!("a term of sort `{wanted}`")]),
                )
            }
        }
    }

    // Formula or term? -----------------------------------------------------

    /// Whether a side of an equation is a formula rather than a term.
    fn is_formula(&self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Truth(_)
            | ExprKind::Unary(UnaryOp::Not, _)
            | ExprKind::Nary(..)
            | ExprKind::Binary(..)
            | ExprKind::Quantified(_) => true,
            ExprKind::Number(_)
            | ExprKind::Variable(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::Unary(UnaryOp::Negate, _) => false,
            ExprKind::Name(name) => self.bound(name).is_none() && self.is_predicate(name, 0),
            ExprKind::Apply(name, arguments) => self.is_predicate(&name.name, arguments.len()),
        }
    }

    fn is_predicate(&self, name: &str, arity: usize) -> bool {
        let declared = |predicate| self.find(name, arity, predicate).is_some();
        let roles = (declared(true), declared(false));
        if roles.0 != roles.1 {
            return roles.0;
        }
        // The native language has `<->` for formulas.
        if roles == (true, true) && self.style.strict {
            return false;
        }
        self.formula_uses.contains(&(name, arity)) && !self.term_uses.contains(&(name, arity))
    }

    fn note_uses<'b: 'a>(&mut self, e: &'b Expr, formula: bool) {
        match &e.kind {
            ExprKind::Name(name) => self.note(name, 0, formula),
            ExprKind::Apply(name, arguments) => {
                self.note(&name.name, arguments.len(), formula);
                arguments.iter().for_each(|a| self.note_uses(a, false));
            }
            ExprKind::Unary(op, a) => self.note_uses(a, *op == UnaryOp::Not),
            ExprKind::Nary(op, operands) => {
                let inside = *op != NaryOp::Distinct;
                operands.iter().for_each(|o| self.note_uses(o, inside));
            }
            ExprKind::Binary(BinaryOp::Compare(_), a, b) => {
                self.note_uses(a, false);
                self.note_uses(b, false);
            }
            // The sides of an equation are what the notes are for.
            ExprKind::Binary(BinaryOp::Equal | BinaryOp::NotEqual, a, b) => {
                for side in [a, b] {
                    match &side.kind {
                        ExprKind::Apply(_, arguments) => {
                            arguments.iter().for_each(|a| self.note_uses(a, false));
                        }
                        ExprKind::Name(_) => {}
                        _ => self.note_uses(side, true),
                    }
                }
            }
            ExprKind::Binary(_, a, b) => {
                self.note_uses(a, true);
                self.note_uses(b, true);
            }
            ExprKind::Arithmetic(_, operands) => {
                operands.iter().for_each(|o| self.note_uses(o, false));
            }
            ExprKind::Quantified(q) => self.note_uses(&q.body, true),
            ExprKind::Number(_) | ExprKind::Truth(_) | ExprKind::Variable(_) => {}
        }
    }

    fn note(&mut self, name: &'a str, arity: usize, formula: bool) {
        if formula {
            self.formula_uses.insert((name, arity));
        } else {
            self.term_uses.insert((name, arity));
        }
    }
}
