//! `tfe_audit_trail_events`: the events of an organization's audit trail, newest first, as a data source and as an ephemeral
//! resource.
//!
//! # Layout
//!
//! - `data_source` and `ephemeral`: the two objects.
//! - `reading` reads the trail and warns, for both.
//! - `model` and `schema`: arguments and results, the same for both.
//! - `selection`: which events the arguments select, and how the API is asked for them.
//! - `collection`: the selected events, page by page, until no further page is needed.

mod collection;
mod data_source;
mod ephemeral;
mod model;
mod reading;
mod schema;
mod selection;

pub(crate) use self::data_source::AuditTrailEvents;
pub(crate) use self::ephemeral::EphemeralAuditTrailEvents;

/// The type name that the data source and the ephemeral resource share.
const NAME: &str = "tfe_audit_trail_events";
