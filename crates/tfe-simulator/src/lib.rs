//! A pretend HCP Terraform: organizations, their tokens and their audit trail, behind real HTTP.
//!
//! It keeps state, so it catches what a mock cannot: a token that is generated twice, a secret that is no longer valid,
//! a deletion that hit the successor. Every [`Simulator`] is a server of its own, on a port of its own. It runs on the
//! runtime that started it, and stops when its last handle is dropped. Its clock stands still until a test moves it.
//!
//! ```
//! use tfe_simulator::{Fault, Method, Simulator};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let simulator = Simulator::start().await;
//! simulator.add_organization("my-org-name");
//! simulator.add_owner_token("owner-secret");
//!
//! // Another user generates an audit trail token.
//! let token = simulator.regenerate_elsewhere("my-org-name");
//! assert!(token.id.starts_with("at-"));
//! assert_eq!(simulator.audit_trail_token("my-org-name").unwrap().id, token.id);
//!
//! // The service executes the next POST, and the client loses the response.
//! simulator.inject(Fault::on(Method::POST, "authentication-token").after_change().cut());
//!
//! // Point a client at this address, and see afterwards what it sent.
//! assert!(simulator.url().starts_with("http://127.0.0.1:"));
//! assert!(simulator.requests().is_empty());
//! # });
//! ```
//!
//! # Layout
//!
//! - [`Simulator`] and [`Builder`]: the running server and its set-up; [`Service`]: what users and administrators do to
//!   the service behind it;
//! - `service_state`: everything that a request can see or change, behind one lock; `organization`, `caller`, `token`,
//!   `event`, `event_series`, `clock`, `random`, `rate_limit`, `record`, [`Settings`]: its parts;
//! - `routes`: one file for each area of the API;
//! - [`Fault`] and [`Breakpoint`]: the script of what goes wrong, and where requests wait for a test; `fault_queue` and
//!   `fault_injection`: which request meets which fault, and what happens to it;
//! - `server`: sockets, TLS and HTTP/1.1; `http2`; `exchange`: a request and its response in both; `listener`: whether
//!   connections are accepted; `server_state`: what the server and its handles have in common; `request`, `response`,
//!   `payload`: what is on the wire.
//!
//! It shares no type with the client: they meet on the wire only, so a field that is misspelt in both cannot cancel
//! out. Not in it: workspaces, runs, teams, and anything else that does not concern an organization's tokens.

#![deny(clippy::disallowed_methods)]

mod breakpoint;
mod builder;
mod caller;
mod clock;
mod event;
mod event_series;
mod exchange;
mod fault;
mod fault_injection;
mod fault_queue;
mod http2;
mod listener;
mod organization;
mod payload;
mod random;
mod rate_limit;
mod record;
mod request;
mod response;
mod routes;
mod secret;
mod server;
mod server_state;
mod service;
mod service_state;
mod settings;
mod simulator;
mod timestamp;
mod token;

pub use breakpoint::Breakpoint;
pub use builder::Builder;
pub use caller::{Access, Caller};
pub use event::Event;
pub use event_series::EventSeries;
pub use fault::{Fault, Reset};
/// An HTTP method, as [`Fault::on`] takes it.
pub use hyper::Method;
/// A version of HTTP, as a [`RecordedRequest`] has it.
pub use hyper::Version;
pub use organization::Organization;
pub use record::{RecordedRequest, TokenChange};
pub use secret::Secret;
pub use service::Service;
pub use settings::{
    DefaultExpiry, ExpiredToken, OrganizationNames, ServiceKind, Settings, Since,
    TrailTokenOnOrganization, UserOnTrail,
};
pub use simulator::Simulator;
pub use timestamp::TimestampStyle;
pub use token::{Token, TokenKind};

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
