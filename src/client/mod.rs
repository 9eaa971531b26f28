//! The HCP Terraform API, as far as audit trail tokens need it.
//!
//! [`resolve`] finds the host and the token, [`Client`] sends requests. Waits end when the
//! practitioner asks to stop; a change that was sent is always finished.
//!
//! Deliberately not here: plugins, state, diagnostics, and any decision whether a token should be
//! generated or deleted.
//!
//! # Layout
//!
//! - [`Settings`]: `settings`, from `environment`, `cli_config` and `credentials_helper`. Only `files`
//!   reads files. [`Hostname`] and [`ServiceHost`] say which hosts are the same, `organization_name`
//!   which names are.
//! - [`Client`]: `api_client` over `transport`, which sends with `tls`, `retry` and [`Timing`];
//!   `product` says which product the service is.
//! - [`Error`]: `error`; JSON:API in `document` and `timestamp`.
//! - One file for each part of the API, with its methods of [`Client`]: `audit_trail_tokens`,
//!   `audit_trails`, `organizations`. `authentication_tokens` has what all kinds of tokens share.

mod account;
mod api_client;
mod audit_trail_tokens;
mod audit_trails;
mod authentication_tokens;
mod cli_config;
mod credentials_helper;
mod document;
mod environment;
mod error;
mod files;
mod hostname;
mod organization_name;
mod organizations;
mod plain_text;
mod product;
#[cfg(target_os = "linux")]
mod resolver;
mod retry;
mod secret;
mod service_host;
mod settings;
mod timestamp;
mod timing;
mod tls;
mod token_source;
mod transport;

pub use self::api_client::Client;
pub use self::audit_trail_tokens::AuditTrailToken;
pub use self::audit_trails::{
    AuditTrails, Event, EventAuth, EventPage, EventPages, EventQuery, EventRequest, EventResource,
    Probe, UnknownFields,
};
pub use self::authentication_tokens::{
    AuthenticationToken, AuthenticationTokens, CreatedBy, Deleted, GenerateError, Generated,
    MainToken,
};
pub use self::environment::Environment;
#[cfg(test)]
pub(crate) use self::error::Kind;
pub use self::error::{ApiError, Error};
pub use self::hostname::{Hostname, InvalidHostname};
pub use self::organization_name::{
    InvalidOrganization, check_organization_name, check_usual_organization_name,
    is_same_organization, organization_key,
};
pub use self::organizations::{Entitlements, Organization, OrganizationPages, Organizations};
pub use self::secret::{Secret, harmless, has_secret_shape, hide_secrets};
pub use self::service_host::ServiceHost;
pub use self::settings::{Arguments, Settings, SettingsError, default_organization, resolve};
pub use self::timing::Timing;
pub use self::token_source::TokenSource;
