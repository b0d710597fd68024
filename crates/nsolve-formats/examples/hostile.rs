use nsolve_formats::*;
use nsolve_source::SourceText;
fn main() {
    for part in ["(", ")", "[", "{(", "P(", "-", "- (", "¬", "∀x ", "all x. ", "exists x. (", "ForAll(x, ", "a & ", "a -> ", "a <-> ", "a ⊕ ", "P(x) ", "x+", "x = ", "not ", "Not(", "'", "\"a", "a'b ", "all x. P(x) & ", "∀x P(x) → ", "if ", "a, ", "\n", "a\n", "$x ", "%", "(∀x)", "x is "] {
        for (n, read) in [("nltk", read_nltk as fn(&SourceText) -> _), ("linc", read_linc), ("folio", read_folio), ("rules", read_logic_lm_rules), ("p9", read_prover9)] {
            for prefix in ["", "FOL: ", "Query:\n", "formulas(goals).\n"] {
                let mut t = vec![];
                for k in [20_000, 40_000] {
                    let s = SourceText::new("x", &format!("{prefix}{}.", part.repeat(k))).unwrap();
                    let t0 = std::time::Instant::now();
                    drop(read(&s));
                    t.push(t0.elapsed().as_millis());
                }
                if t[1] > 150 || (t[0] > 5 && t[1] > 3 * t[0]) { println!("{part:?} {n} {prefix:?} {t:?}"); }
            }
        }
    }
}
