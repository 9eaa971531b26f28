//! The data source `tfe_audit_trail_events`: the events of an organization's audit trail, newest first.
//!
//! # Layout
//!
//! - `data_source` reads the trail and warns.
//! - `model` and `schema`: arguments and results.
//! - `selection`: which events the arguments select, and how the API is asked for them.
//! - `collection`: the selected events, page by page, until no further page is needed.

mod collection;
mod data_source;
mod model;
mod schema;
mod selection;

pub(crate) use self::data_source::AuditTrailEvents;
