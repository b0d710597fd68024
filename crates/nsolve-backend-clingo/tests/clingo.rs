//! Programs with what clingo says about them: the recorded replies of a real
//! one always, and a real one where it is installed.
//!
//! `NSOLVE_RECORD=1` writes the replies of the installed clingo to
//! `tests/transcripts`.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

#[allow(dead_code, reason = "a reader of another crate's tests")]
#[path = "../../nsolve-check/tests/program/asp.rs"]
mod asp;
mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{Fake, limited, shown};
use nsolve_backend::{Backend, SolveCx};
use nsolve_backend_clingo::ClingoBackend;
use nsolve_formats::program::write_asp;
use nsolve_il::program::{Problem, Query};

struct Case {
    name: &'static str,
    program: &'static str,
    /// `models`, `models 2`, `best`, `best 1`, `assuming GOAL`, or a goal.
    query: &'static str,
    /// A line for each model or row, or what else comes of it.
    expected: &'static [&'static str],
}

const CASES: [Case; 23] = [
    Case {
        name: "facts",
        program: "edge(1,2). edge(2,3). path(X,Y) :- edge(X,Y). path(X,Z) :- path(X,Y), edge(Y,Z).",
        query: "models",
        expected: &["edge(1,2) edge(2,3) path(1,2) path(1,3) path(2,3); complete"],
    },
    Case {
        name: "goal",
        program: "edge(1,2). edge(2,3). path(X,Y) :- edge(X,Y). path(X,Z) :- path(X,Y), edge(Y,Z).",
        query: "path(1,X), not edge(1,X)",
        expected: &["X=3", "complete"],
    },
    Case {
        name: "no-instance",
        program: "bird(tom). penguin(tom). flies(X) :- bird(X), not penguin(X). { other }.",
        query: "flies(X)",
        expected: &["unsat"],
    },
    Case {
        name: "choices",
        program: "n(1). n(2). n(3). { in(X) : n(X) } >= 1 <= 2 :- n(1). :- in(1).",
        query: "models",
        expected: &[
            "n(1) n(2) n(3) in(2) in(3)",
            "n(1) n(2) n(3) in(2)",
            "n(1) n(2) n(3) in(3); complete",
        ],
    },
    Case {
        name: "two-of-three",
        program: "{ a; b }. :- not a.",
        query: "models 3",
        expected: &["a", "a b; complete"],
    },
    Case {
        name: "unsat",
        program: "a :- not b. b :- not a. :- a. :- b.",
        query: "models",
        expected: &["unsat"],
    },
    Case {
        name: "assumed",
        program: "a | b.",
        query: "assuming a",
        expected: &["b; complete"],
    },
    Case {
        name: "lowest-cost",
        program: "{ a; b; c }. :~ a. [2@3] :~ b. [1@1,x] :- not a, not b.",
        query: "best",
        expected: &["b", "b c; complete; optimal"],
    },
    Case {
        name: "one-of-lowest-cost",
        program: "{ a; b; c }. :~ a. [2@3] :~ b. [1@1,x] :- not a, not b.",
        query: "best 1",
        expected: &["b; optimal"],
    },
    Case {
        name: "costs-that-never-are",
        program: "{ a }. :~ c. [1]",
        query: "best",
        expected: &["", "a; complete; optimal"],
    },
    Case {
        name: "costs-left-out",
        program: "{ a }. :~ a. [1]",
        query: "models",
        expected: &["", "a; complete"],
    },
    Case {
        name: "stated-negation",
        program: "{ p }. -p :- q. { q }.",
        query: "models",
        expected: &["", "p", "-p q; complete"],
    },
    Case {
        name: "open-world",
        program: "#open. p(1). -p(X) :- p(X). q(X) :- -p(X).",
        query: "models",
        expected: &["p(1) -p(1) q(1); complete"],
    },
    Case {
        name: "aggregates",
        program: "w(a,2). w(b,2). w(c,5). s(X) :- X = #sum { W,I : w(I,W) }. \
                  m(X) :- X = #min { V : w(J,V) }. n(X) :- X = #count { U : w(K,U) }. \
                  big :- #max { T : w(L,T) } > 4. none(X) :- X = #min { S : w(none,S) }.",
        query: "models",
        expected: &["w(a,2) w(b,2) w(c,5) s(9) m(2) n(2) big none(#sup); complete"],
    },
    Case {
        // gringo alone matches neither of these sums.
        name: "matching-sums",
        program: "p(7). q(3). r(X) :- q(Y), p(X+Y). s(X) :- p(Z), q(Y), Z = X-Y.",
        query: "r(X), s(Y)",
        expected: &["X=4 Y=10", "complete"],
    },
    Case {
        // clingo takes -a for a name, and 2**(-1) for 0.
        name: "undefined",
        program: "q(a). q(2). q(0). n(-X) :- q(X). d(6/X) :- q(X). e(2**(X-1)) :- q(X).",
        query: "models",
        expected: &["q(0) q(2) q(a) n(-2) n(0) d(3) e(2); complete"],
    },
    Case {
        // clingo puts shorter names of functions first.
        name: "order",
        program: "v(g(a)). v(ff(a)). v(b). v(aa). v(3). l(X,Y) :- v(X), v(Y), X < Y.",
        query: "l(X,g(a)), v(X)",
        expected: &["X=3", "X=aa", "X=b", "X=ff(a)", "complete"],
    },
    Case {
        name: "wraps",
        program: "p(2000000000). q(X+X) :- p(X).",
        query: "models",
        expected: &[
            "incomplete: clingo computes in 32 bits, which this program's arithmetic may leave",
        ],
    },
    Case {
        // Intervals cannot tell that this stays small; the model can.
        name: "stays-small",
        program: "f(0,0,1). f(N+1,B,A+B) :- f(N,A,B), N < 20.",
        query: "f(20,X,Y)",
        expected: &["X=6765 Y=10946", "complete"],
    },
    Case {
        name: "no-claim-when-wide",
        program: "f(0,0,1). f(N+1,B,A+B) :- f(N,A,B), N < 5. { a }. :- a, f(5,X,Y), X > Y.",
        query: "models 1",
        expected: &["f(0,0,1) f(1,1,1) f(2,1,2) f(3,2,3) f(4,3,5) f(5,5,8)"],
    },
    Case {
        name: "beyond-32-bits",
        program: "p(3000000000).",
        query: "models",
        expected: &["incomplete: ASP-Core-2 cannot express: integers beyond 32 bits"],
    },
    Case {
        name: "too-deep",
        program: "#depth 3. n(z). n(s(X)) :- n(X), not done(X). done(s(s(s(s(z))))).",
        query: "models",
        expected: &["incomplete: terms deeper than 3"],
    },
    Case {
        name: "modulo",
        program: "v(7). v(-7). r(X,X\\3) :- v(X). d(X,X/2) :- v(X).",
        query: "models",
        expected: &["v(-7) v(7) r(-7,-1) r(7,1) d(-7,-3) d(7,3); complete"],
    },
];

