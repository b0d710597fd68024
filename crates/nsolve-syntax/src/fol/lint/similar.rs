//! When two names are probably one.

/// How many characters a name needs before one slip in it is a near miss: in
/// shorter names, one letter is often all the difference there is.
const SHORTEST_WITH_SLIP: usize = 5;

/// Whether two different names differ so little that one thing was probably
/// meant: by case or underscores, by a plural or verb ending, or by one letter
/// in a longer name. Names that differ in a digit are meant to differ.
///
/// ```
/// use nsolve_syntax::fol::similar;
/// assert!(similar("Student", "Students"));
/// assert!(similar("LivesIn", "LiveIn"));
/// assert!(similar("has_pet", "HasPet"));
/// assert!(!similar("room1", "room2"));
/// assert!(!similar("cat", "bat"));
/// ```
pub fn similar(a: &str, b: &str) -> bool {
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    if a == b || digits(a) != digits(b) {
        return false;
    }
    let (x, y) = (words(a), words(b));
    if x.concat() == y.concat() {
        return true;
    }
    if x.len() == y.len() && x.iter().zip(&y).all(|(v, w)| stem(v) == stem(w)) {
        return true;
    }
    one_slip(&x.concat(), &y.concat())
}

/// `LivesIn` and `lives_in` as `lives`, `in`.
fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut lower_before = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            lower_before = false;
            out.push(String::new());
            continue;
        }
        if out.is_empty() || (c.is_uppercase() && lower_before) {
            out.push(String::new());
        }
        if let Some(word) = out.last_mut() {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    out.retain(|w| !w.is_empty());
    out
}

/// A word without the ending of a plural or of a verb's third person.
fn stem(word: &str) -> &str {
    for ending in ["ies", "es", "s", "y", "e"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.len() >= 2
        {
            return stem;
        }
    }
    word
}

/// Whether one letter is inserted, removed, replaced, or swapped with its
/// neighbour, in a name that is long enough for that to be a slip.
fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().min(b.len()) < SHORTEST_WITH_SLIP || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let before = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (
        a.get(before..).unwrap_or(&[]),
        b.get(before..).unwrap_or(&[]),
    );
    // The first letter makes another word far more often than a slip.
    if before == 0 {
        return false;
    }
    match (a, b) {
        ([_, rest_a @ ..], [_, rest_b @ ..]) if rest_a == rest_b => true,
        ([x, y, rest_a @ ..], [v, w, rest_b @ ..]) if (x, y) == (w, v) && rest_a == rest_b => true,
        ([_, rest @ ..], other) if rest == other => true,
        (other, [_, rest @ ..]) if rest == other => true,
        _ => false,
    }
}
