//! [`AuthenticationTokens::generate`]: the secret arrives, or the error says that it did not.

use std::fmt;

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::json;

use super::read::AuthenticationTokens;
use super::token::AuthenticationToken;
use crate::client::error::{Error, Kind};
use crate::client::retry::Attempts;
use crate::client::secret::Secret;
use crate::client::timestamp;
use crate::client::transport::{Call, OnStop};

/// A token that was generated, with its secret.
#[derive(Debug)]
#[must_use = "the secret arrives only once"]
pub struct Generated {
    /// The token, as it was read afterwards, or else as the answer to the POST has it.
    pub token: AuthenticationToken,
    /// Its secret.
    pub secret: Secret,
    /// The token that was read afterwards instead: another caller has generated it, and the secret does
    /// not work any more.
    pub replaced_by: Option<AuthenticationToken>,
    /// Tokens that were generated before it, and whose secrets did not arrive. None works any more.
    pub lost: Vec<AuthenticationToken>,
    /// Why it is not certain that `token` is the organization's token now.
    pub unconfirmed: Option<Error>,
}

/// Why there is no secret, and what became of the token that was there before.
#[derive(Debug)]
pub enum GenerateError {
    /// Nothing was changed: every request was refused or not sent. If another caller has generated a
    /// token in the meantime, the cause [is overtaken](Error::is_overtaken).
    NothingChanged(Error),
    /// The old token does not work any more. The new one does, but its secret did not arrive.
    SecretLost {
        /// The token that the organization has now.
        current: AuthenticationToken,
        /// Why the secret did not arrive.
        cause: Error,
    },
    /// It is not known whether the old token still works. A request had no clear answer, and then the
    /// token could not be read, or was still the old one (the request may yet have an effect), or was
    /// another caller's.
    Unknown {
        /// Why the secret did not arrive, and why its token is not known.
        cause: Error,
    },
}

/// The service gave the organization's main token, which replaced the one before. So it is not HCP
/// Terraform, although it calls itself so.
#[derive(Debug, thiserror::Error)]
#[error("the organization's main token was replaced")]
pub struct MainToken {
    /// The main token. Its secret is not kept.
    pub current: AuthenticationToken,
    /// The request that has shown it.
    #[source]
    pub cause: Error,
}

impl GenerateError {
    /// Returns the error of the request.
    pub fn cause(&self) -> &Error {
        match self {
            GenerateError::NothingChanged(cause)
            | GenerateError::SecretLost { cause, .. }
            | GenerateError::Unknown { cause } => cause,
        }
    }
}

impl fmt::Display for GenerateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            GenerateError::NothingChanged(_) => "no token was generated",
            GenerateError::SecretLost { .. } => {
                "a token was generated, but its secret did not arrive"
            }
            GenerateError::Unknown { .. } => "it is not known whether a token was generated",
        })
    }
}

impl std::error::Error for GenerateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.cause())
    }
}

