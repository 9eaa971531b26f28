//! Audit trail tokens, as Terraform sees them: a managed resource, two ephemeral resources, a
//! data source, a list resource and an action.
//!
//! An organization has one audit trail token, and somebody is reading with it. So a token that a
//! configuration did not make, or that is in use, dies only when a practitioner has asked for
//! exactly that; a secret that was made reaches its place, or the practitioner is told; and nothing
//! is said to be alive that is not.
//!
//! # Layout
//!
//! - The managed resource: `resource` with a file for each verb (`plan`, `create`, `read`,
//!   `update`, `delete`, `import`), its `model`, `schema` and `identity`.
//! - `moved`: whose state it takes over; `generated_configuration`: what Terraform writes for it.
//! - Its rules: `regeneration` (when a new token is planned), `ownership` (whether the
//!   organization's token is the one in the state), `secret` (where the secret is kept),
//!   `last_seen` (what is remembered beside the state).
//! - `outlook`: what a plan can see of the organization for which it is to create a token, and of the
//!   token that goes; `in_use`: when a token counts as in use.
//! - `generation`: the one place where a token is generated.
//! - `ephemeral`, `unsealed`, `data_source`, `list`, `revoke` (an action): one Terraform object each.

use std::time::Duration;

mod create;
mod data_source;
mod delete;
mod ephemeral;
mod generated_configuration;
mod generation;
mod identity;
mod import;
mod in_use;
mod last_seen;
mod list;
mod model;
mod moved;
mod outlook;
mod ownership;
mod plan;
mod read;
mod regeneration;
mod resource;
mod revoke;
mod schema;
mod secret;
mod unsealed;
mod update;

pub(crate) use self::data_source::AuditTrailTokenDataSource;
pub(crate) use self::ephemeral::EphemeralAuditTrailToken;
pub(crate) use self::last_seen::LastSeen;
pub(crate) use self::list::AuditTrailTokenList;
pub(crate) use self::regeneration::Reason;
pub(crate) use self::resource::AuditTrailTokenResource;
pub(crate) use self::revoke::RevokeAuditTrailToken;
pub(crate) use self::unsealed::UnsealedAuditTrailToken;

/// The type name that the managed resource, the ephemeral resource and the data source share.
const NAME: &str = "tfe_audit_trail_token";

/// How long a plan's look for the practitioner's sake may take: the apply looks again, and with patience. Its messages
/// name it.
const MOMENT: Duration = Duration::from_secs(10);
