//! Calls that answer with a stream of events.
//!
//! They run in a task of their own, as every call does. Sending waits until the host has taken earlier events, so a
//! call with many results holds few of them in memory. If the host drops the stream, the call's stop signal is set.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::Status;

use super::calls::CallGuard;
use super::{CallName, Handler, Server};
use crate::context::Context;
use crate::diag::Diagnostics;
use crate::provider::Provider;

/// How many events may wait for the host.
const WAITING: usize = 16;

/// Whether a call's stop signal is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IsStopped(pub(super) bool);

/// The stream of a call's results, each as an event of the protocol.
pub struct Events<T> {
    events: Pin<Box<dyn Stream<Item = T> + Send>>,
    guard: Option<CallGuard>,
}

impl<T> Stream for Events<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let event = ready!(self.events.as_mut().poll_next(cx));
        if event.is_none()
            && let Some(guard) = self.guard.take()
        {
            guard.finished();
        }
        Poll::Ready(event.map(Ok))
    }
}

impl<P: Provider> Server<P> {
    /// Runs one call that streams. `end` turns the remaining diagnostics into the last result, also after an error or a
    /// panic. `event` turns a result into an event when the host takes it, and may drop it if the call's stop signal is
    /// set by then.
    pub(super) fn stream<Q, S, T>(
        &self,
        call: CallName,
        request: tonic::Request<Q>,
        handler: Handler<P, (Q, mpsc::Sender<S>), Context, ()>,
        end: fn(Diagnostics) -> Option<S>,
        event: impl Fn(S, IsStopped) -> Option<T> + Send + 'static,
    ) -> tonic::Response<Events<T>>
    where
        Q: Send + 'static,
        S: Send + 'static,
        T: 'static,
    {
        let (guard, stop) = self.inner.calls.begin();
        let (steps, waiting) = mpsc::channel(WAITING);
        let request = (request.into_inner(), steps.clone());
        let running = self.perform(call, request, stop.clone(), handler);
        tokio::spawn(async move {
            let (_, diagnostics) = running.await;
            if let Some(last) = end(diagnostics) {
                // Fails if the host has given up the call.
                let _ = steps.send(last).await;
            }
        });
        tonic::Response::new(Events {
            events: Box::pin(ReceiverStream::new(waiting).filter_map(move |step| {
                let is_stopped = IsStopped(stop.is_cancelled());
                event(step, is_stopped)
            })),
            guard: Some(guard),
        })
    }
}
