//! Planning a creation or an update.
//!
//! Nothing here is decided by the clock: what depends on it is an error or a warning.

use super::last_seen::LastSeen;
use super::model::{Model, Status};
use super::outlook;
use super::regeneration::{Reason, regeneration};
use super::secret;
use crate::provider::connection::Connection;
use crate::provider::diagnostics::Force;
use crate::provider::{diagnostics, expiry, organization};
use tfplugin::{Attr, Change, Context, Diagnostic, Diagnostics, Path, PlanContext};

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
    plan.organization = organization::choose(&config.organization, connection.organization())?;
    create_for_organization(connection, config, plan, cx).await
}

/// Plans the creation of a token for the organization that is planned.
async fn create_for_organization(
    connection: &Connection,
    config: &Model,
    plan: &mut Model,
    cx: &mut PlanContext,
) -> Result<(), Diagnostics> {
    plan.id = plan.organization.clone();
    new_token(config, plan);
    check_generation(config, connection)?;
    if config.expired_at.is_null() {
        cx.add(diagnostics::default_expiry());
    }
    if let Attr::Known(organization) = &plan.organization {
        outlook::of_creation(organization, &config.force_regenerate, connection, cx).await;
    }
    Ok(())
}

async fn update(
    connection: &Connection,
    change: &mut Change<Model>,
    state: &Model,
    cx: &mut PlanContext,
) -> Result<(), Diagnostics> {
    if change.config.organization.is_null() {
        follow_default_organization(connection, change, state)?;
    }
    let config = &change.config;
    let plan = &mut change.plan;
    if plan.organization != state.organization {
        // The object is replaced. Terraform plans the creation next, but shows no warning of that
        // second plan (Core: node_resource_abstract_instance.go), so it is planned here already.
        outlook::of_move(state, config, plan, connection, cx).await?;
        return create_for_organization(connection, config, plan, cx).await;
    }
    if let (Some(configured), Some(prior)) =
        (config.expired_at.as_deref(), state.expired_at.as_deref())
        && expiry::is_same(configured, prior)
    {
        plan.expired_at = state.expired_at.clone();
    }
    match regeneration(config, state) {
        Some(reason) => {
            new_token(config, plan);
            if reason.is_certain() {
                check_generation(config, connection)?;
            } else {
                secret::require_key_to(&config.seal_token, connection)?;
            }
            let warning = warning(&reason, config, state, cx)?;
            cx.add(warning);
        }
        None => {
            keep_token(config, plan, state);
            secret::plan_move(plan, state, connection)?;
            tell_about(plan, state, config, connection, cx)?;
        }
    }
    Ok(())
}

/// Plans a replacement where the provider's default organization is another one by now. Nothing
/// follows a provider that is not known yet.
fn follow_default_organization(
    connection: &Connection,
    change: &mut Change<Model>,
    state: &Model,
) -> Result<(), Diagnostic> {
    if !connection.is_known() || connection.organization().is_unknown() {
        return Ok(());
    }
    let default = organization::choose(&Attr::Null, connection.organization())?;
    if default != state.organization {
        change.plan.organization = default;
        change.requires_replace(Path::of("organization"));
    }
    Ok(())
}

/// Plans what a new token brings.
fn new_token(config: &Model, plan: &mut Model) {
    plan.token_id = Attr::Unknown;
    plan.created_at = Attr::Unknown;
    plan.status = Attr::Unknown;
    if config.expired_at.is_null() {
        plan.expired_at = Attr::Unknown;
    }
    secret::plan_new(plan, &config.seal_token);
}

/// Plans that the token stays what it is.
fn keep_token(config: &Model, plan: &mut Model, state: &Model) {
    plan.token_id = state.token_id.clone();
    plan.created_at = state.created_at.clone();
    plan.status = state.status.clone();
    if config.expired_at.is_null() {
        plan.expired_at = state.expired_at.clone();
    }
}

/// Checks what can be known before a token is generated.
fn check_generation(config: &Model, connection: &Connection) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new();
    if let Some(text) = config.expired_at.as_deref()
        && let Some(expired_at) = expiry::parse(text)
    {
        let now = connection.clock().now();
        if expiry::is_past(expired_at, now) {
            problems.push(diagnostics::past_date(text, now));
        }
    }
    if let Err(problem) = secret::require_key_to(&config.seal_token, connection) {
        problems.push(problem);
    }
    problems.into_result().map(|_| ())
}

/// What every plan that will regenerate says.
fn warning(
    reason: &Reason,
    config: &Model,
    state: &Model,
    cx: &PlanContext,
) -> Result<Diagnostic, Diagnostic> {
    let organization = state.organization_in_state()?;
    let seen = LastSeen::recall(cx.private()).filter(|seen| seen.organization == organization);
    let ours = state.token_id.as_deref();
    Ok(
        if state.status() == Status::Replaced && !config.forces(state) {
            let force = Force::of(&config.force_regenerate);
            diagnostics::apply_will_refuse(organization, ours, seen.as_ref(), force)
        } else {
            diagnostics::will_regenerate(reason, organization, ours, seen.as_ref())
        },
    )
}

/// What a plan that keeps the token says of it.
fn tell_about(
    plan: &Model,
    state: &Model,
    config: &Model,
    connection: &Connection,
    cx: &mut PlanContext,
) -> Result<(), Diagnostic> {
    let organization = state.organization_in_state()?;
    if !state.holds_secret() {
        let force = Force::of(&plan.force_regenerate);
        cx.add(diagnostics::no_secret(
            organization,
            &plan.seal_token,
            force,
        ));
    }
    let seen = LastSeen::recall(cx.private())
        .filter(|seen| seen.managed && seen.organization == organization);
    let Some(expired_at) = real_expiry(plan, seen.as_ref()) else {
        return Ok(());
    };
    if state.status() == Status::Expired {
        if !config.expired_at.is_null() {
            cx.add(diagnostics::expired(organization, expired_at));
        }
    } else if let (Some(created_at), Some(date)) =
        (state.created(), expiry::parse_stored(expired_at))
        && expiry::is_soon(created_at, date, connection.clock().now())
    {
        cx.add(diagnostics::expires_soon(organization, expired_at));
    }
    Ok(())
}

/// When the token expires. The state has the date that was asked for, in the practitioner's
/// spelling, but the organization may have set an earlier one.
fn real_expiry<'a>(plan: &'a Model, seen: Option<&'a LastSeen>) -> Option<&'a str> {
    let planned = plan.expired_at.as_deref()?;
    match seen.and_then(|seen| seen.expired_at.as_deref()) {
        Some(real) if !expiry::is_same(real, planned) => Some(real),
        _ => Some(planned),
    }
}

#[cfg(test)]
mod tests;
