//! Input of Prover9.

use nsolve_il::fol::{ArithmeticOp, CompareOp};
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{BinaryOp, Document, Expr, ExprKind, Ident, Item, ItemKind, UnaryOp};

use crate::formula::PROVER9;
use crate::limits::check_depth;
use crate::lines::{Draft, Line};
use crate::logic_lm_rules::close;

/// Reads Prover9's input: the lists `formulas(assumptions)` and
/// `formulas(goals)`, with clauses ended by dots.
///
/// Free names that begin with `u` to `z` are variables (with
/// `set(prolog_style_variables)`, those that begin with a capital letter) and
/// are closed by `for all`. Quantifiers bind as tightly as Prover9 has it.
/// Several goals are refused: Prover9 proves any one of them, which is no
/// question of ours. Flags and parameters are passed over.
pub fn read_prover9(text: &SourceText) -> (Document, Vec<Diagnostic>) {
    let text = &without_comments(text);
    let mut reader = Reader {
        draft: Draft::new(text, &PROVER9),
        list: List::None,
        prolog: false,
        assumes: false,
        goals: Vec::new(),
    };
    for clause in clauses(text.text()) {
        reader.clause(clause);
    }
    reader.finish()
}

#[derive(Clone, Copy, PartialEq)]
enum List {
    /// Outside of all lists.
    None,
    Assumptions,
    Goals,
    /// Hints and other lists that say nothing about the problem.
    Other,
}

struct Reader<'a> {
    draft: Draft<'a>,
    list: List,
    prolog: bool,
    /// Whether a list of assumptions was there, if only an empty one.
    assumes: bool,
    goals: Vec<Line<'a>>,
}

impl<'a> Reader<'a> {
    fn clause(&mut self, clause: Line<'a>) {
        if let Some(list) = opened_list(clause.text) {
            self.assumes |= list == List::Assumptions;
            self.list = list;
            return;
        }
        if clause.text == "end_of_list" {
            self.list = List::None;
            return;
        }
        let clause = self.without_label(clause);
        match self.list {
            List::Assumptions => self.assumption(clause),
            List::Goals => self.goals.push(clause),
            List::Other => {}
            List::None => self.command(clause),
        }
    }

    fn assumption(&mut self, clause: Line<'a>) {
        match self.formula(clause) {
            Some(formula) => self.draft.push_premise(formula, None, clause.span),
            None => self.draft.count_premise(),
        }
    }

    fn command(&mut self, clause: Line<'a>) {
        let word: String = clause.text.split_whitespace().collect();
        if word == "set(prolog_style_variables)" {
            self.prolog = true;
            return;
        }
        let name = word.split('(').next().unwrap_or("");
        let commands = [
            "set",
            "clear",
            "assign",
            "op",
            "redeclare",
            "if",
            "end_if",
            "lex",
            "weights",
            "function_order",
            "predicate_order",
            "predicate_symbols",
            "include",
        ];
        if commands.contains(&name) {
            self.draft
                .skip(clause, "flags and parameters say nothing about the problem");
            return;
        }
        self.draft.diagnostics.push(
            Diagnostic::error(Code::UNEXPECTED, "a formula stands outside of all lists")
                .at(clause.span)
                .expecting(["formulas(assumptions).", "formulas(goals)."])
                .help("begin a list with `formulas(assumptions).` and end it with `end_of_list.`"),
        );
    }

    /// `p(a) # label(first)` has an attribute behind the formula.
    fn without_label(&mut self, clause: Line<'a>) -> Line<'a> {
        match clause.text.find('#') {
            Some(at) if self.list != List::None => {
                let text = clause.text.get(..at).unwrap_or("").trim_end();
                let start = clause.span.start as usize;
                Line {
                    text,
                    span: Span::new(start, start + text.len()),
                }
            }
            _ => clause,
        }
    }

    fn formula(&mut self, clause: Line<'a>) -> Option<Expr> {
        let mut formula = self.draft.read(clause)?;
        let mut marking = Marking {
            prolog: self.prolog,
            bound: Vec::new(),
        };
        marking.mark(&mut formula);
        // Every prime of `x'''` is a function of its own.
        match check_depth(&formula) {
            Ok(()) => Some(close(formula)),
            Err(fault) => {
                self.draft.diagnostics.push(*fault);
                None
            }
        }
    }

    fn finish(mut self) -> (Document, Vec<Diagnostic>) {
        match std::mem::take(&mut self.goals).as_slice() {
            // Without goals Prover9 asks whether the assumptions can hold.
            [] if self.assumes => {
                let end = self.draft.text.text().len();
                self.draft.document.items.push(Item {
                    kind: ItemKind::AskModel,
                    span: Span::new(end, end),
                });
            }
            [] => self
                .draft
                .no_question("write the goal in a list `formulas(goals).`"),
            [goal] => {
                if let Some(formula) = self.formula(*goal) {
                    self.draft.push_conclusion(formula, None, goal.span);
                }
            }
            [first, others @ ..] => {
                let second = others.first().map(|o| o.span);
                self.draft.diagnostics.push(
                    Diagnostic::error(
                        Code::UNSUPPORTED,
                        format!("{} goals; Prover9 proves any one of them", others.len() + 1),
                    )
                    .at(second)
                    .related(first.span, "the first goal")
                    .expecting(["one goal"])
                    .help("join them with `&` to ask for all, with `|` to ask for one, or ask one by one"),
                );
            }
        }
        self.draft.finish()
    }
}

fn opened_list(clause: &str) -> Option<List> {
    let (kind, name) = clause.trim_end_matches(')').split_once('(')?;
    if !matches!(
        kind.trim(),
        "formulas" | "clauses" | "formula_list" | "list" | "terms"
    ) {
        return None;
    }
    Some(match name.trim() {
        "assumptions" | "sos" | "usable" | "axioms" | "theory" => List::Assumptions,
        "goals" | "goal" | "conjectures" => List::Goals,
        _ => List::Other,
    })
}

/// The text with spaces for comments, which reach from `%` to the end of the
/// line, so that all places stay the same.
fn without_comments(text: &SourceText) -> SourceText {
    let mut out = String::with_capacity(text.text().len());
    for line in text.text().split_inclusive('\n') {
        // A `%` inside quotes is part of a name.
        let comment = line
            .match_indices('%')
            .map(|(i, _)| i)
            .next()
            .filter(|&i| line.get(..i).unwrap_or("").matches('"').count() % 2 == 0);
        let kept = comment.unwrap_or(line.len());
        out.push_str(line.get(..kept).unwrap_or(""));
        let blank = line.len() - kept - usize::from(comment.is_some() && line.ends_with('\n'));
        out.extend(std::iter::repeat_n(' ', blank));
        if comment.is_some() && line.ends_with('\n') {
            out.push('\n');
        }
    }
    SourceText::new(text.name(), &out).unwrap_or_else(|_| text.clone())
}

/// What stands between dots that white space or the end follows.
fn clauses(text: &str) -> Vec<Line<'_>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted && chars.peek().is_none_or(|(_, n)| n.is_whitespace()) => {
                push_clause(&mut clauses, text, start, at);
                start = at + 1;
            }
            _ => {}
        }
    }
    push_clause(&mut clauses, text, start, text.len());
    clauses
}

