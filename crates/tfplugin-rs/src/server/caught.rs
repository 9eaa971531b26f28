//! Turns a panic in an author's method into a diagnostic.
//!
//! The panic hook of the process has logged it. The practitioner gets an error at the right resource, the state is
//! kept, and the process continues.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use crate::diag::{Diagnostic, Diagnostics};

/// Runs a call, and returns a panic in it as an error.
pub(super) async fn caught<F, T>(call: F) -> Result<T, Diagnostics>
where
    F: Future<Output = Result<T, Diagnostics>>,
{
    CatchUnwind(Box::pin(call))
        .await
        .unwrap_or_else(|payload| Err(panicked(payload.as_ref()).into()))
}

/// Returns the diagnostic for a panic.
pub(super) fn panicked(payload: &(dyn Any + Send)) -> Diagnostic {
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Diagnostic::bug(format!("The provider panicked: {message}."))
}

struct CatchUnwind<F>(Pin<Box<F>>);

impl<F: Future> Future for CatchUnwind<F> {
    type Output = Result<F::Output, Box<dyn Any + Send>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let inner = self.0.as_mut();
        match catch_unwind(AssertUnwindSafe(|| inner.poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(payload) => Poll::Ready(Err(payload)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_an_error_that_names_it() {
        let result: Result<(), Diagnostics> = caught(async {
            tokio::task::yield_now().await;
            panic!("no {}", "luck")
        })
        .await;
        let text = result.unwrap_err().to_string();
        assert!(text.contains("The provider panicked: no luck."), "{text}");
        assert!(text.contains("bug in the provider"), "{text}");
    }

    #[tokio::test]
    async fn a_result_without_a_panic_is_returned() {
        assert_eq!(caught(async { Ok(1) }).await, Ok(1));
    }
}
