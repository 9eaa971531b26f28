//! [`Transport`]: sends requests and reads answers, with timeouts and limits.
//!
//! One HTTP client serves discovery and the API. It is made at the first request. What an answer means
//! is decided elsewhere; here it is an [`Answer`] or an error.

mod answer;
mod call;
mod connection;
mod discovery;
mod failure;
mod hosts;
mod proxy;
mod retries;
mod send;
mod verdict;

pub(crate) use self::call::{Answer, Call, OnStop};
pub(crate) use self::connection::Transport;
