//! Measures reading an audit trail: decoding, a trail of a million events, and plans with thousands of them.
//!
//! The example `audit-trail` does the work and plays the service, because it is built with the release profile.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::{Value, json};

use crate::commands::{Workspace, terraform};
use crate::contenders::{Contenders, cargo, named};
use crate::goals::Goal;
use crate::report::{Result, print};
use crate::sample::Sample;

/// The number of streamed events.
const STREAMED: u64 = 1_000_000;
/// The numbers of events in a plan.
const PLANNED: [u64; 2] = [1_000, 10_000];
/// The number of plans of each size, in turns with plans of no events.
const PLANS: usize = 5;

pub(crate) struct Events {
    per_second: f64,
    stream: Value,
    plans: BTreeMap<u64, Plan>,
}

/// `terraform plan` with a number of events.
struct Plan {
    /// Milliseconds of the whole command.
    time: Sample,
    /// Milliseconds of processor time of our processes.
    processor: Sample,
    /// Milliseconds of processor time from the client's events to the bytes of the answer.
    encoding: f64,
    /// The highest memory of our processes, in MiB.
    peak: Sample,
}

pub(crate) fn measure(contenders: &Contenders) -> Result<Events> {
    print("Reading audit trails …");
    let worker = Worker(match named("AUDIT_TRAIL") {
        Some(path) => path,
        None => cargo(&["build", "--release", "--example", "audit-trail"])?,
    });
    let per_second = number(&worker.run(&["decode"])?, "events_per_second")?;
    let service = worker.serves(STREAMED)?;
    let stream = worker.run(&["stream", &service.url, &service.token])?;
    drop(service);
    let mut plans = BTreeMap::new();
    for count in PLANNED {
        plans.insert(count, plan(contenders, &worker, count)?);
    }
    Ok(Events {
        per_second,
        stream,
        plans,
    })
}

fn plan(contenders: &Contenders, worker: &Worker, count: u64) -> Result<Plan> {
    let service = worker.serves(count)?;
    let encoded = worker.run(&["encode", &count.to_string(), &service.url, &service.token])?;
    let mut workspace = Workspace::new("events", &terraform()?)?
        .plugin(&contenders.ours, "terraform-provider-tfe", "tfe")?
        .configure(&format!(
            "data \"tfe_audit_trail_events\" \"example\" {{\n  limit = {count}\n}}\n"
        ))?
        .served_at(&service.url, &service.token)?;
    let mut plan = Plan {
        time: Sample::default(),
        processor: Sample::default(),
        encoding: number(&encoded, "milliseconds")?,
        peak: Sample::default(),
    };
    let arguments = ["plan", "-no-color"];
    for turn in 0..=PLANS {
        let milliseconds = workspace.terraform(&arguments)?;
        // The first plan only fills caches.
        if turn > 0 {
            plan.time.push(milliseconds);
        }
    }
    for _ in 0..PLANS {
        let mut whole = 0.0;
        for cost in workspace.observed(contenders, &arguments)? {
            whole += cost.milliseconds;
            plan.peak.push(cost.mebibytes);
        }
        plan.processor.push(whole);
    }
    Ok(plan)
}

impl Plan {
    /// Returns how long the encoding takes, in percent of Terraform's own time.
    fn share(&self) -> f64 {
        100.0 * self.encoding / (self.time.median() - self.processor.median())
    }
}

impl Events {
    pub(crate) fn json(&self) -> Value {
        let plans: serde_json::Map<String, Value> = self
            .plans
            .iter()
            .map(|(count, plan)| {
                let plan = json!({
                    "ms": plan.time.json(),
                    "processor_ms": plan.processor.json(),
                    "encoding_ms": plan.encoding,
                    "peak_mib": plan.peak.json(),
                });
                (count.to_string(), plan)
            })
            .collect();
        json!({
            "decoded_per_second": self.per_second.round(),
            "stream": self.stream,
            "plans": plans,
        })
    }

    pub(crate) fn goals(&self) -> Vec<Goal> {
        let of_the_stream = |name| number(&self.stream, name).unwrap_or(f64::NAN);
        let mut goals = vec![
            Goal::new("µs to decode an event", 1.25, 1e6 / self.per_second),
            Goal::new(
                "MiB at the peak of a stream of a million events",
                40.0,
                of_the_stream("peak_mib"),
            ),
        ];
        for (count, plan) in &self.plans {
            goals.push(Goal::new(
                format!("% of Terraform's time to encode {count} events"),
                1.0,
                plan.share(),
            ));
        }
        goals
    }

    pub(crate) fn table(&self) -> String {
        let of_the_stream = |name| number(&self.stream, name).unwrap_or(f64::NAN);
        let mut table = format!(
            "\nDecoding: {:.0} events in a second.\n\
             A stream of {} events on {} pages: {:.1} s, {:.1} MiB at the peak.\n\n\
             {:<20} {:>22} {:>16} {:>12} {:>9}\n",
            self.per_second,
            of_the_stream("events"),
            of_the_stream("pages"),
            of_the_stream("seconds"),
            of_the_stream("peak_mib"),
            "plan with events",
            "ms (p10–p90)",
            "CPU ms of ours",
            "encoding ms",
            "peak MiB",
        );
        for (count, plan) in &self.plans {
            table.push_str(&format!(
                "{count:<20} {:>22} {:>16.1} {:>12.2} {:>9.1}\n",
                plan.time.text(0),
                plan.processor.median(),
                plan.encoding,
                plan.peak.quantile(1.0),
            ));
        }
        table
    }
}

fn number(report: &Value, name: &str) -> Result<f64> {
    let number = report[name].as_f64();
    number.ok_or_else(|| format!("no {name} in {report}").into())
}

/// The example that does the work.
struct Worker(PathBuf);

impl Worker {
    fn run(&self, words: &[&str]) -> Result<Value> {
        let output = Command::new(&self.0)
            .args(words)
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("audit-trail {} failed", words[0]).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn serves(&self, count: u64) -> Result<Served> {
        let mut child = Command::new(&self.0)
            .args(["serve", &count.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.as_mut() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let stdin = child.stdin.take();
        let (url, token) = line.trim().split_once(' ').ok_or("it does not serve")?;
        Ok(Served {
            url: url.to_owned(),
            token: token.to_owned(),
            stdin,
            child,
        })
    }
}

/// A pretend HCP Terraform in a process of its own, which ends with this value.
struct Served {
    url: String,
    /// An audit trail token.
    token: String,
    stdin: Option<ChildStdin>,
    child: Child,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It ends when its stdin closes. If it does not, the measurements are still right.
        let _ = self.child.wait();
    }
}
