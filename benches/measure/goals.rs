//! [`Goal`]: the limits of what the plugin should cost on a quiet machine.

use serde_json::{Value, json};

use crate::commands::Commands;
use crate::contenders::Contenders;
use crate::start::Starts;

pub(crate) struct Goal {
    what: String,
    at_most: f64,
    measured: f64,
}

impl Goal {
    pub(crate) fn new(what: impl Into<String>, at_most: f64, measured: f64) -> Self {
        Self {
            what: what.into(),
            at_most,
            measured,
        }
    }

    fn is_reached(&self) -> bool {
        self.measured <= self.at_most
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "what": self.what,
            "at_most": self.at_most,
            "measured": (self.measured * 1000.0).round() / 1000.0,
            "reached": self.is_reached(),
        })
    }
}

pub(crate) fn judge(starts: &Starts, commands: &Commands, contenders: &Contenders) -> Vec<Goal> {
    let (ours, hello) = (starts.get("ours"), starts.get("tokio hello"));
    #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
    let megabytes = contenders.size("ours") as f64 / 1e6;
    let mut goals = vec![
        Goal::new(
            "handshake ÷ tokio hello",
            1.25,
            ours.time.ratio(&hello.time).median(),
        ),
        Goal::new("MiB resident at the handshake", 5.4, ours.resident.median()),
        Goal::new(
            "MiB at the peak of a plan",
            7.2,
            commands.get("ours", "plan").peak.quantile(1.0),
        ),
        Goal::new("MB on disk", 8.4, megabytes),
    ];
    for (command, at_most) in [("plan", 50.0), ("apply", 70.0), ("plan, no change", 52.0)] {
        let added = commands.above_built_in("ours", command);
        goals.push(Goal::new(
            format!("ms of a {command} above built-in"),
            at_most,
            added.median(),
        ));
        let by_echo = commands.above_built_in("echo", command);
        goals.push(Goal::new(
            format!("what a {command} adds ÷ what it adds with echo"),
            1.25,
            added.median() / by_echo.median(),
        ));
    }
    for (command, at_most) in [("validate", 0.0), ("plan, no change", 1.0)] {
        let requests = commands.get("ours", command).requests;
        let besides_discovery = requests
            .iter()
            .filter(|request| !request.contains("/.well-known/"))
            .count();
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        goals.push(Goal::new(
            format!("requests of a {command} besides discovery"),
            at_most,
            besides_discovery as f64,
        ));
    }
    goals
}

pub(crate) fn table(goals: &[Goal]) -> String {
    let mut table = format!("\n{:<50} {:>8} {:>9}\n", "goal", "at most", "measured");
    for goal in goals {
        let mark = if goal.is_reached() {
            "✓"
        } else {
            "✗ missed"
        };
        table.push_str(&format!(
            "{:<50} {:>8.2} {:>9.2} {mark}\n",
            goal.what, goal.at_most, goal.measured
        ));
    }
    table
}
