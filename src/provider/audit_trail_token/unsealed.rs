//! The ephemeral resource `tfe_unsealed_audit_trail_token`: opens a sealed token, if it is the expected one.
//!
//! It sends no request, unless the sealed token names another host than the provider: then it discovers whether both are
//! one service.

use serde::{Deserialize, Serialize};

use super::binding::Expected;
use crate::provider::sealing::SealedToken;
use crate::provider::{Connection, diagnostics, validators};
use tfplugin::{
    Attr, Attribute, Diagnostics, EphemeralResource, OpenContext, Schema, Sensitive, Type,
};

/// The ephemeral resource `tfe_unsealed_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct UnsealedAuditTrailToken {
    connection: Connection,
}

/// Arguments and results of the ephemeral resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    sealed_token: Attr<String>,
    token: Attr<Sensitive<String>>,
    token_id: Attr<String>,
    organization: Attr<String>,
}

impl EphemeralResource for UnsealedAuditTrailToken {
    type Client = Connection;
    type Model = Model;

    const NAME: &'static str = "tfe_unsealed_audit_trail_token";

    fn schema() -> Schema {
        schema()
    }

    fn new(connection: &Connection) -> Self {
        Self {
            connection: connection.clone(),
        }
    }

    /// Opens the sealed token. A null one is an error here and not in `validate`: Terraform also validates configurations
    /// in which nothing will be opened.
    async fn open(&self, config: Model, cx: &mut OpenContext) -> Result<Model, Diagnostics> {
        // Hosts open only what is wholly known. If one did not, no comparison must be skipped.
        if config.has_unknown() {
            return Ok(unknown(config));
        }
        let Some(sealed) = config.sealed_token.as_deref() else {
            return Err(diagnostics::nothing_to_open().into());
        };
        let sealed = SealedToken::parse(sealed).map_err(|why| diagnostics::not_opened(&why))?;
        let client = self.connection.api(cx).ok();
        let expected = Expected {
            organization: config.organization.as_deref(),
            token_id: config.token_id.as_deref(),
            client: client.as_ref(),
        };
        if let Some(swapped) = expected.differs(sealed.sealed_for()).await {
            return Err(diagnostics::swapped_argument(&swapped).into());
        }
        let key = match self.connection.sealing_key() {
            Attr::Known(key) => key,
            Attr::Null => return Err(diagnostics::no_key_to_open().into()),
            Attr::Unknown if cx.host().accepts_unknown_ephemeral_results() => {
                return Ok(unknown(config));
            }
            Attr::Unknown => return Err(diagnostics::unknown_configuration("sealing_key").into()),
        };
        let sealed_for = sealed.sealed_for().clone();
        let secret = sealed
            .open(key)
            .map_err(|why| diagnostics::not_opened(&why))?;
        Ok(Model {
            token: Attr::Known(Sensitive::new(secret.expose().to_owned())),
            token_id: or(config.token_id, Attr::Known(sealed_for.token_id)),
            organization: or(config.organization, Attr::Known(sealed_for.organization)),
            ..config
        })
    }
}

impl Model {
    fn has_unknown(&self) -> bool {
        let arguments = [&self.sealed_token, &self.organization, &self.token_id];
        arguments.into_iter().any(Attr::is_unknown)
    }
}

/// Returns the result while something is not known yet.
fn unknown(config: Model) -> Model {
    Model {
        token: Attr::Unknown,
        token_id: or(config.token_id, Attr::Unknown),
        organization: or(config.organization, Attr::Unknown),
        ..config
    }
}

/// Returns what is configured, as it is spelled there, else `result`.
fn or(configured: Attr<String>, result: Attr<String>) -> Attr<String> {
    match configured {
        Attr::Null => result,
        configured => configured,
    }
}

