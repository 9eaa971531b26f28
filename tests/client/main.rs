//! How the client behaves towards a service that answers, refuses, breaks off or says nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit_trails;
mod cli_config;
mod conduct;
mod connecting;
#[expect(
    dead_code,
    reason = "what is found in a sample, the acceptance tests ask a real terraform"
)]
#[path = "../acceptance/cli_config/corpus.rs"]
mod corpus;
mod deleting;
mod discovering;
mod generating;
mod names;
mod origin;
mod pki;
#[cfg(unix)]
mod precedence;
mod proxies;
mod reading;
mod requests;
mod secrecy;
mod service;
mod settings;
mod stopping;
mod tls;
