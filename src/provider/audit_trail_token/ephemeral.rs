//! The ephemeral resource `tfe_audit_trail_token`: opening it generates a token.
//!
//! Terraform opens it in plan *and* apply and does not report which, so a token that is in use is invalidated only if
//! `force_regenerate` is true. Terraform does not close it after an open that failed, so all checks come before the token
//! is generated.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::NAME;
use super::generate::{generate, read_current};
use super::liveness::{Liveness, Management, TokenTimes, Use, is_dead};
use super::opened_token::OpenedToken;
use crate::client::AuditTrailToken;
use crate::provider::diagnostics::{self, GeneratedBy, TokenRef};
use crate::provider::generation::{GenerateRequest, check_expiry, expiry_to_request};
use crate::provider::{Connection, expiry, organization, validators};
use tfplugin::{
    Attr, Attribute, CloseContext, Context, Diagnostic, Diagnostics, EphemeralResource,
    OpenContext, Schema, Sensitive, Type,
};

/// The ephemeral resource `tfe_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct EphemeralAuditTrailToken {
    connection: Connection,
}

/// Arguments and results of the ephemeral resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    organization: Attr<String>,
    expired_at: Attr<String>,
    force_regenerate: Attr<bool>,
    revoke_on_close: Attr<bool>,
    token: Attr<Sensitive<String>>,
    token_id: Attr<String>,
    created_at: Attr<String>,
}

impl EphemeralResource for EphemeralAuditTrailToken {
    type Client = Connection;
    type Model = Model;

    const NAME: &'static str = NAME;

    fn schema() -> Schema {
        schema()
    }

    fn new(connection: &Connection) -> Self {
        Self {
            connection: connection.clone(),
        }
    }

    async fn open(&self, config: Model, cx: &mut OpenContext) -> Result<Model, Diagnostics> {
        let organization =
            organization::resolve(&config.organization, self.connection.organization())?;
        let expired_at = expiry_to_request(&config.expired_at)?;
        check_expiry(&config.expired_at, self.connection.clock())?;
        let (client, organization) = match (self.connection.api(cx), organization) {
            (Err(argument), _) => return deferred(config, argument, cx),
            (Ok(_), Attr::Unknown | Attr::Null) => return deferred(config, "organization", cx),
            (Ok(client), Attr::Known(organization)) => (client, organization),
        };
        let _lock = self.connection.organization_lock(NAME, &organization).await;
        let current = read_current(&client, &organization).await?;
        let now = self.connection.clock().now();
        if let Some(current) = &current {
            self.check_not_in_use(&config, &organization, current)?;
        }
        let request = GenerateRequest {
            organization: &organization,
            expired_at,
            replaces: current.as_ref(),
        };
        let generated = generate(&self.connection, &client, request, GeneratedBy::Opening, cx)
            .await
            .map_err(Diagnostic::from)?;
        let opened = TokenRef::of(&organization, &generated.token);
        if config.revokes_on_close() && generated.replaced_by.is_none() {
            let opened = OpenedToken::new(&organization, &generated.token);
            opened.revoke_at_exit(&self.connection, &client, cx);
            opened.store(cx.private_mut())?;
        }
        // The old token is invalid, even if an error follows.
        if let Some(replaced) = current.filter(|current| !is_dead(current, now)) {
            cx.add(diagnostics::replaced_by_opening(opened, &replaced));
        }
        if let Some(other) = &generated.replaced_by {
            return Err(diagnostics::opened_invalid(opened, other).into());
        }
        let token = generated.token;
        Ok(Model {
            organization: Attr::Known(organization),
            expired_at: match config.expired_at {
                Attr::Known(configured) => Attr::Known(configured),
                Attr::Null | Attr::Unknown => token.expired_at.map(expiry::format).into(),
            },
            force_regenerate: config.force_regenerate,
            revoke_on_close: config.revoke_on_close,
            token: Attr::Known(Sensitive::new(generated.secret.expose().to_owned())),
            token_id: Attr::Known(token.id),
            created_at: Attr::Known(expiry::format(token.created_at)),
        })
    }

