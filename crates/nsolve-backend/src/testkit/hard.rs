use super::sketch::case;
use super::{Case, Expected};

/// `holes + 1` pigeons in `holes` holes, propositionally: unsatisfiable, and
/// out of reach of clause learning from about a dozen holes on. For trying
/// limits and cancelling.
pub fn pigeonhole(holes: u32) -> Case {
    case("more pigeons than holes", Expected::Unsat, |s| {
        let sits: Vec<Vec<_>> = (0..=holes)
            .map(|pigeon| {
                (0..holes)
                    .map(|hole| s.proposition(&format!("p{pigeon}_{hole}")))
                    .collect()
            })
            .collect();
        for row in &sits {
            s.premise(s.or(row.iter().copied()));
        }
        for (i, row) in sits.iter().enumerate() {
            for other in sits.iter().skip(i + 1) {
                for (&a, &b) in row.iter().zip(other) {
                    s.premise(s.not(s.and([a, b])));
                }
            }
        }
    })
}
