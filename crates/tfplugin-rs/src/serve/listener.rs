//! [`Listener`]: accepts the connections of hosts, from a Unix socket or a port of this machine.

use std::io;
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

use super::environment::Environment;
use super::error::ListenError;
use super::handshake::Address;
#[cfg(unix)]
use super::socket::{self, SocketGuard};
use super::tcp;

/// A connection of a host, through a socket or a port.
pub(super) type Stream = Pin<Box<dyn Io>>;

/// What a connection is read from and written to.
pub(super) trait Io: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Io for T {}

/// Accepts the connections of hosts.
pub(super) enum Listener {
    #[cfg(unix)]
    Socket(UnixListener),
    Port(TcpListener),
}

/// Who can call the provider, beside who can open its socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// Only the host that started the process: TLS with its certificate.
    Tls,
    /// Everybody.
    None,
}

/// There are no sockets on this system.
#[cfg(not(unix))]
pub(super) enum SocketGuard {}

impl Listener {
    /// Listens on a socket; on a port if the environment asks for one, or if there is TLS and no directory is fit for a
    /// socket. Must be called inside the runtime.
    ///
    /// Without TLS, every user of the machine could call a provider on a port. So it listens on a port without TLS only
    /// if the environment asks for one, or where there are no sockets, as in go-plugin on Windows, and logs that.
    pub(super) fn bind(
        environment: &Environment,
        protection: Protection,
    ) -> Result<(Self, Address, Option<SocketGuard>), ListenError> {
        #[cfg(unix)]
        if !environment.tcp {
            match socket::bind(environment, &mut fastrand::Rng::new()) {
                Ok((listener, address, guard)) => {
                    return Ok((Self::Socket(listener), address, Some(guard)));
                }
                // The practitioner asked for this directory: a port instead would hide the mistake.
                Err(error @ ListenError::Directory { .. }) => return Err(error),
                Err(error) if protection == Protection::None => {
                    return Err(ListenError::OnlyPlainPort(Box::new(error)));
                }
                Err(error) => tracing::warn!(%error, "listening on TCP instead"),
            }
        }
        if protection == Protection::None {
            tracing::warn!(
                "every user of this computer can call the provider: it listens on a port without TLS"
            );
        }
        let (listener, address) = tcp::bind(environment.ports)?;
        Ok((Self::Port(listener), address, None))
    }

    /// Waits for the next connection.
    pub(super) async fn accept(&self) -> io::Result<Stream> {
        Ok(match self {
            #[cfg(unix)]
            Self::Socket(listener) => Box::pin(listener.accept().await?.0),
            Self::Port(listener) => Box::pin(tcp::accept(listener).await?),
        })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_directory_for_a_socket_it_listens_on_a_port_with_tls() {
        let root = tempfile::tempdir().unwrap();
        let mut environment = Environment::of(&[]);
        for fallback_dir in [
            root.path().join("missing"),
            root.path().join("x".repeat(120)),
        ] {
            environment.fallback_dir = fallback_dir;
            let (_listener, address, _guard) =
                Listener::bind(&environment, Protection::Tls).unwrap();
            assert_eq!(address.network, "tcp");
            assert!(address.address.starts_with("127.0.0.1:"), "{address:?}");
        }
        environment.fallback_dir = root.path().to_owned();
        let (_listener, address, _guard) = Listener::bind(&environment, Protection::Tls).unwrap();
        assert_eq!(address.network, "unix");
    }

    /// Every user of the machine could call the provider, and nobody had asked for that.
    #[tokio::test]
    async fn a_port_without_tls_is_used_only_if_it_is_asked_for() {
        let root = tempfile::tempdir().unwrap();
        let mut environment = Environment::of(&[]);
        environment.fallback_dir = root.path().join("missing");
        let error = Listener::bind(&environment, Protection::None)
            .err()
            .unwrap();
        assert!(
            error.to_string().contains("TFPLUGIN_NETWORK=tcp"),
            "{error}"
        );
        environment.tcp = true;
        let (_listener, address, _guard) = Listener::bind(&environment, Protection::None).unwrap();
        assert_eq!(address.network, "tcp");
    }

    #[tokio::test]
    async fn a_configured_socket_directory_is_not_replaced_by_a_port() {
        let missing = Environment::of(&[("PLUGIN_UNIX_SOCKET_DIR", "/missing/directory")]);
        assert!(Listener::bind(&missing, Protection::Tls).is_err());
    }
}