    /// Revokes the token that the opening generated, if `revoke_on_close` is true.
    async fn close(&self, cx: &mut CloseContext) -> Result<(), Diagnostics> {
        if let Some(opened) = OpenedToken::load(cx.private())
            && let Err(problem) = opened.close(&self.connection, cx).await
        {
            cx.add(problem);
        }
        Ok(())
    }
}

impl Model {
    fn revokes_on_close(&self) -> bool {
        self.revoke_on_close == Attr::Known(true)
    }
}

impl EphemeralAuditTrailToken {
    /// Refuses to invalidate a token that is in use, unless `force_regenerate` is true.
    fn check_not_in_use(
        &self,
        config: &Model,
        organization: &str,
        current: &AuditTrailToken,
    ) -> Result<(), Diagnostic> {
        if config.force_regenerate == Attr::Known(true) {
            return Ok(());
        }
        let management = if self.connection.managed_here(NAME, organization, current) {
            Management::ByThisConfiguration
        } else {
            Management::NotSeen
        };
        let now = self.connection.clock().now();
        match TokenTimes::from(current).liveness(management, now) {
            Liveness::Dead | Liveness::Unused => Ok(()),
            Liveness::InUse(Use::Expected) if may_be_of_the_plan(config, current, now) => Ok(()),
            Liveness::InUse(why) => Err(diagnostics::in_use(organization, current, why)),
        }
    }
}

/// How long after its plan an apply may still open the ephemeral resource.
const PLAN_TO_APPLY: TimeDelta = TimeDelta::hours(1);

/// Whether a token that was never used may be the one that the plan of this run generated. Terraform opens the resource in
/// the plan and in the apply, in two processes: without this exception, no apply could follow its plan. A plan with
/// `revoke_on_close` leaves no token behind.
fn may_be_of_the_plan(config: &Model, current: &AuditTrailToken, now: DateTime<Utc>) -> bool {
    let has_expiry_of_config = match (config.expired_at.as_deref(), current.expired_at) {
        (Some(configured), Some(expired_at)) => expiry::parse_stored(configured)
            .is_some_and(|configured| configured.timestamp() == expired_at.timestamp()),
        (Some(_), None) => false,
        (None, expired_at) => {
            expired_at.is_none_or(|expired_at| expiry::is_default(current.created_at, expired_at))
        }
    };
    !config.revokes_on_close() && has_expiry_of_config && now - current.created_at < PLAN_TO_APPLY
}

/// Returns unknown results while an argument of the provider is not known.
///
/// # Errors
///
/// Returns an error that names the argument if the host does not accept unknown results.
fn deferred(config: Model, argument: &'static str, cx: &Context) -> Result<Model, Diagnostics> {
    if !cx.host().accepts_unknown_ephemeral_results() {
        return Err(diagnostics::unknown_configuration(argument).into());
    }
    let or_unknown = |configured: Attr<String>| match configured {
        Attr::Known(configured) => Attr::Known(configured),
        Attr::Null | Attr::Unknown => Attr::Unknown,
    };
    Ok(Model {
        organization: or_unknown(config.organization),
        expired_at: or_unknown(config.expired_at),
        force_regenerate: config.force_regenerate,
        revoke_on_close: config.revoke_on_close,
        token: Attr::Unknown,
        token_id: Attr::Unknown,
        created_at: Attr::Unknown,
    })
}

