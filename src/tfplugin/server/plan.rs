//! PlanResourceChange, as terraform-plugin-framework plans (`internal/fwserver/
//! server_planresourcechange.go`): what practitioners and Terraform Core have come to expect.
//!
//! Defaults; then, if anything differs from the prior state, every computed attribute that the
//! configuration leaves out becomes unknown; then the attributes' plan modifiers; then the
//! resource's own. A plan without differences leaves the prior state as it is: marking anything
//! unknown there would be a difference for ever.

use super::identity::{check_unchanged, derived};
use crate::tfplugin::adapter::{AnyResource, Planning};
use crate::tfplugin::context::Context;
use crate::tfplugin::diag::Diagnostics;
use crate::tfplugin::path::Path;
use crate::tfplugin::provider::Provider;
use crate::tfplugin::schema::{AttributeChange, Schema};
use crate::tfplugin::value::Value;

/// What Terraform asks to be planned. Null: the object does not exist, before or afterwards.
pub(super) struct Proposal {
    pub(super) prior: Value,
    pub(super) proposed: Value,
    pub(super) config: Value,
    /// What the state holds of the object's identity.
    pub(super) identity: Option<Value>,
}

/// A planned object, and the attributes that make it a replacement.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) planned: Value,
    pub(super) requires_replace: Vec<Path>,
    /// Wholly known: a creation whose identity is not leaves it out.
    pub(super) identity: Option<Value>,
}

pub(super) async fn plan<P: Provider>(
    resource: &dyn AnyResource<P>,
    client: &P::Client,
    proposal: Proposal,
    cx: &mut Context,
) -> Result<Plan, Diagnostics> {
    let Proposal {
        prior,
        proposed,
        config,
        identity,
    } = proposal;
    if proposed.is_null() {
        if !prior.is_null() {
            resource.plan_destroy(client, &prior, cx).await?;
        }
        return Ok(Plan {
            planned: Value::Null,
            requires_replace: Vec::new(),
            identity,
        });
    }
    let schema = &resource.shape().schema;
    let prior = Some(prior).filter(|prior| !prior.is_null());
    let mut planned = proposed;
    fill_in_defaults(schema, &config, &mut planned);
    clear_write_only(schema, &mut planned);
    if prior.as_ref() != Some(&planned) {
        mark_computed_unknown(schema, &config, &mut planned);
    }
    let mut requires_replace = modify_attributes(schema, &config, prior.as_ref(), &mut planned);
    let planning = Planning {
        config,
        prior: prior.clone(),
        planned,
    };
    let by_author = resource.modify_plan(client, planning, cx).await?;
    let mut planned = by_author.planned;
    clear_write_only(schema, &mut planned);
    requires_replace.extend(by_author.requires_replace);
    requires_replace.sort();
    requires_replace.dedup();
    let identity = match &prior {
        // What is given of the identity is that of the object which this one replaces.
        None => {
            requires_replace.clear();
            derived(resource, client, &planned)?
        }
        Some(prior) => {
            if requires_replace.is_empty() {
                check_unchanged(resource, client, prior, &planned)?;
            }
            match identity {
                None => derived(resource, client, prior)?,
                known => known,
            }
        }
    };
    Ok(Plan {
        planned,
        requires_replace,
        identity,
    })
}

/// Write-only values come in the configuration only; anywhere else they are null.
pub(super) fn clear_write_only(schema: &Schema, object: &mut Value) {
    for (name, attribute) in schema.attributes() {
        if attribute.is_write_only() {
            put(object, name, Value::Null);
        }
    }
}

fn fill_in_defaults(schema: &Schema, config: &Value, planned: &mut Value) {
    for (name, attribute) in schema.attributes() {
        if let Some(default) = attribute.default()
            && left_out(config, name)
        {
            put(planned, name, default.clone());
        }
    }
}

fn mark_computed_unknown(schema: &Schema, config: &Value, planned: &mut Value) {
    for (name, attribute) in schema.attributes() {
        if attribute.is_computed() && attribute.default().is_none() && left_out(config, name) {
            put(planned, name, Value::unknown());
        }
    }
}

fn modify_attributes(
    schema: &Schema,
    config: &Value,
    prior: Option<&Value>,
    planned: &mut Value,
) -> Vec<Path> {
    let mut replaced_by = Vec::new();
    for (name, attribute) in schema.attributes() {
        let Some(mut value) = planned.attribute(name).cloned() else {
            continue;
        };
        let mut requires_replace = false;
        for modifier in attribute.plan_modifiers() {
            modifier.modify(AttributeChange {
                config: config.attribute(name).unwrap_or(&Value::Null),
                state: prior.map(|prior| prior.attribute(name).unwrap_or(&Value::Null)),
                planned: &mut value,
                requires_replace: &mut requires_replace,
            });
        }
        put(planned, name, value);
        if requires_replace {
            replaced_by.push(Path::of(name));
        }
    }
    replaced_by
}

fn left_out(config: &Value, name: &str) -> bool {
    config.attribute(name).is_none_or(Value::is_null)
}

/// Sets an attribute; an object that was decoded by its schema has them all.
fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(place) = object.get_mut(&Path::of(name)) {
        *place = value;
    }
}
