//! The provider block: its schema, model and checks.
//!
//! The client's [`resolve`](crate::client::resolve) finds host and token if the block does not have them.

use serde::Deserialize;

use super::diagnostics::{self, InvalidArgument};
use super::organization;
use super::sealing::SealingKey;
use crate::client::{Arguments, Environment, Hostname, Secret, default_organization};
use tfplugin::{Attr, Attribute, Diagnostic, Diagnostics, Schema, Sensitive, Type};

const SEALING_KEY_VARIABLE: &str = "TFE_SEALING_KEY";

/// The provider block.
#[derive(Clone, Debug, Deserialize)]
pub struct Configuration {
    pub(crate) hostname: Attr<String>,
    pub(crate) token: Attr<Sensitive<String>>,
    pub(crate) organization: Attr<String>,
    pub(crate) ssl_skip_verify: Attr<bool>,
    pub(crate) sealing_key: Attr<Sensitive<String>>,
}

pub(crate) fn schema() -> Schema {
    Schema::new(
        "Manages the audit trail tokens of HCP Terraform: the credentials with which a SIEM or \
         another collector reads an organization's audit trail.\n\n\
         The provider is a drop-in for the same objects of `hashicorp/tfe`: type names, arguments, \
         IDs and state are the same. It departs where that provider loses a token or its secret; \
         each page says so.\n\n\
         Only HCP Terraform has audit trail tokens. Terraform Enterprise and services like it would \
         replace or delete the organization's *main* API token instead, so the provider changes \
         nothing on a host that does not name itself as HCP Terraform. \
         `TFE_AUDIT_TRAILS_ASSUME_SUPPORTED=<hostname>` in the environment overrides this for one \
         host.\n\n\
         Nothing is sent before the first object needs it: `validate` and `schema` work offline.",
    )
    .attribute(
        "hostname",
        Attribute::optional(
            Type::String,
            "The host name of HCP Terraform, with a port where it is not 443. Defaults to the \
             environment variable `TFE_HOSTNAME`, else to `app.terraform.io`.",
        ),
    )
    .attribute(
        "token",
        Attribute::optional(
            Type::String,
            "The API token that the provider works with: of a member of the owners team, of that \
             team, or of the organization. Where it is not set, the provider takes the first of: \
             the environment variable `TFE_TOKEN`; `TF_TOKEN_<host>`, except inside an HCP \
             Terraform run; the `credentials` of Terraform's CLI configuration, where \
             `terraform login` puts it; its `credentials_helper`. [Authentication](#authentication) \
             tells more. Unlike in `hashicorp/tfe`, the argument is sensitive.",
        )
        .sensitive(),
    )
    .attribute(
        "organization",
        Attribute::optional(
            Type::String,
            "The organization of every object that names none itself. Defaults to the environment \
             variable `TFE_ORGANIZATION`.",
        ),
    )
    .attribute(
        "ssl_skip_verify",
        Attribute::optional(
            Type::Bool,
            "Whether any certificate of the host is accepted, which gives the API token to whoever \
             stands in between. Defaults to the environment variable `TFE_SSL_SKIP_VERIFY`, else \
             to `false`. Unlike in `hashicorp/tfe`, an explicit `false` wins over the environment. \
             To trust a certificate authority of your own, set `SSL_CERT_FILE` instead.",
        ),
    )
    .attribute(
        "sealing_key",
        Attribute::optional(
            Type::String,
            "The key of sealed tokens: 32 bytes in base64, as `openssl rand -base64 32` writes \
             them. Needed only where a `tfe_audit_trail_token` has `seal_token = true`, and to \
             open its `sealed_token`. Defaults to the environment variable `TFE_SEALING_KEY`. \
             Whoever has this key and a state has the tokens in it until they expire or are \
             regenerated. To change the key, change it and regenerate the tokens in the same \
             apply. `hashicorp/tfe` has no such argument.",
        )
        .sensitive(),
    )
}

impl Configuration {
    /// Checks the known arguments, without the environment.
    pub(crate) fn check(&self) -> Diagnostics {
        let mut problems = Diagnostics::new();
        if let Some(name) = non_blank(&self.hostname)
            && let Err(why) = Hostname::parse(name)
        {
            let argument = InvalidArgument {
                name: "hostname",
                value: name,
            };
            problems.push(diagnostics::invalid_hostname(argument, why));
        }
        if let Some(token) = self.token.known()
            && token.expose().trim().chars().any(char::is_control)
        {
            problems.push(diagnostics::unusable_token("token"));
        }
        if let Some(name) = non_blank(&self.organization)
            && let Err(problem) = organization::check(name)
        {
            problems.push(problem);
        }
        if let Some(Err(problem)) = self.configured_sealing_key() {
            problems.push(problem);
        }
        problems
    }

