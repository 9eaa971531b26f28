//! The managed resource `tfe_audit_trail_token`: create, read, update, delete, import.
//!
//! What a plan says is in `plan`; the attributes are in `model`, their documentation in `schema`.

use chrono::{DateTime, Utc};

use super::consent::Consent;
use super::generate::{Failure, fail_with_state, generate, read_current, record_outcome};
use super::liveness::is_dead;
use super::model::{Identity, Model, Status};
use super::ownership::{Observation, ObservedToken, Owner, Ownership, ownership};
use super::secret::{self, SecretStorage};
use super::{NAME, plan, plan_preview, schema};
use crate::client::{AuditTrailToken, Client, Deleted, Error, check_organization_name};
use crate::provider::Connection;
use crate::provider::diagnostics::{self, Force, ForeignHost};
use crate::provider::generation::{GenerateRequest, expiry_to_request};
use crate::provider::known_objects::Relation;
use tfplugin::{
    ApplyContext, Attr, Change, Diagnostic, Diagnostics, IdentitySchema, ImportBy, Move,
    PlanContext, Resource, ResourceContext, Schema,
};

/// The managed resource `tfe_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct AuditTrailTokenResource {
    connection: Connection,
}

/// The addresses of hashicorp/tfe, whose resource of the same name a `moved` block can bring here.
///
/// They are its own addresses in both public registries; a mirror does not change them. A copy under another name in a
/// private registry is refused: only the practitioner can know that it is the same provider, and says so with
/// `terraform state replace-provider`, which needs no move.
const HASHICORP_TFE: &[&str] = &[
    "registry.terraform.io/hashicorp/tfe",
    "registry.opentofu.org/hashicorp/tfe",
];

impl Resource for AuditTrailTokenResource {
    type Client = Connection;
    type Model = Model;
    type Identity = Identity;

    const NAME: &'static str = NAME;

    fn schema() -> Schema {
        schema::schema()
    }

    fn identity_schema() -> Option<IdentitySchema> {
        Some(schema::identity())
    }

    fn new(connection: &Connection) -> Self {
        Self {
            connection: connection.clone(),
        }
    }

    /// Returns no identity while the provider block is not known: the hostname is part of it.
    fn identify(&self, object: &Model) -> Option<Identity> {
        Some(Identity {
            hostname: Some(self.connection.hostname()?.to_string()),
            organization: object.organization.known()?.clone(),
        })
    }

    async fn modify_plan(
        &self,
        change: &mut Change<Model>,
        cx: &mut PlanContext,
    ) -> Result<(), Diagnostics> {
        plan::modify(&self.connection, change, cx).await
    }

    async fn plan_destroy(
        &self,
        state: Model,
        cx: &mut ResourceContext,
    ) -> Result<(), Diagnostics> {
        Ok(plan_preview::deletion(&state, &self.connection, cx)?)
    }

    /// Generates a token, if the organization has none that works or `force_regenerate` is true.
    async fn create(&self, mut plan: Model, cx: &mut ApplyContext) -> Result<Model, Diagnostics> {
        let consent = Consent::take(cx);
        let client = self.connection.require_api(cx)?;
        let organization = plan.organization_in_state()?.to_owned();
        let storage = SecretStorage::prepare(&plan.seal_token, &self.connection)?;
        let expired_at = expiry_to_request(&plan.expired_at)?;

        let _lock = self.connection.organization_lock(NAME, &organization).await;
        let existing = read_current(&client, &organization).await?;
        if let Some(existing) = &existing
            && !is_dead(existing, self.connection.clock().now())
        {
            let is_second = self
                .connection
                .generated_here(NAME, &organization, existing);
            if is_second {
                let problem = diagnostics::already_generated(&organization, Some(existing));
                return Err(problem.into());
            }
            if plan.force_regenerate != Attr::Known(true) {
                return Err(diagnostics::already_exists(&organization, existing).into());
            }
            check_consent(consent.as_ref(), &organization, existing)?;
        }

        let request = GenerateRequest {
            organization: &organization,
            expired_at,
            replaces: existing.as_ref(),
        };
        let result = generate(&self.connection, &client, request, cx).await;
        let host = self.connection.host();
        record_outcome(result, &mut plan, &organization, storage, host, cx)?;
        Ok(plan)
    }

