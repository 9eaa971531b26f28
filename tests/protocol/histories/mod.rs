//! Random histories of practitioners, changes outside of Terraform, and faults, in any order: every promise is kept.
//!
//! A [`History`](step::History) is a list of steps. The [`Workspaces`](workspaces::Workspaces) run each step, the
//! [`Recorder`](recorder::Recorder) records what happens to the organizations, and the promises
//! ([`crate::promises`]) are judged after every operation. In the end everything works again, and every configuration
//! must recover. A history that breaks a promise is shortened and reported step by step, also as Rust: once it is
//! understood, it becomes a test in `past_failures`.
//!
//! `HISTORIES=10000` tries that number, and prints what was reached (`make faults`).

mod another_host;
mod applying;
mod campaign;
mod configuration;
mod consumer;
mod counts;
mod display;
mod fault_strategy;
mod host_change;
mod label;
mod opening;
mod operation;
mod outside_change;
mod outside_strategy;
mod past_failures;
mod record;
mod recorder;
mod recovery;
mod request_fault;
mod revoking;
mod runner;
mod saved_plan;
mod step;
mod strategy;
mod trail_query;
mod trail_reading;
mod workspaces;

use self::campaign::Progress;

/// The number of histories that a few seconds take.
const DEFAULT_COUNT: u32 = 200;

#[test]
fn no_history_breaks_a_promise() {
    let wanted = std::env::var("HISTORIES").ok();
    let wanted = wanted.map(|text| text.parse().expect("HISTORIES is a number"));
    let progress = match wanted {
        Some(_) => Progress::Shown,
        None => Progress::Hidden,
    };
    let campaign = campaign::run(wanted.unwrap_or(DEFAULT_COUNT), progress);
    let summary = format!("{}\n{}", campaign.headline(), campaign.counts);
    if progress == Progress::Shown {
        campaign::print(&summary);
    }
    if let Some(broken) = campaign.broken {
        let tried = campaign.tried;
        panic!("first broken after {tried} histories\na promise was broken:\n{broken}");
    }
}
