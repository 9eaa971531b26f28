//! [`Listener`] where there are no Unix sockets: a port of 127.0.0.1, as go-plugin does on Windows.
//!
//! Written from go-plugin's rules and tested on Unix; never run under Terraform on Windows.

use std::io;
use std::net::Ipv4Addr;

use tokio::net::{TcpListener, TcpStream};

use super::ListenError;
use super::environment::Environment;
use super::handshake::Address;

/// A connection of a host.
pub(super) type Stream = TcpStream;

/// A port that hosts connect to.
pub(super) struct Listener(TcpListener);

/// Nothing is left on disk; the counterpart of a socket's.
#[must_use]
pub(super) struct Place;

impl Listener {
    /// Listens on the first free port of the host's range, or on any where the host gave none.
    pub(super) fn bind(
        environment: &Environment,
        _random: &mut fastrand::Rng,
    ) -> Result<(Self, Address, Place), ListenError> {
        let (min, max) = environment.ports;
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for port in min..=max {
            match listen(port) {
                Ok((listener, address)) => return Ok((Self(listener), address, Place)),
                Err(error) => last = error,
            }
        }
        Err(ListenError::NoPort {
            min,
            max,
            source: last,
        })
    }

    /// The next connection.
    pub(super) async fn accept(&self) -> io::Result<Stream> {
        let (stream, _) = self.0.accept().await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

fn listen(port: u16) -> io::Result<(TcpListener, Address)> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = Address {
        network: "tcp",
        address: listener.local_addr()?.to_string(),
    };
    Ok((TcpListener::from_std(listener)?, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bind(min: &str, max: &str) -> Result<(Listener, Address, Place), ListenError> {
        Listener::bind(
            &Environment::of(&[("PLUGIN_MIN_PORT", min), ("PLUGIN_MAX_PORT", max)]),
            &mut fastrand::Rng::new(),
        )
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_passed_over() {
        let (listener, address, _place) = bind("0", "0").unwrap();
        let taken = address.address.rsplit_once(':').unwrap().1;

        assert!(address.address.starts_with("127.0.0.1:"));
        assert!(bind(taken, taken).is_err());
        let client = TcpStream::connect(&address.address).await.unwrap();
        let host = listener.accept().await.unwrap();
        assert_eq!(host.peer_addr().unwrap(), client.local_addr().unwrap());
    }
}