    /// Compares the state with the organization's token. Returns `None` only if the organization has no token. While the
    /// provider block is not known, the state stays as it is.
    async fn read(
        &self,
        mut state: Model,
        cx: &mut ResourceContext,
    ) -> Result<Option<Model>, Diagnostics> {
        let Ok(client) = self.connection.api(cx) else {
            return Ok(Some(state));
        };
        let organization = state.organization_in_state()?.to_owned();
        // Somebody edited the state. A plan would replace the object if the attribute stayed null.
        if state.organization.is_null() {
            state.organization = Attr::Known(organization.clone());
        }
        let failed = |error: Error| diagnostics::not_read(&organization, &error);
        let tokens = client.audit_trail_tokens();
        let Some(current) = tokens.read(&organization).await.map_err(failed)? else {
            cx.add(diagnostics::gone(&organization, state.token_id.as_deref()));
            return Ok(None);
        };
        let now = self.connection.clock().now();
        let ownership = ownership(&self.connection, &client, &state, &current)
            .await
            .map_err(failed)?;
        let owner = match ownership {
            Ownership::Same | Ownership::Adopted | Ownership::AdoptedUntried => {
                if ownership == Ownership::AdoptedUntried {
                    cx.add(diagnostics::secret_not_tried(&organization, &current));
                }
                let followed = ObservedToken::followed(cx.private(), &organization, &current.id);
                complete(&mut state, &current, now);
                match followed {
                    Some(_) => Owner::Followed,
                    None => Owner::State,
                }
            }
            Ownership::Other if is_follower(&state) => {
                cx.add(diagnostics::followed(
                    state.replaced_by(&organization, &current),
                ));
                follow(&mut state, &current, now);
                Owner::Followed
            }
            Ownership::Other => {
                let replaced = state.replaced_by(&organization, &current);
                let is_ours = self.connection.managed_here(NAME, &organization, &current);
                cx.add(if is_ours {
                    diagnostics::replaced_by_second_object(replaced)
                } else {
                    diagnostics::replaced(replaced)
                });
                state.status = Status::Replaced.into();
                Owner::Other
            }
        };
        let observation = Observation {
            organization: &organization,
            token: &current,
            owner,
            host: self.connection.host(),
        };
        ObservedToken::store(cx.private_mut(), observation)?;
        let relation = match owner {
            Owner::State => Relation::Manages,
            Owner::Followed => Relation::Follows,
            Owner::Other => Relation::Replaced,
        };
        self.connection.known_objects(NAME, &organization, |known| {
            known.record_read(state.named_token(), relation);
        });
        Ok(Some(state))
    }

    /// Generates a new token if the plan says so; otherwise changes the state alone.
    async fn update(
        &self,
        mut plan: Model,
        state: Model,
        cx: &mut ApplyContext,
    ) -> Result<Model, Diagnostics> {
        let consent = Consent::take(cx);
        // Only a plan that regenerates leaves the token's ID unknown.
        if !plan.token_id.is_unknown() {
            secret::apply_move(&mut plan, &state, &self.connection)?;
            return Ok(plan);
        }
        let client = self.connection.require_api(cx)?;
        let organization = state.organization_in_state()?.to_owned();
        let storage = SecretStorage::prepare(&plan.seal_token, &self.connection)?;
        let expired_at = expiry_to_request(&plan.expired_at)?;

        let _lock = self.connection.organization_lock(NAME, &organization).await;
        let current = read_current(&client, &organization).await?;
        if let Some(current) = &current {
            self.check_ownership(&client, &plan, consent.as_ref(), &state, current, cx)
                .await?;
        }
        let request = GenerateRequest {
            organization: &organization,
            expired_at,
            replaces: current.as_ref(),
        };
        let result = generate(&self.connection, &client, request, cx).await;
        let now = self.connection.clock().now();
        if !matches!(result, Err(Failure::NoToken(_)))
            && let Some(other) =
                current.filter(|current| is_another(current, &state) && !is_dead(current, now))
        {
            // The plan may be older than that token, and then named another one.
            cx.add(diagnostics::another_invalidated(
                state.replaced_by(&organization, &other),
            ));
        }
        let host = self.connection.host();
        record_outcome(result, &mut plan, &organization, storage, host, cx)?;
        Ok(plan)
    }

    /// Deletes the token in the state and no other. A token that the state only follows is not deleted either: this
    /// configuration neither generated nor imported it.
    async fn delete(&self, state: Model, cx: &mut ResourceContext) -> Result<(), Diagnostics> {
        let client = self.connection.require_api(cx)?;
        let organization = state.organization_in_state()?.to_owned();
        let id = state.token_id.as_deref().unwrap_or_default();
        if let Some(observed) = ObservedToken::followed(cx.private(), &organization, id) {
            cx.add(diagnostics::followed_left_alone(&organization, &observed));
            return Ok(());
        }
        let _lock = self.connection.organization_lock(NAME, &organization).await;
        let _work = cx.work(format!(
            "deleting the audit trail token of organization {organization}"
        ));
        let deleted = self
            .delete_own(&client, &organization, &state)
            .await
            .map_err(|error| diagnostics::not_deleted(&organization, &error))?;
        if let Deleted::ReplacedBy(other) = deleted {
            cx.add(diagnostics::left_alone(
                state.replaced_by(&organization, &other),
            ));
        }
        Ok(())
    }

