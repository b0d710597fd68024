use nsolve_il::fol::Quantifier;
use nsolve_source::{Code, Diagnostic};

use crate::fol::{
    BinaryOp, Declaration, Document, Expr, ExprKind, Ident, ItemKind, NaryOp, Quantified,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// Lints about quantifiers, with the places where they are written.
pub fn lint_syntax(document: &Document) -> Vec<Diagnostic> {
    let mut lints = Lints {
        constants: declared_constants(document),
        bound: FxHashMap::default(),
        out: Vec::new(),
    };
    for item in &document.items {
        if let ItemKind::Premise(s) | ItemKind::Conclusion(s) | ItemKind::Choice(s, _) = &item.kind
        {
            lints.visit(&s.formula);
        }
    }
    lints.out.sort_by_key(|d| d.span);
    lints.out
}

fn declared_constants(document: &Document) -> FxHashSet<&str> {
    let mut out = FxHashSet::default();
    for item in &document.items {
        match &item.kind {
            ItemKind::Declaration(Declaration::Sort { elements, .. }) => {
                out.extend(elements.iter().flatten().map(|e| e.name.as_str()));
            }
            ItemKind::Declaration(Declaration::Symbol {
                name,
                arguments,
                result: Some(_),
                ..
            }) if arguments.is_empty() => {
                out.insert(name.name.as_str());
            }
            _ => {}
        }
    }
    out
}

struct Lints<'a> {
    constants: FxHashSet<&'a str>,
    /// For each name its binders around the place at hand, innermost last, and
    /// whether they were used.
    bound: FxHashMap<&'a str, Vec<bool>>,
    out: Vec<Diagnostic>,
}

impl<'a> Lints<'a> {
    fn visit(&mut self, e: &'a Expr) {
        match &e.kind {
            ExprKind::Quantified(q) => {
                quantified(q, e, &mut self.out);
                for (name, _) in &q.variables {
                    self.bind(name);
                }
                self.visit(&q.body);
                for (name, _) in q.variables.iter().rev() {
                    self.leave(name);
                }
            }
            ExprKind::Unary(_, a) => self.visit(a),
            ExprKind::Binary(_, a, b) => {
                self.visit(a);
                self.visit(b);
            }
            ExprKind::Nary(_, operands)
            | ExprKind::Apply(_, operands)
            | ExprKind::Arithmetic(_, operands) => operands.iter().for_each(|o| self.visit(o)),
            ExprKind::Name(name) | ExprKind::Variable(name) => {
                let binders = self.bound.get_mut(name.as_str());
                if let Some(used) = binders.and_then(|b| b.last_mut()) {
                    *used = true;
                }
            }
            ExprKind::Number(_) | ExprKind::Truth(_) => {}
        }
    }

    fn bind(&mut self, name: &'a Ident) {
        let binders = self.bound.entry(&name.name).or_default();
        let message = if !binders.is_empty() {
            Some(format!("`{}` is already bound around here", name.name))
        } else if self.constants.contains(name.name.as_str()) {
            Some(format!("`{}` is also a constant", name.name))
        } else {
            None
        };
        binders.push(false);
        self.out.extend(message.map(|message| {
            Diagnostic::warning(Code::SHADOWED_VARIABLE, message)
                .at(name.span)
                .help("give the inner variable another name")
        }));
    }

    fn leave(&mut self, name: &'a Ident) {
        let binders = self.bound.get_mut(name.name.as_str());
        if binders.and_then(Vec::pop) == Some(false) {
            self.out.push(
                Diagnostic::warning(
                    Code::UNUSED_VARIABLE,
                    format!("`{}` does not occur in what it quantifies", name.name),
                )
                .at(name.span)
                .help("remove the variable, or use it"),
            );
        }
    }
}

fn quantified(q: &Quantified, e: &Expr, out: &mut Vec<Diagnostic>) {
    match (q.quantifier, innermost(&q.body)) {
        (Quantifier::Forall, ExprKind::Nary(NaryOp::And, parts)) if parts.iter().all(is_atom) => {
            out.push(
                Diagnostic::warning(
                    Code::FORALL_AND,
                    "this says of everything that all of these hold",
                )
                .at(e.span)
                .help("for `every P is Q` write `forall x. P(x) -> Q(x)`"),
            );
        }
        (Quantifier::Exists, ExprKind::Binary(BinaryOp::Implies, ..)) => out.push(
            Diagnostic::warning(
                Code::EXISTS_IMPLIES,
                "this is true as soon as something fails the left side",
            )
            .at(e.span)
            .help("for `some P is Q` write `exists x. P(x) and Q(x)`"),
        ),
        _ => {}
    }
}

/// The body below quantifiers that follow each other.
fn innermost(mut e: &Expr) -> &ExprKind {
    while let ExprKind::Quantified(q) = &e.kind {
        e = &q.body;
    }
    &e.kind
}

/// Atoms with arguments and their negations.
fn is_atom(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Unary(_, inner) => is_atom(inner),
        ExprKind::Apply(..) => true,
        _ => false,
    }
}
