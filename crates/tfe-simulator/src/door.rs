//! [`Door`]: whether connections are accepted or refused.

use std::io;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

/// As many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Whether connections are accepted; who serves them sees to it that what is wanted becomes so.
#[derive(Debug)]
pub(super) struct Door(watch::Sender<State>);

#[derive(Clone, Copy, Debug)]
struct State {
    wanted_open: bool,
    open: bool,
}

impl Door {
    pub(super) fn opened() -> Self {
        Self(watch::Sender::new(State {
            wanted_open: true,
            open: true,
        }))
    }

    /// From when this returns, connections are refused.
    pub(super) async fn close(&self) {
        self.0.send_modify(|state| state.wanted_open = false);
        self.settled().await;
    }

    /// Connections are going to be accepted; [`settled`](Self::settled) waits for it.
    pub(super) fn open(&self) {
        self.0.send_modify(|state| state.wanted_open = true);
    }

    /// Waits until it is as it was wanted.
    pub(super) async fn settled(&self) {
        self.until(|state| state.open == state.wanted_open).await;
    }

    /// Waits until it is to be closed.
    pub(super) async fn to_be_closed(&self) {
        self.until(|state| !state.wanted_open).await;
    }

    /// Stays closed until it is to be opened, and listens at the same address then.
    pub(super) async fn stay_closed(&self, listener: TcpListener) -> io::Result<TcpListener> {
        let address = listener.local_addr()?;
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()?
        } else {
            TcpSocket::new_v6()?
        };
        socket.set_reuseaddr(true)?;
        drop(listener);
        // Bound and not listening: the kernel refuses, and nobody else gets the port.
        socket.bind(address)?;
        self.0.send_modify(|state| state.open = false);
        self.until(|state| state.wanted_open).await;
        let listener = socket.listen(BACKLOG)?;
        self.0.send_modify(|state| state.open = true);
        Ok(listener)
    }

    async fn until(&self, holds: impl FnMut(&State) -> bool) {
        let mut state = self.0.subscribe();
        state
            .wait_for(holds)
            .await
            .expect("the sender is in this very structure");
    }
}
