//! The audit trail token of an organization: there is one or none.
//!
//! `GET|POST|DELETE /organizations/{name}/authentication-token?token=audit-trails`. A POST replaces
//! the token at once, a DELETE removes whichever there is; so each is preceded by a look, and what
//! an unclear answer has done is looked up before anything is repeated. Whether a token *should*
//! be replaced or deleted is not decided here.

mod generate;

use chrono::{DateTime, Utc};
use reqwest::{Method, StatusCode};
use serde::Deserialize;

pub use self::generate::{GenerateError, Generated};
use super::Client;
use super::document::{Document, Resource, parse_time};
use super::error::{Error, Kind};
use super::retry::Attempts;
use super::secret::Secret;
use super::transport::{Answer, Call, Urgency};

/// How many DELETEs without a clear answer there may be, each after a look.
const DELETE_LIMIT: u32 = 3;

/// The audit trail tokens of all organizations.
pub struct AuditTrailTokens<'a> {
    pub(super) client: &'a Client,
}

/// What is known of a token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditTrailToken {
    /// The id, opaque.
    pub id: String,
    /// When it was generated.
    pub created_at: DateTime<Utc>,
    /// When it was last used, if ever.
    pub last_used_at: Option<DateTime<Utc>>,
    /// A description; the API gives none to tokens of this kind today.
    pub description: Option<String>,
    /// When it expires; `None` means never.
    pub expired_at: Option<DateTime<Utc>>,
    /// Who generated it.
    pub created_by: Option<CreatedBy>,
}

/// Who generated a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedBy {
    /// The id, such as `user-…`.
    pub id: String,
    /// `users`, `organizations` or `teams`.
    pub kind: String,
}

impl AuditTrailToken {
    /// Whether this is the token with that id and creation time, compared by whole seconds: the id
    /// alone may survive a regeneration, and not every writer keeps the fraction.
    pub fn is_same(&self, id: &str, created_at: DateTime<Utc>) -> bool {
        self.id == id && self.created_at.timestamp() == created_at.timestamp()
    }

    fn is(&self, other: &AuditTrailToken) -> bool {
        self.is_same(&other.id, other.created_at)
    }
}

/// What became of a token that was to be deleted; none of these leaves it alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It was there and is deleted.
    Gone,
    /// The organization had no token any more.
    AlreadyGone,
    /// The organization has this other token, which was left alone.
    ReplacedBy(AuditTrailToken),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct TokenAttributes {
    created_at: Option<String>,
    last_used_at: Option<String>,
    description: Option<String>,
    expired_at: Option<String>,
    token: Option<Secret>,
}

