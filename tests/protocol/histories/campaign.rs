//! [`Campaign`]: many histories, on a thread for each processor, with progress and a summary.

use std::io::{IsTerminal, Write, stderr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use tokio::runtime::{Builder, Runtime};

use super::counts::Counts;
use super::runner;
use super::step::History;
use super::strategy;

/// The stack of a thread: nested futures of a debug build are large.
const STACK: usize = 32 << 20;

/// The result of many histories.
pub(super) struct Campaign {
    pub(super) counts: Counts,
    pub(super) time: Duration,
    /// The report of the shortest history that broke a promise.
    pub(super) broken: Option<String>,
    /// The number of histories until the first one broke a promise.
    pub(super) tried: u64,
}

impl Campaign {
    /// Returns how much was tried, in one line.
    pub(super) fn headline(&self) -> String {
        let of = |name: &str| self.counts.of(name);
        format!(
            "{} histories, {} steps, {} operations, {} faults met, {:.1} s",
            of("histories"),
            of("steps"),
            of("operations"),
            of("faults met"),
            self.time.as_secs_f64()
        )
    }
}

/// Prints a text to standard error, past the test harness's capture.
pub(super) fn print(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// The results that the threads share.
#[derive(Default)]
struct Shared {
    done: AtomicU64,
    tried: AtomicU64,
    counts: Mutex<Counts>,
    broken: Mutex<Vec<String>>,
}

/// Runs this number of histories.
pub(super) fn run(histories: u32, progress: Progress) -> Campaign {
    let start = Instant::now();
    let shared = Arc::new(Shared::default());
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
    let workers: Vec<_> = (0..threads)
        .map(|index| {
            let share = histories / threads + u32::from(index < histories % threads);
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .stack_size(STACK)
                .spawn(move || work(share, &shared))
                .expect("a thread")
        })
        .collect();
    let mut line = Line::new(progress, u64::from(histories));
    while !workers.iter().all(|worker| worker.is_finished()) {
        line.show(&shared, start.elapsed());
        std::thread::park_timeout(Duration::from_millis(50));
    }
    for worker in workers {
        worker.join().expect("a worker ends by itself");
    }
    line.end(&shared, start.elapsed());
    let broken = std::mem::take(&mut *shared.broken.lock().unwrap());
    let counts = shared.counts.lock().unwrap().clone();
    Campaign {
        counts,
        time: start.elapsed(),
        broken: broken.into_iter().min_by_key(String::len),
        tried: shared.tried.load(Ordering::Relaxed),
    }
}

fn work(histories: u32, shared: &Shared) {
    let runtime = runtime();
    let mut runner = TestRunner::new(Config {
        cases: histories,
        max_shrink_iters: 2000,
        // A seed stands for another history as soon as the strategy changes.
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&strategy::history(), |history| {
        let (result, counts) = runtime.block_on(runner::run(&history));
        let done = shared.done.fetch_add(1, Ordering::Relaxed) + 1;
        if result.is_err() {
            let relaxed = Ordering::Relaxed;
            // The first failure only: the following ones come from shrinking.
            let _ = shared.tried.compare_exchange(0, done, relaxed, relaxed);
        }
        shared.counts.lock().unwrap().merge(&counts);
        result.map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        let report = match error {
            TestError::Fail(_, history) => report(&runtime, &history),
            TestError::Abort(reason) => reason.to_string(),
        };
        shared.broken.lock().unwrap().push(report);
    }
}

/// Runs a history that broke a promise again, and returns its report.
fn report(runtime: &Runtime, history: &History) -> String {
    match runtime.block_on(runner::run(history)).0 {
        Err(report) => format!("{report}\nas a test: {:#?}", history.steps),
        Ok(()) => format!("broken once, and not again:\n{history}"),
    }
}

/// Runs a closure on a thread with a large stack.
pub(super) fn on_a_thread<T: Send + 'static>(
    act: impl FnOnce(&Runtime) -> T + Send + 'static,
) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let thread = thread.spawn(move || act(&runtime())).expect("a thread");
    thread.join().expect("it ends by itself")
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Whether the progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Shown,
    Hidden,
}

/// The progress on standard error: a bar on a terminal, else a line every ten seconds.
struct Line {
    progress: Progress,
    terminal: bool,
    histories: u64,
    shown: Duration,
}

impl Line {
    fn new(progress: Progress, histories: u64) -> Self {
        Self {
            progress,
            terminal: stderr().is_terminal(),
            histories,
            shown: Duration::ZERO,
        }
    }

    fn show(&mut self, shared: &Shared, time: Duration) {
        let pause = Duration::from_millis(if self.terminal { 200 } else { 10_000 });
        if self.progress == Progress::Hidden || time < self.shown + pause {
            return;
        }
        self.shown = time;
        let text = self.text(shared, time);
        let mut err = stderr();
        // The test does not fail if its progress cannot be written.
        let _ = if self.terminal {
            write!(err, "\r{text}\x1b[K")
        } else {
            writeln!(err, "{text}")
        };
    }

    fn end(&mut self, shared: &Shared, time: Duration) {
        if self.progress == Progress::Shown {
            let start = if self.terminal { "\r" } else { "" };
            let _ = writeln!(stderr(), "{start}{}", self.text(shared, time));
        }
    }

    fn text(&self, shared: &Shared, time: Duration) -> String {
        const WIDTH: u64 = 24;
        let done = shared.done.load(Ordering::Relaxed);
        let broken = shared.broken.lock().unwrap().len();
        let rate = done as f64 / time.as_secs_f64().max(0.001);
        let left = (self.histories.saturating_sub(done)) as f64 / rate.max(0.001);
        let full = (done.min(self.histories) * WIDTH / self.histories.max(1)) as usize;
        let bar = if self.terminal {
            format!(
                "[{}{}] ",
                "#".repeat(full),
                ".".repeat(WIDTH as usize - full)
            )
        } else {
            String::new()
        };
        format!(
            "{bar}{done} of {} histories, {rate:.0} a second, {broken} broken, {left:.0} s left",
            self.histories
        )
    }
}
