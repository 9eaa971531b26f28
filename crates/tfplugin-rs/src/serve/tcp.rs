//! Listens on a port of 127.0.0.1, for systems without Unix sockets, as go-plugin does on Windows.
//!
//! Every user of the machine can connect there. TLS refuses all but the host that started the plugin; without
//! TLS (`TF_DISABLE_PLUGIN_TLS`, debug mode) every user can call the provider.

use std::io;
use std::net::Ipv4Addr;

use tokio::net::{TcpListener, TcpStream};

use super::error::ListenError;
use super::handshake::Address;

/// Listens on the first free port from `min` to `max`; 0 is any port. Must be called inside the runtime.
pub(super) fn bind((min, max): (u16, u16)) -> Result<(TcpListener, Address), ListenError> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for port in min..=max {
        match listen(port) {
            Ok(bound) => return Ok(bound),
            Err(error) => last = error,
        }
    }
    Err(ListenError::NoPort {
        min,
        max,
        source: last,
    })
}

/// Waits for the next connection.
pub(super) async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok(stream)
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

    #[tokio::test]
    async fn a_port_in_use_is_skipped() {
        let (listener, address) = bind((0, 0)).unwrap();
        let taken: u16 = address
            .address
            .strip_prefix("127.0.0.1:")
            .unwrap()
            .parse()
            .unwrap();

        let error = bind((taken, taken)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("no port from {taken} to {taken} of 127.0.0.1 is free")
        );
        if taken < u16::MAX {
            let (_next, address) = bind((taken, u16::MAX)).unwrap();
            assert_ne!(address.address, format!("127.0.0.1:{taken}"));
        }
        let client = TcpStream::connect(&address.address).await.unwrap();
        let host = accept(&listener).await.unwrap();
        assert_eq!(host.peer_addr().unwrap(), client.local_addr().unwrap());
        assert!(host.nodelay().unwrap());
    }

    #[tokio::test]
    async fn a_range_without_a_port_is_an_error() {
        assert!(bind((2, 1)).is_err());
    }
}
