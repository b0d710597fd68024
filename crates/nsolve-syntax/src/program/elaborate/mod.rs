//! From the untyped tree to a problem: declarations, constants, then rules.

mod declare;
mod expand;
mod rule;
mod scope;
mod types;
mod unsafe_rule;

use std::sync::Arc;

use nsolve_il::program::{
    DEFAULT_DEPTH, Goal, MAX_DEPTH, Meaning, PredicateId, Problem, Rule, Show, Value, dependencies,
};
use nsolve_source::{Code, Diagnostic, Severity, SourceText, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Dialect;
use super::ast::{self, Statement, StatementKind};
use super::lexer::MOST_FAULTS;
use expand::{MOST_COPIES, TooMany};
#[cfg(feature = "testkit")]
pub(super) use rule::applied;

/// Name, arity, whether it is a stated negation.
type Key = (Arc<str>, u32, bool);

/// What is known while statements become rules, and what lints need besides
/// the problem.
pub(super) struct Elaborator {
    pub(super) dialect: Dialect,
    pub(super) problem: Problem,
    pub(super) diagnostics: Vec<Diagnostic>,
    ids: FxHashMap<Key, PredicateId>,
    /// The predicate that was found last.
    last: Option<(Key, PredicateId)>,
    /// The text, where there is one.
    pub(super) source: Option<SourceText>,
    /// Where each predicate is named first.
    pub(super) named_at: Vec<Option<Span>>,
    /// Predicates of `#defined` and `:- dynamic`: they may have no rule.
    pub(super) may_lack_rules: FxHashSet<PredicateId>,
    constants: FxHashMap<Arc<str>, Value>,
    /// Constants with their places, and whether they are used.
    pub(super) constant_uses: FxHashMap<Arc<str>, (Span, bool)>,
    /// The deepest term that is written.
    deepest: usize,
    /// Whether any predicate has declared types.
    typed: bool,
    /// Whether unsafe rules stay in the problem, with a warning.
    unsafe_allowed: bool,
    /// Unsafe variables that a fix may be found for.
    loose: Vec<unsafe_rule::Loose>,
}

impl Elaborator {
    pub(super) fn new(dialect: Dialect, problem: Problem) -> Self {
        let ids = problem.predicates.iter().enumerate().map(|(i, p)| {
            let key = (p.name.clone(), p.arity, p.denied);
            (key, PredicateId(i as u32))
        });
        Elaborator {
            dialect,
            ids: ids.collect(),
            last: None,
            source: None,
            named_at: vec![None; problem.predicates.len()],
            typed: problem.predicates.iter().any(|p| p.types.is_some()),
            unsafe_allowed: dialect == Dialect::Prolog,
            loose: Vec::new(),
            problem,
            diagnostics: Vec::new(),
            may_lack_rules: FxHashSet::default(),
            constants: FxHashMap::default(),
            constant_uses: FxHashMap::default(),
            deepest: 0,
        }
    }

    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST_FAULTS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The predicate of a name, made where there is none yet.
    fn predicate(
        &mut self,
        name: &Arc<str>,
        arity: usize,
        denied: bool,
        span: Span,
    ) -> PredicateId {
        let arity = u32::try_from(arity).unwrap_or(u32::MAX);
        // Facts about one predicate mostly stand together.
        if let Some(((last, same_arity, same_sign), id)) = &self.last
            && Arc::ptr_eq(last, name)
            && (*same_arity, *same_sign) == (arity, denied)
        {
            return *id;
        }
        let key = (name.clone(), arity, denied);
        if let Some(id) = self.ids.get(&key).copied() {
            self.last = Some((key, id));
            return id;
        }
        let id = PredicateId(self.problem.predicates.len() as u32);
        // A declaration without a sign speaks of both.
        let other = self.ids.get(&(name.clone(), arity, !denied));
        let types = other
            .filter(|_| denied)
            .and_then(|o| self.problem.predicate(*o)?.types.clone());
        self.problem.predicates.push(nsolve_il::program::Predicate {
            name: name.clone(),
            arity,
            denied,
            types,
            meaning: None,
        });
        self.ids.insert(key, id);
        self.named_at.push(Some(span));
        id
    }

    /// Makes the problem of all statements.
    pub(super) fn program(&mut self, statements: &[Statement], text: &SourceText) {
        self.source = Some(text.clone());
        self.declarations(statements);
        for statement in statements {
            match &statement.kind {
                StatementKind::Rule(head, body) => self.rules(statement, head, body),
                StatementKind::Weak(body, cost) => self.weak(statement, body, cost, false),
                StatementKind::Optimize(maximize, elements) => {
                    for (cost, condition) in elements {
                        self.weak(statement, condition, cost, *maximize);
                    }
                }
                StatementKind::Query(body) => self.query(statement, body),
                _ => {}
            }
        }
        self.suggest_binders(text.text());
        self.shown(statements);
        self.depth(statements);
        self.recursive_aggregates();
    }

    fn too_many(&mut self, span: Span) {
        let said = format!("this statement stands for more than {MOST_COPIES} rules");
        self.tell(
            Diagnostic::error(Code::PROGRAM_TOO_MANY, said)
                .at(span)
                .help("write the values as facts and use a variable"),
        );
    }

    fn rules(&mut self, statement: &Statement, head: &ast::Head, body: &[ast::Literal]) {
        if !statement.several {
            return self.add_rule(statement, head, body);
        }
        match (expand::heads(head), expand::body(body)) {
            (Ok(heads), Ok(bodies)) if heads.len() * bodies.len() <= MOST_COPIES => {
                for head in &heads {
                    for body in &bodies {
                        self.add_rule(statement, head, body);
                    }
                }
            }
            (Ok(_) | Err(TooMany), _) => self.too_many(statement.span),
        }
    }

    fn add_rule(&mut self, statement: &Statement, head: &ast::Head, body: &[ast::Literal]) {
        let made = self.rule(statement, rule::WrittenHead::Plain(head), body);
        self.problem.rules.extend(made);
    }

    fn weak(
        &mut self,
        statement: &Statement,
        body: &[ast::Literal],
        cost: &ast::Cost,
        maximize: bool,
    ) {
        let Ok(bodies) = expand::body(body) else {
            return self.too_many(statement.span);
        };
        for body in &bodies {
            let made = self.rule(statement, rule::WrittenHead::Cost(cost, maximize), body);
            self.problem.rules.extend(made);
        }
    }

    fn query(&mut self, statement: &Statement, body: &[ast::Literal]) {
        if self.problem.goal.is_some() {
            let said = "a program has one query; this is another";
            let fault = Diagnostic::error(Code::REPEATED_DECLARATION, said).at(statement.span);
            self.tell(fault.help("remove it, and ask for it with `--query`"));
            return;
        }
        self.problem.goal = self.goal(statement, body);
    }

    /// A conjunction that is asked about; `None` where it has a fault.
    pub(super) fn goal(&mut self, statement: &Statement, body: &[ast::Literal]) -> Option<Goal> {
        let ways = match expand::body(body) {
            Ok(ways) => ways,
            Err(TooMany) => {
                self.too_many(statement.span);
                return None;
            }
        };
        let [only] = ways.as_slice() else {
            let said = "a query is one conjunction, and this one has alternatives";
            let fault = Diagnostic::error(Code::PROGRAM_UNSUPPORTED, said).at(statement.span);
            self.tell(fault.help("write a rule for each alternative and ask for their head"));
            return None;
        };
        let head = ast::Head::Never;
        let rule = self.rule(statement, rule::WrittenHead::Plain(&head), only)?;
        Some(Goal {
            body: rule.body,
            variables: rule.variables,
            sentence: rule.sentence,
            span: rule.span,
        })
    }

    /// How deep terms may nest: what is written, and room for more.
    fn depth(&mut self, statements: &[Statement]) {
        let declared = statements
            .iter()
            .any(|s| matches!(s.kind, StatementKind::Depth(_)));
        if !declared {
            let wanted = u32::try_from(self.deepest).unwrap_or(MAX_DEPTH);
            self.problem.depth = DEFAULT_DEPTH.max(wanted).min(MAX_DEPTH);
        }
    }

    fn recursive_aggregates(&mut self) {
        let aggregates = |rule: &Rule| rule.body.iter().any(|l| l.as_aggregate().is_some());
        if !self.problem.rules.iter().any(aggregates) {
            return;
        }
        let graph = dependencies(&self.problem);
        let mut bad: FxHashMap<u32, PredicateId> = FxHashMap::default();
        for edge in graph.edges() {
            if edge.aggregate && graph.is_recursive(edge) {
                bad.entry(edge.rule).or_insert(edge.on);
            }
        }
        let mut told: Vec<(u32, PredicateId)> = bad.iter().map(|(r, p)| (*r, *p)).collect();
        told.sort_unstable();
        for (rule, on) in told {
            let span = self.problem.rules.get(rule as usize).and_then(|r| r.span);
            let name = self.problem.predicate(on).map(ToString::to_string);
            let said = format!(
                "what this aggregate is about (`{}`) depends on the head of its own rule",
                name.unwrap_or_default()
            );
            self.tell(
                Diagnostic::error(Code::RECURSIVE_AGGREGATE, said)
                    .at(span)
                    .help("derive what is counted first, by predicates that do not use the result"),
            );
        }
        let mut position = 0;
        self.problem.rules.retain(|_| {
            position += 1;
            !bad.contains_key(&(position - 1))
        });
    }

    /// What may stand in an open world only outside of it.
    fn check_open_world(
        &mut self,
        head: &rule::WrittenHead<'_>,
        body: &[ast::Literal],
        span: Span,
    ) -> bool {
        if self.problem.meaning != Meaning::OpenWorld {
            return true;
        }
        let of_head = match head {
            rule::WrittenHead::Plain(ast::Head::Atoms(atoms)) if atoms.len() > 1 => {
                Some("a disjunction")
            }
            rule::WrittenHead::Plain(ast::Head::Choice(..)) => Some("a choice"),
            rule::WrittenHead::Cost(..) => Some("a cost"),
            rule::WrittenHead::Plain(_) => None,
        };
        let of_body = body.iter().find_map(|literal| match &literal.kind {
            ast::LiteralKind::Not(inner) => match inner.kind {
                ast::LiteralKind::Compare { .. } | ast::LiteralKind::Truth(_) => None,
                _ => Some(("negation as failure", literal.span)),
            },
            ast::LiteralKind::Aggregate(_) => Some(("an aggregate", literal.span)),
            _ => None,
        });
        let Some((what, at)) = of_head.map(|what| (what, span)).or(of_body) else {
            return true;
        };
        let said = format!("{what} has no meaning under `#semantics open`");
        let fault = Diagnostic::error(Code::NOT_OPEN_WORLD, said).at(at);
        self.tell(match what {
            "negation as failure" => fault.help("state what is false, `-p(X)`, and use that"),
            _ => fault.help("remove `#semantics open.`, or say it with facts and rules"),
        });
        false
    }

    /// Shows only what the text says, where it says so.
    fn shown(&mut self, statements: &[Statement]) {
        for statement in statements {
            let StatementKind::Show(shown) = &statement.kind else {
                continue;
            };
            let mut list = match std::mem::take(&mut self.problem.show) {
                Show::All => Vec::new(),
                Show::Only(list) => list,
            };
            if let Some((name, arity, denied)) = shown {
                let id = self.predicate(name, *arity, *denied, statement.span);
                if !list.contains(&id) {
                    list.push(id);
                }
            }
            self.problem.show = Show::Only(list);
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        let mut all = self.diagnostics.iter();
        all.any(|d| d.severity == Severity::Error)
    }
}
