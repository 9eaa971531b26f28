//! The commands that tests run in a [`Workspace`].

use std::ffi::OsStr;
#[cfg(target_os = "linux")]
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::Workspace;
use super::command_output::CommandOutput;
use super::running_command::RunningCommand;
use crate::host::host;

/// The arguments of an apply that asks for no approval.
pub(crate) const APPLY: &[&str] = &["apply", "-no-color", "-auto-approve"];

/// The arguments with which `unshare` makes a program the first process of a PID namespace.
#[cfg(target_os = "linux")]
const FIRST_PROCESS: &[&str] = &["--map-root-user", "--pid", "--fork", "--mount-proc"];

impl Workspace {
    /// Runs Terraform in the configuration's folder.
    #[track_caller]
    pub(crate) fn terraform(&self, arguments: &[&str]) -> CommandOutput {
        self.start(arguments).finishes()
    }

    /// Starts Terraform in a process group of its own, as a shell does.
    pub(crate) fn start(&self, arguments: &[&str]) -> RunningCommand {
        let name = format!("terraform {}", arguments.join(" "));
        RunningCommand::start(name, &mut self.command(&host().executable, arguments))
    }

    /// Starts another program with the same environment.
    pub(crate) fn start_program(&self, program: &str, arguments: &[&str]) -> RunningCommand {
        let name = format!("{program} {}", arguments.join(" "));
        RunningCommand::start(name, &mut self.command(program, arguments))
    }

    /// Starts Terraform as the first process of a new PID namespace, as in a container.
    #[cfg(target_os = "linux")]
    pub(crate) fn start_as_first_process(&self, arguments: &[&str]) -> RunningCommand {
        let mut command = self.command("unshare", FIRST_PROCESS);
        command.arg(&host().executable).args(arguments);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let name = format!("(as process 1) terraform {}", arguments.join(" "));
        RunningCommand::start(name, &mut command)
    }

    fn command(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.path("configuration"))
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::null());
        command
    }

    /// Runs `terraform validate`.
    #[track_caller]
    pub(crate) fn validate(&self) -> CommandOutput {
        self.terraform(&["validate", "-no-color"])
    }

    /// Runs `terraform plan`, which exits with 0 without changes and with 2 with changes.
    #[track_caller]
    pub(crate) fn plan(&self) -> CommandOutput {
        self.terraform(&["plan", "-no-color", "-detailed-exitcode"])
    }

    /// Runs `terraform apply`, which may fail.
    #[track_caller]
    pub(crate) fn try_apply(&self) -> CommandOutput {
        self.terraform(APPLY)
    }

    /// Runs `terraform apply`, which must succeed. The plan after it must be empty.
    #[track_caller]
    pub(crate) fn apply(&self) -> CommandOutput {
        let output = self.try_apply().succeeds();
        self.plan().exits(0);
        output
    }

    /// Runs `terraform destroy`, which must succeed and leave no resource in the state.
    #[track_caller]
    pub(crate) fn destroy(&self) -> CommandOutput {
        let output = self
            .terraform(&["destroy", "-no-color", "-auto-approve"])
            .succeeds();
        assert_eq!(self.state()["resources"], Value::Array(Vec::new()));
        output
    }
}

/// Returns whether the system allows PID namespaces.
///
/// If it does not, stderr says so; `writeln!` reaches it although libtest captures what tests print.
#[cfg(target_os = "linux")]
pub(crate) fn pid_namespaces_are_allowed() -> bool {
    let works = Command::new("unshare")
        .args(FIRST_PROCESS)
        .arg("true")
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !works {
        let notice = "the system allows no PID namespace: Terraform is not run as process 1";
        let _ = writeln!(std::io::stderr(), "{notice}");
    }
    works
}
