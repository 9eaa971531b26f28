//! The managed resource `tfe_audit_trail_token`: create, read, update, delete, import.
//!
//! What a plan says is in `plan`; the attributes are in `model`, their documentation in `schema`.

use super::consent::Consent;
use super::generate::{Failure, fail_with_state, generate, read_current, record_outcome};
use super::liveness::is_dead;
use super::model::{Identity, Model, Status};
use super::ownership::{Observation, ObservedToken, Owner, Ownership, ownership};
use super::replacement::{Replacement, Whose};
use super::secret::{self, SecretStorage};
use super::{NAME, destruction, host, plan, read, schema};
use crate::client::{
    AuditTrailToken, Client, Deleted, Error, check_usual_organization_name, is_same_organization,
};
use crate::provider::Connection;
use crate::provider::diagnostics::{self, Force, ForeignHost, GeneratedBy};
use crate::provider::generation::{GenerateRequest, expiry_to_request};
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

    /// The identity changes only if the organization was renamed. The hostname stays: a second name of the same service
    /// changes nothing.
    fn changed_identity(&self, object: &Model, prior: &Identity) -> Option<Identity> {
        let organization = object.organization.known()?;
        if is_same_organization(organization, &prior.organization) {
            return None;
        }
        let hostname = self.connection.hostname().map(ToString::to_string);
        Some(Identity {
            hostname: prior.hostname.clone().or(hostname),
            organization: organization.clone(),
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
        if let Ok(client) = self.connection.api(cx) {
            host::check(&client, state.organization_in_state()?, cx).await?;
        }
        Ok(destruction::warn(&state, &self.connection, cx).await?)
    }

    /// Generates a token, if the organization has none that works or `force_regenerate` is true.
    async fn create(&self, mut plan: Model, cx: &mut ApplyContext) -> Result<Model, Diagnostics> {
        let consent = Consent::take(cx);
        Replacement::forget(cx.private_mut());
        let client = self.connection.require_api(cx)?;
        let organization = plan.organization_in_state()?.to_owned();
        let storage = SecretStorage::prepare(&plan.seal_token, &self.connection, &client)?;
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
        let result = generate(
            &self.connection,
            &client,
            request,
            GeneratedBy::Creation,
            cx,
        )
        .await;
        let host = self.connection.host();
        record_outcome(result, &mut plan, &organization, storage, host, cx)?;
        Ok(plan)
    }

    /// Compares the state with the organization's token. Returns `None` only if the organization has no token. While the
    /// provider block is not known, the state stays as it is.
    async fn read(
        &self,
        state: Model,
        cx: &mut ResourceContext,
    ) -> Result<Option<Model>, Diagnostics> {
        read::read(&self.connection, state, cx).await
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
            secret::apply_move(&mut plan, &state, &self.connection, cx).await?;
            ObservedToken::set_applied(cx.private_mut())?;
            return Ok(plan);
        }
        let client = self.connection.require_api(cx)?;
        let organization = state.organization_in_state()?.to_owned();
        host::check(&client, &organization, cx).await?;
        let storage = SecretStorage::prepare(&plan.seal_token, &self.connection, &client)?;
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
        let result = generate(&self.connection, &client, request, GeneratedBy::Update, cx).await;
        let now = self.connection.clock().now();
        let planned = ObservedToken::of(cx.private(), &organization);
        let is_in_plan = |token: &AuditTrailToken| {
            planned
                .as_ref()
                .is_some_and(|planned| planned.is_token(token))
        };
        if !matches!(result, Err(Failure::NoToken(_)))
            && let Some(other) = current.filter(|current| {
                is_another(current, &state) && !is_in_plan(current) && !is_dead(current, now)
            })
        {
            // The plan is older than that token, and named another one.
            cx.add(diagnostics::another_invalidated(
                state.replaced_by(&organization, &other),
            ));
        }
        let host = self.connection.host();
        record_outcome(result, &mut plan, &organization, storage, host, cx)?;
        plan.distinguish_version(&state);
        Ok(plan)
    }

    /// Deletes the token in the state and no other. A token that the state only follows is not deleted either: this
    /// configuration neither generated nor imported it.
    async fn delete(&self, state: Model, cx: &mut ResourceContext) -> Result<(), Diagnostics> {
        let client = self.connection.require_api(cx)?;
        let organization = state.organization_in_state()?.to_owned();
        host::check(&client, &organization, cx).await?;
        let _lock = self.connection.organization_lock(NAME, &organization).await;
        // With `create_before_destroy`, this apply has generated the successor, which invalidated the token.
        let token = state.named_token();
        if self
            .connection
            .known_objects(NAME, &organization, |known| known.has_invalidated(&token))
        {
            return Ok(());
        }
        // The creation of the same plan reports what becomes of a token that is not ours.
        let is_taken_over = Replacement::takes_over(cx.private(), &organization);
        match Whose::token_of(&state, &organization, cx.private()) {
            Whose::Ours => {}
            Whose::Followed | Whose::Unknown if is_taken_over => return Ok(()),
            Whose::Followed => {
                let token = state.state_token();
                cx.add(diagnostics::followed_left_alone(&organization, token));
                return Ok(());
            }
            Whose::Unknown => {
                let problem = diagnostics::unknown_whose(&organization, state.state_token());
                return Err(problem.into());
            }
        }
        let _work = cx.work(format!(
            "deleting the audit trail token of organization {organization}"
        ));
        let deleted = self
            .delete_own(&client, &organization, &state)
            .await
            .map_err(|error| diagnostics::not_deleted(&organization, &error))?;
        if let Deleted::ReplacedBy(other) = deleted
            && !is_taken_over
        {
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
        check_usual_organization_name(organization).map_err(|why| match by {
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
            owner: Owner::Imported,
            host: self.connection.host(),
        };
        ObservedToken::store(cx.private_mut(), observation)?;
        let no_secret = diagnostics::no_secret(organization, &Attr::Null, Force::CanBecomeTrue);
        cx.add(no_secret);
        self.connection
            .known_objects(NAME, organization, |known| known.record_import());
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
    match state.named_token().agrees_with(token) {
        Some(is_same) => !is_same,
        None => state.status() == Status::Replaced,
    }
}
