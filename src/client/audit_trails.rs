//! The audit trail. Only an audit trail token or an organization token can read it.

mod cursor;
mod event;
mod event_fields;
mod pages;
mod recent_ids;
mod refusal;
mod trails;

pub use self::event::{Event, EventAuth, EventRequest, EventResource};
pub use self::event_fields::UnknownFields;
pub use self::pages::{EventPage, EventPages, EventQuery};
pub use self::trails::{AuditTrails, Probe};
