//! [`Script`]: the failures and waits of a call, which a test configures in the attribute `script`.

use tfplugin::{Attr, Attribute, Context, Diagnostic, Diagnostics, Type, WorkGuard};

use super::world::World;

/// The steps that calls run besides their work, such as `create: record, panic; delete: error`.
///
/// Every call knows these steps. A call's own steps are documented with the call.
///
/// - `error`: returns an error;
/// - `add error`: adds an error and goes on;
/// - `warn`: adds a warning;
/// - `panic`: panics;
/// - `wait`: waits for [`World::release`]; an interrupt ends the call;
/// - `hold`: waits for [`World::release`], even after an interrupt;
/// - `gate PIPE`: reads the named pipe to its end, as work in flight. For tests of processes, which share no `World`.
pub(crate) struct Script(String);

impl Script {
    pub(super) fn attribute() -> Attribute {
        Attribute::optional(Type::String, "What calls do besides their work, for tests.")
    }

    pub(super) fn of(script: &Attr<String>) -> Self {
        Self(script.as_deref().unwrap_or_default().to_owned())
    }

    /// Returns whether the script has the step for this call.
    pub(super) fn has(&self, call: &str, step: &str) -> bool {
        self.steps(call).any(|one| one == step)
    }

    /// Runs the steps that every call knows.
    pub(super) async fn run(
        &self,
        call: &str,
        world: &World,
        cx: &mut Context,
    ) -> Result<(), Diagnostics> {
        for step in self.steps(call) {
            match step {
                "error" => {
                    return Err(Diagnostic::error(
                        "Scripted Error",
                        format!("The script of {call} asks for an error."),
                    )
                    .into());
                }
                "warn" => cx.add(Diagnostic::warning(
                    "Scripted Warning",
                    format!("The script of {call} asks for a warning."),
                )),
                // The call goes on and returns `Ok`.
                "add error" => cx.add(Diagnostic::error(
                    "Scripted Added Error",
                    format!("The script of {call} adds an error."),
                )),
                "panic" => panic!("the script of {call} asks for a panic"),
                "wait" => {
                    let stop = cx.stop_signal();
                    tokio::select! {
                        () = world.wait_for_release() => {}
                        () = stop.cancelled() => {
                            world.record_event(format!("{call} interrupted"));
                            return Err(Diagnostic::error(
                                "Operation Interrupted",
                                format!("{call} was waiting when the run was interrupted."),
                            )
                            .into());
                        }
                    }
                }
                "hold" => {
                    world.wait_for_release().await;
                    let stopped = cx.stop_signal().is_cancelled();
                    world.record_event(format!("{call} finished, stop signal: {stopped}"));
                }
                _ => {
                    if let Some(pipe) = step.strip_prefix("gate ") {
                        pass(pipe.to_owned(), cx.work(format!("{call} at the gate"))).await;
                    }
                }
            }
        }
        Ok(())
    }

    fn steps(&self, call: &str) -> impl Iterator<Item = &str> {
        self.0
            .split(';')
            .filter_map(|part| part.split_once(':'))
            .filter(move |(name, _)| name.trim() == call)
            .flat_map(|(_, steps)| steps.split(','))
            .map(str::trim)
    }
}

/// Reads a named pipe to its end, on a thread of its own: both opening and reading wait.
async fn pass(pipe: String, work: WorkGuard) {
    tokio::task::spawn_blocking(move || std::fs::read(pipe))
        .await
        .expect("reading does not panic")
        .expect("a pipe that can be read");
    drop(work);
}
