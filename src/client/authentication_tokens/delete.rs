//! [`AuthenticationTokens::delete`].

use chrono::{DateTime, Utc};
use reqwest::{Method, StatusCode};

use super::read::AuthenticationTokens;
use super::token::AuthenticationToken;
use crate::client::error::{Error, Kind};
use crate::client::retry::Attempts;
use crate::client::transport::OnStop;

/// How many DELETEs without a clear answer are sent.
const MAX_UNCLEAR_DELETES: u32 = 3;

/// What became of a token that was to be deleted. In every case it does not work any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It was there and is deleted.
    Gone,
    /// The organization had no token.
    AlreadyGone,
    /// The organization has this other token, which was left alone.
    ReplacedBy(AuthenticationToken),
}

impl AuthenticationTokens<'_> {
    /// Deletes the organization's token if it has that ID and creation time.
    ///
    /// Only 204 means that it is deleted. A DELETE with any other answer that may have reached the
    /// service is sent again only after the client has read the same token again. So is one that met a
    /// rate limit: another caller may have replaced the token in the meantime. What a DELETE without a
    /// clear answer has done is read even after a stop request, and after the last one.
    ///
    /// # Errors
    ///
    /// If this returns an error, the token may still work.
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
        let mut last_error = None;
        loop {
            let (on_stop, gone) = if may_have_acted {
                (OnStop::SendOnce, Deleted::Gone)
            } else {
                (OnStop::Abort, Deleted::AlreadyGone)
            };
            let current = self.read_current(organization, on_stop).await;
            match (current, last_error.take()) {
                (Ok(None), _) => return Ok(gone),
                (Ok(Some(token)), _) if !token.is_same(id, created_at) => {
                    return Ok(Deleted::ReplacedBy(token));
                }
                (Ok(Some(_)), None) => {}
                (Err(error), None) => return Err(error),
                // After the last DELETE it is still there, or cannot be read.
                (_, Some(error)) => return Err(error),
            }
            self.check_service(&call)?;
            let mut error = match self.client.send(&call).await {
                Ok(answer) if answer.status == StatusCode::NO_CONTENT && !answer.is_redirected => {
                    return Ok(Deleted::Gone);
                }
                // A captive portal answers 200 to everything, and a redirect may lead to something
                // else.
                Ok(answer) => self
                    .client
                    .error(Kind::Protocol, &call)
                    .with_status(answer.status)
                    .with_detail("a deletion is answered with 204, where it was asked for")
                    .with_named_service(answer.is_named),
                Err(error) => error,
            };
            if error.is_rate_limited() {
                self.client
                    .wait_before_retry(&call, &mut attempts, error)
                    .await?;
                continue;
            }
            let is_absent = error.is_not_found();
            if is_absent && !error.is_not_from_api() {
                // Another caller deleted it, or the 404 has another reason.
                error = self.explain_absence(organization, error, on_stop).await?;
            }
            if !error.may_have_acted() && !is_absent {
                return Err(error);
            }
            may_have_acted |= error.may_have_acted();
            unclear += 1;
            tracing::warn!(
                organization,
                %error,
                "a DELETE had no clear answer: reading what it has done"
            );
            if unclear == MAX_UNCLEAR_DELETES {
                last_error = Some(error);
            }
            self.client.wait_for_consistency().await;
        }
    }
}
