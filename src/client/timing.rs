//! [`Timing`]: how long requests may take, and how long the client waits between them.

use std::time::Duration;

/// How long requests may take, and how long the client waits between them.
///
/// The default is for practitioners. Tests that run in real time pass shorter waits:
///
/// ```
/// use std::time::Duration;
/// use terraform_provider_tfe::client::Timing;
/// let timing = Timing {
///     first_wait: Duration::from_millis(1),
///     ..Timing::default()
/// };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// The wait before the first retry. It doubles from one retry to the next.
    pub first_wait: Duration,
    /// The longest wait before a retry, unless the service asks for another.
    pub max_wait: Duration,
    /// The longest wait before a retry that the service may ask for.
    pub max_requested_wait: Duration,
    /// How many attempts there are after server errors and broken connections, the first included.
    pub attempts: u32,
    /// How many attempts there are at a rate limit, the first included.
    pub rate_limit_attempts: u32,
    /// No retry starts later than this after the first attempt.
    pub total: Duration,
    /// How long a host that has never answered is waited for, with all attempts.
    pub first_answer: Duration,
    /// The timeout of name resolution, connection and TLS handshake.
    pub connect_timeout: Duration,
    /// The timeout of one attempt of a GET, with its redirects and body.
    pub read_timeout: Duration,
    /// The timeout of one attempt of discovery.
    pub discovery_timeout: Duration,
    /// The timeout of one attempt of a POST or DELETE.
    pub change_timeout: Duration,
    /// How long the client waits before it reads what a change without a clear answer has done.
    pub consistency_wait: Duration,
}

impl Default for Timing {
    fn default() -> Timing {
        Timing {
            first_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(10),
            max_requested_wait: Duration::from_secs(60),
            attempts: 5,
            rate_limit_attempts: 10,
            total: Duration::from_secs(180),
            // hashicorp/tfe gives up after 21 seconds.
            first_answer: Duration::from_secs(20),
            // Two name servers that do not answer take ten seconds.
            connect_timeout: Duration::from_secs(15),
            read_timeout: Duration::from_secs(30),
            // Longer than for a connection, so that the error says which of both there was not.
            discovery_timeout: Duration::from_secs(20),
            // Longer than for a GET, because it costs more to give up a change.
            change_timeout: Duration::from_secs(45),
            consistency_wait: Duration::from_secs(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After a stop request the client finishes a change that it may just have sent, waits, and reads
    /// once what the change has done: the token and, if it is missing, the organization.
    #[test]
    fn what_follows_a_stop_request_ends_before_the_process() {
        let timing = Timing::default();
        let longest = timing.change_timeout + timing.consistency_wait + 2 * timing.read_timeout;
        // How long the process waits for work in flight after SIGTERM (tfplugin: `serve`).
        assert!(longest < Duration::from_secs(120));
    }
}
