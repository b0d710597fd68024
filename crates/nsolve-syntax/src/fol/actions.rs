//! What the grammar's rules make. Each function is one rule's action.

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, Direction, Modality, Quantifier, Semantics};
use nsolve_source::Span;
use num_traits::ToPrimitive;

use super::{
    BinaryOp, Declaration, Expr, ExprKind, Ident, ItemKind, NaryOp, Quantified, SortSpec,
    Statement, UnaryOp,
};

/// Bound variables, each with the sort written for it.
pub(super) type Variables = Vec<(Ident, Option<Ident>)>;

/// Why an action refuses what the grammar lets through.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) expected: &'static [&'static str],
}

/// An action that may refuse.
type Checked<T> = Result<T, lalrpop_util::ParseError<usize, super::lexer::Token, Refusal>>;

fn refuse<T>(span: Span, message: String, expected: &'static [&'static str]) -> Checked<T> {
    Err(lalrpop_util::ParseError::User {
        error: Refusal {
            span,
            message,
            expected,
        },
    })
}

pub(super) fn ident(name: String, l: usize, r: usize) -> Ident {
    Ident {
        name,
        span: Span::new(l, r),
    }
}

pub(super) fn listed<T>(first: T, rest: Vec<T>) -> Vec<T> {
    let mut out = rest;
    out.insert(0, first);
    out
}

pub(super) fn joined(mut first: Vec<Expr>, last: Expr) -> Vec<Expr> {
    first.push(last);
    first
}

pub(super) fn symbol(
    name: Ident,
    arguments: Vec<SortSpec>,
    result: Option<SortSpec>,
    meaning: Option<String>,
) -> ItemKind {
    ItemKind::Declaration(Declaration::Symbol {
        name,
        arguments,
        result,
        meaning,
    })
}

pub(super) fn statement(name: Option<Ident>, sentence: Option<String>, formula: Expr) -> Statement {
    Statement {
        name,
        sentence,
        formula,
    }
}

pub(super) fn semantics(word: Ident) -> Checked<ItemKind> {
    match word.name.as_str() {
        "classical" => Ok(ItemKind::Semantics(Semantics::Classical)),
        "rules" => Ok(ItemKind::Semantics(Semantics::Rules)),
        other => refuse(
            word.span,
            format!("there are no semantics `{other}`"),
            &["`classical`", "`rules`"],
        ),
    }
}

/// What one option has to be.
pub(super) fn choice(
    name: Ident,
    sentence: Option<String>,
    words: Vec<Ident>,
    formula: Expr,
) -> Checked<ItemKind> {
    let listed: Vec<&str> = words.iter().map(|w| w.name.as_str()).collect();
    let modality = match listed.as_slice() {
        [] => Some(None),
        [word, "be", "true"] => Modality::find(word).map(Some),
        _ => None,
    };
    let span = match (words.first(), words.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::default(),
    };
    let statement = statement(Some(name), sentence, formula);
    modality.map_or_else(
        || {
            refuse(
                span,
                "this is nothing that an option has to be".to_owned(),
                &CHECKS,
            )
        },
        |modality| Ok(ItemKind::Choice(statement, modality)),
    )
}

const CHECKS: [&str; 3] = [
    "`option A must be true : ..`",
    "`option A could be true : ..`",
    "`option A cannot be true : ..`",
];

pub(super) fn ask(words: Vec<Ident>) -> Checked<ItemKind> {
    let span = match (words.first(), words.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::default(),
    };
    let words: Vec<&str> = words.iter().map(|w| w.name.as_str()).collect();
    let modality = |word: &str| match word {
        "must" => Some(Modality::Must),
        "could" => Some(Modality::Could),
        "cannot" => Some(Modality::Cannot),
        _ => None,
    };
    let options = |modality, except| ItemKind::AskOptions { modality, except };
    let found = match words.as_slice() {
        ["model"] => Some(ItemKind::AskModel),
        ["which", word, "be", "true"] => modality(word).map(|m| options(m, false)),
        ["all", word, "be", "true", "except"] => modality(word).map(|m| options(m, true)),
        _ => None,
    };
    found.map_or_else(
        || refuse(span, "this is no question".to_owned(), &QUESTIONS),
        Ok,
    )
}

pub(super) fn extremum(direction: Direction, counts: bool, measure: Expr) -> ItemKind {
    ItemKind::AskExtremum {
        direction,
        counts,
        measure: Box::new(measure),
    }
}

const QUESTIONS: [&str; 9] = [
    "`ask model`",
    "`ask minimum of`",
    "`ask maximum of`",
    "`ask which must be true`",
    "`ask which could be true`",
    "`ask which cannot be true`",
    "`ask all must be true except`",
    "`ask all could be true except`",
    "`ask all cannot be true except`",
];

pub(super) fn count(n: Rational, l: usize, r: usize) -> Checked<u32> {
    let whole = n.is_integer().then(|| n.to_integer().to_u32()).flatten();
    whole.map_or_else(
        || {
            refuse(
                Span::new(l, r),
                format!("`{n}` is no count"),
                &["a whole number below 4294967296"],
            )
        },
        Ok,
    )
}

/// A sort covers the names since the last one that has a sort.
pub(super) fn variables(mut parts: Variables) -> Variables {
    let mut sort: Option<Ident> = None;
    for (_, own) in parts.iter_mut().rev() {
        match own {
            Some(own) => sort = Some(own.clone()),
            None => own.clone_from(&sort),
        }
    }
    parts
}

pub(super) fn leaf(kind: ExprKind, l: usize, r: usize) -> Expr {
    Expr::new(kind, Span::new(l, r))
}

pub(super) fn unary(op: UnaryOp, inner: Expr, l: usize, r: usize) -> Expr {
    leaf(ExprKind::Unary(op, Box::new(inner)), l, r)
}

/// A minus before a numeral belongs to it.
pub(super) fn negate(inner: Expr, l: usize, r: usize) -> Expr {
    match inner.kind {
        ExprKind::Number(n) if inner.span.start as usize == l + 1 => {
            leaf(ExprKind::Number(-n), l, r)
        }
        _ => unary(UnaryOp::Negate, inner, l, r),
    }
}

pub(super) fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    let span = a.span.to(b.span);
    Expr::new(ExprKind::Binary(op, Box::new(a), Box::new(b)), span)
}

pub(super) fn nary(op: NaryOp, parts: Vec<Expr>) -> Expr {
    let span = match (parts.first(), parts.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::default(),
    };
    Expr::new(ExprKind::Nary(op, parts), span)
}

/// Operators of one level, from the left. Sums and products are flat.
pub(super) fn chain(first: Expr, rest: Vec<(ArithmeticOp, Expr)>) -> Expr {
    let mut whole = first;
    let mut last = None;
    for (op, operand) in rest {
        let span = whole.span.to(operand.span);
        let flat = matches!(op, ArithmeticOp::Add | ArithmeticOp::Multiply) && last == Some(op);
        match &mut whole.kind {
            ExprKind::Arithmetic(_, parts) if flat => {
                parts.push(operand);
                whole.span = span;
            }
            _ => whole = Expr::new(ExprKind::Arithmetic(op, vec![whole, operand]), span),
        }
        last = Some(op);
    }
    whole
}

pub(super) fn quantified(
    quantifier: Quantifier,
    variables: Variables,
    body: Expr,
    l: usize,
    r: usize,
) -> Expr {
    leaf(
        ExprKind::Quantified(Box::new(Quantified {
            quantifier,
            variables,
            body,
        })),
        l,
        r,
    )
}
