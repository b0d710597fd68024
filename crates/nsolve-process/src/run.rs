use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::group::Group;
use crate::{Command, End, Finished, ProcessError, Stream};

/// How long a program may take to end when it is asked to, and how long its
/// outputs may stay open when it has ended.
const GRACE: Duration = Duration::from_millis(500);

/// The longest time between two looks at the clock and the caller's wish.
const LOOK: Duration = Duration::from_millis(10);

/// What a thread that reads an output has read.
struct Read1 {
    stream: Stream,
    bytes: Vec<u8>,
    /// There was more than it may hold.
    too_much: bool,
}

/// The outputs as they come in.
struct Outputs {
    from: Receiver<Read1>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    open: usize,
    too_much: Option<Stream>,
}

pub(crate) fn run(
    command: Command,
    cancelled: &dyn Fn() -> bool,
) -> Result<Finished, ProcessError> {
    let start = Instant::now();
    let folder = prepare(&command)?;
    let (child, confined) = spawn(&command, folder.path())?;
    let mut group = Group::of(child.process);
    #[cfg(target_os = "linux")]
    limit(&group, &command)?;
    if let (Some(mut to), Some(input)) = (child.stdin, command.input) {
        // A program need not read all of its input; then writing fails, and
        // that is all right.
        thread::spawn(move || drop(to.write_all(&input)));
    }
    let mut outputs = child.outputs;
    let deadline = command.limits.time.map(|t| start + t);
    let why = watch(&group, &mut outputs, deadline, cancelled)?;
    if why.is_some() {
        group.ask_to_end();
        wait_for_end(&group)?;
    }
    let status = group.end().map_err(ProcessError::Wait)?;
    outputs.drain(Instant::now() + GRACE);
    remove(folder).map_err(ProcessError::Folder)?;
    let by_itself = End::Exited {
        code: status.code(),
        signal: status.signal(),
    };
    let end = why.or(outputs.too_much.map(End::TooMuch));
    Ok(Finished {
        end: end.unwrap_or(by_itself),
        stdout: outputs.stdout,
        stderr: outputs.stderr,
        elapsed: start.elapsed(),
        confined,
    })
}

/// Makes the program's folder with its files.
fn prepare(command: &Command) -> Result<TempDir, ProcessError> {
    let folder = tempfile::Builder::new().prefix("nsolve-").tempdir();
    let folder = folder.map_err(ProcessError::Folder)?;
    for (name, content) in &command.files {
        let is_plain = Path::new(name).file_name() == Some(name.as_ref());
        if !is_plain || name.contains(['/', '\0']) {
            return Err(ProcessError::FileName(name.clone()));
        }
        std::fs::write(folder.path().join(name), content).map_err(ProcessError::Folder)?;
    }
    Ok(folder)
}

