//! [`Servers`]: which server is queried for which name, and for how long, as Go does it.
//!
//! Names are tried in the order of `/etc/resolv.conf`, both families in parallel. For each, one server
//! after the other is queried, `attempts` times. If a server answers that a name does not exist, no
//! other is queried for it.

use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::hosts::HOSTS;
use super::message::{DnsAnswer, Family, Question};
use super::resolv_conf::ResolvConf;
use super::server::{NoAnswer, query};

/// The port and the timeouts, which tests set to others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network {
    /// The port of servers.
    pub(super) port: u16,
    /// How long a second of `/etc/resolv.conf` is.
    pub(super) second: Duration,
    /// The timeout of a name, whatever `/etc/resolv.conf` says.
    pub(super) timeout: Duration,
    /// How long the second family is waited for, when the first has addresses (RFC 8305, 3).
    pub(super) second_family: Duration,
}

impl Network {
    pub(super) const REAL: Network = Network {
        port: 53,
        second: Duration::from_secs(1),
        // Two servers that do not answer take ten seconds, and then a third is queried, as Terraform's
        // discovery does within its 11. Shorter than the timeout of a connection, so that the error
        // names the servers.
        timeout: Duration::from_secs(14),
        // Longer than the 50 milliseconds of the RFC, because addresses that arrive later are not used.
        second_family: Duration::from_millis(500),
    };
}

/// The servers of `/etc/resolv.conf`.
pub(super) struct Servers {
    conf: ResolvConf,
    network: Network,
    /// The number of questions so far, for `options rotate`.
    questions: AtomicUsize,
}

/// Why a name has no address: which servers were queried, and what each answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot resolve {name}: {HOSTS} does not name it, {}", List(outcomes))]
pub(crate) struct ResolveError {
    name: String,
    outcomes: Vec<(IpAddr, Outcome)>,
}

/// The outcome of a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Outcome {
    #[error("says that it does not exist")]
    Nothing,
    #[error("does not look names up for us")]
    Referral,
    #[error("failed (SERVFAIL)")]
    Failure,
    #[error("refused (REFUSED)")]
    Refusal,
    #[error("failed (code {0})")]
    Code(u8),
    #[error("sent what is no answer")]
    Malformed,
    #[error("did not answer in time")]
    TimedOut,
    #[error("could not be asked ({0})")]
    Network(String),
}

/// The addresses of one family, or what each server answered instead.
type Found = Result<Vec<IpAddr>, Vec<(IpAddr, Outcome)>>;

impl Servers {
    pub(super) fn new(conf: ResolvConf, network: Network) -> Self {
        Self {
            conf,
            network,
            questions: AtomicUsize::new(0),
        }
    }

    /// Returns the addresses of a name, IPv4 first.
    pub(super) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let deadline = Instant::now() + self.network.timeout;
        let mut failures = Vec::new();
        for whole in self.conf.names(name) {
            let v4 = self.query_all(&whole, Family::V4, deadline);
            let v6 = self.query_all(&whole, Family::V6, deadline);
            tokio::pin!(v4, v6);
            let (v4, v6) = if self.conf.single_request {
                let v4 = v4.await;
                let v6 = self.second(&v4, v6).await;
                (v4, v6)
            } else {
                tokio::select! {
                    v4 = &mut v4 => {
                        let v6 = self.second(&v4, v6).await;
                        (v4, v6)
                    }
                    v6 = &mut v6 => (self.second(&v6, v4).await, v6),
                }
            };
            let mut found = Vec::new();
            let mut outcomes = Vec::new();
            for answer in [v4, v6] {
                match answer {
                    Ok(addresses) => found.extend(addresses),
                    Err(failed) => outcomes.extend(failed),
                }
            }
            if !found.is_empty() {
                return Ok(found);
            }
            // The error is about the name itself, if it was tried.
            if failures.is_empty() || whole.trim_end_matches('.') == name.trim_end_matches('.') {
                failures = outcomes;
            }
        }
        Err(ResolveError {
            name: name.to_owned(),
            outcomes: without_duplicates(failures),
        })
    }

    /// Returns the answer for the second family. If the first has addresses, it is not waited for long: a
    /// firewall may drop the questions of one family.
    async fn second(&self, first: &Found, second: impl Future<Output = Found>) -> Found {
        if !matches!(first, Ok(found) if !found.is_empty()) {
            return second.await;
        }
        tokio::time::timeout(self.network.second_family, second)
            .await
            .unwrap_or_else(|_| Err(Vec::new()))
    }

    /// Returns the addresses of a family, or what each server answered instead.
    async fn query_all(&self, name: &str, family: Family, deadline: Instant) -> Found {
        let Some(question) = question(name, family) else {
            return Err(Vec::new());
        };
        let mut servers = self.conf.servers.clone();
        if self.conf.rotate {
            let count = self.questions.fetch_add(1, Ordering::Relaxed);
            servers.rotate_left(count % self.conf.servers.len().max(1));
        }
        let mut outcomes = Vec::new();
        for server in (0..self.conf.attempts).flat_map(|_| &servers) {
            if Instant::now() >= deadline {
                break;
            }
            let timeout = self.network.second.saturating_mul(self.conf.timeout);
            let by = deadline.min(Instant::now() + timeout);
            let mut address = *server;
            address.set_port(self.network.port);
            let outcome = match query(address, &question, self.conf.use_tcp, by).await {
                Ok(DnsAnswer::Addresses(found)) => return Ok(found),
                Ok(DnsAnswer::Nothing) => {
                    outcomes.push((server.ip(), Outcome::Nothing));
                    return Err(outcomes);
                }
                Ok(DnsAnswer::Referral) => Outcome::Referral,
                Ok(DnsAnswer::Failure(2)) => Outcome::Failure,
                Ok(DnsAnswer::Failure(5)) => Outcome::Refusal,
                Ok(DnsAnswer::Failure(code)) => Outcome::Code(code),
                Ok(DnsAnswer::Malformed | DnsAnswer::Truncated(_)) => Outcome::Malformed,
                Err(NoAnswer::TimedOut) => Outcome::TimedOut,
                Err(NoAnswer::Network(why)) => Outcome::Network(why),
            };
            outcomes.push((server.ip(), outcome));
        }
        Err(outcomes)
    }
}

/// Makes a question with a random ID, which makes forged answers harder.
fn question(name: &str, family: Family) -> Option<Question> {
    let mut id = [0; 2];
    aws_lc_rs::rand::fill(&mut id).ok()?;
    Question::new(u16::from_be_bytes(id), name, family)
}

fn without_duplicates(outcomes: Vec<(IpAddr, Outcome)>) -> Vec<(IpAddr, Outcome)> {
    let mut once = Vec::new();
    for outcome in outcomes {
        if !once.contains(&outcome) {
            once.push(outcome);
        }
    }
    once
}

/// `192.0.2.1 did not answer in time, 192.0.2.2 says that it does not exist`.
struct List<'a>(&'a [(IpAddr, Outcome)]);

impl fmt::Display for List<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("and it is no name that servers are asked for");
        }
        for (index, (server, outcome)) in self.0.iter().enumerate() {
            let before = if index == 0 { "" } else { ", " };
            write!(formatter, "{before}{server} {outcome}")?;
        }
        Ok(())
    }
}
