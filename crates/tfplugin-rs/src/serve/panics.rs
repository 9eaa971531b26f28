//! The panic hook: reports a panic in the form that Terraform recognises as a provider's crash.
//!
//! Terraform collects the lines from one that begins with `panic: ` on and shows them after the run, if that
//! failed (terraform: internal/logging/panic.go). Rust's own message begins with `thread`. The hook also reports
//! panics inside an RPC; the server then answers the call with a diagnostic.
//!
//! A panic message must not contain a value of a configuration: it is written to the log.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt::Display;
use std::panic;

use super::hclog::write_stderr;
use super::plugin::Plugin;

/// Longer messages are cut: Terraform reads lines of up to 64 KiB.
const MAX_MESSAGE: usize = 4 << 10;

/// Replaces the process's panic hook.
pub(super) fn install(plugin: Plugin) {
    panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or("(no message)");
        let location = info.location().map(|location| location as &dyn Display);
        // Captured only if RUST_BACKTRACE is set.
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then_some(&backtrace);
        let backtrace = backtrace.map(|backtrace| backtrace as &dyn Display);
        write_stderr(report(plugin, message, location, backtrace).as_bytes());
    }));
}

fn report(
    plugin: Plugin,
    message: &str,
    location: Option<&dyn Display>,
    backtrace: Option<&dyn Display>,
) -> String {
    let message = &message[..message.floor_char_boundary(MAX_MESSAGE)];
    let mut report = format!("panic: {message}\n\n");
    report.push_str(&format!("{} {}\n", plugin.name, plugin.version));
    if let Some(location) = location {
        report.push_str(&format!("at {location}\n"));
    }
    match backtrace {
        Some(backtrace) => report.push_str(&format!("{backtrace}\n")),
        None => report.push_str("Set RUST_BACKTRACE=1 for a backtrace.\n"),
    }
    report
}

#[cfg(test)]
mod tests {
    use super::super::plugin::PLUGIN;
    use super::*;

    /// Conformance: 29.
    #[test]
    fn the_report_begins_as_terraform_expects_it() {
        let report = report(PLUGIN, "index out of bounds", Some(&"src/a.rs:1:2"), None);

        assert_eq!(
            report,
            "panic: index out of bounds\n\nterraform-provider-example 1.2.3\nat src/a.rs:1:2\n\
             Set RUST_BACKTRACE=1 for a backtrace.\n"
        );
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let report = report(PLUGIN, &"é".repeat(MAX_MESSAGE), None, None);

        let first = report.lines().next().unwrap();
        assert_eq!(first.len(), "panic: ".len() + MAX_MESSAGE);
    }
}