    /// Imports the organization's token, without its secret, which the API never returns again.
    async fn import(
        &self,
        by: ImportBy<Identity>,
        cx: &mut ResourceContext,
    ) -> Result<Model, Diagnostics> {
        let named = match &by {
            ImportBy::Id(id) => id,
            ImportBy::Identity(identity) => &identity.organization,
        };
        let organization = named.trim();
        check_organization_name(organization).map_err(|why| match by {
            ImportBy::Id(_) => diagnostics::invalid_import_id(named, why),
            ImportBy::Identity(_) => diagnostics::invalid_import_identity(named, why),
        })?;
        let client = self.connection.require_api(cx)?;
        if let ImportBy::Identity(identity) = &by
            && !identity.is_on(client.hostname())
        {
            let host = ForeignHost {
                identity: identity.hostname.as_deref().unwrap_or_default(),
                provider: client.hostname(),
            };
            return Err(diagnostics::import_from_another_host(organization, host).into());
        }
        let token = client
            .audit_trail_tokens()
            .read(organization)
            .await
            .map_err(|error| diagnostics::not_imported(organization, &error))?
            .ok_or_else(|| diagnostics::nothing_to_import(organization))?;
        let model = Model::without_secret(organization, &token, self.connection.clock().now());
        let observation = Observation {
            organization,
            token: &token,
            owner: Owner::State,
            host: self.connection.host(),
        };
        ObservedToken::store(cx.private_mut(), observation)?;
        Ok(model)
    }

    /// Takes a state of hashicorp/tfe as it is: the attributes that it lacks are null, and the read that follows finds out
    /// which token it has.
    fn moves() -> Vec<Move<Model>> {
        vec![Move::of(
            NAME,
            HASHICORP_TFE,
            &schema::schema(),
            |state: Model| {
                state.organization_in_state()?;
                Ok(state)
            },
        )]
    }

    /// Generates only the organization: a date would be wrong as soon as the token is regenerated, `force_regenerate` and
    /// triggers are the practitioner's to set, and sealing needs a key that Terraform does not know.
    fn generate_config(config: Model) -> Model {
        Model {
            organization: config.organization,
            ..Model::default()
        }
    }
}

impl AuditTrailTokenResource {
    /// Refuses to invalidate a token that works and is not the one in the state, unless `force_regenerate` becomes true and
    /// the plan has named the token.
    ///
    /// The refusal because of `force_regenerate` records it as it is configured, so that a later plan can see it become
    /// true.
    async fn check_ownership(
        &self,
        client: &Client,
        plan: &Model,
        consent: Option<&Consent>,
        state: &Model,
        current: &AuditTrailToken,
        cx: &mut ApplyContext,
    ) -> Result<(), Diagnostics> {
        if is_dead(current, self.connection.clock().now()) {
            return Ok(());
        }
        let organization = state.organization_in_state()?;
        if self.connection.generated_here(NAME, organization, current) {
            return Err(diagnostics::already_generated(organization, Some(current)).into());
        }
        let is_forced = plan.forces(state);
        if is_forced && check_consent(consent, organization, current).is_ok() {
            return Ok(());
        }
        let ownership = ownership(&self.connection, client, state, current)
            .await
            .map_err(|error| diagnostics::current_not_read(organization, &error))?;
        if ownership != Ownership::Other {
            return Ok(());
        }
        let observation = Observation {
            organization,
            token: current,
            owner: Owner::Other,
            host: self.connection.host(),
        };
        if is_forced {
            // A plan without a refresh then names this token.
            ObservedToken::store(cx.private_mut(), observation)?;
            return Ok(check_consent(consent, organization, current)?);
        }
        let force = Force::configured(&plan.force_regenerate);
        let refused = diagnostics::refused(state.replaced_by(organization, current), force);
        let recorded = Model {
            force_regenerate: plan.force_regenerate,
            ..state.clone()
        };
        Err(fail_with_state(refused, &recorded, observation, cx))
    }

    async fn delete_own(
        &self,
        client: &Client,
        organization: &str,
        state: &Model,
    ) -> Result<Deleted, Error> {
        let tokens = client.audit_trail_tokens();
        if let (Some(id), Some(created_at)) = (state.token_id.as_deref(), state.created_at()) {
            return tokens.delete(organization, id, created_at).await;
        }
        // A state of hashicorp/tfe does not say which token it has.
        let Some(current) = tokens.read(organization).await? else {
            return Ok(Deleted::AlreadyGone);
        };
        match ownership(&self.connection, client, state, &current).await? {
            Ownership::Other => Ok(Deleted::ReplacedBy(current)),
            Ownership::Same | Ownership::Adopted | Ownership::AdoptedUntried => {
                let AuditTrailToken { id, created_at, .. } = current;
                tokens.delete(organization, &id, created_at).await
            }
        }
    }
}