fn push_clause<'a>(clauses: &mut Vec<Line<'a>>, text: &'a str, start: usize, end: usize) {
    let raw = text.get(start..end).unwrap_or("");
    let left = raw.len() - raw.trim_start().len();
    let clause = raw.trim();
    if !clause.is_empty() {
        let start = start + left;
        clauses.push(Line {
            text: clause,
            span: Span::new(start, start + clause.len()),
        });
    }
}

/// Marks free names that are variables, and turns arithmetic into names.
struct Marking {
    prolog: bool,
    bound: Vec<String>,
}

impl Marking {
    fn is_variable(&self, name: &str) -> bool {
        let first = name.chars().next();
        let free = match first {
            Some(c) if self.prolog => c.is_uppercase(),
            Some(c) => matches!(c, 'u'..='z'),
            None => false,
        };
        free && !self.bound.iter().any(|b| b == name)
    }

    fn mark(&mut self, e: &mut Expr) {
        match &mut e.kind {
            ExprKind::Apply(_, parts) => parts.iter_mut().for_each(|p| self.mark_term(p)),
            // Arithmetic means nothing to Prover9: `+` and `<` are names.
            ExprKind::Arithmetic(op, parts) => {
                parts.iter_mut().for_each(|p| self.mark_term(p));
                e.kind = apply(sign(*op), std::mem::take(parts), e.span);
            }
            ExprKind::Binary(BinaryOp::Compare(op), a, b) => {
                self.mark_term(a);
                self.mark_term(b);
                let parts = vec![(**a).clone(), (**b).clone()];
                e.kind = apply(compare_sign(*op), parts, e.span);
            }
            ExprKind::Unary(UnaryOp::Negate, inner) => {
                self.mark_term(inner);
                e.kind = apply("-", vec![(**inner).clone()], e.span);
            }
            ExprKind::Nary(_, parts) => parts.iter_mut().for_each(|p| self.mark(p)),
            ExprKind::Unary(_, inner) => self.mark(inner),
            ExprKind::Binary(op, a, b) => {
                if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
                    self.mark_term(a);
                    self.mark_term(b);
                } else {
                    self.mark(a);
                    self.mark(b);
                }
            }
            ExprKind::Quantified(q) => {
                let before = self.bound.len();
                self.bound
                    .extend(q.variables.iter().map(|(v, _)| v.name.clone()));
                self.mark(&mut q.body);
                self.bound.truncate(before);
            }
            ExprKind::Name(_)
            | ExprKind::Variable(_)
            | ExprKind::Number(_)
            | ExprKind::Truth(_) => {}
        }
    }

    fn mark_term(&mut self, e: &mut Expr) {
        match &mut e.kind {
            // `x'` is the function `'` of `x`.
            ExprKind::Name(name) if name.len() > 1 && name.ends_with('\'') => {
                name.pop();
                let name = std::mem::take(name);
                let mut inner = Expr::new(ExprKind::Name(name), e.span);
                self.mark_term(&mut inner);
                e.kind = apply("'", vec![inner], e.span);
            }
            ExprKind::Name(name) if self.is_variable(name) => {
                e.kind = ExprKind::Variable(std::mem::take(name));
            }
            _ => self.mark(e),
        }
    }
}

fn apply(name: &str, parts: Vec<Expr>, span: Span) -> ExprKind {
    let name = Ident {
        name: name.to_owned(),
        span,
    };
    ExprKind::Apply(name, parts)
}

fn sign(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
        ArithmeticOp::IntDivide => "div",
        ArithmeticOp::Modulo => "mod",
        ArithmeticOp::ToReal => "to_real",
        ArithmeticOp::Subtract | ArithmeticOp::Negate => "-",
    }
}

fn compare_sign(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Less => "<",
        CompareOp::LessEq => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEq => ">=",
    }
}
