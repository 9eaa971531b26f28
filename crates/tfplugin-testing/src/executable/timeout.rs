//! [`within`]: a timeout for every wait of a test.

use std::time::Duration;

use tokio::time::timeout;

/// Much longer than any operation here takes.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Waits for a future.
///
/// # Panics
///
/// Panics after 20 seconds.
#[track_caller]
pub fn within<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let caller = std::panic::Location::caller();
    async move {
        timeout(TIMEOUT, future)
            .await
            .unwrap_or_else(|_| panic!("nothing happened within {TIMEOUT:?} at {caller}"))
    }
}
