//! The ephemeral resource `tfe_unsealed_audit_trail_token`: opens a sealed token, without a request.

use serde::{Deserialize, Serialize};

use crate::provider::{Connection, diagnostics, sealing};
use tfplugin::{
    Attr, Attribute, Diagnostics, EphemeralResource, OpenContext, Schema, Sensitive, Type,
};

/// The ephemeral resource `tfe_unsealed_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct UnsealedAuditTrailToken {
    connection: Connection,
}

/// Argument and results of the ephemeral resource.
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
        let Attr::Known(sealed) = &config.sealed_token else {
            return Err(diagnostics::nothing_to_open().into());
        };
        let key = match self.connection.sealing_key() {
            Attr::Known(key) => key,
            Attr::Null => return Err(diagnostics::no_key_to_open().into()),
            Attr::Unknown if cx.host().accepts_unknown_ephemeral_results() => {
                return Ok(Model {
                    token: Attr::Unknown,
                    token_id: Attr::Unknown,
                    organization: Attr::Unknown,
                    ..config
                });
            }
            Attr::Unknown => return Err(diagnostics::unknown_configuration("sealing_key").into()),
        };
        let contents = sealing::open(key, sealed).map_err(diagnostics::not_opened)?;
        let token_id = Some(contents.token_id).filter(|id| !id.is_empty());
        Ok(Model {
            token: Attr::Known(Sensitive::new(contents.secret.expose().to_owned())),
            token_id: token_id.into(),
            organization: Attr::Known(contents.organization),
            ..config
        })
    }
}

fn schema() -> Schema {
    Schema::new(
        "Opens the `sealed_token` of a `tfe_audit_trail_token`, so that its secret can be handed \
         to a write-only argument or a provider without ever being in state or plan. It sends no \
         request and changes nothing: the secret is the same in plan, apply and retry, until the \
         token is regenerated.\n\n\
         Whoever has the key and an old state has the token until it expires or is regenerated. To \
         change the key, change it and regenerate the token in the same apply: the value is then \
         not known before it is sealed anew, and nothing is opened with the wrong key. \
         `hashicorp/tfe` has no such object.",
    )
    .attribute(
        "sealed_token",
        Attribute::required(
            Type::String,
            "The `sealed_token` of a `tfe_audit_trail_token` with `seal_token = true`.",
        ),
    )
    .attribute(
        "token",
        Attribute::computed(Type::String, "The secret.").sensitive(),
    )
    .attribute(
        "token_id",
        Attribute::computed(Type::String, "The ID of the token that was sealed."),
    )
    .attribute(
        "organization",
        Attribute::computed(
            Type::String,
            "The organization of the token that was sealed.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Secret;
    use crate::provider::clock::Clock;
    use crate::provider::connection::Api;
    use crate::provider::sealing::{Contents, SealingKey, SealingNonce};
    use tfplugin::Host;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const OTHER_KEY: &str = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn key(text: &str) -> Attr<SealingKey> {
        Attr::Known(SealingKey::parse(text).unwrap())
    }

    fn sealed() -> Attr<String> {
        let contents = Contents {
            organization: "my-org-name".to_owned(),
            token_id: "at-1".to_owned(),
            secret: Secret::new("planted".to_owned()),
        };
        let Attr::Known(key) = key(KEY) else {
            unreachable!("it was just made")
        };
        Attr::Known(sealing::seal(
            &key,
            SealingNonce::random().unwrap(),
            &contents,
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