/// Refuses to invalidate a token that the applied plan has not named, if this host says what the plan has named.
fn check_consent(
    consent: Option<&Consent>,
    organization: &str,
    current: &AuditTrailToken,
) -> Result<(), Diagnostic> {
    match consent {
        Some(consent) if !consent.covers(current) => {
            let named = consent.named();
            Err(diagnostics::not_in_plan(
                organization,
                current,
                named.as_deref(),
            ))
        }
        _ => Ok(()),
    }
}

/// Whether an invalidated token is certainly not the one in the state. If the state has no ID, only its status says so:
/// the old token cannot be asked any more.
fn is_another(token: &AuditTrailToken, state: &Model) -> bool {
    match (state.token_id.as_deref(), state.created_at()) {
        (Some(id), Some(created_at)) => !token.is_same(id, created_at),
        (Some(id), None) => token.id != id,
        (None, _) => state.status() == Status::Replaced,
    }
}

/// Fills in what the state does not say about its token, and updates the status. Values that are there keep their
/// spelling.
fn complete(state: &mut Model, current: &AuditTrailToken, now: DateTime<Utc>) {
    let is_lost = state.status() == Status::SecretLost;
    if state.created_at().is_none() || state.token_id.is_null() {
        state.identify(current);
    } else if state.expired_at.is_null() || state.secret_version.is_null() {
        let (id, created_at) = (state.token_id.clone(), state.created_at.clone());
        state.identify(current);
        (state.token_id, state.created_at) = (id, created_at);
    }
    if !is_lost {
        state.status = Status::of(current, now).into();
    }
}

/// Whether the state follows the organization's token, whichever it is: it was imported and has no secret. A token that
/// was generated here is not followed, even if its secret was lost or another token replaced it.
fn is_follower(state: &Model) -> bool {
    !state.holds_secret() && matches!(state.status(), Status::Current | Status::Expired)
}

fn follow(state: &mut Model, current: &AuditTrailToken, now: DateTime<Utc>) {
    state.expired_at = Attr::Null;
    state.identify(current);
    state.status = Status::of(current, now).into();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn token() -> AuditTrailToken {
        AuditTrailToken {
            id: "at-1".to_owned(),
            created_at: time("2026-01-01T00:00:00.123Z"),
            last_used_at: None,
            description: None,
            expired_at: Some(time("2028-01-01T00:00:00Z")),
            created_by: None,
        }
    }

    fn text(text: &str) -> Attr<String> {
        Attr::Known(text.to_owned())
    }

    #[test]
    fn a_date_that_is_there_keeps_its_spelling_and_a_null_one_is_filled() {
        let mut state = Model {
            token_id: text("at-1"),
            created_at: text("2026-01-01T01:00:00+01:00"),
            expired_at: text("2028-01-01T01:00:00+01:00"),
            ..Model::default()
        };
        let before = state.clone();
        complete(&mut state, &token(), time("2026-01-02T00:00:00Z"));
        assert_eq!(state.status(), Status::Current);
        assert_eq!(state.expired_at, before.expired_at);
        assert_eq!(state.created_at, before.created_at);

        state.expired_at = Attr::Null;
        complete(&mut state, &token(), time("2028-01-01T00:00:00Z"));
        assert_eq!(state.expired_at, text("2028-01-01T00:00:00Z"));
        assert_eq!(state.created_at, before.created_at);
        assert_eq!(state.status(), Status::Expired);
    }

    #[test]
    fn a_lost_secret_stays_lost() {
        let mut state = Model {
            status: Status::SecretLost.into(),
            token_id: text("at-1"),
            created_at: text("2026-01-01T00:00:00Z"),
            ..Model::default()
        };
        complete(&mut state, &token(), time("2029-01-01T00:00:00Z"));
        assert_eq!(state.status(), Status::SecretLost);
    }

    #[test]
    fn only_an_imported_object_follows() {
        let with = |status: Status, token: Attr<&str>| Model {
            status: status.into(),
            sealed_token: token.map(str::to_owned),
            ..Model::default()
        };
        assert!(is_follower(&with(Status::Current, Attr::Null)));
        assert!(is_follower(&with(Status::Expired, Attr::Null)));
        assert!(!is_follower(&with(Status::SecretLost, Attr::Null)));
        assert!(!is_follower(&with(Status::Replaced, Attr::Null)));
        assert!(!is_follower(&with(Status::Current, Attr::Known("sealed"))));
    }
}
