//! [`ListenerControl`]: whether the server accepts connections or refuses them.

use std::io;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Switches the listener off and on. Handles ask for it, and the server task, which owns the socket, does it.
#[derive(Debug)]
pub(crate) struct ListenerControl(watch::Sender<Listening>);

#[derive(Clone, Copy, Debug)]
struct Listening {
    wanted: bool,
    actual: bool,
}

impl ListenerControl {
    pub(crate) fn listening() -> Self {
        Self(watch::Sender::new(Listening {
            wanted: true,
            actual: true,
        }))
    }

    /// Stops listening. Connections are refused from the time that this returns.
    pub(crate) async fn stop(&self) {
        self.0.send_modify(|listening| listening.wanted = false);
        self.applied().await;
    }

    /// Asks for connections to be accepted again; [`applied`](Self::applied) waits until they are.
    pub(crate) fn resume(&self) {
        self.0.send_modify(|listening| listening.wanted = true);
    }

    /// Waits until the server has done what was asked for last.
    pub(crate) async fn applied(&self) {
        self.wait_for(|listening| listening.actual == listening.wanted)
            .await;
    }

    /// Waits until the server is asked to stop listening.
    pub(crate) async fn stop_requested(&self) {
        self.wait_for(|listening| !listening.wanted).await;
    }

    /// Closes the listener, waits for [`resume`](Self::resume), and listens at the same address again.
    ///
    /// # Errors
    ///
    /// If the operating system refuses to bind or listen.
    pub(crate) async fn closed_until_resumed(
        &self,
        listener: TcpListener,
    ) -> io::Result<TcpListener> {
        let address = listener.local_addr()?;
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()?
        } else {
            TcpSocket::new_v6()?
        };
        socket.set_reuseaddr(true)?;
        drop(listener);
        // A socket that is bound and does not listen makes the kernel refuse connections, and keeps the port ours.
        socket.bind(address)?;
        self.0.send_modify(|listening| listening.actual = false);
        self.wait_for(|listening| listening.wanted).await;
        let listener = socket.listen(BACKLOG)?;
        self.0.send_modify(|listening| listening.actual = true);
        Ok(listener)
    }

    async fn wait_for(&self, condition: impl FnMut(&Listening) -> bool) {
        let mut listening = self.0.subscribe();
        listening
            .wait_for(condition)
            .await
            .expect("`self` holds the sender");
    }
}
