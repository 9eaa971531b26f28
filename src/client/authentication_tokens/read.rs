//! [`AuthenticationTokens`]: the tokens of one [`TokenKind`], how they are read, and what a 404 means.

use chrono::{DateTime, Utc};
use reqwest::Method;

use super::token::{self, AuthenticationToken};
use crate::client::api_client::Client;
use crate::client::error::{Error, Kind};
use crate::client::organization_name::is_same_organization;
use crate::client::secret::Secret;
use crate::client::transport::{Answer, Call, OnStop};

/// What the requests for one kind of token have in common.
#[derive(Clone, Copy)]
pub(in crate::client) struct TokenKind {
    /// What follows `/organizations/{name}/` in the path.
    pub(in crate::client) path: &'static str,
    /// The query, not encoded.
    pub(in crate::client) query: &'static [(&'static str, &'static str)],
    /// Whether other products have no such tokens: a POST or DELETE is then sent only to a service
    /// that has named itself HCP Terraform.
    pub(in crate::client) requires_hcp_terraform: bool,
    /// Whether the API refuses the token to organizations without audit logging.
    pub(in crate::client) requires_audit_logging: bool,
}

/// The tokens of one kind of all organizations.
pub struct AuthenticationTokens<'a> {
    pub(super) client: &'a Client,
    pub(super) kind: TokenKind,
}

impl<'a> AuthenticationTokens<'a> {
    pub(in crate::client) fn new(client: &'a Client, kind: TokenKind) -> Self {
        Self { client, kind }
    }

    /// Reads the organization's token. `None` means that there certainly is none.
    ///
    /// The API answers 404 for many reasons. The token counts as absent only if the organization's
    /// document says that the caller may manage its tokens.
    ///
    /// # Errors
    ///
    /// Any other 404 is an error that says why:
    /// [`is_organization_not_visible`](Error::is_organization_not_visible),
    /// [`is_no_permission`](Error::is_no_permission), or why the organization could not be read. A
    /// service without such tokens is [`is_unsupported_service`](Error::is_unsupported_service), and an
    /// answer without data is a [protocol error](Error::is_protocol).
    pub async fn read(&self, organization: &str) -> Result<Option<AuthenticationToken>, Error> {
        self.read_current(organization, OnStop::Abort).await
    }

    /// Searches for a token among the organizations that the caller can see, of which at most `limit` are read. `except`
    /// is not read. Returns the name of the organization that has it.
    ///
    /// An organization whose token the caller may not read is left out.
    ///
    /// # Errors
    ///
    /// The organizations cannot be listed, or a token cannot be read for another reason.
    pub async fn find(
        &self,
        id: &str,
        created_at: DateTime<Utc>,
        except: &str,
        limit: usize,
    ) -> Result<Option<(String, AuthenticationToken)>, Error> {
        let mut pages = self.client.organizations().list();
        let mut left = limit;
        while let Some(names) = pages.next().await? {
            let others = names
                .into_iter()
                .filter(|name| !is_same_organization(name, except));
            for name in others.take(left) {
                left -= 1;
                let call = self.call(Method::GET, &name)?;
                let token = match self.client.send(&call).await {
                    Ok(answer) => self.decode(&call, &answer)?.0,
                    Err(error) if error.is_not_found() || error.is_forbidden() => continue,
                    Err(error) => return Err(error),
                };
                if token.is_same(id, created_at) {
                    self.check_service(&call)?;
                    return Ok(Some((name, token)));
                }
            }
            if left == 0 {
                break;
            }
        }
        Ok(None)
    }

    pub(super) async fn read_current(
        &self,
        organization: &str,
        on_stop: OnStop,
    ) -> Result<Option<AuthenticationToken>, Error> {
        let call = Call {
            on_stop,
            ..self.call(Method::GET, organization)?
        };
        match self.client.send(&call).await {
            // The page of a proxy says nothing about the service.
            Ok(answer) if answer.is_html => Err(self
                .client
                .error(Kind::Protocol, &call)
                .with_status(answer.status)
                .with_detail("the answer is a web page")
                .with_named_service(answer.is_named)),
            Ok(answer) => {
                self.check_service(&call)?;
                self.decode(&call, &answer).map(|(token, _)| Some(token))
            }
            Err(error) if error.is_not_found() && !error.is_not_from_api() => {
                self.check_service(&call)?;
                self.explain_absence(organization, error, on_stop).await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Returns a 404 if it means that there is no token.
    ///
    /// # Errors
    ///
    /// It has another reason, or the reason is not known.
    pub(super) async fn explain_absence(
        &self,
        organization: &str,
        not_found: Error,
        on_stop: OnStop,
    ) -> Result<Error, Error> {
        match self
            .client
            .organizations()
            .read_current(organization, on_stop)
            .await
        {
            Ok(None) => Err(not_found.into_kind(Kind::OrganizationNotVisible)),
            Ok(Some(found)) if found.can_update_api_token == Some(true) => Ok(not_found),
            Ok(Some(_)) => Err(not_found.into_kind(Kind::NoPermission)),
            Err(error) if error.is_stopped() => Err(error),
            Err(error) => Err(not_found
                .with_detail("and the organization could not be read to find out why")
                .with_source(error)),
        }
    }

    pub(super) fn call(&self, method: Method, organization: &str) -> Result<Call, Error> {
        let call = self
            .client
            .organization_call(method, organization, Some(self.kind.path))?;
        let query = self.kind.query.iter();
        Ok(Call {
            query: query
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            ..call
        })
    }

    /// Refuses a service that has no such tokens, or has not said that it has.
    pub(super) fn check_service(&self, call: &Call) -> Result<(), Error> {
        if !self.kind.requires_hcp_terraform {
            return Ok(());
        }
        self.client.check_is_hcp_terraform().map_err(|why| {
            self.client
                .error(Kind::UnsupportedService, call)
                .with_detail(why)
        })
    }

    /// Decodes a token's document, with its secret if it has one.
    pub(super) fn decode(
        &self,
        call: &Call,
        answer: &Answer,
    ) -> Result<(AuthenticationToken, Option<Secret>), Error> {
        let resource = self.client.decode_resource(call, answer)?;
        token::from_resource(resource).map_err(|why| {
            let error = self.client.error(Kind::Protocol, call).with_detail(why);
            error.with_named_service(answer.is_named)
        })
    }
}