fn schema() -> Schema {
    Schema::new(
        "Opens the `sealed_token` of a `tfe_audit_trail_token`, so that its secret can be handed \
         to a write-only argument or a provider without ever being in state or plan. It changes \
         nothing and needs no request: the secret is the same in plan, apply and retry, until the \
         token is regenerated.\n\n\
         Anybody with the key and an old state has the token until it expires or is regenerated. To \
         change the key, change it and regenerate the token in the same apply: the value is then \
         unknown until it is sealed again, and nothing is opened with the wrong key. \
         `hashicorp/tfe` has no such object.",
    )
    .attribute(
        "sealed_token",
        Attribute::required(
            Type::String,
            "The `sealed_token` of a `tfe_audit_trail_token` with `seal_token = true`.",
        )
        .sensitive(),
    )
    .attribute(
        "organization",
        Attribute::optional_computed(
            Type::String,
            "The organization whose token is expected, in upper or lower case. A sealed token of \
             another organization is not opened. Set it to the `organization` of the same \
             `tfe_audit_trail_token`. If omitted, the organization that the sealed token names.",
        )
        .validate(validators::organization()),
    )
    .attribute(
        "token_id",
        Attribute::optional_computed(
            Type::String,
            "The ID of the token that is expected. The sealed token of another token is not opened: \
             neither an older one, nor one that somebody put into the state. Set it to the `token_id` \
             of the same `tfe_audit_trail_token`. If omitted, the ID that the sealed token names.",
        )
        .validate(validators::token_id()),
    )
    .attribute(
        "token",
        Attribute::computed(Type::String, "The secret.").sensitive(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Secret, ServiceHost};
    use crate::provider::clock::Clock;
    use crate::provider::connection::Api;
    use crate::provider::sealing::{self, SealedFor, SealingKey, SealingNonce};
    use tfplugin::Host;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const OTHER_KEY: &str = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn key(text: &str) -> Attr<SealingKey> {
        Attr::Known(SealingKey::parse(text).unwrap())
    }

    fn sealed() -> Attr<String> {
        let sealed_for = SealedFor {
            host: ServiceHost::named("app.terraform.io"),
            organization: "my-org-name".to_owned(),
            token_id: "at-1".to_owned(),
        };
        let secret = Secret::new("planted".to_owned());
        let Attr::Known(key) = key(KEY) else {
            unreachable!("it was just made")
        };
        Attr::Known(sealing::seal(
            &key,
            SealingNonce::random().unwrap(),
            &sealed_for,
            &secret,
        ))
    }

    /// Opens with a provider whose API token is not known: no request is needed.
    async fn open(
        sealed_token: Attr<String>,
        key: Attr<SealingKey>,
        host: Host,
    ) -> Result<Model, Diagnostics> {
        let connection = Connection::new(Api::Unknown("token"), Attr::Null, key, Clock::system());
        let mut cx = OpenContext::for_test(host);
        let config = Model {
            sealed_token,
            token: Attr::Null,
            token_id: Attr::Null,
            organization: Attr::Null,
        };
        UnsealedAuditTrailToken::new(&connection)
            .open(config, &mut cx)
            .await
    }

    #[tokio::test]
    async fn opening_returns_the_secret_and_its_token() {
        let sealed = sealed();
        let opened = open(sealed.clone(), key(KEY), Host::default())
            .await
            .unwrap();
        assert_eq!(opened.sealed_token, sealed);
        assert_eq!(opened.token.known().unwrap().expose(), "planted");
        assert_eq!(opened.token_id.as_deref(), Some("at-1"));
        assert_eq!(opened.organization.as_deref(), Some("my-org-name"));
    }

    #[tokio::test]
    async fn a_null_sealed_token_is_an_error_only_when_it_is_opened() {
        let mut cx = OpenContext::for_test(Host::default());
        let config = Model {
            sealed_token: Attr::Null,
            token: Attr::Null,
            token_id: Attr::Null,
            organization: Attr::Null,
        };
        let validated = UnsealedAuditTrailToken::validate(config, &mut cx).await;
        validated.unwrap();
        let opened = open(Attr::Null, key(KEY), Host::default()).await;
        let problem = opened.unwrap_err().to_string();
        assert!(problem.contains("No Sealed Token to Open"), "{problem}");
    }

    #[tokio::test]
    async fn an_unknown_key_defers_on_terraform_and_is_an_error_on_opentofu() {
        let deferred = open(sealed(), Attr::Unknown, Host::default()).await;
        assert!(deferred.unwrap().token.is_unknown());
        let refused = open(sealed(), Attr::Unknown, Host::opentofu()).await;
        assert!(refused.unwrap_err().to_string().contains("\"sealing_key\""));
    }

    #[tokio::test]
    async fn every_error_says_how_to_destroy_without_opening() {
        for failed in [
            open(Attr::Null, key(KEY), Host::default()).await,
            open(sealed(), Attr::Null, Host::default()).await,
            open(sealed(), key(OTHER_KEY), Host::default()).await,
            open(Attr::Known("foreign".to_owned()), key(KEY), Host::default()).await,
        ] {
            let problem = failed.unwrap_err().to_string();
            assert!(problem.contains("destroy -refresh=false"), "{problem}");
        }
    }
}