impl AuthenticationTokens<'_> {
    /// Generates a token, which invalidates the one that is there.
    ///
    /// `replaces` is the token that was just read (`None`: there is none). If a POST without a clear
    /// answer may have reached the service, the client first reads what it has done, even after a stop
    /// request, and then generates once more. After a rate limit the client reads the token again: if
    /// it is another than `replaces`, the client leaves it alone.
    ///
    /// # Errors
    ///
    /// There is no secret. [`GenerateError`] says what became of the token that was there before.
    pub async fn generate(
        &self,
        organization: &str,
        expired_at: Option<DateTime<Utc>>,
        replaces: Option<&AuthenticationToken>,
    ) -> Result<Generated, GenerateError> {
        let call = self
            .post(organization, expired_at)
            .map_err(GenerateError::NothingChanged)?;
        self.ensure_service(organization, &call)
            .await
            .map_err(GenerateError::NothingChanged)?;

        let mut history = History {
            before: replaces.cloned(),
            unclear: false,
            lost: Vec::new(),
        };
        let mut attempts = Attempts::begin();
        loop {
            let cause = match self.post_once(&call).await {
                Ok((token, secret)) => {
                    let mut unreturned = Unreturned {
                        organization,
                        id: token.id.clone(),
                        is_returned: false,
                    };
                    let generated = self.confirm(organization, token, secret, history).await;
                    unreturned.is_returned = true;
                    return Ok(generated);
                }
                Err(cause) => cause,
            };
            if cause.is_rate_limited() {
                match self
                    .wait_for_rate_limit(organization, &call, &mut attempts, &mut history, cause)
                    .await
                {
                    Ok(()) => continue,
                    Err(cause) => return Err(self.give_up(organization, history, cause).await),
                }
            }
            if !cause.may_have_acted() {
                let cause = self.explain(organization, cause).await;
                return Err(self.give_up(organization, history, cause).await);
            }
            if history.unclear {
                return Err(self.give_up(organization, history, cause).await);
            }
            history.unclear = true;
            tracing::warn!(
                organization,
                error = %cause,
                "a POST had no clear answer: reading what it has done"
            );
            self.client.wait_for_consistency().await;
            if let Err(error) = self.read_into(&mut history, organization).await {
                return Err(GenerateError::Unknown {
                    cause: unread(cause, &error),
                });
            }
            if self.client.is_stopping() {
                return Err(history.into_error(cause));
            }
            tracing::warn!(
                organization,
                secret_lost = !history.lost.is_empty(),
                "generating once more"
            );
        }
    }

    /// Waits for a rate limit and reads the token again.
    ///
    /// # Errors
    ///
    /// Another caller has generated a token, which is left alone; or the POST is not sent again.
    async fn wait_for_rate_limit(
        &self,
        organization: &str,
        call: &Call,
        attempts: &mut Attempts,
        history: &mut History,
        limited: Error,
    ) -> Result<(), Error> {
        self.client
            .wait_before_retry(call, attempts, limited)
            .await?;
        let Some(token) = self.read_current(organization, OnStop::Abort).await? else {
            return Ok(());
        };
        if history.knows(&token) {
            return Ok(());
        }
        if history.unclear && history.lost.is_empty() {
            // The POST without a clear answer took effect late.
            history.lost.push(token);
            return Ok(());
        }
        let overtaken = self.client.error(Kind::Overtaken, call);
        Err(if history.unclear {
            overtaken
        } else {
            overtaken.with_detail("nothing was changed")
        })
    }

    /// Returns the error after the last POST has failed.
    async fn give_up(
        &self,
        organization: &str,
        mut history: History,
        cause: Error,
    ) -> GenerateError {
        if !history.unclear {
            return GenerateError::NothingChanged(cause);
        }
        // The last POST may have been refused, but the one before may have taken effect late.
        self.client.wait_for_consistency().await;
        match self.read_into(&mut history, organization).await {
            Ok(()) => history.into_error(cause),
            Err(error) => GenerateError::Unknown {
                cause: unread(cause, &error),
            },
        }
    }

    fn post(&self, organization: &str, expired_at: Option<DateTime<Utc>>) -> Result<Call, Error> {
        let mut attributes = serde_json::Map::new();
        if let Some(time) = expired_at {
            attributes.insert("expired-at".to_owned(), timestamp::format(time).into());
        }
        let document = json!({"data": {"type": "authentication-token", "attributes": attributes}});
        let call = self.call(Method::POST, organization)?;
        Ok(Call {
            body: Some(document.to_string().into_bytes()),
            ..call
        })
    }

    /// Sends one POST.
    async fn post_once(&self, call: &Call) -> Result<(AuthenticationToken, Secret), Error> {
        let answer = self.client.send(call).await?;
        let (token, secret) = self.decode(call, &answer)?;
        let secret = secret.ok_or_else(|| {
            self.client
                .error(Kind::Protocol, call)
                .with_detail("the new token has no secret")
        })?;
        Ok((token, secret))
    }

    /// Reads the token once if the service must name itself and has not yet.
    async fn ensure_service(&self, organization: &str, call: &Call) -> Result<(), Error> {
        if self.kind.requires_hcp_terraform && self.client.is_service_unknown() {
            self.read_current(organization, OnStop::Abort).await?;
        }
        self.check_service(call)
    }

    /// Reads the token, and adds a new one to the history.
    async fn read_into(&self, history: &mut History, organization: &str) -> Result<(), Error> {
        if let Some(token) = self.read_current(organization, OnStop::SendOnce).await?
            && !history.knows(&token)
        {
            history.lost.push(token);
        }
        Ok(())
    }

    /// Reads whether the organization's token is the one with this secret.
    async fn confirm(
        &self,
        organization: &str,
        token: AuthenticationToken,
        secret: Secret,
        history: History,
    ) -> Generated {
        let unconfirmed = |what: &str| {
            let path = ["organizations", organization, self.kind.path];
            let call = Call::new(Method::GET, &path);
            Some(self.client.error(Kind::Protocol, &call).with_detail(what))
        };
        let mut generated = Generated {
            token,
            secret,
            replaced_by: None,
            lost: Vec::new(),
            unconfirmed: None,
        };
        match self.read_current(organization, OnStop::SendOnce).await {
            Ok(Some(current)) if current.is(&generated.token) => generated.token = current,
            // The service may answer from a copy that is not up to date.
            Ok(Some(current)) if history.knows(&current) => {
                generated.unconfirmed =
                    unconfirmed("the organization still shows a token from before");
            }
            Ok(Some(current)) => generated.replaced_by = Some(current),
            Ok(None) => {
                generated.unconfirmed = unconfirmed("the organization shows no token");
            }
            Err(error) => generated.unconfirmed = Some(error),
        }
        generated.lost = history.lost;
        generated
    }

    /// Checks that the first secret which this client has generated is not the organization's main token.
    ///
    /// It reads the organization with that secret, once, which an audit trail token cannot do. So a service
    /// that only calls itself HCP Terraform is found after one token. The request may count as a use of the
    /// token.
    ///
    /// # Errors
    ///
    /// It is a main token. An answer that says neither is no error: a secret that arrived is worth more.
    pub async fn check_kind(
        &self,
        organization: &str,
        generated: Generated,
    ) -> Result<Generated, MainToken> {
        let product = self.client.product();
        let is_asked = self.kind.requires_hcp_terraform
            && !product.is_proven()
            // This secret does not work any more.
            && generated.replaced_by.is_none();
        if !is_asked {
            return Ok(generated);
        }
        let secret = Some(generated.secret.clone());
        let organizations = self.client.organizations_of(secret);
        match organizations.is_managed(organization).await {
            Ok(false) => product.prove(),
            Ok(true) => {
                let call = Call::new(Method::GET, &["organizations", organization]);
                return Err(MainToken {
                    current: generated.token,
                    cause: self
                        .client
                        .error(Kind::UnsupportedService, &call)
                        .with_detail("the new token manages the organization"),
                });
            }
            // The secret is worth more than the answer. The next token is tried again.
            Err(error) => tracing::debug!(organization, %error, "the new token could not be tried"),
        }
        Ok(generated)
    }

    /// Adds the reason to a 404 of a POST.
    async fn explain(&self, organization: &str, error: Error) -> Error {
        if !error.is_not_found() {
            return error;
        }
        let organizations = self.client.organizations();
        match organizations.read(organization).await {
            Ok(None) => return error.into_kind(Kind::OrganizationNotVisible),
            Ok(Some(found)) if found.can_update_api_token == Some(false) => {
                return error.into_kind(Kind::NoPermission);
            }
            Ok(Some(_)) | Err(_) => {}
        }
        if !self.kind.requires_audit_logging {
            return error;
        }
        match organizations.entitlements(organization).await {
            Ok(entitlements) if entitlements.audit_logging == Some(false) => {
                error.into_kind(Kind::NoEntitlement)
            }
            _ => error,
        }
    }
}

