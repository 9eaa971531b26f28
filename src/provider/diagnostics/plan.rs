//! About plans.

use chrono::{DateTime, Utc};

use super::plan_preview::describe_observed;
use super::{capitalised, describe, expired_at, quoted, state_token};
use crate::client::AuditTrailToken;
use crate::provider::audit_trail_token::{ObservedToken, Reason};
use crate::provider::expiry;
use tfplugin::{Attr, Diagnostic, Path};

pub(crate) fn default_expiry() -> Diagnostic {
    Diagnostic::warning(
        "Audit Trail Token expiration null values defaults to 24 months",
        "No expired_at is configured, so HCP Terraform decides when the token expires: two years \
         from its generation. Until 2026, such tokens did not expire.",
    )
    .at(expired_at())
}

pub(crate) fn invalid_date(text: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid RFC3339 String Value",
        format!(
            "A string value was provided that is not valid RFC3339 string format: {} must be \
             a valid date and time with an offset, such as 2030-01-01T00:00:00Z or \
             2030-01-01T00:00:00+01:00.",
            quoted(text)
        ),
    )
}

pub(crate) fn past_date(text: &str, now: DateTime<Utc>) -> Diagnostic {
    Diagnostic::error(
        "Invalid Date",
        format!(
            "{text} is in the past (it is {} now), and a token that expires then would be dead \
             from the start. Nothing was generated. Set a later date.",
            expiry::format(now)
        ),
    )
    .at(expired_at())
}

pub(crate) fn existing_will_fail(
    organization: &str,
    token: &AuditTrailToken,
    now: DateTime<Utc>,
) -> Diagnostic {
    Diagnostic::warning(
        "An Audit Trail Token Exists Already",
        format!(
            "The organization {organization} has an audit trail token already: {}, {}. Unless this \
             plan destroys the resource that manages it before, creating this resource will fail, so \
             that the token is not invalidated by accident. To take it over without its secret, \
             import it. To invalidate it, set force_regenerate = true.",
            describe(token),
            age(token, now),
        ),
    )
}

pub(crate) fn will_invalidate_existing(
    organization: &str,
    token: &AuditTrailToken,
    now: DateTime<Utc>,
) -> Diagnostic {
    Diagnostic::warning(
        "An Existing Audit Trail Token Will Be Invalidated",
        format!(
            "The organization {organization} has an audit trail token already: {}, {}. Because of \
             force_regenerate, creating this resource invalidates it at once: whoever reads the \
             audit trail with it must get the new one.",
            describe(token),
            age(token, now),
        ),
    )
}

fn age(token: &AuditTrailToken, now: DateTime<Utc>) -> String {
    match (now - token.created_at).num_days() {
        ..=0 => "less than a day old".to_owned(),
        1 => "a day old".to_owned(),
        days => format!("{days} days old"),
    }
}

pub(crate) fn will_regenerate(
    reason: &Reason,
    organization: &str,
    id: Option<&str>,
    observed: Option<&ObservedToken>,
) -> Diagnostic {
    let invalidated = match observed {
        Some(token) => format!("the token {}", describe_observed(token)),
        None => state_token(id),
    };
    let detail = match reason {
        Reason::Undecided(argument) => format!(
            "The argument {argument:?} is not known yet. Unless it turns out to be what it was, \
             applying this plan generates a new audit trail token for the organization \
             {organization} and invalidates {invalidated}."
        ),
        certain => format!(
            "Applying this plan generates a new audit trail token for the organization \
             {organization}, because {}, and invalidates {invalidated}.{}",
            because(certain),
            consequence(certain)
        ),
    };
    Diagnostic::warning("The Audit Trail Token Will Be Regenerated", detail)
}

/// Warns collectors, unless nobody can read with the token: it is expired, or its secret never arrived.
fn consequence(reason: &Reason) -> &'static str {
    match reason {
        Reason::SecretLost | Reason::Expired => "",
        Reason::Forced
        | Reason::Expiry
        | Reason::Trigger(_)
        | Reason::Replaced
        | Reason::Undecided(_) => " Whoever reads the audit trail with it must get the new one.",
    }
}

fn because(reason: &Reason) -> String {
    match reason {
        Reason::Forced => "force_regenerate becomes true".to_owned(),
        Reason::Expiry => "expired_at names another date".to_owned(),
        Reason::Trigger(key) => format!("the value {key:?} in regenerate_triggers changes"),
        Reason::SecretLost => "the secret of the present one never arrived".to_owned(),
        Reason::Replaced => "another token has taken the place of ours".to_owned(),
        Reason::Expired => "the present one is expired".to_owned(),
        Reason::Undecided(argument) => format!("{argument} may change"),
    }
}

/// Whether `force_regenerate` can still become true, which several diagnostics advise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Force {
    /// It is not true now.
    CanBecomeTrue,
    /// It is true already.
    IsTrue,
}

