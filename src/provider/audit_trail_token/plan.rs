//! Planning a creation or an update.
//!
//! The clock never changes what is planned, only which errors and warnings the plan has: Terraform plans again at apply
//! and must get the same plan.

use super::consent::Consent;
use super::model::{Model, Status};
use super::ownership::ObservedToken;
use super::plan_preview::{self, PlannedCreation};
use super::regeneration::{Reason, regeneration, requested_regeneration};
use super::{NAME, binding, host, secret};
use crate::provider::connection::Connection;
use crate::provider::diagnostics::{Force, ImportedElsewhere, Renamed, Renewal, TokenExpiry};
use crate::provider::known_objects::{Existing, Others};
use crate::provider::{diagnostics, expiry, generation, organization};
use tfplugin::{Attr, Change, Diagnostic, Diagnostics, Path, PlanContext};

pub(super) async fn modify(
    connection: &Connection,
    change: &mut Change<Model>,
    cx: &mut PlanContext,
) -> Result<(), Diagnostics> {
    match change.state.clone() {
        None => creation(connection, change, cx).await,
        Some(state) => update(connection, change, &state, cx).await,
    }
}

async fn creation(
    connection: &Connection,
    change: &mut Change<Model>,
    cx: &mut PlanContext,
) -> Result<(), Diagnostics> {
    let config = &change.config;
    let plan = &mut change.plan;
    plan.organization = organization::resolve(&config.organization, connection.organization())?;
    let replaced = ObservedToken::load(cx.private());
    if let Attr::Known(name) = &plan.organization
        && let Some(new_name) = new_name(name, replaced.as_ref(), connection)
    {
        let names = Renamed {
            from: name,
            to: &new_name,
        };
        return Err(diagnostics::replaced_under_former_name(names).into());
    }
    create_for_organization(connection, config, plan, replaced.as_ref(), cx).await
}

/// Plans the creation of a token for the organization that is planned. `replaced` belongs to the object that this creation
/// replaces: then Terraform has planned the replacement before, and shows no warning of this plan.
async fn create_for_organization(
    connection: &Connection,
    config: &Model,
    plan: &mut Model,
    replaced: Option<&ObservedToken>,
    cx: &mut PlanContext,
) -> Result<(), Diagnostics> {
    plan.id = plan.organization.clone();
    new_token(config, plan);
    check_generation(config, connection)?;
    let consent = Consent::planned(cx);
    let existing = match &plan.organization {
        Attr::Known(organization) => {
            let creation = PlannedCreation {
                organization,
                force_regenerate: &config.force_regenerate,
                consent: consent.as_ref(),
            };
            match replaced {
                Some(replaced) => {
                    plan_preview::recreation(creation, replaced, connection, cx).await?
                }
                None => plan_preview::creation(creation, connection, cx).await?,
            }
        }
        Attr::Unknown | Attr::Null => None,
    };
    // After what is dangerous.
    if config.expired_at.is_null() {
        cx.add(diagnostics::default_expiry());
    }
    Consent::to_existing(existing.as_ref()).store(cx)
}

