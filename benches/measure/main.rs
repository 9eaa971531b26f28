//! Measures what the plugin costs, beside others in one run: `make bench`.
//!
//! It builds the executables that it measures with Cargo's release profile, whatever its own profile is. Contenders take
//! turns, so that other load on the machine affects all of them, and every ratio and difference is taken within one turn.
//! Results go to `benches/results.json` and `benches/results.svg`.
//!
//! Not here: assertions. A slow machine is not a bug; `tests/binary` checks what must hold on any machine.

mod commands;
mod contenders;
mod events;
mod goals;
mod machine;
mod plot;
mod report;
mod sample;
mod service;
mod start;

use std::path::Path;

use serde_json::json;

use contenders::Contenders;
use machine::Machine;
use report::{Result, print};

/// Turns of the measurement of starts, which take a millisecond each.
const STARTS: usize = 200;
/// Turns of the measurement of commands: five commands for each contender.
const ROUNDS: usize = 25;

fn main() -> Result<()> {
    let turns = |variable, default| {
        std::env::var(variable)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let before = Machine::now()?;
    print(&format!("{before}"));
    let contenders = Contenders::build()?;
    let starts = start::measure(&contenders, turns("STARTS", STARTS))?;
    print(&start::table(&starts, &contenders));
    let commands = commands::measure(&contenders, turns("ROUNDS", ROUNDS))?;
    print(&commands::table(&commands));
    let events = events::measure(&contenders)?;
    let after = Machine::now()?;
    let mut goals = goals::judge(&starts, &commands, &contenders);
    goals.extend(events.goals());

    print(&events.table());
    print(&goals::table(&goals));
    print(&format!("Load average at the end: {}", after.load));
    let results = json!({
        "date": chrono::Utc::now().format("%Y-%m-%d").to_string(),
        "version": env!("CARGO_PKG_VERSION"),
        "machine": before.json(),
        "load_at_the_end": after.load,
        "terraform": commands.terraform,
        "binary_bytes": contenders.sizes(),
        "starts": starts.json(),
        "commands": commands.json(),
        "events": events.json(),
        "goals": goals.iter().map(goals::Goal::json).collect::<Vec<_>>(),
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let text = serde_json::to_string_pretty(&results)? + "\n";
    std::fs::write(folder.join("results.json"), text)?;
    let plot = plot::draw(&starts, &commands, &contenders, &before);
    std::fs::write(folder.join("results.svg"), plot)?;
    print("Written to benches/results.json and benches/results.svg.");
    Ok(())
}
