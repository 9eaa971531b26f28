//! [`Running`]: one terraform command that is not finished yet.

use std::io::Read;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

#[cfg(target_os = "linux")]
use crate::processes::Process;
use crate::run::Run;

/// Much longer than any command takes, much shorter than a run's patience.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// A command in a process group of its own, as a shell starts it. Whatever is left of the group is
/// killed when this is dropped.
pub(crate) struct Running {
    name: String,
    child: Child,
    heard: Arc<Heard>,
}

/// What the command has printed so far.
#[derive(Default)]
struct Heard {
    pipes: Mutex<[Pipe; 2]>,
    news: Condvar,
}

#[derive(Default)]
struct Pipe {
    bytes: Vec<u8>,
    ended: bool,
}

impl Heard {
    fn pipes(&self) -> MutexGuard<'_, [Pipe; 2]> {
        self.pipes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens to a pipe until its end, on a thread of its own.
    fn listen(self: &Arc<Self>, pipe: usize, mut from: impl Read + Send + 'static) {
        let heard = Arc::clone(self);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = from.read(&mut buffer).unwrap_or(0);
                let mut pipes = heard.pipes();
                pipes[pipe].bytes.extend_from_slice(&buffer[..read]);
                pipes[pipe].ended = read == 0;
                drop(pipes);
                heard.news.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
    }

    /// Waits until a condition holds, or both pipes have ended; whether it holds.
    fn wait(&self, holds: impl Fn(&[Pipe; 2]) -> bool) -> bool {
        let pending = |pipes: &mut [Pipe; 2]| !holds(pipes) && !pipes.iter().all(|pipe| pipe.ended);
        let (pipes, _) = self
            .news
            .wait_timeout_while(self.pipes(), LIMIT, pending)
            .unwrap_or_else(PoisonError::into_inner);
        holds(&pipes)
    }

    fn output(&self) -> String {
        let text = |pipe: &Pipe| String::from_utf8_lossy(&pipe.bytes).into_owned();
        self.pipes().each_ref().map(text).concat()
    }
}

impl Running {
    pub(crate) fn start(name: String, command: &mut Command) -> Self {
        let mut child = command
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let heard = Arc::new(Heard::default());
        heard.listen(0, child.stdout.take().unwrap());
        heard.listen(1, child.stderr.take().unwrap());
        Self { name, child, heard }
    }

    /// The id of the command, and of its process group.
    pub(crate) fn id(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed()).unwrap()
    }

    /// Waits until it has printed a text.
    #[track_caller]
    pub(crate) fn wait_until_it_says(&self, text: &str) {
        let said = self.heard.wait(|pipes| {
            pipes
                .iter()
                .any(|pipe| String::from_utf8_lossy(&pipe.bytes).contains(text))
        });
        assert!(
            said,
            "never said: {text:?}\n$ {}\n{}",
            self.name,
            self.heard.output()
        );
    }

    /// What it has printed so far.
    pub(crate) fn said(&self) -> String {
        self.heard.output()
    }

    /// Sends a signal to the command and its children, as a terminal does.
    pub(crate) fn signal_group(&self, signal: Signal) {
        kill_process_group(self.id(), signal).unwrap();
    }

    /// Sends a signal to the command alone.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.id(), signal).unwrap();
    }

    /// Waits for the end of the command. It must have left no process.
    #[track_caller]
    pub(crate) fn ends(self) -> Run {
        let (name, id) = (self.name.clone(), self.id());
        let run = self.ends_alone();
        #[cfg(target_os = "linux")]
        {
            let left = Process::of_group(id);
            assert!(left.is_empty(), "{name} left {left:?}");
        }
        #[cfg(not(target_os = "linux"))]
        let _ = (name, id);
        run
    }

    /// Waits for the end of the command, which may have left processes: they live on.
    #[track_caller]
    pub(crate) fn ends_alone(mut self) -> Run {
        let ended = self.heard.wait(|pipes| pipes.iter().all(|pipe| pipe.ended));
        assert!(
            ended,
            "$ {} did not end within {LIMIT:?}\n{}",
            self.name,
            self.heard.output()
        );
        let status = self.child.wait().unwrap();
        let [stdout, stderr] = std::mem::take(&mut *self.heard.pipes()).map(|pipe| pipe.bytes);
        let output = Output {
            status,
            stdout,
            stderr,
        };
        Run::new(std::mem::take(&mut self.name), output)
    }
}

impl Drop for Running {
    /// Only a command that was not waited for: after that the id may be another's.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill_process_group(self.id(), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}
