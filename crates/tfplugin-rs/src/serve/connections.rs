//! Accepts and authenticates connections, and gives them to the gRPC server.
//!
//! tonic's own TLS verifies clients with webpki, which refuses Terraform's certificate; so the TLS handshake
//! happens here. Each has a task of its own: one that fails or hangs does not delay the others.

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

/// The timeout of the TLS handshake, which normally takes milliseconds.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// The delay after a connection that the system could not accept, for example at its limit of descriptors.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(50);

/// A connection for gRPC, after the TLS handshake if there is TLS.
pub(super) struct Connection(Pin<Box<dyn Io>>);

/// Accepts connections until the stream is dropped.
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
                        tokio::spawn(authenticate(stream, acceptor.clone(), ready.clone()));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        sleep(ACCEPT_RETRY_DELAY).await;
                    }
                },
            }
        }
    });
    ReceiverStream::new(connections)
}

/// Does the TLS handshake and sends the connection to the gRPC server.
async fn authenticate(
    stream: Stream,
    acceptor: Option<TlsAcceptor>,
    ready: mpsc::Sender<io::Result<Connection>>,
) {
    let connection = match acceptor {
        None => Connection(stream),
        Some(acceptor) => match timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await {
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
    // An error means that the gRPC server has stopped.
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
