use super::token::Operator;

/// How one notation is spelt. What is readable is the same in all of them,
/// since real texts mix them; a dialect says what goes without a remark.
pub(crate) struct Dialect {
    /// What it is called in messages.
    pub(crate) name: &'static str,
    /// The signs and words of the dialect.
    pub(crate) native: &'static [&'static str],
    /// How the dialect writes an operator, for fixes.
    pub(crate) spelling: fn(Operator) -> &'static str,
    /// The quantifiers for all, some, and exactly one.
    pub(crate) quantifiers: [&'static str; 2],
    /// Whether a dot marks a quantifier's body.
    pub(crate) dot: bool,
    /// Whether a quantifier may be widened to bind a variable that would be
    /// free. Not where the format is exact about scope.
    pub(crate) widen: bool,
    /// Whether the format leaves open how `and`, `or` and `xor` bind.
    pub(crate) loose: bool,
    /// Whether `$x` is a variable and the last argument a truth value.
    pub(crate) truth_values: bool,
}

/// NLTK's `Expression.fromstring`.
pub(crate) const NLTK: Dialect = Dialect {
    name: "NLTK",
    native: &[
        "all", "forall", "exists", "some", "exist", "-", "not", "!", "&", "^", "and", "|", "or",
        "->", "=>", "implies", "<->", "<=>", "iff", "=", "==", "!=",
    ],
    spelling: ascii,
    quantifiers: ["all", "exists"],
    dot: true,
    widen: true,
    loose: false,
    truth_values: false,
};

/// FOLIO's annotations, and Logic-LM's programs for them.
pub(crate) const FOLIO: Dialect = Dialect {
    name: "FOLIO",
    native: &["∀", "∃", "¬", "∧", "∨", "⊕", "→", "↔", "=", "≠"],
    spelling: unicode,
    quantifiers: ["∀", "∃"],
    dot: false,
    widen: true,
    loose: true,
    truth_values: false,
};

/// Logic-LM's rules.
pub(crate) const RULES: Dialect = Dialect {
    name: "Logic-LM",
    native: &["&&", ">>>"],
    spelling: |o| match o {
        Operator::And => "&&",
        Operator::Implies => ">>>",
        other => ascii(other),
    },
    quantifiers: ["all", "exists"],
    dot: false,
    widen: true,
    loose: false,
    truth_values: true,
};

/// Prover9's input.
pub(crate) const PROVER9: Dialect = Dialect {
    name: "Prover9",
    native: &[
        "all", "exists", "-", "&", "|", "->", "<-", "<->", "=", "!=", "<", "<=", ">", ">=", "+",
        "*", "/",
    ],
    spelling: ascii,
    quantifiers: ["all", "exists"],
    dot: false,
    widen: false,
    loose: false,
    truth_values: false,
};

fn ascii(operator: Operator) -> &'static str {
    match operator {
        Operator::Not | Operator::Minus => "-",
        Operator::And => "&",
        Operator::Or => "|",
        Operator::Xor => "!=",
        Operator::Implies => "->",
        Operator::ImpliedBy => "<-",
        Operator::Iff => "<->",
        other => arithmetic(other),
    }
}

fn unicode(operator: Operator) -> &'static str {
    match operator {
        Operator::Not => "¬",
        Operator::And => "∧",
        Operator::Or => "∨",
        Operator::Xor => "⊕",
        Operator::Implies => "→",
        Operator::ImpliedBy => "←",
        Operator::Iff => "↔",
        Operator::NotEqual => "≠",
        other => arithmetic(other),
    }
}

fn arithmetic(operator: Operator) -> &'static str {
    use nsolve_il::fol::CompareOp::{Greater, GreaterEq, Less, LessEq};
    match operator {
        Operator::Equal => "=",
        Operator::NotEqual => "!=",
        Operator::Compare(Less) => "<",
        Operator::Compare(LessEq) => "<=",
        Operator::Compare(Greater) => ">",
        Operator::Compare(GreaterEq) => ">=",
        Operator::Element(false) => "∈",
        Operator::Element(true) => "∉",
        Operator::Plus => "+",
        Operator::Times => "*",
        Operator::Over => "/",
        _ => "-",
    }
}
