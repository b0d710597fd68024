//! A child that leads a process group.

use std::io;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process_group, test_kill_process_group, waitid,
};

/// How long killed processes are waited for.
const PATIENCE: Duration = Duration::from_millis(200);

/// A child with all that it started. Dropping it kills the group.
pub(crate) struct Group {
    child: Child,
    pid: Pid,
    reaped: bool,
}

impl Group {
    pub(crate) fn of(child: Child) -> Self {
        let pid = Pid::from_child(&child);
        Group {
            child,
            pid,
            reaped: false,
        }
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn leader(&self) -> Pid {
        self.pid
    }

    /// Whether the leader has ended. It is not waited for: as long as it is not,
    /// its number is nobody else's.
    pub(crate) fn has_ended(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(self.pid), options)?.is_some())
    }

    /// Asks all members to end.
    pub(crate) fn ask_to_end(&self) {
        if !self.reaped {
            // There is nobody to tell where this fails: the group is gone.
            let _ = kill_process_group(self.pid, Signal::TERM);
        }
    }

    /// Kills all members, and waits for the leader and, for a moment, for the
    /// others.
    pub(crate) fn end(&mut self) -> io::Result<ExitStatus> {
        if !self.reaped {
            let _ = kill_process_group(self.pid, Signal::KILL);
        }
        let status = self.child.wait()?;
        self.reaped = true;
        let start = Instant::now();
        while test_kill_process_group(self.pid).is_ok() && start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(status)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.reaped {
            let _ = self.end();
        }
    }
}
