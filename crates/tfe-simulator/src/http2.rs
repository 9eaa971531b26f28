//! HTTP/2 over TLS, with the faults that only it has.
//!
//! hyper speaks the protocol. A frame that it never sends (a GOAWAY that takes a request back) is written to the
//! connection after hyper has let it go.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::sync::mpsc;

use crate::exchange;
use crate::payload::Payload;
use crate::response::Delivery;
use crate::server_state::ServerState;

/// The protocol's name in the TLS handshake.
pub(crate) const ALPN: &[u8] = b"h2";

/// Serves a connection until its client closes it or a fault ends it.
pub(crate) async fn serve<S>(stream: S, server: Arc<ServerState>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut wire = Wire(Arc::new(Mutex::new(stream)));
    let (end, mut ended) = mpsc::unbounded_channel::<Vec<u8>>();
    let streams = AtomicU32::new(0);
    let service = service_fn(|request| {
        // A client numbers its streams 1, 3, 5 … (RFC 9113, 5.1.1).
        let stream = 2 * streams.fetch_add(1, Ordering::Relaxed) + 1;
        respond(Arc::clone(&server), request, stream, end.clone())
    });
    let mut connection = Box::pin(
        hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .serve_connection(TokioIo::new(wire.clone()), service),
    );
    // An error means that the client is gone.
    let last_frame = tokio::select! {
        biased;
        () = server.listener.stop_requested() => {
            connection.as_mut().graceful_shutdown();
            drop(connection.as_mut().await);
            None
        }
        frame = ended.recv() => frame,
        served = connection.as_mut() => {
            drop(served);
            None
        }
    };
    drop(connection);
    if let Some(frame) = last_frame.filter(|frame| !frame.is_empty()) {
        // The client may be gone.
        let _ = wire.write_all(&frame).await;
        let _ = wire.shutdown().await;
    }
}

/// Answers one request. An error makes hyper reset its stream. What ends the connection goes to `end`: the last frame,
/// or nothing.
async fn respond(
    server: Arc<ServerState>,
    request: hyper::Request<Incoming>,
    stream: u32,
    end: mpsc::UnboundedSender<Vec<u8>>,
) -> Result<hyper::Response<Payload>, Box<dyn Error + Send + Sync>> {
    let last_frame = match exchange::execute(server, request).await? {
        Delivery::Whole(response) => return Ok(exchange::on_the_wire(response, Payload::whole)),
        Delivery::CutBody(response) => return Ok(exchange::on_the_wire(response, Payload::cut)),
        Delivery::Reset(reason) => return Err(h2::Error::from(reason).into()),
        Delivery::Cut => Vec::new(),
        Delivery::GoAway { processed } => go_away(if processed {
            stream
        } else {
            stream.saturating_sub(2)
        }),
    };
    // The connection is closed while this waits.
    let _ = end.send(last_frame);
    std::future::pending().await
}

/// Returns the frame GOAWAY with NO_ERROR (RFC 9113, 6.8). Streams after `last` were not processed.
fn go_away(last: u32) -> Vec<u8> {
    let mut frame = vec![0, 0, 8, 7, 0, 0, 0, 0, 0];
    frame.extend_from_slice(&last.to_be_bytes());
    frame.extend_from_slice(&0_u32.to_be_bytes());
    frame
}

/// A stream that is still there after hyper has let it go.
struct Wire<S>(Arc<Mutex<S>>);

impl<S> Wire<S> {
    fn lock(&self) -> MutexGuard<'_, S> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Clone for Wire<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.lock()).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.lock()).poll_write(cx, buffer)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.lock()).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.lock()).poll_shutdown(cx)
    }
}
