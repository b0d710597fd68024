//! Throw-away: how much of the recorded drafts is readable.
use nsolve_formats::*;
use nsolve_source::*;
use std::collections::BTreeMap;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let root = std::env::var("NSOLVE_DATA").unwrap();
    let list_codes = std::env::var("CODES").ok();
    for set in &args {
        let text = std::fs::read_to_string(format!("{root}/logic/{set}.jsonl")).unwrap();
        let (mut n, mut bad, mut elab_bad, mut noq) = (0, 0, 0, 0);
        let mut codes: BTreeMap<String, usize> = BTreeMap::new();
        let t0 = std::time::Instant::now();
        for line in text.lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let id = row["id"].as_str().unwrap();
            let mut texts = vec![];
            if let Some(g) = row["generations"].as_array() {
                for g in g {
                    texts.push((g.as_str().unwrap().to_owned(), 0));
                }
            } else if let Some(p) = row["program"].as_str() {
                texts.push((p.to_owned(), 1));
            } else {
                let arr = |k: &str| {
                    row[k]
                        .as_array()
                        .map(|a| {
                            a.iter()
                                .map(|x| x.as_str().unwrap_or("").to_owned())
                                .collect::<Vec<_>>()
                        })
                        .unwrap_or_default()
                };
                let (p, f) = (arr("premises"), arr("premises_fol"));
                let pairs: Vec<_> = f
                    .iter()
                    .enumerate()
                    .map(|(i, f)| {
                        (
                            f.as_str(),
                            if p.len() == f.len() {
                                p.get(i).map(|s| s.as_str())
                            } else {
                                None
                            },
                        )
                    })
                    .collect();
                let c = row["conclusion_fol"].as_str().unwrap_or("P(a)");
                texts.push((folio_text(&pairs, (c, row["conclusion"].as_str())), 2));
            }
            for (t, kind) in texts {
                n += 1;
                let src = SourceText::new("x", &t).unwrap();
                let (doc, ds) = match kind {
                    0 => read_linc(&src),
                    1 => read_logic_lm(&src),
                    _ => read_folio(&src),
                };
                let err = has_errors(&ds);
                bad += err as usize;
                for d in &ds {
                    let k = format!("{} {}", d.code, d.severity.name());
                    *codes.entry(k).or_default() += 1;
                    let show = d.severity == Severity::Error
                        || list_codes
                            .as_ref()
                            .is_some_and(|c| c.split(',').any(|c| c == d.code.as_str()));
                    if show {
                        let at = d.span.unwrap_or_default();
                        let p = src.position(at.start);
                        let l = t.lines().nth(p.line - 1).unwrap_or("");
                        println!(
                            "{set} {id} {}:{} {} || {}",
                            p.line,
                            p.column,
                            d,
                            l.chars().take(220).collect::<String>()
                        );
                    }
                }
                let q = doc
                    .items
                    .iter()
                    .any(|i| matches!(i.kind, nsolve_syntax::fol::ItemKind::Conclusion(_)));
                noq += !q as usize;
                #[cfg(feature = "never")]
                let _ = 0;
                if std::env::var("ELAB").is_ok() {
                    let e =
                        nsolve_syntax::fol::elaborate(&doc, &nsolve_syntax::fol::Style::RECORDED);
                    let eb = has_errors(&e.diagnostics) || e.problem.is_none();
                    if eb && !err {
                        for d in e
                            .diagnostics
                            .iter()
                            .filter(|d| d.severity == Severity::Error)
                        {
                            let p = src.position(d.span.unwrap_or_default().start);
                            println!(
                                "ELAB {set} {id} {d} || {}",
                                t.lines()
                                    .nth(p.line - 1)
                                    .unwrap_or("")
                                    .chars()
                                    .take(200)
                                    .collect::<String>()
                            );
                        }
                    }
                    elab_bad += eb as usize;
                }
            }
        }
        eprintln!(
            "{set}: {n} drafts, {bad} with errors ({:.2} %), no conclusion {noq}, elab-bad {elab_bad}, {:?}",
            100.0 * bad as f64 / n as f64,
            t0.elapsed()
        );
        if std::env::var("SUM").is_ok() {
            eprintln!("   {codes:?}");
        }
    }
}
