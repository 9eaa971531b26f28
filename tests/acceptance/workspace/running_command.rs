//! [`RunningCommand`]: a command that has not finished yet.

use std::io::Read;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::command_output::CommandOutput;
#[cfg(target_os = "linux")]
use super::process::Process;

/// How long a test waits for anything: much longer than any command takes.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// A command in a process group of its own, as a shell starts it.
///
/// Dropping it kills the group, unless the command has finished.
pub(crate) struct RunningCommand {
    name: String,
    child: Child,
    printed: Arc<Printed>,
}

/// What the command has printed so far, to stdout and to stderr.
#[derive(Default)]
struct Printed {
    pipes: Mutex<[Pipe; 2]>,
    changed: Condvar,
}

#[derive(Default)]
struct Pipe {
    bytes: Vec<u8>,
    ended: bool,
}

impl Printed {
    fn pipes(&self) -> MutexGuard<'_, [Pipe; 2]> {
        self.pipes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a pipe until its end, on a thread of its own.
    fn collect(self: &Arc<Self>, pipe: usize, mut from: impl Read + Send + 'static) {
        let printed = Arc::clone(self);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = from.read(&mut buffer).unwrap_or(0);
                let mut pipes = printed.pipes();
                pipes[pipe].bytes.extend_from_slice(&buffer[..read]);
                pipes[pipe].ended = read == 0;
                drop(pipes);
                printed.changed.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
    }

    /// Waits until a condition holds or both pipes have ended. Returns whether it holds.
    fn wait(&self, holds: impl Fn(&[Pipe; 2]) -> bool) -> bool {
        let pending = |pipes: &mut [Pipe; 2]| !holds(pipes) && !pipes.iter().all(|pipe| pipe.ended);
        let (pipes, _) = self
            .changed
            .wait_timeout_while(self.pipes(), TIMEOUT, pending)
            .unwrap_or_else(PoisonError::into_inner);
        holds(&pipes)
    }

    fn text(&self) -> String {
        let text = |pipe: &Pipe| String::from_utf8_lossy(&pipe.bytes).into_owned();
        self.pipes().each_ref().map(text).concat()
    }
}

impl RunningCommand {
    pub(crate) fn start(name: String, command: &mut Command) -> Self {
        let mut child = command
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = Arc::new(Printed::default());
        printed.collect(0, child.stdout.take().unwrap());
        printed.collect(1, child.stderr.take().unwrap());
        Self {
            name,
            child,
            printed,
        }
    }

    /// Returns the ID of the command, which is also that of its process group.
    pub(crate) fn id(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed()).unwrap()
    }

    /// Waits until the command has printed the text.
    #[track_caller]
    pub(crate) fn wait_until_it_prints(&self, text: &str) {
        let printed = self.printed.wait(|pipes| {
            pipes
                .iter()
                .any(|pipe| String::from_utf8_lossy(&pipe.bytes).contains(text))
        });
        assert!(
            printed,
            "never printed: {text:?}\n$ {}\n{}",
            self.name,
            self.printed_so_far()
        );
    }

    /// Returns what the command has printed so far.
    pub(crate) fn printed_so_far(&self) -> String {
        self.printed.text()
    }

    /// Sends a signal to the command and its children, as a terminal does.
    pub(crate) fn signal_group(&self, signal: Signal) {
        kill_process_group(self.id(), signal).unwrap();
    }

    /// Sends a signal to the command alone.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.id(), signal).unwrap();
    }

    /// Waits until the command has finished. It must leave no process behind.
    #[track_caller]
    pub(crate) fn finishes(self) -> CommandOutput {
        let (name, id) = (self.name.clone(), self.id());
        let output = self.finishes_before_its_children();
        #[cfg(target_os = "linux")]
        {
            let left = Process::of_group(id);
            assert!(left.is_empty(), "{name} left {left:?}");
        }
        #[cfg(not(target_os = "linux"))]
        let _ = (name, id);
        output
    }

    /// Waits until the command has finished. Processes that it started may still run.
    #[track_caller]
    pub(crate) fn finishes_before_its_children(mut self) -> CommandOutput {
        let finished = self
            .printed
            .wait(|pipes| pipes.iter().all(|pipe| pipe.ended));
        assert!(
            finished,
            "$ {} did not finish within {TIMEOUT:?}\n{}",
            self.name,
            self.printed_so_far()
        );
        let status = self.child.wait().unwrap();
        let [stdout, stderr] = std::mem::take(&mut *self.printed.pipes()).map(|pipe| pipe.bytes);
        let output = Output {
            status,
            stdout,
            stderr,
        };
        CommandOutput::new(std::mem::take(&mut self.name), output)
    }
}

impl Drop for RunningCommand {
    /// After a wait the ID may belong to another process: only a command that still runs is killed.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill_process_group(self.id(), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}
