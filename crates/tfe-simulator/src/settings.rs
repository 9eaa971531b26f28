//! [`Settings`]: how the service behaves where the real one can be configured, is undocumented, or has changed.

use std::time::Duration;

use crate::timestamp::TimestampStyle;

/// What the service is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServiceKind {
    /// HCP Terraform: names itself in `TFP-AppName`; has audit trail tokens and an audit trail.
    #[default]
    HcpTerraform,
    /// Terraform Enterprise: sends `X-TFE-Version`; ignores `?token=`, so that requests for the audit trail token act
    /// on the organization token; has no audit trail.
    TerraformEnterprise,
    /// Another implementation of the API: does not name itself; ignores `?token=` too; has no audit trail.
    Imitation,
}

/// When a token without `expired-at` expires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DefaultExpiry {
    /// After two years, as since 2026.
    #[default]
    TwoYears,
    /// Never, as before 2026.
    Never,
}

/// What GET returns for a token whose `expired-at` has passed (undocumented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpiredToken {
    /// The token, with its date.
    #[default]
    Shown,
    /// 404, as if there were no token.
    Hidden,
}

/// How the service finds an organization by its name (undocumented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrganizationNames {
    /// Without regard to case, as hashicorp/tfe's issues 299, 300 and 2038 report. Documents have the organization's own
    /// spelling.
    #[default]
    AnyCase,
    /// By the exact name only.
    ExactCase,
}

/// What the audit trail returns to a user's or team's token (undocumented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserOnTrail {
    /// 401.
    Unauthorized,
    /// 404, as other routes do for a valid token without the permission.
    NotFound,
    /// 200 without data and without a page (`total_pages` 0), as a support article of HashiCorp says.
    #[default]
    NoPage,
    /// 200 without events (seen in 2021).
    EmptyList,
}

/// What an organization's own document returns to its audit trail token (undocumented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrailTokenOnOrganization {
    /// 404, as if the organization did not exist.
    #[default]
    NotFound,
    /// 200, with `can-update-api-token: false`.
    Views,
}

/// Whether the audit trail's `since` includes events of that time (undocumented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// Only later events.
    #[default]
    Exclusive,
    /// Events of that time and later ones.
    Inclusive,
}

/// The settings of the service. [`Builder::settings`](crate::Builder::settings) sets them before the start, and
/// [`Service::configure`](crate::Service::configure) changes them afterwards.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the service is.
    pub kind: ServiceKind,
    /// How documents write timestamps.
    pub timestamps: TimestampStyle,
    /// When a token without `expired-at` expires.
    pub default_expiry: DefaultExpiry,
    /// The time-to-live policy for audit trail tokens; `None`: no policy. It shortens a later `expired-at`, and
    /// invalidates an older token at once, whatever the token's own date is.
    pub maximum_ttl: Option<Duration>,
    /// What GET returns for an expired token.
    pub expired_token: ExpiredToken,
    /// How an organization is found by its name.
    pub organization_names: OrganizationNames,
    /// What the audit trail returns to a user's or team's token.
    pub user_on_trail: UserOnTrail,
    /// What an organization's own document returns to its audit trail token.
    pub trail_token_on_organization: TrailTokenOnOrganization,
    /// Whether `since` includes events of that time.
    pub since: Since,
    /// The default and the maximum number of events on a page of the audit trail. The default of 1,000 is documented,
    /// the maximum is not.
    pub trail_page_size: usize,
    /// The number of requests that the service accepts within a second, by tokio's clock and
    /// [`Service::advance`](crate::Service::advance); `None`: any number.
    pub rate_limit: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            kind: ServiceKind::default(),
            timestamps: TimestampStyle::default(),
            default_expiry: DefaultExpiry::default(),
            maximum_ttl: None,
            expired_token: ExpiredToken::default(),
            organization_names: OrganizationNames::default(),
            user_on_trail: UserOnTrail::default(),
            trail_token_on_organization: TrailTokenOnOrganization::default(),
            since: Since::default(),
            trail_page_size: 1000,
            rate_limit: None,
        }
    }
}
