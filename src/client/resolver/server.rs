//! Queries one server: over UDP, and over TCP if the answer is too long.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::{Instant, timeout_at};

use super::message::{DnsAnswer, MAX_DATAGRAM, Question};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("no answer in time")]
    TimedOut,
    #[error("{0}")]
    Network(String),
}

/// Sends the question to the server and returns its answer.
///
/// # Errors
///
/// The server cannot be reached, or does not answer before the deadline.
pub(super) async fn query(
    server: SocketAddr,
    question: &Question,
    only_tcp: bool,
    deadline: Instant,
) -> Result<DnsAnswer, NoAnswer> {
    let exchange = async {
        if !only_tcp {
            match over_udp(server, question).await? {
                DnsAnswer::Truncated(_) => {}
                answer => return Ok(answer),
            }
        }
        over_tcp(server, question).await
    };
    match timeout_at(deadline, exchange).await {
        Ok(answer) => answer.map_err(|error: io::Error| NoAnswer::Network(error.to_string())),
        Err(_) => Err(NoAnswer::TimedOut),
    }
}

async fn over_udp(server: SocketAddr, question: &Question) -> io::Result<DnsAnswer> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any).await?;
    // A connected socket receives from this server only, and reports a closed port at once.
    socket.connect(server).await?;
    socket.send(question.to_bytes()).await?;
    let mut buffer = [0; MAX_DATAGRAM as usize];
    loop {
        let length = socket.recv(&mut buffer).await?;
        // An answer to another question may be forged. The real one may still arrive.
        if let Some(answer) = question.answer(&buffer[..length]) {
            return Ok(answer);
        }
    }
}

async fn over_tcp(server: SocketAddr, question: &Question) -> io::Result<DnsAnswer> {
    let mut stream = TcpStream::connect(server).await?;
    let bytes = question.to_bytes();
    let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
    stream
        .write_all(&[&length.to_be_bytes()[..], bytes].concat())
        .await?;
    let mut answer = vec![0; stream.read_u16().await?.into()];
    stream.read_exact(&mut answer).await?;
    match question.answer(&answer) {
        // A truncated answer over TCP has what there is.
        Some(DnsAnswer::Truncated(found)) if !found.is_empty() => Ok(DnsAnswer::Addresses(found)),
        Some(answer) => Ok(answer),
        None => Ok(DnsAnswer::Malformed),
    }
}
