//! The plugin process: everything between the start of the executable and its exit.
//!
//! [`serve`] is all that a provider's `main` calls. Every Terraform command waits for the handshake line, so only
//! this happens before it: reading the environment, forbidding core dumps, installing the log layer and the panic hook, a
//! single-threaded runtime with its signal handlers, the socket, and with AutoMTLS a P-256 key, its
//! certificate and the TLS configuration. The provider itself is built after the line, while Terraform connects.
//!
//! Not here: the protocol's logic (`server`), of which this module only knows the generated service trait.
//!
//! With `-debug` a practitioner starts the process: it then prints `TF_REATTACH_PROVIDERS`, by which hosts find
//! it, serves them in plain text, and ends with SIGINT.

mod connections;
mod core_dump;
mod debug;
mod environment;
mod error;
mod handshake;
mod hclog;
mod invocation;
mod key;
mod listener;
mod logs;
mod panics;
mod plugin;
mod process;
mod routes;
mod services;
mod shutdown;
mod signals;
#[cfg(unix)]
mod socket;
mod tcp;
mod tls;

use std::error::Error as _;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::SystemTime;

use tracing::level_filters::LevelFilter;

use super::lifecycle::Lifecycle;
use super::server::proto::provider_server::Provider;
use environment::Environment;
use error::Error;
use invocation::{Invocation, Mode};
use signals::Parent;

pub use plugin::Plugin;

/// Runs the plugin until Terraform ends it, and returns the exit code of the process.
///
/// With the argument `-debug` a practitioner starts the process and ends it with Ctrl-C. `--version` and `--help`
/// print and return at once.
///
/// `build` makes the provider's service, a [`Server`](crate::Server). It is called once, after the handshake, inside
/// the runtime. It gets the [`Lifecycle`], where the provider registers work that must not be lost when the process
/// ends.
///
/// Call this first thing in `main`, from its thread: it reads the arguments and the environment, installs the panic
/// hook and the process's `tracing` subscriber, and takes stdout for itself.
///
/// ```no_run
/// use std::process::ExitCode;
/// use tfplugin::serve::{Plugin, serve};
/// use tfplugin::{Provider, Server};
///
/// fn run(provider: impl Provider) -> ExitCode {
///     let plugin = Plugin {
///         name: "terraform-provider-greeter",
///         version: env!("CARGO_PKG_VERSION"),
///         about: "Greets people.",
///         source: "registry.terraform.io/my-org-name/greeter",
///         documentation: "https://registry.terraform.io/providers/my-org-name/greeter/latest/docs",
///     };
///     serve(plugin, |lifecycle| Server::new(provider, lifecycle))
/// }
/// ```
#[expect(
    clippy::disallowed_methods,
    reason = "Terraform does not read the stdout of --help and --version"
)]
pub fn serve<P: Provider>(plugin: Plugin, build: impl FnOnce(Lifecycle) -> P) -> ExitCode {
    let parent = Parent::of_this_process();
    let environment = Environment::new(|name| std::env::var_os(name));
    match Invocation::new(std::env::args_os().skip(1), &environment) {
        Invocation::Version => print(
            io::stdout(),
            &invocation::version(&plugin),
            ExitCode::SUCCESS,
        ),
        Invocation::Help => print(io::stdout(), &invocation::help(&plugin), ExitCode::SUCCESS),
        Invocation::ByHand => print(io::stderr(), &invocation::help(&plugin), ExitCode::FAILURE),
        Invocation::Serve(mode) => run(plugin, &environment, mode, parent, build),
    }
}

#[expect(clippy::disallowed_methods, reason = "the timestamps of the log")]
fn run<P: Provider>(
    plugin: Plugin,
    environment: &Environment,
    mode: Mode,
    parent: Parent,
    build: impl FnOnce(Lifecycle) -> P,
) -> ExitCode {
    // A debugger may attach to a process that a practitioner has started to debug it.
    if mode == Mode::Plugin {
        core_dump::forbid();
    }
    panics::install(plugin);
    let max_level = match mode {
        // The host filters.
        Mode::Plugin => LevelFilter::TRACE,
        Mode::Debug => environment.log_level,
    };
    logs::install(plugin.name, SystemTime::now, max_level);
    match process::run(plugin, environment, mode, parent, build) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => print(io::stderr(), &failure(&plugin, &error), ExitCode::FAILURE),
    }
}

/// Writes text for a person. An error is ignored: a closed stdout or stderr does not change the exit code.
fn print(mut to: impl Write, text: &str, code: ExitCode) -> ExitCode {
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
    code
}

/// Returns why the plugin could not start, in one line that Terraform's log shows at level error.
fn failure(plugin: &Plugin, error: &Error) -> String {
    let mut text = format!("[ERROR] {}: {error}", plugin.name);
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::plugin::PLUGIN;
    use super::*;

    #[test]
    fn a_failure_is_one_line_with_every_cause() {
        let error = Error::Signals(io::Error::other("no more descriptors"));

        assert_eq!(
            failure(&PLUGIN, &error),
            "[ERROR] terraform-provider-example: cannot handle signals: no more descriptors\n"
        );
    }
}
