//! [`Listener`]: where hosts connect to: a Unix socket, else a port of this machine.

use std::io;
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use super::ListenError;
use super::environment::Environment;
use super::handshake::Address;
#[cfg(unix)]
use super::socket;
use super::tcp;

/// A connection of a host, whatever it came through.
pub(super) type Stream = Pin<Box<dyn Io>>;

/// What a connection is read from and written to.
pub(super) trait Io: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Io for T {}

/// Something that hosts connect to.
pub(super) enum Listener {
    #[cfg(unix)]
    Socket(socket::Listener),
    Port(TcpListener),
}

/// What a listener has put on disk. Dropping it removes that.
#[must_use]
#[derive(Default)]
pub(super) struct Place {
    #[cfg(unix)]
    _socket: Option<socket::Place>,
}

impl Listener {
    /// Listens: on a port where that is asked for, or where no directory is fit for a socket. Wants the
    /// runtime.
    pub(super) fn bind(environment: &Environment) -> Result<(Self, Address, Place), ListenError> {
        #[cfg(unix)]
        if !environment.tcp {
            match socket::Listener::bind(environment, &mut fastrand::Rng::new()) {
                Ok((listener, address, place)) => {
                    let _socket = Some(place);
                    return Ok((Self::Socket(listener), address, Place { _socket }));
                }
                // Asked for by name: to listen elsewhere would only hide the mistake.
                Err(error @ ListenError::Directory { .. }) => return Err(error),
                Err(error) => tracing::warn!(%error, "listening on TCP instead"),
            }
        }
        let (listener, address) = tcp::bind(environment.ports)?;
        Ok((Self::Port(listener), address, Place::default()))
    }

    /// The next connection.
    pub(super) async fn accept(&self) -> io::Result<Stream> {
        Ok(match self {
            #[cfg(unix)]
            Self::Socket(listener) => Box::pin(listener.accept().await?),
            Self::Port(listener) => Box::pin(tcp::accept(listener).await?),
        })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_directory_for_a_socket_it_is_a_port() {
        let root = tempfile::tempdir().unwrap();
        let mut environment = Environment::of(&[]);
        for last_dir in [
            root.path().join("missing"),
            root.path().join("x".repeat(120)),
        ] {
            environment.last_dir = last_dir;
            let (_listener, address, _place) = Listener::bind(&environment).unwrap();
            assert_eq!(address.network, "tcp");
            assert!(address.address.starts_with("127.0.0.1:"), "{address:?}");
        }
        environment.last_dir = root.path().to_owned();
        let (_listener, address, _place) = Listener::bind(&environment).unwrap();
        assert_eq!(address.network, "unix");
    }

    #[tokio::test]
    async fn a_socket_directory_that_was_asked_for_is_not_replaced_by_a_port() {
        let missing = Environment::of(&[("PLUGIN_UNIX_SOCKET_DIR", "/missing/directory")]);
        assert!(Listener::bind(&missing).is_err());
    }
}