impl Case {
    fn problem(&self) -> (Arc<Problem>, Query) {
        let mut problem = asp::program(self.program);
        let words: Vec<&str> = self.query.split_whitespace().collect();
        let query = match words.as_slice() {
            [kind @ ("models" | "best"), limit @ ..] => Query::Models {
                limit: limit.first().map(|n| n.parse().unwrap()),
                optimal: *kind == "best",
                assuming: Vec::new(),
            },
            ["assuming", ..] => Query::Models {
                limit: None,
                optimal: false,
                assuming: vec![asp::goal(&mut problem, &self.query[9..])],
            },
            _ => Query::Instances {
                goal: asp::goal(&mut problem, self.query),
                limit: None,
            },
        };
        (Arc::new(problem), query)
    }

    fn transcript(&self) -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
        folder.join(format!("{}.txt", self.name))
    }

    /// What is wrong, if anything is.
    fn check(&self, backend: &ClingoBackend) -> Option<String> {
        let (problem, query) = self.problem();
        let outcome = backend.solve(&problem, &query, &limited(20));
        let found = shown(&problem, &query, &outcome);
        let mut expected: Vec<String> = self.expected.iter().map(|s| s.to_string()).collect();
        // Which models come first is clingo's choice.
        common::in_order(&mut expected);
        let name = self.name;
        (found != expected).then(|| format!("{name}: {found:?} instead of {expected:?}"))
    }
}

