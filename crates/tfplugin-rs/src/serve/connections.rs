//! Connections: accepted, authenticated, and given to the gRPC server one by one.
//!
//! tonic's own TLS verifies clients with webpki, which refuses Terraform's certificate; so the handshake is
//! made here. Each has a task of its own: one that fails or never speaks harms no other.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use super::listener::{Io, Listener, Stream};

/// How long a host may take for its part of the TLS handshake. It takes milliseconds.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long to wait when the system cannot give us another connection.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(50);

/// A connection that may talk gRPC: after the TLS handshake, where there is TLS.
pub(super) struct Connection(Pin<Box<dyn Io>>);

/// Accepts connections for as long as somebody takes them from the stream.
pub(super) fn accept(
    listener: Listener,
    acceptor: Option<TlsAcceptor>,
) -> ReceiverStream<io::Result<Connection>> {
    let (ready, connections) = mpsc::channel(16);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = ready.closed() => break,
                accepted = listener.accept() => match accepted {
                    Ok(stream) => {
                        tokio::spawn(admit(stream, acceptor.clone(), ready.clone()));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        sleep(OUT_OF_DESCRIPTORS).await;
                    }
                },
            }
        }
    });
    ReceiverStream::new(connections)
}

/// Makes the TLS handshake and hands the connection over.
async fn admit(
    stream: Stream,
    acceptor: Option<TlsAcceptor>,
    ready: mpsc::Sender<io::Result<Connection>>,
) {
    let connection = match acceptor {
        None => Connection(stream),
        Some(acceptor) => match timeout(HANDSHAKE, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => Connection(Box::pin(stream)),
            Ok(Err(error)) => {
                tracing::warn!(%error, "refused a connection that is not this plugin's host");
                return;
            }
            Err(_) => {
                tracing::warn!("closed a connection that made no TLS handshake");
                return;
            }
        },
    };
    // Nobody takes it: the process is about to end.
    let _ = ready.send(Ok(connection)).await;
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.as_mut().poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.0.as_mut().poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_shutdown(cx)
    }
}
