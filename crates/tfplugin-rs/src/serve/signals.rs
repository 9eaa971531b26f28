//! Signals, and the watch for the host: what ends the process from outside gRPC.
//!
//! SIGINT does not: it reaches the whole foreground group when somebody presses Ctrl-C, and Terraform
//! then calls StopProvider (go-plugin: server.go). Nor does SIGHUP, which reaches the group when its
//! terminal closes: `nohup terraform apply` goes on, and if Terraform ends from it, the watch for the
//! parent process notices.
//!
//! In debug mode both end the process.

use std::io;

use super::invocation::Mode;
use super::shutdown::{Reason, Shutdown};

/// Handles signals from now on. Must be called inside the runtime.
#[cfg(unix)]
pub(super) fn watch(shutdown: Shutdown, mode: Mode) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => match mode {
                    Mode::Debug => shutdown.interrupt(),
                    Mode::Plugin => tracing::debug!("ignored SIGINT: Terraform calls StopProvider"),
                },
                _ = terminate.recv() => shutdown.begin(Reason::Signal),
                _ = hangup.recv() => match mode {
                    Mode::Debug => shutdown.begin(Reason::Signal),
                    Mode::Plugin => tracing::debug!("ignored SIGHUP: Terraform may live on"),
                },
            }
        }
    });
    Ok(())
}

/// Handles Ctrl-C from now on. Must be called inside the runtime.
#[cfg(not(unix))]
pub(super) fn watch(shutdown: Shutdown, mode: Mode) -> io::Result<()> {
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            match mode {
                Mode::Debug => shutdown.interrupt(),
                Mode::Plugin => tracing::debug!("ignored Ctrl-C: Terraform calls StopProvider"),
            }
        }
    });
    Ok(())
}

/// The parent process. When it is killed, nobody calls Shutdown; a plugin that does not check for it
/// would run forever.
#[derive(Clone, Copy)]
pub(super) struct Parent {
    /// Compared with the parent at the start and not with 1: in a container Terraform itself may be process 1,
    /// and orphans may go to another process.
    #[cfg(unix)]
    id: Option<rustix::process::Pid>,
}

impl Parent {
    /// Returns the parent now. Call it first thing: a parent that has ended before is not noticed later.
    pub(super) fn of_this_process() -> Self {
        Self {
            #[cfg(unix)]
            id: rustix::process::getppid(),
        }
    }

    /// Begins the shutdown when the parent has ended. Must be called inside the runtime.
    #[cfg(unix)]
    pub(super) fn watch(self, shutdown: Shutdown) {
        use tokio::time::{Duration, MissedTickBehavior, interval};

        tokio::spawn(async move {
            let mut second = interval(Duration::from_secs(1));
            second.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                second.tick().await;
                if rustix::process::getppid() != self.id {
                    shutdown.begin(Reason::HostGone);
                    return;
                }
            }
        });
    }

    /// Does nothing: this system does not say when a parent has ended.
    #[cfg(not(unix))]
    pub(super) fn watch(self, _shutdown: Shutdown) {}
}
