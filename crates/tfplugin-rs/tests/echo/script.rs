//! [`Script`]: what a call is to do wrong, as the attribute `script` says.

use tfplugin::{Attr, Attribute, Context, Diagnostic, Diagnostics, Type, WorkGuard};

use super::world::World;

/// What calls do besides their work: `create: record, panic; delete: error`.
///
/// Every call knows `error`, `tell` (an error, and goes on), `warn`, `panic`, `wait` (until the test lets it go on or the practitioner interrupts) and
/// `hold` (until the test lets it go on, interrupted or not). `gate PIPE`
/// is a hold for processes: work in flight from when the test could open the named pipe for writing
/// until it closes it. What else a call knows stands with the call.
pub(crate) struct Script(String);

impl Script {
    pub(super) fn attribute() -> Attribute {
        Attribute::optional(Type::String, "What calls do besides their work, for tests.")
    }

    pub(super) fn of(script: &Attr<String>) -> Self {
        Self(script.as_deref().unwrap_or_default().to_owned())
    }

    /// Whether the script of this call has the step.
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
                // The call goes on and ends well, as far as it is concerned.
                "tell" => cx.add(Diagnostic::error(
                    "Scripted Told Error",
                    format!("The script of {call} tells an error."),
                )),
                "panic" => panic!("the script of {call} asks for a panic"),
                "wait" => {
                    let stop = cx.stop_signal();
                    tokio::select! {
                        () = world.stand_still() => {}
                        () = stop.cancelled() => {
                            world.note(format!("{call} interrupted"));
                            return Err(Diagnostic::error(
                                "Operation Interrupted",
                                format!("{call} was waiting when the run was interrupted."),
                            )
                            .into());
                        }
                    }
                }
                "hold" => {
                    world.stand_still().await;
                    let stopped = cx.stop_signal().is_cancelled();
                    world.note(format!("{call} finished, told to stop: {stopped}"));
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
