//! How the pretend service behaves where the real one can be configured, is undocumented, or has changed.

use std::time::Duration;

use super::timestamp::TimestampStyle;

/// What the service is, or pretends to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServiceKind {
    /// Names itself in `TFP-AppName: HCP Terraform`; has audit trail tokens and an audit trail.
    #[default]
    HcpTerraform,
    /// Sends `X-TFE-Version`; ignores `?token=`, so the request acts on the organization's main
    /// token; has no audit trail.
    TerraformEnterprise,
    /// Does not name itself; ignores `?token=` likewise; has no audit trail.
    Imitation,
}

/// When a token expires that was generated without `expired-at`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DefaultExpiry {
    /// Two years later, as since 2026.
    #[default]
    TwoYears,
    /// Never, as before.
    Never,
}

/// What GET answers for a token whose `expired-at` is past (undocumented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpiredToken {
    /// The token, with its past date.
    #[default]
    Shown,
    /// 404, as if there were none.
    Hidden,
}

/// What the audit trail answers to a user's or team's token (undocumented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserOnTrail {
    /// 401.
    Unauthorized,
    /// 404, as everywhere for a valid token without the right.
    #[default]
    NotFound,
    /// 200 without events (seen in 2021).
    EmptyList,
}

/// Whether the audit trail's `since` includes the instant itself (undocumented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// Only events after it.
    #[default]
    Exclusive,
    /// Events at that very instant too.
    Inclusive,
}

/// How the audit trail is sorted (undocumented).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrailOrder {
    /// As everybody has seen it.
    #[default]
    NewestFirst,
    /// The other way round.
    OldestFirst,
}

/// The simulator's settings; a test changes them with
/// [`Builder::settings`](super::Builder::settings) before, or with
/// [`Simulator::configure`](super::Simulator::configure) while it runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the service is.
    pub kind: ServiceKind,
    /// How timestamps in documents look.
    pub timestamps: TimestampStyle,
    /// When a token expires by default.
    pub default_expiry: DefaultExpiry,
    /// The organizations' time-to-live policy for audit trail tokens; `None`: none. A later
    /// `expired-at` is cut down to it, and a token that is older is dead at once, whatever its
    /// own date says.
    pub maximum_ttl: Option<Duration>,
    /// What GET answers for an expired token.
    pub expired_token: ExpiredToken,
    /// What the trail answers to a token of the wrong kind.
    pub user_on_trail: UserOnTrail,
    /// Whether `since` includes its instant.
    pub since: Since,
    /// How the trail is sorted.
    pub trail_order: TrailOrder,
    /// The most events on a page of the trail, which is also how many there are where none are
    /// asked for; 1,000 as documented, though not as a maximum.
    pub trail_page_size: usize,
    /// Requests that may come within one second, by tokio's clock and
    /// [`Simulator::advance`](super::Simulator::advance); `None`: any number.
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
            user_on_trail: UserOnTrail::default(),
            since: Since::default(),
            trail_order: TrailOrder::default(),
            trail_page_size: 1000,
            rate_limit: None,
        }
    }
}
