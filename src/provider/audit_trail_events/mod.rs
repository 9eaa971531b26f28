//! The data source `tfe_audit_trail_events`: what happened in an organization, newest first.
//!
//! # Layout
//!
//! `data_source` reads and warns; `selection` is what is wanted of the trail; `collection` gathers
//! it and knows when no further page is needed; `model` and `schema` are Terraform's side of it.

mod collection;
mod data_source;
mod model;
mod schema;
mod selection;

pub(crate) use self::data_source::AuditTrailEvents;
