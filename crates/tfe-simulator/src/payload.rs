//! [`Payload`]: the body of a response on the wire, whole or cut in the middle.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// A body that announces its length, and may end half-way.
#[derive(Debug)]
pub(crate) struct Payload {
    announced: u64,
    rest: Bytes,
    ending: Ending,
}

#[derive(Debug)]
enum Ending {
    Whole,
    /// Yields once before the cut, so that hyper sends the first half.
    CutAfterFlush,
    CutNow,
}

impl Payload {
    pub(crate) fn whole(body: Bytes) -> Self {
        Self {
            announced: body.len() as u64,
            rest: body,
            ending: Ending::Whole,
        }
    }

    /// Announces the whole body, sends half of it, and cuts the connection.
    pub(crate) fn cut(body: Bytes) -> Self {
        Self {
            announced: body.len() as u64,
            rest: body.slice(..body.len() / 2),
            ending: Ending::CutAfterFlush,
        }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            return Poll::Ready(Some(Ok(Frame::data(rest))));
        }
        match self.ending {
            Ending::Whole => Poll::Ready(None),
            Ending::CutAfterFlush => {
                self.ending = Ending::CutNow;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::CutNow => {
                let cut = io::Error::new(io::ErrorKind::ConnectionAborted, "cut by a fault");
                Poll::Ready(Some(Err(cut)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && matches!(self.ending, Ending::Whole)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
