//! Signals, and the watch for the host: what ends the process from outside gRPC.
//!
//! SIGINT does not: it reaches the whole foreground group when somebody presses Ctrl-C, and Terraform
//! then calls StopProvider (go-plugin: server.go). Nor does SIGHUP, which reaches the group when its
//! terminal closes: `nohup terraform apply` is to go on, and a Terraform that dies of it is missed by
//! the watch for the parent.
//!
//! In debug mode both are meant for us.

use std::io;

use super::ending::{Ending, Reason};
use super::process::Starter;

/// Takes the signals over. Wants the runtime.
#[cfg(unix)]
pub(super) fn watch(ending: Ending, starter: Starter) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        let ours = matches!(starter, Starter::Practitioner);
        loop {
            tokio::select! {
                _ = interrupt.recv() => match ours {
                    true => ending.press(),
                    false => tracing::debug!("ignored SIGINT: Terraform calls StopProvider"),
                },
                _ = terminate.recv() => ending.begin(Reason::Signal),
                _ = hangup.recv() => match ours {
                    true => ending.begin(Reason::Signal),
                    false => tracing::debug!("ignored SIGHUP: Terraform may live on"),
                },
            }
        }
    });
    Ok(())
}

/// Takes Ctrl-C over. Wants the runtime.
#[cfg(not(unix))]
pub(super) fn watch(ending: Ending, starter: Starter) -> io::Result<()> {
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            match starter {
                Starter::Practitioner => ending.press(),
                Starter::Host(_) => tracing::debug!("ignored Ctrl-C: Terraform calls StopProvider"),
            }
        }
    });
    Ok(())
}

/// The process that started us. When it is killed, nobody calls Shutdown, and plugins live on forever
/// unless they look for themselves.
#[derive(Clone, Copy)]
pub(super) struct Parent {
    /// Not compared with 1, which is how an orphan's new parent is often recognised: in a container
    /// Terraform itself may be 1, and orphans may go to another process.
    #[cfg(unix)]
    id: Option<rustix::process::Pid>,
}

impl Parent {
    /// The parent now. To be called early: who has died before cannot be missed later.
    pub(super) fn of_this_process() -> Self {
        Self {
            #[cfg(unix)]
            id: rustix::process::getppid(),
        }
    }

    /// Watches until the parent is another, then begins the ending. Wants the runtime.
    #[cfg(unix)]
    pub(super) fn watch(self, ending: Ending) {
        use tokio::time::{Duration, MissedTickBehavior, interval};

        tokio::spawn(async move {
            let mut second = interval(Duration::from_secs(1));
            second.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                second.tick().await;
                if rustix::process::getppid() != self.id {
                    ending.begin(Reason::HostGone);
                    return;
                }
            }
        });
    }

    /// There is no such sign on this system.
    #[cfg(not(unix))]
    pub(super) fn watch(self, _ending: Ending) {}
}