impl Force {
    /// Reads the configured value, which will be in the state: a refused apply records it too.
    pub(crate) fn configured(force_regenerate: &Attr<bool>) -> Self {
        match force_regenerate {
            Attr::Known(true) => Self::IsTrue,
            Attr::Known(false) | Attr::Null | Attr::Unknown => Self::CanBecomeTrue,
        }
    }
}

pub(crate) fn apply_will_refuse(
    organization: &str,
    id: Option<&str>,
    observed: Option<&ObservedToken>,
    force: Force,
) -> Diagnostic {
    let current = match observed.filter(|token| !token.managed) {
        Some(token) => format!("the token {}", describe_observed(token)),
        None => "another token".to_owned(),
    };
    let dead = capitalised(&state_token(id));
    let instead = format!(
        "the organization {organization} has {current} instead, which this resource does not manage"
    );
    match force {
        // A provider cannot see whether the plan was made with -replace, so this is true in both cases.
        Force::IsTrue => Diagnostic::warning(
            "The Audit Trail Token Is Not Managed by This Resource",
            format!(
                "{dead} is dead: {instead}. If this plan replaces the resource, the apply invalidates \
                 that token, because force_regenerate is true: the collector that uses it must get the \
                 new one. If this plan updates the resource in place, the apply will refuse. {}",
                ways_out(force)
            ),
        ),
        Force::CanBecomeTrue => Diagnostic::warning(
            "Applying This Plan Will Be Refused",
            format!(
                "{dead} is dead: {instead}. A new token would invalidate that one, so the apply will \
                 refuse. {}",
                ways_out(force)
            ),
        ),
    }
}

/// Says what a practitioner can do about a token that this resource does not manage.
pub(super) fn ways_out(force: Force) -> &'static str {
    if force == Force::IsTrue {
        "To invalidate it nevertheless, replace the resource: plan with -replace, for \
         force_regenerate is true already. To leave it alone, remove the resource from the \
         configuration: destroying it does not touch a token that is not its own."
    } else {
        "To invalidate it nevertheless, set force_regenerate = true. To leave it alone, remove the \
         resource from the configuration: destroying it does not touch a token that is not its \
         own."
    }
}

pub(crate) fn no_secret(organization: &str, seal_token: &Attr<bool>, force: Force) -> Diagnostic {
    let attribute = match seal_token {
        Attr::Known(true) => "sealed_token",
        Attr::Known(false) | Attr::Null | Attr::Unknown => "token",
    };
    let way = if force == Force::IsTrue {
        "plan with -replace, for force_regenerate is true already: the present one is deleted and \
         a new one generated."
    } else {
        "set force_regenerate = true: a new one is generated in place, and the present one \
         invalidated."
    };
    Diagnostic::warning(
        "The Secret of the Audit Trail Token Is Not Known",
        format!(
            "The audit trail token of the organization {organization} was imported, and HCP \
             Terraform tells a secret only when it is generated: whatever reads \
             {attribute:?} gets null. To own a token with its secret, {way}"
        ),
    )
    .at(Path::of(attribute))
}

/// When the token of an organization expires.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenExpiry<'a> {
    pub(crate) organization: &'a str,
    /// In the practitioner's spelling.
    pub(crate) expired_at: &'a str,
    pub(crate) renewal: Renewal,
}

/// What generates a token in the place of one that expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// Another `expired_at`, or what the practitioner can always ask for.
    ByDate,
    /// What the practitioner asks for, alone: the token is somebody else's, and the state follows it.
    OnRequest,
}

pub(crate) fn expired(expiry: TokenExpiry<'_>) -> Diagnostic {
    let TokenExpiry {
        organization,
        expired_at: date,
        renewal,
    } = expiry;
    let way = match renewal {
        Renewal::ByDate => "Set another expired_at to generate a new one.",
        Renewal::OnRequest => {
            "It was generated outside of this configuration, which does not renew it. To own a new \
             one, set force_regenerate = true."
        }
    };
    Diagnostic::warning(
        "The Audit Trail Token Is Expired",
        format!(
            "The audit trail token of the organization {organization} expired at {date}. {way}"
        ),
    )
    .at(expired_at())
}

pub(crate) fn expires_soon(expiry: TokenExpiry<'_>) -> Diagnostic {
    let TokenExpiry {
        organization,
        expired_at: date,
        renewal,
    } = expiry;
    let way = match renewal {
        Renewal::ByDate => {
            "Generate a new one before: by a later expired_at, a changed value in \
             regenerate_triggers, or force_regenerate becoming true."
        }
        Renewal::OnRequest => {
            "It was generated outside of this configuration, which does not renew it. To own a new \
             one, set force_regenerate = true."
        }
    };
    Diagnostic::warning(
        "The Audit Trail Token Expires Soon",
        format!(
            "The audit trail token of the organization {organization} expires at {date}. {way}"
        ),
    )
    .at(expired_at())
}