/// Logs that a token was generated whose secret nobody gets, if the caller stops waiting for it.
struct Unreturned<'a> {
    organization: &'a str,
    id: String,
    is_returned: bool,
}

impl Drop for Unreturned<'_> {
    fn drop(&mut self) {
        if !self.is_returned {
            tracing::warn!(
                organization = self.organization,
                token_id = self.id,
                "a token was generated, but the caller no longer waits for its secret"
            );
        }
    }
}

/// The tokens that are known and whose secret the client does not have.
struct History {
    before: Option<AuthenticationToken>,
    /// Whether a POST had no clear answer: it may have taken effect, or may yet.
    unclear: bool,
    lost: Vec<AuthenticationToken>,
}

impl History {
    fn knows(&self, token: &AuthenticationToken) -> bool {
        self.before
            .iter()
            .chain(&self.lost)
            .any(|known| known.is(token))
    }

    /// Returns the error after a POST without a clear answer, when the token was read since.
    fn into_error(mut self, cause: Error) -> GenerateError {
        match self.lost.pop() {
            // The current token is another caller's, so the last lost token does not work any more.
            Some(_) if cause.is_overtaken() => GenerateError::Unknown { cause },
            Some(current) => GenerateError::SecretLost { current, cause },
            None => GenerateError::Unknown {
                cause: cause.and_detail("a look shows no new token yet"),
            },
        }
    }
}

fn unread(cause: Error, error: &Error) -> Error {
    cause.and_detail(&format!("what it did could not be looked up ({error})"))
}
