//! Runs rows side by side, and reports the failed ones.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use tfe_simulator::RecordedRequest;
use tokio::task::{JoinError, JoinSet, LocalSet};

use super::cases::CASES;
use super::fault_kind::FAULT_KINDS;
use super::row::{FaultTarget, Row};

/// The number of rows side by side on a thread. More rows would slow each other into timeouts.
const SIDE_BY_SIDE: usize = 12;
/// The number of rows side by side on a thread that wait for a timeout.
const WAITING_SIDE_BY_SIDE: usize = 48;

/// A short run takes one row of this number. It does not divide the number of rows of a request.
const SHARE: usize = 19;

type Failures = Vec<(String, String)>;

/// Runs jobs; returns the results of those that succeed, and the failures with the jobs' names.
pub(super) fn run_all<J, T, F>(
    jobs: Vec<J>,
    side_by_side: usize,
    run: fn(J) -> F,
) -> (Vec<T>, Failures)
where
    J: ToString + Send + 'static,
    T: Send + 'static,
    F: Future<Output = T> + 'static,
{
    let queue = Arc::new(Mutex::new(VecDeque::from(jobs)));
    let threads: Vec<_> = (0..threads())
        .map(|_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || work(&queue, side_by_side, run))
        })
        .collect();
    let (mut done, mut failures) = (Vec::new(), Vec::new());
    for thread in threads {
        let (more, failed) = thread.join().expect("a thread that catches panics");
        done.extend(more);
        failures.extend(failed);
    }
    (done, failures)
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, |count| count.get().min(4))
}

/// Runs jobs from the queue, some at a time, on a runtime of its own.
fn work<J, T, F>(
    queue: &Mutex<VecDeque<J>>,
    side_by_side: usize,
    run: fn(J) -> F,
) -> (Vec<T>, Failures)
where
    J: ToString + 'static,
    T: 'static,
    F: Future<Output = T> + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let local = LocalSet::new();
    local.block_on(&runtime, async {
        let (mut done, mut failures) = (Vec::new(), Vec::new());
        let mut running = JoinSet::new();
        let mut names = std::collections::HashMap::new();
        loop {
            while running.len() < side_by_side {
                let Some(job) = queue.lock().unwrap().pop_front() else {
                    break;
                };
                let name = job.to_string();
                let handle = running.spawn_local(run(job));
                names.insert(handle.id(), name);
            }
            match running.join_next_with_id().await {
                None => return (done, failures),
                Some(Ok((id, value))) => {
                    names.remove(&id);
                    done.push(value);
                }
                Some(Err(error)) => {
                    let name = names.remove(&error.id()).unwrap_or_default();
                    failures.push((name, panic_message(error)));
                }
            }
        }
    })
}

fn panic_message(error: JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else {
        return "it was cancelled".to_owned();
    };
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic
            .downcast::<&str>()
            .map_or("a panic without a message".to_owned(), |text| {
                (*text).to_owned()
            }),
    }
}

/// Demands that no row failed; panics with the report of each failure.
#[track_caller]
pub(super) fn demand(failures: &Failures) {
    let reports: Vec<_> = failures
        .iter()
        .map(|(name, message)| format!("ROW={name:?}\n{message}"))
        .collect();
    assert!(
        failures.is_empty(),
        "{} rows failed:\n\n{}",
        failures.len(),
        reports.join("\n\n----\n\n")
    );
}

/// Returns the rows that `ROW` selects, or all.
pub(super) fn selected<R: ToString>(rows: Vec<R>) -> Vec<R> {
    let Ok(wanted) = std::env::var("ROW") else {
        return rows;
    };
    let wanted = |row: &R| row.to_string().contains(&wanted);
    rows.into_iter().filter(wanted).collect()
}

/// Returns the rows to run: those that `ROW` selects; or all, if `FAULTS=all`; or a share that is spread over all
/// requests and faults, and has each operation and each fault at least once.
fn rows_to_run(rows: Vec<Row>) -> Vec<Row> {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|set| set == value);
    let all = std::env::var_os("ROW").is_some() || is("FAULTS", "all");
    if all {
        return selected(rows);
    }
    let everything = covered(&rows);
    let mut seen: HashSet<_> = rows.iter().step_by(SHARE).flat_map(names).collect();
    let mut number = 0;
    let mut share = rows;
    share.retain(|row| {
        let in_turn = number % SHARE == 0;
        number += 1;
        let mut lacks = false;
        for name in names(row) {
            lacks |= seen.insert(name);
        }
        in_turn || lacks
    });
    assert_eq!(
        covered(&share),
        everything,
        "every operation and every fault"
    );
    share
}

/// Returns the operation and the fault of a row.
fn names(row: &Row) -> [&'static str; 2] {
    let fault = row.fault.as_ref();
    [
        row.case.name,
        fault.map_or("no fault", |fault| fault.1.name),
    ]
}

/// Returns the operations and faults of these rows.
fn covered(rows: &[Row]) -> HashSet<&'static str> {
    rows.iter().flat_map(names).collect()
}

async fn without_fault(row: Row) -> (Row, Vec<RecordedRequest>) {
    let requests = row.run().await;
    (row, requests)
}

async fn with_fault(row: Row) {
    row.run().await;
}

#[test]
fn every_promise_is_kept_under_every_fault_at_every_request() {
    let start = Instant::now();
    let without_faults = CASES.map(|case| Row { case, fault: None }).to_vec();
    let (cases, failures) = run_all(without_faults, SIDE_BY_SIDE, without_fault);
    demand(&failures);

    let rows = cases.into_iter().flat_map(|(row, requests)| {
        let targets = FaultTarget::all(&requests);
        targets
            .into_iter()
            .flat_map(move |target| target.rows(row.case))
    });
    let rows: Vec<Row> = rows.collect();
    let all = rows.len();
    let covered = covered(&rows);
    let missed = FAULT_KINDS.iter().find(|one| !covered.contains(one.name));
    assert!(missed.is_none(), "no row has the fault {missed:?}");
    let (slow, quick): (Vec<_>, Vec<_>) = rows_to_run(rows).into_iter().partition(Row::is_slow);
    let count = quick.len() + slow.len();
    let (_, mut failures) = run_all(quick, SIDE_BY_SIDE, with_fault);
    let (_, more) = run_all(slow, WAITING_SIDE_BY_SIDE, with_fault);
    failures.extend(more);
    demand(&failures);
    println!(
        "{} operations, {count} rows of {all}, {:.1} s",
        CASES.len(),
        start.elapsed().as_secs_f64()
    );
}