/// The installed clingo, if there is one.
fn installed() -> Option<ClingoBackend> {
    match ClingoBackend::find() {
        Ok(backend) => Some(backend),
        Err(why) => {
            eprintln!("left out: {why}");
            None
        }
    }
}

#[test]
fn recorded_replies_say_what_is_expected() {
    if std::env::var_os("NSOLVE_RECORD").is_some() {
        record();
    }
    let mut wrong = Vec::new();
    for case in &CASES {
        let (problem, query) = case.problem();
        let Ok(sent) = write_asp(&problem, &query) else {
            wrong.extend(case.check(&Fake::silent().backend()));
            continue;
        };
        let recorded = std::fs::read_to_string(case.transcript()).unwrap();
        let (status, rest) = recorded.split_once('\n').unwrap();
        let (text, reply) = rest.split_once("----\n").unwrap();
        assert_eq!(sent.text, text, "{}: another text is sent", case.name);
        let fake = Fake::saying(reply, "", status.parse().unwrap());
        wrong.extend(case.check(&fake.backend()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_installed_clingo_says_what_is_expected() {
    let Some(backend) = installed() else { return };
    let wrong: Vec<String> = CASES.iter().filter_map(|c| c.check(&backend)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Writes what the installed clingo says, with its status and what it was sent.
fn record() {
    for case in &CASES {
        let (problem, query) = case.problem();
        let Ok(sent) = write_asp(&problem, &query) else {
            continue;
        };
        let path = nsolve_process::find("NSOLVE_CLINGO", &["clingo"]).unwrap();
        let (models, best) = match query {
            Query::Models { limit, optimal, .. } => (limit.unwrap_or(0), optimal),
            Query::Instances { .. } => (2, false),
        };
        let mut command = nsolve_process::Command::new(path)
            .args(["--outf=2", "--warn=none"])
            .arg(format!("--models={models}"))
            .input(sent.text.as_str());
        if best {
            command = command.arg("--opt-mode=optN");
        }
        let finished = command.run(&|| false).unwrap();
        let nsolve_process::End::Exited { code, .. } = finished.end else {
            panic!("{:?}", finished.end);
        };
        let reply = String::from_utf8(finished.stdout).unwrap();
        let all = format!("{}\n{}----\n{reply}", code.unwrap(), sent.text);
        std::fs::write(case.transcript(), all).unwrap();
    }
}

#[test]
fn time_and_cancelling_stop_it() {
    let Some(backend) = installed() else { return };
    // Pigeons: clingo needs far longer than a second.
    let holes: String = (1..=11).map(|i| format!("h({i}). ")).collect();
    let pigeons: String = (1..=12).map(|i| format!("p({i}). ")).collect();
    let program =
        format!("{holes} {pigeons} {{ in(X,Y) : h(Y) }} = 1 :- p(X). :- in(X,Y), in(Z,Y), X < Z.");
    let problem = Arc::new(asp::program(&program));
    let query = Query::Models {
        limit: Some(1),
        optimal: false,
        assuming: Vec::new(),
    };
    for milliseconds in [300, 1_500] {
        let cx = common::limited_to(milliseconds);
        let outcome = backend.solve(&problem, &query, &cx);
        assert_eq!(shown(&problem, &query, &outcome), ["time"]);
    }
    let cx = SolveCx::default();
    cx.cancel.cancel();
    let outcome = backend.solve(&problem, &query, &cx);
    assert_eq!(shown(&problem, &query, &outcome), ["cancelled"]);
}

#[test]
fn clingo_that_is_not_there_is_told_with_how_to_get_it() {
    let missing = ClingoBackend::at(Path::new("/nowhere/clingo")).unwrap_err();
    assert!(missing.to_string().contains("gringo"), "{missing}");
    let other = ClingoBackend::at(Path::new("/bin/true")).unwrap_err();
    assert!(other.to_string().contains("does not answer"), "{other}");
}
