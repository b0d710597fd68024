//! Names that a format can hold.

use rustc_hash::FxHashSet;

use super::amount::Amount;
use super::lp;

/// What names may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// As CPLEX has them in LP files.
    Lp,
    /// MPS without blanks in names.
    Free,
    /// MPS with at most eight characters.
    Fixed,
}

/// The longest name that solvers read.
const LONGEST: usize = 255;

/// Marks that CPLEX allows in names besides letters and digits. It allows
/// semicolons too, at which HiGHS stops reading a line.
const MARKS: &[u8] = b"!\"#$%&(),.?@_'`{}~";

impl Rules {
    fn hold(self, name: &str) -> bool {
        match self {
            Rules::Lp => lp_holds(name),
            Rules::Free => mps_holds(name) && name.len() <= LONGEST,
            Rules::Fixed => mps_holds(name) && name.is_ascii() && name.len() <= 8,
        }
    }

    /// A name that is like this one and can perhaps be held.
    fn adapt(self, name: &str) -> String {
        let fits = |c: char| match self {
            Rules::Lp => u8::try_from(c).is_ok_and(is_lp_byte),
            Rules::Free => !c.is_whitespace() && !c.is_control(),
            Rules::Fixed => c.is_ascii_graphic(),
        };
        let adapted = name.chars().map(|c| match c {
            '[' if self == Rules::Lp => '(',
            ']' if self == Rules::Lp => ')',
            c if fits(c) => c,
            _ => '_',
        });
        let adapted: String = adapted.collect();
        match self.hold(&adapted) {
            true => adapted,
            false => format!("_{adapted}"),
        }
    }
}

fn is_lp_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || MARKS.contains(&byte)
}

fn lp_holds(name: &str) -> bool {
    let [first, rest @ ..] = name.as_bytes() else {
        return false;
    };
    // `e5` behind a number would be its exponent.
    let exponent = matches!(first, b'e' | b'E')
        && rest
            .first()
            .is_none_or(|b| b.is_ascii_digit() || matches!(b, b'e' | b'E'));
    // HiGHS reads these letters as a number, whatever follows.
    let number = name.get(..3).is_some_and(|start| {
        start.eq_ignore_ascii_case("inf") || start.eq_ignore_ascii_case("nan")
    });
    name.len() <= LONGEST
        && !number
        && name.bytes().all(is_lp_byte)
        && !first.is_ascii_digit()
        && !matches!(first, b'.' | b',')
        && !exponent
        && !name.ends_with(',')
        && lp::brackets_fit(name)
        && !lp::is_reserved(name)
}

fn mps_holds(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(|c: char| c.is_whitespace() || c.is_control())
        && !name.starts_with(['$', '*'])
        && name.trim_matches('\'') != "MARKER"
}

/// Names that are written, and what was changed.
#[derive(Default)]
pub(super) struct Names {
    /// The names by position.
    pub(super) list: Vec<String>,
    /// `(name, what it is written as)`.
    pub(super) changed: Vec<(String, String)>,
    /// Whether square brackets became round ones.
    pub(super) rounded: bool,
}

impl Names {
    pub(super) fn get(&self, position: u32) -> &str {
        self.list.get(position as usize).map_or("", String::as_str)
    }
}

/// Makes a table of names, in which none is twice. `letter` starts those that
/// are made up.
pub(super) fn table(originals: Vec<String>, rules: Rules, letter: char, sets: bool) -> Names {
    let mut taken: FxHashSet<String> = FxHashSet::default();
    let holds = |name: &str| rules.hold(name) && !(sets && Amount::of_text(name).is_some());
    // Names that can be kept have the right to stay.
    let kept: Vec<bool> = originals
        .iter()
        .map(|name| holds(name) && taken.insert(name.clone()))
        .collect();
    let mut names = Names::default();
    for (i, (original, kept)) in originals.into_iter().zip(kept).enumerate() {
        if kept {
            names.list.push(original);
            continue;
        }
        let mut name = rules.adapt(&original);
        if !holds(&name) || taken.contains(&name) {
            name = free_name(letter, i + 1, &taken);
        }
        taken.insert(name.clone());
        let round = original.replace('[', "(").replace(']', ")");
        if rules == Rules::Lp && round == name && original != name {
            names.rounded = true;
        } else {
            names.changed.push((original, name.clone()));
        }
        names.list.push(name);
    }
    names
}

/// A name that is not taken: a letter and a number, and a second number where
/// that is.
fn free_name(letter: char, number: usize, taken: &FxHashSet<String>) -> String {
    let plain = format!("{letter}{number}");
    let others = (0..).map(|i| format!("{letter}{number}_{i}"));
    std::iter::once(plain)
        .chain(others)
        .find(|name| !taken.contains(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_adapted_or_made_up() {
        let names = [
            "x",
            "ship[a,b]",
            "a b",
            "a_b",
            "e5",
            "x",
            "3d",
            "end",
            "",
            "(x",
            "ship(a,b)",
        ];
        let originals = || names.iter().map(|n| (*n).to_owned()).collect();
        let lp = table(originals(), Rules::Lp, 'x', false);
        let expected = [
            "x",
            "x2",
            "x3",
            "a_b",
            "_e5",
            "x6",
            "_3d",
            "_end",
            "_",
            "_(x",
            "ship(a,b)",
        ];
        assert_eq!(lp.list[..9], expected[..9]);
        assert_eq!(lp.list[10], "ship(a,b)");
        let free = table(originals(), Rules::Free, 'x', false);
        assert_eq!(free.list[1], "ship[a,b]");
        let fixed = table(originals(), Rules::Fixed, 'x', false);
        assert_eq!(fixed.list[1], "x2");
        for table in [lp, free, fixed] {
            let different: FxHashSet<&String> = table.list.iter().collect();
            assert_eq!(different.len(), names.len());
        }
    }
}