async fn update(
    connection: &Connection,
    change: &mut Change<Model>,
    state: &Model,
    cx: &mut PlanContext,
) -> Result<(), Diagnostics> {
    let in_state = state.organization_in_state()?;
    if let Ok(client) = connection.api(cx) {
        host::check(&client, in_state, cx).await?;
    }
    let other = other_organization(connection, change, in_state, cx)?;
    if let Some(other) = &other {
        change.plan.organization = other.clone();
        change.requires_replace(Path::of("organization"));
    } else if state.organization.is_known() {
        // Another spelling keeps that of the state, which Terraform accepts (objchange.AssertPlanValid).
        change.plan.organization = state.organization.clone();
    }
    let config = &change.config;
    let plan = &mut change.plan;
    if other.is_some() {
        // The object is replaced. Terraform plans the creation next, but does not show the warnings of that second plan
        // (Terraform Core: node_resource_abstract_instance.go), so this plan gives them already.
        plan_preview::organization_change(state, config, plan, connection, cx).await?;
        return create_for_organization(connection, config, plan, None, cx).await;
    }
    let others = warn_of_second_object(state, connection, cx)?;
    if let (Some(configured), Some(prior)) =
        (config.expired_at.as_deref(), state.expired_at.as_deref())
        && expiry::is_same(configured, prior)
    {
        plan.expired_at = state.expired_at.clone();
    }
    let id = state.token_id.as_deref().unwrap_or_default();
    let followed = ObservedToken::followed(cx.private(), in_state, id);
    let reason = match followed {
        Some(_) => requested_regeneration(config, state),
        None => regeneration(config, state),
    };
    match reason {
        Some(reason) => {
            new_token(config, plan);
            if reason.is_certain() {
                check_generation(config, connection)?;
            } else {
                secret::require_key_to(&config.seal_token, connection)?;
            }
            warn_of_regeneration(&reason, config, state, others, connection, cx)?;
        }
        None => {
            keep_token(config, plan, state);
            let client = connection.api(cx).ok();
            binding::check_state(state, cx.private(), client.as_ref()).await?;
            secret::plan_move(plan, state, connection)?;
            if let (Some(followed), Some(date)) = (&followed, plan.expired_at.known())
                && plan.expired_at != state.expired_at
            {
                cx.add(diagnostics::followed_keeps_its_date(
                    in_state, followed, date,
                ));
            }
            warn_of_expiry(plan, state, config, connection, cx)?;
            if plan != state && !state.holds_secret() {
                warn_of_missing_secret(plan, in_state, connection, cx);
            }
        }
    }
    Ok(())
}

/// Returns the organization that is configured, if it is another one than in the state. A former name of the state's
/// organization means the same organization: replacing the object would delete its token and then fail.
///
/// # Errors
///
/// Returns an error if the object was imported from the state's organization and no apply has changed it since.
fn other_organization(
    connection: &Connection,
    change: &Change<Model>,
    in_state: &str,
    cx: &mut PlanContext,
) -> Result<Option<Attr<String>>, Diagnostic> {
    let other = organization::other(connection, &change.config.organization, in_state)?;
    let observed = ObservedToken::of(cx.private(), in_state);
    let (Some(Attr::Known(name)), Some(observed)) = (&other, observed) else {
        return Ok(other);
    };
    if observed.was_named(name) {
        // The read of this run may have said so already.
        if found_renamed(name, connection).is_none() {
            cx.add(diagnostics::former_name(Renamed {
                from: name,
                to: in_state,
            }));
        }
        return Ok(None);
    }
    if observed.imported {
        let import = ImportedElsewhere {
            imported: in_state,
            configured: name,
        };
        return Err(diagnostics::import_of_another_organization(import));
    }
    Ok(other)
}

/// Returns the present name of the organization for which a creation is planned, if the object that is replaced has it
/// under another name.
///
/// Terraform plans the creation of a replacement with the private data of the old object. That of a tainted one has none,
/// but this process has read the old object.
fn new_name(
    name: &str,
    replaced: Option<&ObservedToken>,
    connection: &Connection,
) -> Option<String> {
    replaced
        .filter(|observed| observed.was_named(name))
        .map(|observed| observed.organization.clone())
        .or_else(|| found_renamed(name, connection))
}

/// Returns the present name of an organization that a read of this run has found to be renamed.
fn found_renamed(name: &str, connection: &Connection) -> Option<String> {
    connection.known_objects(NAME, name, |known| known.renamed_to().map(str::to_owned))
}

/// Warns if another object of the configuration has the same organization, as far as this process knows.
fn warn_of_second_object(
    state: &Model,
    connection: &Connection,
    cx: &mut PlanContext,
) -> Result<Others, Diagnostic> {
    let organization = state.organization_in_state()?;
    let current = ObservedToken::of(cx.private(), organization).map(|observed| observed.named());
    let others = connection.known_objects(NAME, organization, |known| {
        known.plan_update(state.named_token(), current.as_ref())
    });
    let id = state.token_id.as_deref();
    match others {
        Others::NotSeen | Others::Reported => {}
        Others::InState => cx.add(diagnostics::second_in_state(organization, id)),
        Others::Created(existing) => {
            let force = match existing {
                Existing::Invalidated => Force::IsTrue,
                Existing::Kept => Force::CanBecomeTrue,
            };
            cx.add(diagnostics::second_created(organization, id, force));
        }
    }
    Ok(others)
}

