use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use indicatif::{ProgressBar, ProgressStyle};
use nsolve::CancelToken;
use nsolve_bench::{
    BenchError, DraftRecord, RunOptions, Suite, Summary, compare, is_right, read_records, run,
    summarize,
};

use crate::cli::BenchArgs;
use crate::failure::Failure;
use crate::output::Console;
use crate::settings::Settings;

impl From<BenchError> for Failure {
    fn from(error: BenchError) -> Failure {
        Failure::Input(error.to_string())
    }
}

pub(crate) fn bench(
    args: &BenchArgs,
    console: &Console,
    cancel: &CancelToken,
) -> Result<ExitCode, Failure> {
    let suite = Suite::load(&find(args))?;
    if let Some([old, new]) = args.compare.as_deref() {
        return changes(&suite, old, new, args, console);
    }
    let settings = Settings::load(&args.solver)?;
    let options = RunOptions {
        solver: settings.solver(cancel)?,
        semantics: args.semantics.into(),
        jobs: settings.jobs.value,
        record: args.record.clone(),
        settings: format!("{} {:?}", settings.fingerprint(), args.semantics),
        cancel: cancel.clone(),
    };
    let bar = progress(suite.drafts() as u64, console);
    let (records, wall) = run(&suite, &options, &|done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    if cancel.is_cancelled() {
        return Err(Failure::Interrupted);
    }
    let summary = summarize(&suite, &records, wall, Some(settings.timeout.value));
    if args.json {
        let value = serde_json::to_value(&summary).map_err(|e| Failure::Usage(e.to_string()))?;
        console.json(&value)?;
    } else {
        console.out(&table(&summary, console))?;
    }
    if args.wrong {
        console.note(&wrong(&suite, &records));
    }
    Ok(ExitCode::from(if summary.failed_checks > 0 {
        4
    } else {
        0
    }))
}

/// The suite's place: as given, or by name among the public sets.
fn find(args: &BenchArgs) -> PathBuf {
    if args.suite.exists() {
        return args.suite.clone();
    }
    let Some(data) = &args.data else {
        return args.suite.clone();
    };
    let name = args.suite.to_string_lossy();
    let places = [
        data.join(&args.suite),
        data.join("logic").join(&args.suite),
        data.join("logic").join(format!("{name}.jsonl")),
        data.join("opt").join(&args.suite),
        data.join("opt").join(format!("{name}.jsonl")),
    ];
    let found = places.into_iter().find(|p| p.exists());
    found.unwrap_or_else(|| args.suite.clone())
}

fn progress(drafts: u64, console: &Console) -> ProgressBar {
    if !console.shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(drafts);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} drafts, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn table(summary: &Summary, console: &Console) -> String {
    let percent = |part: usize, whole: usize| {
        let share = part as f64 / whole.max(1) as f64;
        format!("{:.1} %", share * 100.0)
    };
    let s = summary;
    let mut table = Table::new();
    table.load_style(NOTHING);
    let mut row = |name: &str, count: usize, of: usize, whole: &str| {
        table.add_row([
            name.to_owned(),
            count.to_string(),
            percent(count, of),
            whole.to_owned(),
        ]);
    };
    row("readable", s.readable, s.drafts, "of drafts");
    row("read in full", s.complete, s.drafts, "of drafts");
    row("answered", s.answered, s.drafts, "of drafts");
    row("right", s.right, s.drafts, "of drafts");
    row("right by vote", s.vote_right, s.items, "of items");
    row("right by majority", s.majority_right, s.items, "of items");
    if let Some(judges) = &s.judges {
        row("  within 1e-6", judges.within_1e6, s.drafts, "of drafts");
        row(
            "  within 5 %",
            judges.within_5_percent,
            s.drafts,
            "of drafts",
        );
        row("  same status", judges.status, s.drafts, "of drafts");
        row("irreducible", judges.irreducible, s.drafts, "of drafts");
    }
    row("verified", s.verified, s.answered, "of answers");
    row("cross-checked", s.cross_checked, s.answered, "of answers");
    row("contradictory", s.contradictory, s.answered, "of answers");
    row("unknown", s.unknown, s.drafts, "of drafts");
    row("failed checks", s.failed_checks, s.drafts, "of drafts");
    for column in 1..=2 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let codes: Vec<_> = s
        .codes
        .iter()
        .map(|(code, n)| format!("{code} {n}"))
        .collect();
    let head = format!("{}: {} items, {} drafts", s.suite, s.items, s.drafts);
    let wall = Duration::from_millis(s.wall_ms).as_secs_f64();
    format!(
        "{}\n{table}\n{wall:.2} s wall, PAR-2 {:.2} ms, own work {:.0} % (median {:.0} us beside {:.0} us of backends)\ncodes: {}\n",
        console.bold(&head),
        s.par2_ms,
        s.time_share.nsolve * 100.0,
        s.median_us.nsolve,
        s.median_us.backend,
        if codes.is_empty() {
            "none".to_owned()
        } else {
            codes.join(", ")
        },
    )
}

fn wrong(suite: &Suite, records: &[DraftRecord]) -> String {
    let mut out = String::new();
    for item in suite.items.iter().filter(|i| i.gold.is_some()) {
        for record in records.iter().filter(|r| r.item == item.id) {
            if !is_right(item, record) {
                let answer = match (&record.answer, &record.error) {
                    (Some(answer), _) => answer.as_str(),
                    (None, Some(error)) => error.as_str(),
                    (None, None) => "unreadable",
                };
                let gold = item.gold.as_deref().unwrap_or("-");
                out.push_str(&format!(
                    "{}#{}: {answer}, gold {gold} [{}]\n",
                    item.id,
                    record.draft,
                    record.codes.join(" ")
                ));
            }
        }
    }
    out
}

fn changes(
    suite: &Suite,
    old: &Path,
    new: &Path,
    args: &BenchArgs,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let changes = compare(suite, &read_records(old)?, &read_records(new)?);
    let count = |gain: i32| changes.iter().filter(|c| c.gain() == gain).count();
    if args.json {
        let list: Vec<_> = changes
            .iter()
            .map(|c| {
                serde_json::json!({
                    "item": c.item, "draft": c.draft, "old": c.old, "new": c.new,
                    "gold": c.gold, "gain": c.gain(),
                })
            })
            .collect();
        console.json(&serde_json::json!({
            "format": "nsolve/bench-compare", "version": "1.0", "suite": suite.name,
            "better": count(1), "worse": count(-1), "other": count(0), "changes": list,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let say = |answer: &Option<String>| answer.clone().unwrap_or_else(|| "unreadable".into());
    for change in &changes {
        let mark = match change.gain() {
            1 => console.green("better"),
            -1 => console.red("worse "),
            _ => console.dim("other "),
        };
        console.out(&format!(
            "{mark} {}#{}: {} -> {} (gold {})\n",
            change.item,
            change.draft,
            say(&change.old),
            say(&change.new),
            change.gold.as_deref().unwrap_or("-"),
        ))?;
    }
    console.out(&format!(
        "{} changed: {} better, {} worse, {} other\n",
        changes.len(),
        count(1),
        count(-1),
        count(0)
    ))?;
    Ok(ExitCode::SUCCESS)
}