impl AuditTrailTokens<'_> {
    /// Reads the organization's token; `None` only if there surely is none.
    ///
    /// The API answers 404 for many reasons. The token counts as gone only if the organization's
    /// own document says that the caller may manage its tokens.
    ///
    /// # Errors
    ///
    /// Every other 404 is an error that says which:
    /// [`is_organization_not_visible`](Error::is_organization_not_visible),
    /// [`is_no_permission`](Error::is_no_permission), or what kept the organization from being
    /// read. A service that is not HCP Terraform is not believed
    /// ([`is_unsupported_service`](Error::is_unsupported_service)); an answer without data is a
    /// [protocol error](Error::is_protocol).
    pub async fn read(&self, organization: &str) -> Result<Option<AuditTrailToken>, Error> {
        self.look(organization, Urgency::Normal).await
    }

    /// Deletes the organization's token if, and only if, it is the one with that id and creation
    /// time.
    ///
    /// Only 204 says that it is gone. A DELETE that had another answer, and may have reached the
    /// service, is repeated only after a look has shown the same token still there, and so is one
    /// that met a rate limit: meanwhile it may have become another's. What an unclear DELETE did is
    /// looked up even after the wish to stop.
    ///
    /// # Errors
    ///
    /// If this returns an error, the token may still be alive.
    pub async fn delete(
        &self,
        organization: &str,
        id: &str,
        created_at: DateTime<Utc>,
    ) -> Result<Deleted, Error> {
        let call = self.call(Method::DELETE, organization)?;
        let mut attempts = Attempts::begin();
        let mut unclear = 0;
        let mut may_have_acted = false;
        loop {
            let (urgency, gone) = if may_have_acted {
                (Urgency::Essential, Deleted::Gone)
            } else {
                (Urgency::Normal, Deleted::AlreadyGone)
            };
            match self.look(organization, urgency).await? {
                None => return Ok(gone),
                Some(token) if !token.is_same(id, created_at) => {
                    return Ok(Deleted::ReplacedBy(token));
                }
                Some(_) => {}
            }
            self.require_support(&call)?;
            let mut error = match self.client.send(&call).await {
                Ok(answer) if answer.status == StatusCode::NO_CONTENT && !answer.is_redirected => {
                    return Ok(Deleted::Gone);
                }
                // A page that stands in the way says 200 to everything, and what a redirect leads
                // to may be another thing.
                Ok(answer) => self
                    .client
                    .error(Kind::Protocol, &call)
                    .with_status(answer.status)
                    .with_detail("a deletion is answered with 204, where it was asked for"),
                Err(error) => error,
            };
            if error.is_rate_limited() {
                self.client.wait(&call, &mut attempts, error).await?;
                continue;
            }
            let is_absent = error.is_not_found();
            if is_absent && !error.is_stray() {
                // Somebody was faster, or something else is missing: the next look tells.
                error = self.explain_absence(organization, error, urgency).await?;
            }
            if !error.may_have_acted() && !is_absent {
                return Err(error);
            }
            may_have_acted |= error.may_have_acted();
            unclear += 1;
            if unclear == DELETE_LIMIT {
                return Err(error);
            }
            tracing::warn!(
                organization,
                %error,
                "a DELETE had no clear answer: looking what it did"
            );
            self.client.settle().await;
        }
    }

    /// Reads the token.
    async fn look(
        &self,
        organization: &str,
        urgency: Urgency,
    ) -> Result<Option<AuditTrailToken>, Error> {
        let call = Call {
            urgency,
            ..self.call(Method::GET, organization)?
        };
        match self.client.send(&call).await {
            // Whoever sent it, it was not the service: that one may still name itself.
            Ok(answer) if answer.is_page => Err(self
                .client
                .error(Kind::Protocol, &call)
                .with_status(answer.status)
                .with_detail("the answer is a web page")),
            Ok(answer) => {
                self.require_support(&call)?;
                self.token(&call, &answer).map(|(token, _)| Some(token))
            }
            Err(error) if error.is_not_found() && !error.is_stray() => {
                self.require_support(&call)?;
                self.explain_absence(organization, error, urgency).await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Tells a 404 apart: `Ok`, with it, if there surely is no token, otherwise the error that says
    /// why it cannot be seen.
    async fn explain_absence(
        &self,
        organization: &str,
        absence: Error,
        urgency: Urgency,
    ) -> Result<Error, Error> {
        match self
            .client
            .organizations()
            .look(organization, urgency)
            .await
        {
            Ok(None) => Err(absence.into_kind(Kind::OrganizationNotVisible)),
            Ok(Some(found)) if found.can_update_api_token == Some(true) => Ok(absence),
            Ok(Some(_)) => Err(absence.into_kind(Kind::NoPermission)),
            Err(error) if error.is_stopped() => Err(error),
            Err(error) => Err(absence
                .with_detail("and the organization could not be read to find out why")
                .with_source(error)),
        }
    }

    fn call(&self, method: Method, organization: &str) -> Result<Call, Error> {
        let path = Some("authentication-token");
        let call = Call::for_organization(self.client, method, organization, path)?;
        Ok(Call {
            query: vec![("token", "audit-trails".to_owned())],
            ..call
        })
    }

    /// Refuses services where the token endpoint means another token.
    fn require_support(&self, call: &Call) -> Result<(), Error> {
        let transport = &self.client.transport;
        transport
            .service
            .has_audit_trails(transport.settings.assume_audit_trails)
            .map_err(|why| {
                self.client
                    .error(Kind::UnsupportedService, call)
                    .with_detail(why)
            })
    }

    /// Reads a token's document, and its secret if it carries one.
    fn token(
        &self,
        call: &Call,
        answer: &Answer,
    ) -> Result<(AuditTrailToken, Option<Secret>), Error> {
        let document: Document<Resource<TokenAttributes>> = self.client.decode(call, answer)?;
        let resource = self.client.data(call, document)?;
        let broken = |what: &str| self.client.error(Kind::Protocol, call).with_detail(what);
        let id = resource.id().ok_or_else(|| broken("the token has no id"))?;
        let created_by = resource.relationships.as_ref().and_then(created_by);
        let attributes = resource.attributes;
        let secret = attributes
            .token
            .filter(|secret| !secret.expose().is_empty());
        let created_at = attributes
            .created_at
            .as_deref()
            .and_then(parse_time)
            .ok_or_else(|| broken("the token has no readable created-at"))?;
        // A date that decides over a token must not be guessed; but next to a secret, which
        // arrives only once, nothing else is worth losing it for: a look follows anyway.
        let optional = |text: Option<String>, what: &str| match text {
            None => Ok(None),
            Some(text) => match parse_time(&text) {
                None if secret.is_none() => Err(broken(what)),
                time => Ok(time),
            },
        };
        let token = AuditTrailToken {
            id,
            created_at,
            last_used_at: optional(
                attributes.last_used_at,
                "the token has an unreadable last-used-at",
            )?,
            description: attributes.description,
            expired_at: optional(
                attributes.expired_at,
                "the token has an unreadable expired-at",
            )?,
            created_by,
        };
        Ok((token, secret))
    }
}

fn created_by(relationships: &serde_json::Value) -> Option<CreatedBy> {
    let text = |place: &str| relationships.pointer(place)?.as_str().map(str::to_owned);
    Some(CreatedBy {
        id: text("/created-by/data/id")?,
        kind: text("/created-by/data/type")?,
    })
}
