//! Audit trail tokens, as Terraform sees them: a managed resource, two ephemeral resources, a data source, a list
//! resource and an action.
//!
//! An organization has one audit trail token, and some collector reads the trail with it. So the provider invalidates a
//! token that a configuration did not generate, or that is in use, only if the practitioner has asked for exactly that.
//! A new secret reaches the state, or the apply fails and says so. No token counts as current unless it was read.
//!
//! # Layout
//!
//! - The managed resource: `resource` (create, update, delete, import), `read`, `plan`, its `model` and `schema`.
//! - Its rules: `regeneration` (when a new token is due), `ownership` (whose the organization's token is, and what is
//!   remembered of it), `host` (which host it is on), `liveness` (whether a token is dead or in use), `secret` (where the
//!   secret is stored), `binding` (whether a sealed secret is that of the object).
//! - `consent`: which token a plan has named, so that its apply invalidates no other.
//! - `plan_preview`: warnings of a plan about the token that it will invalidate; `destruction`: about one that it will delete
//!   or leave alone.
//! - `replacement`: what the plan of a creation hands on to the destruction of the object that it replaces.
//! - `generate`: the one place where a token is generated.
//! - `ephemeral` (with `opened_token`: what its close revokes), `unsealed`, `data_source`, `list`, `revoke` (an action):
//!   one Terraform object each.

mod binding;
mod consent;
mod data_source;
mod destruction;
mod ephemeral;
mod generate;
mod host;
mod list;
mod liveness;
mod model;
mod opened_token;
mod ownership;
mod plan;
mod plan_preview;
mod read;
mod regeneration;
mod replacement;
mod resource;
mod revoke;
mod schema;
mod secret;
mod unsealed;

pub(crate) use self::data_source::AuditTrailTokenDataSource;
pub(crate) use self::ephemeral::EphemeralAuditTrailToken;
pub(crate) use self::list::AuditTrailTokenList;
pub(crate) use self::liveness::Use;
pub(crate) use self::ownership::ObservedToken;
pub(crate) use self::regeneration::Reason;
pub(crate) use self::resource::AuditTrailTokenResource;
pub(crate) use self::revoke::RevokeAuditTrailToken;
pub(crate) use self::unsealed::UnsealedAuditTrailToken;

/// The type name that the managed resource, the ephemeral resource and the data source share.
const NAME: &str = "tfe_audit_trail_token";