    /// Returns the first argument that every request needs and that is not known yet.
    pub(crate) fn unknown_argument(&self) -> Option<&'static str> {
        [
            ("hostname", self.hostname.is_unknown()),
            ("token", self.token.is_unknown()),
            ("ssl_skip_verify", self.ssl_skip_verify.is_unknown()),
        ]
        .into_iter()
        .find_map(|(name, is_unknown)| is_unknown.then_some(name))
    }

    /// Returns the arguments for the client.
    pub(crate) fn arguments(&self) -> Arguments {
        Arguments {
            hostname: self.hostname.known().cloned(),
            token: self
                .token
                .known()
                .map(|token| Secret::new(token.expose().clone())),
            ssl_skip_verify: self.ssl_skip_verify.known().copied(),
        }
    }

    /// Returns the default organization: the argument's, else the environment's.
    ///
    /// # Errors
    ///
    /// Returns an error if the name cannot be one.
    pub(crate) fn default_organization(
        &self,
        environment: &Environment,
    ) -> Result<Attr<String>, Diagnostic> {
        if self.organization.is_unknown() {
            return Ok(Attr::Unknown);
        }
        let name = default_organization(self.organization.as_deref(), environment)
            .map_err(|error| diagnostics::no_settings(&error))?;
        if let Some(name) = &name {
            organization::check(name)?;
        }
        Ok(name.into())
    }

    /// Returns the sealing key: the argument's, else the environment's.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a key.
    pub(crate) fn sealing_key(
        &self,
        environment: &Environment,
    ) -> Result<Attr<SealingKey>, Diagnostic> {
        if self.sealing_key.is_unknown() {
            return Ok(Attr::Unknown);
        }
        if let Some(key) = self.configured_sealing_key() {
            return key.map(Attr::Known);
        }
        let text = environment
            .text(SEALING_KEY_VARIABLE)
            .map_err(|error| diagnostics::no_settings(&error.into()))?;
        match text {
            Some(text) => SealingKey::parse(&text).map(Attr::Known).map_err(|why| {
                diagnostics::invalid_sealing_key("the environment variable TFE_SEALING_KEY", why)
            }),
            None => Ok(Attr::Null),
        }
    }

    fn configured_sealing_key(&self) -> Option<Result<SealingKey, Diagnostic>> {
        let text = self.sealing_key.known()?.expose();
        if text.trim().is_empty() {
            return None;
        }
        Some(
            SealingKey::parse(text).map_err(|why| {
                diagnostics::invalid_sealing_key("the argument \"sealing_key\"", why)
            }),
        )
    }
}

/// Returns a known text that is not blank: a blank one counts as unset.
fn non_blank(text: &Attr<String>) -> Option<&str> {
    Some(text.as_deref()?.trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Configuration {
        Configuration {
            hostname: Attr::Null,
            token: Attr::Null,
            organization: Attr::Null,
            ssl_skip_verify: Attr::Null,
            sealing_key: Attr::Null,
        }
    }

    fn text(text: &str) -> Attr<String> {
        Attr::Known(text.to_owned())
    }

    fn secret(text: &str) -> Attr<Sensitive<String>> {
        Attr::Known(Sensitive::new(text.to_owned()))
    }

    #[track_caller]
    fn check(configuration: &Configuration, expected: &[&str]) {
        let problems = configuration.check();
        let at: Vec<_> = problems
            .iter()
            .map(|one| one.path().unwrap().to_string())
            .collect();
        assert_eq!(at, expected);
        assert!(!problems.to_string().contains("planted"), "{problems}");
    }

    #[test]
    fn an_empty_or_unknown_argument_is_no_problem() {
        check(&empty(), &[]);
        let blank = Configuration {
            hostname: text(""),
            token: secret(" "),
            organization: text(""),
            ssl_skip_verify: Attr::Null,
            sealing_key: secret(""),
        };
        check(&blank, &[]);
        let unknown = Configuration {
            hostname: Attr::Unknown,
            token: Attr::Unknown,
            organization: Attr::Unknown,
            ssl_skip_verify: Attr::Unknown,
            sealing_key: Attr::Unknown,
        };
        check(&unknown, &[]);
        assert_eq!(unknown.unknown_argument(), Some("hostname"));
    }

    #[test]
    fn each_problem_is_at_its_argument_and_shows_no_secret() {
        let wrong = Configuration {
            hostname: text("https://example.com"),
            token: secret("planted\ntoken"),
            organization: text("a/b"),
            ssl_skip_verify: Attr::Null,
            sealing_key: secret("planted"),
        };
        check(
            &wrong,
            &["hostname", "token", "organization", "sealing_key"],
        );
    }

    #[test]
    fn the_block_wins_over_the_environment() {
        let environment = Environment::in_memory()
            .variable("TFE_ORGANIZATION", "from-environment")
            .variable("TFE_SEALING_KEY", "planted");
        let organization = |organization| {
            Configuration {
                organization,
                ..empty()
            }
            .default_organization(&environment)
            .unwrap()
        };
        assert_eq!(organization(text("own")), text("own"));
        assert_eq!(organization(text("")), text("from-environment"));
        assert_eq!(organization(Attr::Unknown), Attr::Unknown);

        let problem = empty().sealing_key(&environment).unwrap_err();
        assert!(problem.detail().contains("TFE_SEALING_KEY"));
        assert!(!problem.to_string().contains("planted"));
        let key = secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let own = Configuration {
            sealing_key: key,
            ..empty()
        };
        assert!(own.sealing_key(&environment).unwrap().is_known());
        assert!(
            empty()
                .sealing_key(&Environment::in_memory())
                .unwrap()
                .is_null()
        );
    }
}
