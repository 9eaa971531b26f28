//! Generating an audit trail token: what the outcome means to a practitioner, and what the state keeps of it.

use super::NAME;
use super::model::{Model, Status};
use super::ownership::{Observation, ObservedToken, Owner};
use super::secret::SecretStorage;
use crate::client::{AuditTrailToken, Client, GenerateError, Generated, MainToken, ServiceHost};
use crate::provider::connection::Connection;
use crate::provider::diagnostics::{self, GeneratedBy, TokenRef};
use crate::provider::generation::{self, GenerateRequest, NotGenerated, TokenName};
use tfplugin::{ApplyContext, Attr, Context, Diagnostic, Diagnostics};

const TOKEN: TokenName = TokenName {
    resource: NAME,
    noun: "an audit trail token",
};

/// Returns the organization's token as it is now, right before it is replaced.
///
/// # Errors
///
/// Returns why it could not be read. Nothing was changed.
pub(super) async fn read_current(
    client: &Client,
    organization: &str,
) -> Result<Option<AuditTrailToken>, Diagnostic> {
    client
        .audit_trail_tokens()
        .read(organization)
        .await
        .map_err(|error| diagnostics::current_not_read(organization, &error))
}

/// Why there is no secret.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no new token, as far as known.
    NoToken(Diagnostic),
    /// There is a new token, but its secret did not arrive.
    SecretLost {
        current: AuditTrailToken,
        diagnostic: Diagnostic,
    },
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoToken(diagnostic) | Failure::SecretLost { diagnostic, .. } => diagnostic,
        }
    }
}

/// Generates a token, at most once for an organization in the life of a configured provider.
///
/// Once the secret has arrived, nothing that follows is an error but one thing: it is the organization's main token.
/// Everything else becomes a warning. The caller decides what it means if somebody replaced the new token at once
/// ([`Generated::replaced_by`]).
pub(super) async fn generate(
    connection: &Connection,
    client: &Client,
    request: GenerateRequest<'_>,
    by: GeneratedBy,
    cx: &mut Context,
) -> Result<Generated, Failure> {
    let tokens = client.audit_trail_tokens();
    let mut generated = generation::generate(connection, TOKEN, tokens, request, cx)
        .await
        .map_err(|why| failure(connection, &request, by, why))?;
    // Not for an opened token: the request may count as a use, and the apply refuses to replace a token that was used
    // since its plan.
    if by != GeneratedBy::Opening {
        let organization = request.organization;
        let _work = cx.work(format!(
            "trying the new token of organization {organization}"
        ));
        generated = client
            .audit_trail_tokens()
            .check_kind(organization, generated)
            .await
            .map_err(|MainToken { current, cause }| {
                let token = TokenRef::of(organization, &current);
                Failure::NoToken(diagnostics::main_token(token, &cause))
            })?;
    }
    warn_about(&request, &generated, cx);
    Ok(generated)
}

fn failure(
    connection: &Connection,
    request: &GenerateRequest<'_>,
    by: GeneratedBy,
    why: NotGenerated,
) -> Failure {
    let organization = request.organization;
    let error = match why {
        NotGenerated::AlreadyGenerated => {
            let first = request
                .replaces
                .filter(|token| connection.generated_here(NAME, organization, token));
            let problem = diagnostics::already_generated(organization, first);
            return Failure::NoToken(problem);
        }
        NotGenerated::Failed(error) => error,
    };
    match error {
        GenerateError::NothingChanged(error) => Failure::NoToken(diagnostics::not_generated(
            organization,
            request.replaces,
            &error,
        )),
        GenerateError::SecretLost { current, cause } => Failure::SecretLost {
            diagnostic: diagnostics::secret_lost(TokenRef::of(organization, &current), by, &cause),
            current,
        },
        GenerateError::Unknown { cause } => {
            Failure::NoToken(diagnostics::unknown_whether_generated(organization, &cause))
        }
    }
}

/// Warns if the token is not what was requested, or not confirmed, or not the first one.
fn warn_about(request: &GenerateRequest<'_>, generated: &Generated, cx: &mut Context) {
    let token = TokenRef::of(request.organization, &generated.token);
    if !generated.lost.is_empty() {
        let lost: Vec<&str> = generated.lost.iter().map(|lost| lost.id.as_str()).collect();
        cx.add(diagnostics::generated_again(token, &lost));
    }
    if let Some(error) = &generated.unconfirmed {
        cx.add(diagnostics::unconfirmed(token, error));
    }
    let expired_at = generated.token.expired_at;
    if let Some(asked) = request.expired_at
        && expired_at.map(|got| got.timestamp()) != Some(asked.timestamp())
    {
        cx.add(diagnostics::other_expiry(
            request.organization,
            asked,
            expired_at,
        ));
    }
}

/// Records the outcome of a generation in the planned object.
///
/// If the secret was lost, the apply fails, so that no other resource reads null. The object is recorded before that:
/// the next apply then knows that this token is the state's.
pub(super) fn record_outcome(
    result: Result<Generated, Failure>,
    plan: &mut Model,
    organization: &str,
    storage: SecretStorage,
    host: Option<ServiceHost>,
    cx: &mut ApplyContext,
) -> Result<(), Diagnostics> {
    match result {
        Ok(generated) => {
            plan.identify(&generated.token);
            let token = TokenRef::of(organization, &generated.token);
            storage.store(plan, token, &generated.secret);
            let (status, current, owner) = match &generated.replaced_by {
                Some(other) => {
                    cx.add(diagnostics::replaced_at_once(token, other));
                    (Status::Replaced, other, Owner::Other)
                }
                None => (Status::Current, &generated.token, Owner::State),
            };
            plan.status = status.into();
            // A failure here must not lose the secret: the observed token only improves later warnings.
            let observation = Observation {
                organization,
                token: current,
                owner,
                host,
            };
            if let Err(problems) = ObservedToken::store(cx.private_mut(), observation) {
                tracing::warn!(%problems, "the observed token could not be stored");
            }
            Ok(())
        }
        Err(Failure::SecretLost {
            current,
            diagnostic,
        }) => {
            plan.identify(&current);
            plan.token = Attr::Null;
            plan.sealed_token = Attr::Null;
            plan.status = Status::SecretLost.into();
            let observation = Observation {
                organization,
                token: &current,
                owner: Owner::State,
                host,
            };
            Err(fail_with_state(diagnostic, plan, observation, cx))
        }
        Err(Failure::NoToken(diagnostic)) => Err(diagnostic.into()),
    }
}

/// Returns the error of an apply, and stores `model` and the observed token with it. Errors of storing follow `error`.
pub(super) fn fail_with_state(
    error: Diagnostic,
    model: &Model,
    observation: Observation<'_>,
    cx: &mut ApplyContext,
) -> Diagnostics {
    let mut problems = Diagnostics::from(error);
    if let Err(more) = cx.record(model) {
        problems.extend(more);
    }
    if let Err(more) = ObservedToken::store(cx.private_mut(), observation) {
        problems.extend(more);
    }
    problems
}
