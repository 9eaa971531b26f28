//! [`Servers`]: which server is asked for which name, and when that is given up, as Go does it.
//!
//! Names in the order of `/etc/resolv.conf`, both families at once; for each, one server after the
//! other, as often as there are attempts. That a name does not exist is an answer: no other server
//! is asked for it.

use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::Instant;

use super::Network;
use super::hosts::HOSTS;
use super::message::{Answer, Family, Question};
use super::resolv_conf::ResolvConf;
use super::server::{NoAnswer, ask};

/// The servers of this machine.
pub(super) struct Servers {
    conf: ResolvConf,
    network: Network,
    /// How many questions there were, to rotate by.
    questions: AtomicUsize,
}

/// Why a name has no address: whom we asked, and what each said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot resolve {name}: {HOSTS} does not name it, {}", List(asked))]
pub(crate) struct ResolveError {
    name: String,
    asked: Vec<(IpAddr, Outcome)>,
}

/// What came of asking a server.
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
    Late,
    #[error("could not be asked ({0})")]
    Network(String),
}

impl Servers {
    pub(super) fn new(conf: ResolvConf, network: Network) -> Self {
        Self {
            conf,
            network,
            questions: AtomicUsize::new(0),
        }
    }

    /// The addresses of a name, IPv4 first.
    pub(super) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let deadline = Instant::now() + self.network.limit;
        let mut asked = Vec::new();
        for whole in self.conf.names(name) {
            let (v4, v6) = if self.conf.single_request {
                let v4 = self.ask_all(&whole, Family::V4, deadline).await;
                (v4, self.ask_all(&whole, Family::V6, deadline).await)
            } else {
                tokio::join!(
                    self.ask_all(&whole, Family::V4, deadline),
                    self.ask_all(&whole, Family::V6, deadline)
                )
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
            // Of several names, the one that was meant tells most.
            if asked.is_empty() || whole.trim_end_matches('.') == name.trim_end_matches('.') {
                asked = outcomes;
            }
        }
        Err(ResolveError {
            name: name.to_owned(),
            asked: each_once(asked),
        })
    }

    /// The addresses of a family, or what each server said instead.
    async fn ask_all(
        &self,
        name: &str,
        family: Family,
        deadline: Instant,
    ) -> Result<Vec<IpAddr>, Vec<(IpAddr, Outcome)>> {
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
            let outcome = match ask(address, &question, self.conf.use_tcp, by).await {
                Ok(Answer::Addresses(found)) => return Ok(found),
                Ok(Answer::Nothing) => {
                    outcomes.push((server.ip(), Outcome::Nothing));
                    return Err(outcomes);
                }
                Ok(Answer::Referral) => Outcome::Referral,
                Ok(Answer::Failure(2)) => Outcome::Failure,
                Ok(Answer::Failure(5)) => Outcome::Refusal,
                Ok(Answer::Failure(code)) => Outcome::Code(code),
                Ok(Answer::Malformed | Answer::Truncated(_)) => Outcome::Malformed,
                Err(NoAnswer::Late) => Outcome::Late,
                Err(NoAnswer::Network(why)) => Outcome::Network(why),
            };
            outcomes.push((server.ip(), outcome));
        }
        Err(outcomes)
    }
}

/// A question whose number nobody can guess, as far as that helps against forged answers.
fn question(name: &str, family: Family) -> Option<Question> {
    let mut id = [0; 2];
    aws_lc_rs::rand::fill(&mut id).ok()?;
    Question::new(u16::from_be_bytes(id), name, family)
}

fn each_once(asked: Vec<(IpAddr, Outcome)>) -> Vec<(IpAddr, Outcome)> {
    let mut once = Vec::new();
    for one in asked {
        if !once.contains(&one) {
            once.push(one);
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