fn schema() -> Schema {
    Schema::new(
        "Generates an audit trail token whenever it is opened, which invalidates the one that the \
         organization has, and returns its secret, which reaches neither state nor plan.\n\n\
         ~> **Terraform opens an ephemeral resource in every plan *and* every apply**, and does \
         not report which it is. Each generates a token of its own and invalidates the one before, \
         unless that one is in use. For a token that somebody uses after the run, use the managed \
         resource with `seal_token`, and open it with `ephemeral \"tfe_unsealed_audit_trail_token\"`: \
         its secret is not in the state either, and it stays the same.",
    )
    .attribute(
        "organization",
        Attribute::optional_computed(
            Type::String,
            "The organization's name. Defaults to the provider's `organization`.",
        )
        .validate(validators::organization()),
    )
    .attribute(
        "expired_at",
        Attribute::optional_computed(
            Type::String,
            "When the token expires, in RFC 3339 such as `2030-01-01T00:00:00Z`. The \
             default is HCP Terraform's: two years.",
        )
        .validate(validators::expired_at()),
    )
    .attribute(
        "force_regenerate",
        Attribute::optional(
            Type::Bool,
            "Whether to replace even a token that is in use, in every plan and every apply. Defaults to \
             `false`. `hashicorp/tfe` has no such argument.",
        ),
    )
    .attribute(
        "revoke_on_close",
        Attribute::optional(
            Type::Bool,
            "Whether to revoke the token when nothing in the run needs it any more, also after an \
             interrupt. Only the token that this opening generated is revoked, and only while it is \
             the organization's. If that fails, a warning names the token that may still work. Defaults \
             to `false`. `hashicorp/tfe` has no such argument.",
        ),
    )
    .attribute(
        "token",
        Attribute::computed(Type::String, "The secret.").sensitive(),
    )
    .attribute(
        "token_id",
        Attribute::computed(Type::String, "The token's ID, which is no secret."),
    )
    .attribute(
        "created_at",
        Attribute::computed(Type::String, "When the token was generated, in RFC 3339."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::clock::Clock;
    use crate::provider::connection::Api;
    use tfplugin::Host;

    const NOW: &str = "2026-06-01T00:00:00Z";

    fn text(text: &str) -> Attr<String> {
        Attr::Known(text.to_owned())
    }

    /// Opens while the provider's `token` is not known: no request can be sent.
    async fn open(
        organization: Attr<String>,
        expired_at: Attr<String>,
        host: Host,
    ) -> Result<Model, Diagnostics> {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let clock = Clock::from_fn(move || now);
        let connection = Connection::new(Api::Unknown("token"), Attr::Null, Attr::Null, clock);
        let mut cx = OpenContext::for_test(host);
        let config = Model {
            organization,
            expired_at,
            force_regenerate: Attr::Null,
            revoke_on_close: Attr::Null,
            token: Attr::Null,
            token_id: Attr::Null,
            created_at: Attr::Null,
        };
        EphemeralAuditTrailToken::new(&connection)
            .open(config, &mut cx)
            .await
    }

    #[tokio::test]
    async fn an_unknown_provider_defers_on_terraform_and_keeps_what_is_configured() {
        let spelling = "2030-01-01T00:00:00+01:00";
        let opened = open(text("my-org-name"), text(spelling), Host::default())
            .await
            .unwrap();
        assert_eq!(opened.organization, text("my-org-name"));
        assert_eq!(opened.expired_at, text(spelling));
        assert!(opened.token.is_unknown() && opened.token_id.is_unknown());
        assert!(opened.created_at.is_unknown() && opened.force_regenerate.is_null());
        let opened = open(text("my-org-name"), Attr::Null, Host::default())
            .await
            .unwrap();
        assert!(opened.expired_at.is_unknown());
    }

    #[tokio::test]
    async fn an_unknown_provider_is_an_error_on_opentofu_that_names_the_argument() {
        let opentofu = Host::opentofu();
        let refused = open(text("my-org-name"), Attr::Null, opentofu).await;
        assert!(refused.unwrap_err().to_string().contains("\"token\""));
    }

    #[tokio::test]
    async fn a_wrong_argument_fails_before_anything_is_generated() {
        let failed = |opened: Result<Model, Diagnostics>| {
            let problems = opened.unwrap_err();
            problems.iter().next().unwrap().path().unwrap().to_string()
        };
        let expiring = |date| open(text("my-org-name"), text(date), Host::default());
        assert_eq!(failed(expiring(NOW).await), "expired_at");
        assert_eq!(failed(expiring("tomorrow").await), "expired_at");
        let nowhere = open(Attr::Null, Attr::Null, Host::default()).await;
        assert_eq!(failed(nowhere), "organization");
    }
}
