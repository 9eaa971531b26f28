//! Generating a token, so that its secret arrives or the caller learns that it did not.

use std::fmt;

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::json;

use super::{AuditTrailToken, AuditTrailTokens};
use crate::client::document::format_time;
use crate::client::error::{Error, Kind};
use crate::client::retry::Attempts;
use crate::client::secret::Secret;
use crate::client::transport::{Call, Urgency};

/// A token that was generated, with its secret.
#[derive(Debug)]
#[must_use = "the secret arrives only once"]
pub struct Generated {
    /// The token, as the confirming look shows it, or else as the answer to the POST did.
    pub token: AuditTrailToken,
    /// Its secret.
    pub secret: Secret,
    /// The token that the confirming look showed instead: somebody was faster, and the secret
    /// opens nothing any more.
    pub replaced_by: Option<AuditTrailToken>,
    /// Tokens that came to be on the way, whose secrets never arrived; all are dead.
    pub lost: Vec<AuditTrailToken>,
    /// Why it is not certain that `token` is the organization's token now.
    pub unconfirmed: Option<Error>,
}

/// Why no secret was obtained, and what that means for the token there was before.
#[derive(Debug)]
pub enum GenerateError {
    /// Surely nothing was done: every request was refused or never sent. If somebody else was
    /// faster, the cause [is overtaken](Error::is_overtaken).
    NothingChanged(Error),
    /// The old token is dead; the new one is alive, but its secret never arrived.
    SecretLost {
        /// The token that the organization has now.
        current: AuditTrailToken,
        /// What kept the secret from arriving.
        cause: Error,
    },
    /// The old token may be dead or alive. A request had no clear answer, and then either looking
    /// failed too, or a look showed nothing new yet, which does not say that it never will, or
    /// the token that it showed is another's.
    Unknown {
        /// What kept the secret from arriving, and what kept us from finding out.
        cause: Error,
    },
}

