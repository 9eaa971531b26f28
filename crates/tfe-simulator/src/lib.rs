//! A pretend HCP Terraform: organizations, their tokens and their audit trail, behind real HTTP.
//!
//! It keeps state, so it catches what a mock cannot: a token that is generated twice, a secret
//! that died, a deletion that hit the successor. Every [`Simulator`] is a server of its own on a
//! port of its own; it runs on the runtime that started it and stops when its last handle is
//! dropped. Its clock stands still until a test moves it.
//!
//! ```
//! use tfe_simulator::{Fault, Method, Simulator};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let simulator = Simulator::start().await;
//! simulator.add_organization("my-org-name");
//! simulator.add_owner_token("owner-secret");
//!
//! // Somebody generates an audit trail token in the user interface …
//! let token = simulator.regenerate_elsewhere("my-org-name");
//! assert!(token.id.starts_with("at-"));
//! assert_eq!(simulator.audit_trail_token("my-org-name").unwrap().id, token.id);
//!
//! // … and the next POST makes its change but loses its answer.
//! simulator.inject(Fault::on(Method::POST, "authentication-token").after_change().cut());
//!
//! // Point a client at this address; afterwards, see what it sent.
//! assert!(simulator.url().starts_with("http://127.0.0.1:"));
//! assert!(simulator.requests().is_empty());
//! # });
//! ```
//!
//! # Layout
//!
//! - [`Simulator`] (`handle`, `administration`) and [`Builder`]: what tests and the demo hold in
//!   their hands;
//! - `world`: the state, all of it behind one lock; `organization`, `caller`, `token`, `event`,
//!   `series`, `clock`, `random`, `rate_limit`: its parts;
//! - `routes`: one file per area of the API, each a function from the world and a request to an
//!   answer;
//! - [`Fault`] and `failure`: what is scripted to go wrong, and its doing; [`Hold`]: where requests
//!   wait for a test;
//! - `server`: sockets, TLS, HTTP; `door`: whether connections are accepted.
//!
//! It shares no type with the client: they meet on the wire only, so a field that is misspelt in
//! both cannot cancel out. Not in it: workspaces, runs, teams, and anything else that an audit
//! trail token does not touch.

#![deny(clippy::disallowed_methods)]

mod administration;
mod answer;
mod builder;
mod caller;
mod clock;
mod door;
mod event;
mod failure;
mod fault;
mod handle;
mod hold;
mod organization;
mod payload;
mod random;
mod rate_limit;
mod record;
mod request;
mod routes;
mod secret;
mod series;
mod server;
mod settings;
mod timestamp;
mod token;
mod world;

pub use builder::Builder;
pub use caller::{Access, Caller};
pub use event::Event;
pub use fault::Fault;
pub use handle::Simulator;
pub use hold::Hold;
/// An HTTP method, as [`Fault::on`] takes it.
pub use hyper::Method;
pub use organization::Organization;
pub use record::{RecordedRequest, TokenChange};
pub use secret::Secret;
pub use series::Series;
pub use settings::{
    DefaultExpiry, Discovery, ExpiredToken, ServiceKind, Settings, Since, TrailOrder, UserOnTrail,
};
pub use timestamp::TimestampStyle;
pub use token::Token;
