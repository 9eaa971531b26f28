//! How the client behaves when a service answers, refuses, breaks the connection or does not answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit_trails;
mod clear_text;
mod cli_config;
mod conduct;
mod connecting;
#[expect(
    dead_code,
    reason = "only the acceptance tests compare what Terraform and the provider find"
)]
#[path = "../acceptance/cli_config/corpus/mod.rs"]
mod corpus;
mod deleting;
mod discovering;
mod generating;
mod http2;
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
mod silence;
mod stopping;
mod tls;
