//! [`RateLimit`]: how many requests the service accepts in a window of one second.

use std::time::Duration;

/// The documented limit, which `X-RateLimit-Limit` says if no limit is enforced.
pub(crate) const DOCUMENTED_LIMIT: u32 = 30;

const WINDOW: Duration = Duration::from_secs(1);

/// Counts the requests of the current window.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    opened: Option<Duration>,
    used: u32,
}

/// How many requests the service still accepts in a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Allowance {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// The time until the window ends.
    pub(crate) reset: Duration,
    pub(crate) exceeded: bool,
}

impl RateLimit {
    /// Counts a request that arrives `uptime` after the start.
    pub(crate) fn count(&mut self, limit: Option<u32>, uptime: Duration) -> Allowance {
        let opened = match self.opened {
            Some(opened) if uptime < opened + WINDOW => opened,
            _ => {
                self.used = 0;
                *self.opened.insert(uptime)
            }
        };
        let shown = limit.unwrap_or(DOCUMENTED_LIMIT);
        let exceeded = limit.is_some_and(|limit| self.used >= limit);
        if !exceeded {
            self.used = self.used.saturating_add(1);
        }
        Allowance {
            limit: shown,
            remaining: shown.saturating_sub(self.used),
            reset: (opened + WINDOW).saturating_sub(uptime),
            exceeded,
        }
    }
}
