//! One query: a thread, a context, and somebody who watches them.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use nsolve_backend::{BackendError, Evidence, Outcome, SolveCx, StopReason, Verdict};
use nsolve_il::fol::{Fol, Item, Problem, Query};
use rustc_hash::FxHashMap;

use crate::NAME;
use crate::decode::decode;
use crate::encode::{Encoding, Obstacle, encode};
use crate::z3::{Ast, Context, Fault, Interrupt, Library, Params, Satisfiable, Solver};

/// How often the token is looked at, and Z3 interrupted again.
const POLL: Duration = Duration::from_millis(5);
/// How long a thread that was interrupted may take to end. After that it is
/// left alone: some work of Z3 cannot be interrupted.
const GRACE: Duration = Duration::from_secs(5);
/// Z3 walks terms recursively in places; this is for terms of depth 200 with
/// room to spare. It is reserved, not used up.
const STACK_BYTES: usize = 64 << 20;

type Answer = Result<Outcome<Fol>, BackendError>;

/// Decides a query on a thread of its own.
pub(crate) fn solve(
    library: &'static Library,
    problem: &Arc<Problem>,
    query: &Query,
    cx: &SolveCx,
) -> Answer {
    if let Some(stop) = cx.stop() {
        return Ok(Outcome::unknown(stop));
    }
    let interrupt = Interrupt::new(library);
    let (send, receive) = mpsc::channel();
    let task = {
        let (problem, query, cx) = (Arc::clone(problem), query.clone(), cx.clone());
        let interrupt = interrupt.clone();
        move || {
            let answer = decide(library, &interrupt, &problem, &query, &cx);
            // Nobody listens where the watcher has given up.
            send.send(answer).ok();
        }
    };
    thread::Builder::new()
        .name(NAME.to_owned())
        .stack_size(STACK_BYTES)
        .spawn(task)
        .map_err(|e| failed(e.to_string()))?;
    watch(&receive, &interrupt, cx)
}

fn failed(why: impl Into<String>) -> BackendError {
    BackendError::Failed {
        name: NAME,
        why: why.into(),
    }
}

/// Waits for the answer, and interrupts when it is time to.
fn watch(answer: &Receiver<Answer>, interrupt: &Interrupt, cx: &SolveCx) -> Answer {
    let mut stopped: Option<Instant> = None;
    loop {
        let patience = cx.remaining().map_or(POLL, |left| left.min(POLL));
        match answer.recv_timeout(patience.max(Duration::from_millis(1))) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Disconnected) => return Err(failed("its thread panicked")),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(stop) = cx.stop() {
            if stopped.get_or_insert_with(Instant::now).elapsed() > GRACE {
                return Ok(Outcome::unknown(stop));
            }
            interrupt.interrupt();
        }
    }
}

fn decide(
    library: &'static Library,
    interrupt: &Interrupt,
    problem: &Problem,
    query: &Query,
    cx: &SolveCx,
) -> Answer {
    let answer = library.run(interrupt, |context| {
        let encoding = match encode(context, problem, query, cx) {
            Ok(encoding) => encoding,
            Err(Obstacle::Fault(fault)) => return Err(fault),
            Err(Obstacle::Stop(stop)) => return Ok(Ok(Outcome::unknown(stop))),
            Err(Obstacle::Unsupported(what)) => {
                return Ok(Err(BackendError::Unsupported {
                    name: NAME,
                    missing: vec![what],
                }));
            }
        };
        check(context, problem, &encoding, cx).map(Ok)
    });
    match answer {
        Ok(answer) => answer,
        // A fault after an interrupt is the interrupt's doing.
        Err(fault) => match cx.stop() {
            Some(stop) => Ok(Outcome::unknown(stop)),
            None if fault.memory => Ok(Outcome::unknown(StopReason::Memory)),
            None => Err(failed(fault.message)),
        },
    }
}

fn check<'c>(
    context: &Context<'c>,
    problem: &Problem,
    encoding: &Encoding<'c>,
    cx: &SolveCx,
) -> Result<Outcome<Fol>, Fault> {
    let solver = Solver::new(context, &params(cx))?;
    let mut items: FxHashMap<Ast<'c>, Item> = FxHashMap::default();
    let mut assumptions = Vec::new();
    for (i, &(item, formula)) in encoding.assertions.iter().enumerate() {
        let sort = context.bool_sort()?;
        let label = context.constant(&format!("a{i}"), sort)?;
        solver.assert(context.binary(crate::z3::Binary::Implies, label, formula)?)?;
        items.insert(label, item);
        assumptions.push(label);
    }
    match solver.check(&assumptions) {
        Satisfiable::Unknown => {
            let stop = stop_reason(&solver.reason(), context.allocated(), cx);
            Ok(Outcome::unknown(stop))
        }
        Satisfiable::No => {
            let core = solver.core()?;
            let mut core: Vec<Item> = core.iter().filter_map(|a| items.get(a).copied()).collect();
            core.sort_unstable();
            Ok(Outcome::unsat_core(core))
        }
        Satisfiable::Yes => {
            let model = decode(context, problem, encoding, &solver.model()?)?;
            Ok(Outcome {
                verdict: Verdict::Sat,
                stop: StopReason::Completed,
                evidence: model.map_or(Evidence::None, Evidence::Model),
            })
        }
    }
}

/// What a query may cost, in Z3's units, and how it is to be solved: without
/// guessing a strategy, by instantiating quantifiers from triggers and from
/// models. On problems as language models write them nothing else was better:
/// without triggers a check takes twice as long; Z3's general solver with its
/// tactics is no faster with assumptions, and slower without.
fn params(cx: &SolveCx) -> Params {
    let mut params = Params {
        switches: vec![("auto_config", false), ("mbqi", true)],
        numbers: Vec::new(),
    };
    let mut limit = |name, value: Option<u64>| {
        if let Some(value) = value {
            // Zero is no limit to Z3.
            let value = u32::try_from(value).unwrap_or(u32::MAX).max(1);
            params.numbers.push((name, value));
        }
    };
    limit("rlimit", cx.budget.steps);
    // Z3 counts the memory of all contexts of the process together.
    limit("max_memory", cx.budget.memory.map(|bytes| bytes >> 20));
    limit(
        "timeout",
        cx.remaining()
            .map(|t| u64::try_from(t.as_millis()).unwrap_or(u64::MAX)),
    );
    limit("random_seed", Some(cx.seed).filter(|&s| s != 0));
    params
}

/// Why Z3 gave up, from its own words and what we asked of it.
fn stop_reason(reason: &str, allocated: u64, cx: &SolveCx) -> StopReason {
    if let Some(stop) = cx.stop() {
        return stop;
    }
    let says = |word: &str| reason.contains(word);
    if says("resource limit") {
        return StopReason::Steps;
    }
    if says("memory") || says("memout") {
        return StopReason::Memory;
    }
    if says("timeout") {
        return StopReason::Time;
    }
    if !says("cancel") && !says("interrupt") {
        return StopReason::Incomplete(reason.to_owned());
    }
    // At its own limits Z3 mostly stops as if it were interrupted, which only
    // we do, and only for the reasons at the top.
    match (cx.budget.memory, cx.budget.steps) {
        (Some(limit), steps) if steps.is_none() || allocated >= limit - limit / 8 => {
            StopReason::Memory
        }
        (_, Some(_)) => StopReason::Steps,
        // Its clock may be ahead of ours by a moment.
        _ if cx.budget.time.is_some() => StopReason::Time,
        _ => StopReason::Crashed(reason.to_owned()),
    }
}