/// Removes the folder. A process that was just killed may write its last for
/// another moment.
fn remove(folder: TempDir) -> io::Result<()> {
    for _ in 0..5 {
        match std::fs::remove_dir_all(folder.path()) {
            Err(e) if e.kind() == io::ErrorKind::DirectoryNotEmpty => {
                thread::sleep(Duration::from_millis(20));
            }
            _ => break,
        }
    }
    match folder.close() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// A program that was started.
struct Started {
    process: Child,
    stdin: Option<std::process::ChildStdin>,
    outputs: Outputs,
}

fn spawn(command: &Command, folder: &Path) -> Result<(Started, bool), ProcessError> {
    let mut raw = std::process::Command::new(&command.program);
    raw.args(&command.arguments)
        .env_clear()
        .envs(command.environment.iter().map(|(n, v)| (n, v)))
        .current_dir(folder)
        .process_group(0)
        .stdin(match command.input {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let (spawned, confined) = spawn_confined(&mut raw, folder);
    let mut process = spawned.map_err(|source| ProcessError::Start {
        program: command.program.clone(),
        source,
    })?;
    let (send, from) = channel();
    let limits = &command.limits;
    if let Some(out) = process.stdout.take() {
        read_in_thread(out, Stream::Output, limits.stdout, send.clone());
    }
    if let Some(err) = process.stderr.take() {
        read_in_thread(err, Stream::Error, limits.stderr, send);
    }
    let outputs = Outputs {
        from,
        stdout: Vec::new(),
        stderr: Vec::new(),
        open: 2,
        too_much: None,
    };
    let started = Started {
        stdin: process.stdin.take(),
        process,
        outputs,
    };
    Ok((started, confined))
}

#[cfg(target_os = "linux")]
fn spawn_confined(raw: &mut std::process::Command, folder: &Path) -> (io::Result<Child>, bool) {
    let in_thread = || {
        let confined = crate::confine::confine_this_thread(folder);
        (raw.spawn(), confined)
    };
    thread::scope(|scope| {
        let ended = scope.spawn(in_thread).join();
        ended.unwrap_or_else(|_| (Err(io::Error::other("the starting thread broke")), false))
    })
}

#[cfg(not(target_os = "linux"))]
fn spawn_confined(raw: &mut std::process::Command, _: &Path) -> (io::Result<Child>, bool) {
    (raw.spawn(), false)
}

/// Reads an output up to its cap, in a thread that nobody waits for: a process
/// that left the group could hold the other end for ever.
fn read_in_thread(
    mut from: impl Read + Send + 'static,
    stream: Stream,
    cap: usize,
    to: Sender<Read1>,
) {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // One byte more than the cap tells that there is more.
        let most = (cap as u64).saturating_add(1);
        let _ = from.by_ref().take(most).read_to_end(&mut bytes);
        let too_much = bytes.len() > cap;
        bytes.truncate(cap);
        let _ = to.send(Read1 {
            stream,
            bytes,
            too_much,
        });
        // The pipe closes when the caller knows, so that the program does not
        // end by it before.
        drop(from);
    });
}

impl Outputs {
    /// Waits for an output to end, but not longer than this.
    fn wait(&mut self, most: Duration) {
        if self.open == 0 {
            thread::sleep(most);
            return;
        }
        match self.from.recv_timeout(most) {
            Ok(read) => self.take(read),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.open = 0,
        }
    }

    fn take(&mut self, read: Read1) {
        self.open = self.open.saturating_sub(1);
        if read.too_much {
            self.too_much.get_or_insert(read.stream);
        }
        match read.stream {
            Stream::Output => self.stdout = read.bytes,
            Stream::Error => self.stderr = read.bytes,
        }
    }

    /// Takes what is still to come.
    fn drain(&mut self, until: Instant) {
        while self.open > 0 && Instant::now() < until {
            self.wait(until.saturating_duration_since(Instant::now()));
        }
    }
}

/// Waits until the leader has ended by itself (`None`) or must be ended.
fn watch(
    group: &Group,
    outputs: &mut Outputs,
    deadline: Option<Instant>,
    cancelled: &dyn Fn() -> bool,
) -> Result<Option<End>, ProcessError> {
    let mut pause = Duration::from_micros(100);
    loop {
        if group.has_ended().map_err(ProcessError::Wait)? {
            return Ok(None);
        }
        if cancelled() {
            return Ok(Some(End::Cancelled));
        }
        if let Some(stream) = outputs.too_much {
            return Ok(Some(End::TooMuch(stream)));
        }
        let left = deadline.map(|d| d.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return Ok(Some(End::Time));
        }
        // With both outputs closed the end is near, and nothing wakes us up.
        let most = match outputs.open {
            0 => {
                pause = (pause * 2).min(LOOK);
                pause
            }
            _ => LOOK,
        };
        outputs.wait(left.map_or(most, |left| left.min(most)));
    }
}

/// Waits for a leader that was asked to end.
fn wait_for_end(group: &Group) -> Result<(), ProcessError> {
    let until = Instant::now() + GRACE;
    while Instant::now() < until && !group.has_ended().map_err(ProcessError::Wait)? {
        thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

/// Sets the limits that the system watches.
#[cfg(target_os = "linux")]
fn limit(group: &Group, command: &Command) -> Result<(), ProcessError> {
    use rustix::process::Resource;
    let limits = &command.limits;
    // A little later than we would end it ourselves.
    let seconds = limits.time.map(|t| t.as_secs().saturating_add(2));
    let all = [
        ("memory", Resource::As, limits.memory),
        ("processor time", Resource::Cpu, seconds),
        ("files", Resource::Fsize, Some(limits.file)),
        ("core dumps", Resource::Core, Some(0)),
    ];
    for (what, resource, wanted) in all {
        let Some(wanted) = wanted else { continue };
        lower(group, resource, wanted).map_err(|source| ProcessError::Limit { what, source })?;
    }
    Ok(())
}

/// Lowers a limit of the leader; one that is lower already stays.
#[cfg(target_os = "linux")]
fn lower(group: &Group, resource: rustix::process::Resource, wanted: u64) -> io::Result<()> {
    use rustix::process::{Rlimit, getrlimit, prlimit};
    let inherited = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let most = Some(wanted.min(inherited));
    let new = Rlimit {
        current: most,
        maximum: most,
    };
    match prlimit(Some(group.leader()), resource, new) {
        // The program has ended already.
        Ok(_) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(e) => Err(e.into()),
    }
}
