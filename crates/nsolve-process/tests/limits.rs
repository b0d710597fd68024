//! Small scripts that try to get beyond their limits.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nsolve_process::{Command, End, Finished, Limits, NotFound, ProcessError, Stream, find_in};

const NEVER: &dyn Fn() -> bool = &|| false;

fn shell(script: &str) -> Command {
    Command::new("/bin/sh").args(["-c", script])
}

fn within(milliseconds: u64) -> Limits {
    Limits {
        time: Some(Duration::from_millis(milliseconds)),
        ..Limits::default()
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn code(finished: &Finished) -> Option<i32> {
    match finished.end {
        End::Exited { code, .. } => code,
        _ => None,
    }
}

/// Whether a process runs; one that has ended, and that nobody waited for, does
/// not.
fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.is_ok_and(|s| !s.rsplit(')').next().unwrap().trim().starts_with('Z'))
}

#[test]
fn a_program_has_its_files_its_input_and_nothing_else() {
    let script = "cat in.txt -; ls; pwd; exit 3";
    let finished = shell(script)
        .file("in.txt", "one\n")
        .input("two\n")
        .run(NEVER)
        .unwrap();
    assert_eq!(code(&finished), Some(3));
    let lines: Vec<&str> = text(&finished.stdout).lines().collect();
    assert_eq!(lines[..3], ["one", "two", "in.txt"]);
    assert!(
        !Path::new(lines[3]).exists(),
        "the folder is left: {lines:?}"
    );
}

#[test]
fn the_environment_is_empty_but_for_what_is_named() {
    let run = |command: Command| {
        let finished = command.run(NEVER).unwrap();
        text(&finished.stdout).to_owned()
    };
    assert_eq!(run(Command::new("/usr/bin/env")), "");
    let named = Command::new("/usr/bin/env").environment("WORD", "a b");
    assert_eq!(run(named), "WORD=a b\n");
}

#[test]
fn a_runaway_with_forks_is_gone_when_its_time_is_over() {
    let script = "trap '' TERM; for i in 1 2 3; do (trap '' TERM; while :; do :; done) & echo $!; \
                  done; echo $$; while :; do :; done";
    let start = Instant::now();
    let finished = shell(script).limits(within(300)).run(NEVER).unwrap();
    assert_eq!(finished.end, End::Time);
    assert!(start.elapsed() >= Duration::from_millis(300));
    let pids: Vec<&str> = text(&finished.stdout).lines().collect();
    assert_eq!(pids.len(), 4, "{pids:?}");
    for pid in pids {
        assert!(!runs(pid), "{pid} still runs");
    }
}

#[test]
fn what_a_program_leaves_running_is_killed_when_it_ends() {
    let finished = shell("sleep 60 & echo $!").run(NEVER).unwrap();
    assert_eq!(code(&finished), Some(0));
    assert!(finished.elapsed < Duration::from_secs(30));
    assert!(!runs(text(&finished.stdout).trim()));
}

#[test]
fn a_program_that_obeys_is_not_killed() {
    let script = "trap 'echo bye; exit 0' TERM; echo go; while :; do sleep 0.01; done";
    let finished = shell(script).limits(within(300)).run(NEVER).unwrap();
    assert_eq!(finished.end, End::Time);
    assert_eq!(text(&finished.stdout), "go\nbye\n");
}

#[test]
fn no_more_than_the_caps_is_kept() {
    for (redirect, stream) in [("", Stream::Output), (">&2", Stream::Error)] {
        let limits = Limits {
            stdout: 1000,
            stderr: 1000,
            ..within(20_000)
        };
        let script = format!("while :; do echo word; done {redirect}");
        let finished = shell(&script).limits(limits).run(NEVER).unwrap();
        assert_eq!(finished.end, End::TooMuch(stream));
        let kept = finished.stdout.len() + finished.stderr.len();
        assert_eq!(kept, 1000);
    }
    let exact = Limits {
        stdout: 5,
        ..Limits::default()
    };
    let finished = shell("echo word").limits(exact).run(NEVER).unwrap();
    assert_eq!(code(&finished), Some(0));
    assert_eq!(finished.stdout, b"word\n");
}

#[test]
fn memory_is_bounded() {
    // `dd` asks for its whole block at once.
    let script = "read go; dd if=/dev/zero of=/dev/null bs=1G count=1 && echo got it";
    let limits = Limits {
        memory: Some(256 << 20),
        ..within(20_000)
    };
    let finished = shell(script).input("go\n").limits(limits).run(NEVER);
    let finished = finished.unwrap();
    assert_eq!(text(&finished.stdout), "");
    assert!(!matches!(finished.end, End::Exited { code: Some(0), .. }));
}

#[test]
fn files_are_bounded_and_no_other_folder_is_written() {
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("out");
    let limits = Limits {
        file: 10_000,
        ..within(20_000)
    };
    let script = format!(
        "read go; head -c 100000 /dev/zero > big; wc -c < big; echo x > {}",
        target.display()
    );
    let finished = shell(&script).input("go\n").limits(limits).run(NEVER);
    let finished = finished.unwrap();
    assert_eq!(text(&finished.stdout).trim(), "10000");
    if finished.confined {
        assert!(!target.exists());
    } else {
        eprintln!("left out: this kernel does not confine programs");
    }
    // This thread is not confined with the program.
    std::fs::write(target, "x").unwrap();
}

#[test]
fn cancelling_ends_it() {
    let start = Instant::now();
    let asked = || start.elapsed() > Duration::from_millis(100);
    let finished = shell("echo $$; sleep 60").run(&asked).unwrap();
    assert_eq!(finished.end, End::Cancelled);
    assert!(finished.elapsed < Duration::from_secs(30));
    assert!(!runs(text(&finished.stdout).trim()));
}

#[test]
fn input_that_is_not_read_is_no_fault() {
    let long = vec![b'x'; 1 << 20];
    let finished = shell("exec <&-; echo done").input(long).run(NEVER).unwrap();
    assert_eq!(text(&finished.stdout), "done\n");
}

#[test]
fn outputs_that_close_early_do_not_end_the_program() {
    let script = "exec >&- 2>&-; sleep 0.1; exit 7";
    let finished = shell(script).run(NEVER).unwrap();
    assert_eq!(code(&finished), Some(7));
}

#[test]
fn what_cannot_be_started_is_an_error() {
    let missing = Command::new("/nowhere/at/all").run(NEVER);
    assert!(matches!(missing, Err(ProcessError::Start { .. })));
    for name in ["../up", "a/b", "", ".", ".."] {
        let refused = shell("true").file(name, "x").run(NEVER);
        assert!(matches!(refused, Err(ProcessError::FileName(_))), "{name}");
    }
}

#[test]
fn programs_are_found_by_variable_or_path() {
    let sh = Some(PathBuf::from("/bin/sh"));
    let find = |named: Option<&str>, path: &str| {
        find_in(
            "PROVER",
            named.map(Into::into),
            &["no-such-name", "sh"],
            Some(path.into()),
        )
    };
    assert_eq!(find(None, "/nowhere:/bin").ok(), sh);
    assert_eq!(find(Some(""), "/bin").ok(), sh);
    assert_eq!(find(Some("/bin/sh"), "").ok(), sh);
    // A relative folder is passed over, and a wrong name is no reason to search.
    assert!(matches!(find(None, "bin"), Err(NotFound::Missing { .. })));
    let wrong = find(Some("/etc/passwd"), "/bin");
    assert!(matches!(wrong, Err(NotFound::Named { .. })));
}