impl GenerateError {
    /// What went wrong with the request itself.
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

impl AuditTrailTokens<'_> {
    /// Generates a token, which kills the one there is.
    ///
    /// `replaces` is what a look has just shown (`None`: no token). A POST that may have reached
    /// the service is not simply sent again: first it is looked up what it did, then one more
    /// token is generated. A look follows every POST that may have acted, even after the wish to
    /// stop. A rate limit is waited for and followed by a look as well: if there is another token
    /// than `replaces` by then, it is left alone.
    ///
    /// # Errors
    ///
    /// [`GenerateError`] says what is left of the token there was before.
    pub async fn generate(
        &self,
        organization: &str,
        expired_at: Option<DateTime<Utc>>,
        replaces: Option<&AuditTrailToken>,
    ) -> Result<Generated, GenerateError> {
        let call = self
            .post(organization, expired_at)
            .map_err(GenerateError::NothingChanged)?;
        self.ensure_support(organization, &call)
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
                    return Ok(self.confirm(organization, token, secret, history).await);
                }
                Err(cause) => cause,
            };
            if cause.is_rate_limited() {
                match self
                    .next_turn(organization, &call, &mut attempts, &mut history, cause)
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
                "a POST had no clear answer: looking what it did"
            );
            self.client.settle().await;
            if let Err(error) = self.note(organization, &mut history).await {
                return Err(GenerateError::Unknown {
                    cause: unlooked(cause, &error),
                });
            }
            if self.client.stop.is_requested() {
                return Err(history.outcome(cause));
            }
            tracing::warn!(
                organization,
                secret_lost = !history.lost.is_empty(),
                "generating once more"
            );
        }
    }

    /// Waits for a rate limit and looks again: whoever generated a token meanwhile keeps it.
    async fn next_turn(
        &self,
        organization: &str,
        call: &Call,
        attempts: &mut Attempts,
        history: &mut History,
        limited: Error,
    ) -> Result<(), Error> {
        self.client.wait(call, attempts, limited).await?;
        let Some(token) = self.look(organization, Urgency::Normal).await? else {
            return Ok(());
        };
        if history.knows(&token) {
            return Ok(());
        }
        if history.unclear && history.lost.is_empty() {
            // The POST without a clear answer acted late.
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

    /// Says what is there after the last POST has failed.
    async fn give_up(
        &self,
        organization: &str,
        mut history: History,
        cause: Error,
    ) -> GenerateError {
        if !history.unclear {
            return GenerateError::NothingChanged(cause);
        }
        // Even if this one was refused, one before may have acted late.
        self.client.settle().await;
        match self.note(organization, &mut history).await {
            Ok(()) => history.outcome(cause),
            Err(error) => GenerateError::Unknown {
                cause: unlooked(cause, &error),
            },
        }
    }

    fn post(&self, organization: &str, expired_at: Option<DateTime<Utc>>) -> Result<Call, Error> {
        let mut attributes = serde_json::Map::new();
        if let Some(time) = expired_at {
            attributes.insert("expired-at".to_owned(), format_time(time).into());
        }
        let document = json!({"data": {"type": "authentication-token", "attributes": attributes}});
        let call = self.call(Method::POST, organization)?;
        Ok(Call {
            body: Some(document.to_string().into_bytes()),
            ..call
        })
    }

    /// Sends one POST, which nothing can abandon once it is on its way.
    async fn post_once(&self, call: &Call) -> Result<(AuditTrailToken, Secret), Error> {
        let answer = self.client.send(call).await?;
        let (token, secret) = self.token(call, &answer)?;
        let secret = secret.ok_or_else(|| {
            self.client
                .error(Kind::Protocol, call)
                .with_detail("the new token has no secret")
        })?;
        Ok((token, secret))
    }

    /// Looks at the service once if it has not named itself yet.
    async fn ensure_support(&self, organization: &str, call: &Call) -> Result<(), Error> {
        if self.client.transport.service.is_unknown() {
            self.look(organization, Urgency::Normal).await?;
        }
        self.require_support(call)
    }

    /// Looks which token there is now and takes note of a new one.
    async fn note(&self, organization: &str, history: &mut History) -> Result<(), Error> {
        if let Some(token) = self.look(organization, Urgency::Essential).await?
            && !history.knows(&token)
        {
            history.lost.push(token);
        }
        Ok(())
    }

    /// Looks whether the organization's token is the one whose secret we hold.
    async fn confirm(
        &self,
        organization: &str,
        token: AuditTrailToken,
        secret: Secret,
        history: History,
    ) -> Generated {
        let doubt = |what: &str| {
            let call = Call::new(
                Method::GET,
                &["organizations", organization, "authentication-token"],
            );
            Some(self.client.error(Kind::Protocol, &call).with_detail(what))
        };
        let mut generated = Generated {
            token,
            secret,
            replaced_by: None,
            lost: Vec::new(),
            unconfirmed: None,
        };
        match self.look(organization, Urgency::Essential).await {
            Ok(Some(current)) if current.is(&generated.token) => generated.token = current,
            // A service that answers from a copy may lag behind: no proof of anything.
            Ok(Some(current)) if history.knows(&current) => {
                generated.unconfirmed = doubt("the organization still shows a token from before");
            }
            Ok(Some(current)) => generated.replaced_by = Some(current),
            Ok(None) => {
                generated.unconfirmed = doubt("the organization shows no token");
            }
            Err(error) => generated.unconfirmed = Some(error),
        }
        generated.lost = history.lost;
        generated
    }

    /// Finds out why a POST was answered with 404.
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
        match organizations.entitlements(organization).await {
            Ok(entitlements) if entitlements.audit_logging == Some(false) => {
                error.into_kind(Kind::NoEntitlement)
            }
            _ => error,
        }
    }
}

/// The tokens that are known not to be the one we want.
struct History {
    before: Option<AuditTrailToken>,
    /// Whether a POST had no clear answer: it may have acted, or may act yet.
    unclear: bool,
    lost: Vec<AuditTrailToken>,
}

impl History {
    fn knows(&self, token: &AuditTrailToken) -> bool {
        self.before
            .iter()
            .chain(&self.lost)
            .any(|known| known.is(token))
    }

    /// What a failure means, after a POST without a clear answer and a look that succeeded.
    fn outcome(mut self, cause: Error) -> GenerateError {
        match self.lost.pop() {
            // The last one is another's, and ours is dead or gone: the next look has to tell.
            Some(_) if cause.is_overtaken() => GenerateError::Unknown { cause },
            Some(current) => GenerateError::SecretLost { current, cause },
            None => GenerateError::Unknown {
                cause: cause.and("a look shows no new token yet"),
            },
        }
    }
}

fn unlooked(cause: Error, error: &Error) -> Error {
    cause.and(&format!("what it did could not be looked up ({error})"))
}
