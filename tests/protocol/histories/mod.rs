//! Random histories: practitioners, somebody else and the network act in any order, and every promise holds.
//!
//! A [`History`](step::History) is a list of steps. Each is carried out on a [`Workspaces`](workspaces::Workspaces); whatever
//! happens to the organizations is written down in a [`Recorder`](recorder::Recorder); after every operation the
//! [`promises`] are checked against it. In the end all that failed works again, and everybody must get to a good end.
//! A history that breaks a promise is shortened and reported step by step; its seed is kept in a file
//! `regressions`, and tried first from then on.
//!
//! `HISTORIES=10000` tries so many and says what was reached (`make faults`).

mod campaign;
mod configuration;
mod consumer;
mod counts;
mod display;
mod operation;
mod past_failures;
mod recorder;
mod runner;
mod step;
mod strategy;
mod trail;
mod workspaces;

use self::campaign::Progress;

/// As many as a few seconds take.
const SHORT: u32 = 200;

#[test]
fn no_history_breaks_a_promise() {
    let asked = std::env::var("HISTORIES").ok();
    let asked = asked.map(|text| text.parse().expect("HISTORIES is a number"));
    let progress = match asked {
        Some(_) => Progress::Shown,
        None => Progress::Hidden,
    };
    let campaign = campaign::run(asked.unwrap_or(SHORT), progress);
    let summary = format!("{}\n{}", campaign.headline(), campaign.counts);
    if progress == Progress::Shown {
        campaign::say(&summary);
    }
    if let Some(broken) = campaign.broken {
        let took = campaign.took;
        panic!("first broken after {took} histories\na promise was broken:\n{broken}");
    }
}
