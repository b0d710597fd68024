use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::PredicateId;

/// A ground term.
///
/// Values are ordered as in ASP-Core-2: `#inf`, integers, constants (by name),
/// texts, functions (by arity, then name, then arguments), `#sup`. Tuples are
/// functions whose name is empty; the list `[a, b]` is
/// `'.'(a, '.'(b, '[]'))` as in ISO Prolog.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `#inf`, below all others.
    Infimum,
    /// An integer.
    Int(i64),
    /// A constant such as `tom`.
    Constant(Arc<str>),
    /// A quoted text such as `"Tom"`.
    Text(Arc<str>),
    /// A function with arguments, such as `f(a, 1)`.
    Function(Arc<str>, Arc<[Value]>),
    /// `#sup`, above all others.
    Supremum,
}

/// The name of the function that puts an element before a list.
pub const CONS: &str = ".";

/// The name of the empty list.
pub const NIL: &str = "[]";

impl Value {
    /// How deep functions are nested: 0 for anything without arguments.
    pub fn depth(&self) -> usize {
        match self {
            Value::Function(_, args) => 1 + args.iter().map(Value::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// The integer that it is, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Infimum => 0,
            Value::Int(_) => 1,
            Value::Constant(_) => 2,
            Value::Text(_) => 3,
            Value::Function(..) => 4,
            Value::Supremum => 5,
        }
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Constant(a), Value::Constant(b)) | (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Function(f, a), Value::Function(g, b)) => a
                .len()
                .cmp(&b.len())
                .then_with(|| f.cmp(g))
                .then_with(|| a.cmp(b)),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Whether a name is written without quotes: a lower-case letter (after any
/// underscores), then letters, digits and underscores.
fn is_plain(name: &str) -> bool {
    let mut rest = name.trim_start_matches('_').chars();
    rest.next().is_some_and(|c| c.is_ascii_lowercase())
        && rest.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name != "not"
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str, quote: char) -> fmt::Result {
    write!(f, "{quote}")?;
    for c in text.chars() {
        match c {
            '\n' => f.write_str("\\n")?,
            '\\' => f.write_str("\\\\")?,
            c if c == quote => write!(f, "\\{c}")?,
            c => write!(f, "{c}")?,
        }
    }
    write!(f, "{quote}")
}

/// Writes a name as the native language has it: in single quotes unless it is
/// plain.
pub(super) fn write_name(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    if is_plain(name) {
        f.write_str(name)
    } else {
        write_quoted(f, name, '\'')
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Infimum => f.write_str("#inf"),
            Value::Supremum => f.write_str("#sup"),
            Value::Int(n) => write!(f, "{n}"),
            Value::Constant(name) if &**name == NIL => f.write_str(NIL),
            Value::Constant(name) => write_name(f, name),
            Value::Text(text) => write_quoted(f, text, '"'),
            Value::Function(name, args) if &**name == CONS && args.len() == 2 => {
                write_list(f, args)
            }
            Value::Function(name, args) => {
                if !name.is_empty() {
                    write_name(f, name)?;
                }
                f.write_str("(")?;
                for (i, arg) in args.iter().enumerate() {
                    write!(f, "{}{arg}", if i > 0 { "," } else { "" })?;
                }
                f.write_str(if name.is_empty() && args.len() == 1 {
                    ",)"
                } else {
                    ")"
                })
            }
        }
    }
}

/// Writes a list in brackets: `[a,b]`, or `[a,b|T]` where it does not end in
/// the empty list.
fn write_list(f: &mut fmt::Formatter<'_>, mut cell: &[Value]) -> fmt::Result {
    f.write_str("[")?;
    while let [head, tail] = cell {
        write!(f, "{head}")?;
        match tail {
            Value::Constant(name) if &**name == NIL => break,
            Value::Function(name, args) if &**name == CONS && args.len() == 2 => {
                f.write_str(",")?;
                cell = args;
            }
            other => {
                write!(f, "|{other}")?;
                break;
            }
        }
    }
    f.write_str("]")
}

/// An atom without variables. What its predicate is called stands in the
/// problem; [`Problem::show`](super::Problem::show) prints it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroundAtom {
    /// The predicate.
    pub predicate: PredicateId,
    /// As many values as the predicate's arity.
    pub arguments: Arc<[Value]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constant(name: &str) -> Value {
        Value::Constant(name.into())
    }

    fn function(name: &str, args: &[Value]) -> Value {
        Value::Function(name.into(), args.into())
    }

    #[test]
    fn values_are_ordered_as_the_standard_says() {
        let ascending = [
            Value::Infimum,
            Value::Int(-1),
            Value::Int(7),
            constant("a"),
            constant("b"),
            Value::Text("a".into()),
            function("g", &[Value::Int(1)]),
            function("f", &[Value::Int(1), Value::Int(1)]),
            Value::Supremum,
        ];
        assert!(ascending.is_sorted());
    }

    #[test]
    fn values_print_as_they_are_written() {
        let list = function(
            CONS,
            &[
                constant("a"),
                function(CONS, &[Value::Int(1), constant(NIL)]),
            ],
        );
        let open = function(CONS, &[constant("a"), constant("t")]);
        for (value, text) in [
            (constant("tom"), "tom"),
            (constant("Tom"), "'Tom'"),
            (constant("not"), "'not'"),
            (Value::Text("a \"b\"\n".into()), "\"a \\\"b\\\"\\n\""),
            (list, "[a,1]"),
            (open, "[a|t]"),
            (function("", &[Value::Int(1), Value::Int(2)]), "(1,2)"),
            (function("", &[Value::Int(1)]), "(1,)"),
            (function("f", &[Value::Infimum]), "f(#inf)"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }
}