/// Plans the attributes of a new token as unknown.
fn new_token(config: &Model, plan: &mut Model) {
    plan.token_id = Attr::Unknown;
    plan.created_at = Attr::Unknown;
    plan.secret_version = Attr::Unknown;
    plan.status = Attr::Unknown;
    if config.expired_at.is_null() {
        plan.expired_at = Attr::Unknown;
    }
    secret::plan_new(plan, &config.seal_token);
}

/// Plans that the token stays.
fn keep_token(config: &Model, plan: &mut Model, state: &Model) {
    plan.token_id = state.token_id.clone();
    plan.created_at = state.created_at.clone();
    plan.secret_version = state.secret_version;
    plan.status = state.status.clone();
    if config.expired_at.is_null() {
        plan.expired_at = state.expired_at.clone();
    }
}

/// Checks what the plan can know about a token that will be generated: its date is not past, and its key is there.
fn check_generation(config: &Model, connection: &Connection) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new();
    if let Err(problem) = generation::check_expiry(&config.expired_at, connection.clock()) {
        problems.push(problem);
    }
    if let Err(problem) = secret::require_key_to(&config.seal_token, connection) {
        problems.push(problem);
    }
    problems.into_result().map(|_| ())
}

/// Warns that the apply will generate a new token, or refuse to.
fn warn_of_regeneration(
    reason: &Reason,
    config: &Model,
    state: &Model,
    others: Others,
    connection: &Connection,
    cx: &mut PlanContext,
) -> Result<(), Diagnostics> {
    let organization = state.organization_in_state()?;
    let observed = ObservedToken::of(cx.private(), organization);
    let (id, observed) = (state.token_id.as_deref(), observed.as_ref());
    let now = connection.clock().now();
    let is_other_dead = observed.is_some_and(|observed| observed.times().is_dead(now));
    Consent::to_observed(observed, state).store(cx)?;
    if state.status() != Status::Replaced || is_other_dead || config.forces(state) {
        cx.add(diagnostics::will_regenerate(
            reason,
            organization,
            id,
            observed,
        ));
    } else if others == Others::NotSeen {
        let force = Force::configured(&config.force_regenerate);
        cx.add(diagnostics::apply_will_refuse(
            organization,
            id,
            observed,
            force,
        ));
    }
    Ok(())
}

/// Warns if the token that stays is expired, or expires soon.
fn warn_of_expiry(
    plan: &Model,
    state: &Model,
    config: &Model,
    connection: &Connection,
    cx: &mut PlanContext,
) -> Result<(), Diagnostic> {
    let organization = state.organization_in_state()?;
    let observed =
        ObservedToken::of(cx.private(), organization).filter(|observed| observed.managed);
    let is_followed = observed.as_ref().is_some_and(|observed| observed.followed);
    let Some(expired_at) = real_expiry(plan, observed.as_ref()) else {
        return Ok(());
    };
    let expiry = TokenExpiry {
        organization,
        expired_at,
        renewal: if is_followed {
            Renewal::OnRequest
        } else {
            Renewal::ByDate
        },
    };
    if state.status() == Status::Expired {
        if !config.expired_at.is_null() || is_followed {
            cx.add(diagnostics::expired(expiry));
        }
    } else if let (Some(created_at), Some(date)) =
        (state.created_at(), expiry::parse_stored(expired_at))
        && expiry::is_soon(created_at, date, connection.clock().now())
    {
        cx.add(diagnostics::expires_soon(expiry));
    }
    Ok(())
}

/// Warns that the token has no secret, unless its import has just warned of that.
fn warn_of_missing_secret(
    plan: &Model,
    organization: &str,
    connection: &Connection,
    cx: &mut PlanContext,
) {
    if connection.known_objects(NAME, organization, |known| known.is_imported()) {
        return;
    }
    let force = Force::configured(&plan.force_regenerate);
    cx.add(diagnostics::no_secret(
        organization,
        &plan.seal_token,
        force,
    ));
}

/// Returns when the token expires. The state has the date that was requested, in the practitioner's spelling, but the
/// organization may have set an earlier one.
fn real_expiry<'a>(plan: &'a Model, observed: Option<&'a ObservedToken>) -> Option<&'a str> {
    let planned = plan.expired_at.as_deref()?;
    match observed.and_then(|observed| observed.expired_at.as_deref()) {
        Some(real) if !expiry::is_same(real, planned) => Some(real),
        _ => Some(planned),
    }
}

#[cfg(test)]
mod tests;
