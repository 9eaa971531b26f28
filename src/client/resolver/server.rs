//! Asking one server one question: over UDP, and over TCP what does not fit.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::{Instant, timeout_at};

use super::message::{Answer, LONGEST_DATAGRAM, Question};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("no answer in time")]
    Late,
    #[error("{0}")]
    Network(String),
}

/// What the server says, if it does before the deadline.
pub(super) async fn ask(
    server: SocketAddr,
    question: &Question,
    only_tcp: bool,
    deadline: Instant,
) -> Result<Answer, NoAnswer> {
    let exchange = async {
        if !only_tcp {
            match over_udp(server, question).await? {
                Answer::Truncated(_) => {}
                answer => return Ok(answer),
            }
        }
        over_tcp(server, question).await
    };
    match timeout_at(deadline, exchange).await {
        Ok(answer) => answer.map_err(|error: io::Error| NoAnswer::Network(error.to_string())),
        Err(_) => Err(NoAnswer::Late),
    }
}

async fn over_udp(server: SocketAddr, question: &Question) -> io::Result<Answer> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any).await?;
    // From nobody else does anything arrive then, and a server that is not there is known at once.
    socket.connect(server).await?;
    socket.send(question.to_bytes()).await?;
    let mut buffer = [0; LONGEST_DATAGRAM as usize];
    loop {
        let length = socket.recv(&mut buffer).await?;
        // What answers nothing that was asked may be forged: the answer may still come.
        if let Some(answer) = question.answer(&buffer[..length]) {
            return Ok(answer);
        }
    }
}

async fn over_tcp(server: SocketAddr, question: &Question) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(server).await?;
    let bytes = question.to_bytes();
    let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
    stream
        .write_all(&[&length.to_be_bytes()[..], bytes].concat())
        .await?;
    let mut answer = vec![0; stream.read_u16().await?.into()];
    stream.read_exact(&mut answer).await?;
    match question.answer(&answer) {
        // There is no more to be had.
        Some(Answer::Truncated(found)) if !found.is_empty() => Ok(Answer::Addresses(found)),
        Some(answer) => Ok(answer),
        None => Ok(Answer::Malformed),
    }
}
