//! Servers that run beside us: each in a process group of its own, gone when we are.
//!
//! Invariant: only processes that were started here are ever ended, and those with all their children.

use std::process::{Child, Command};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};

/// How long a server may take to put its affairs in order.
const GRACE: Duration = Duration::from_secs(5);
/// How often something awaited is looked at.
pub(crate) const POLL: Duration = Duration::from_millis(100);

static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Makes Ctrl-C and a polite kill end every server before they end us.
///
/// # Errors
/// When the system refuses a signal handler.
pub(crate) fn end_servers_with_us() -> Result<()> {
    ctrlc::set_handler(|| {
        for group in RUNNING
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            // It may have ended by itself: then there is nothing to do.
            let _ = kill_process_group(*group, Signal::TERM);
        }
        // As a shell reports a command that Ctrl-C ended.
        std::process::exit(130);
    })
    .context("cannot watch for Ctrl-C")
}

/// A running server with all the processes it started.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    group: Pid,
}

impl Server {
    /// Starts `command` at the head of a process group.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let program = command.get_program().display().to_string();
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        let group = Pid::from_child(&child);
        running(|groups| groups.push(group));
        Ok(Self { child, group })
    }

    /// Whether it has ended by itself.
    ///
    /// # Errors
    /// When the system does not say.
    pub(crate) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Ends it and all that it started at once, with no chance to put anything in order.
    ///
    /// # Errors
    /// When nothing of it runs any more.
    pub(crate) fn kill(&self) -> Result<()> {
        kill_process_group(self.group, Signal::KILL).context("there is nothing to kill")
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// When the system does not say.
    pub(crate) fn wait(&mut self) -> Result<()> {
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = kill_process_group(self.group, Signal::TERM);
        let asked = Instant::now();
        while asked.elapsed() < GRACE && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(POLL);
        }
        // Its children too, and whether or not the head of the group is gone already.
        let _ = kill_process_group(self.group, Signal::KILL);
        drop(self.child.wait());
        running(|groups| groups.retain(|group| *group != self.group));
    }
}

fn running(change: impl FnOnce(&mut Vec<Pid>)) {
    change(&mut RUNNING.lock().unwrap_or_else(PoisonError::into_inner));
}
