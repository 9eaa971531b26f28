//! PlanResourceChange, in the order of terraform-plugin-framework (`internal/fwserver/server_planresourcechange.go`),
//! which practitioners and Terraform Core expect.
//!
//! First, defaults are set. If the plan then differs from the prior state, computed attributes that the configuration
//! leaves out become unknown. Without a difference they keep their values, or every plan would show a change. Then the
//! plan modifiers of the schema run, then the resource's own `modify_plan`.
//!
//! - [`fill_in`]: defaults and unknown values;
//! - [`modify`]: plan modifiers;
//! - [`correlated`]: a planned object with those of configuration and prior state that belong to it.

mod correlated;
mod fill_in;
mod modify;

use self::fill_in::{fill_in_defaults, mark_computed_unknown};
use self::modify::modify_attributes;
use super::identity::{check_unchanged, derived};
use super::normalise::normalise;
use crate::adapter::{AnyResource, Planning};
use crate::context::{Deferral, PlanContext};
use crate::diag::Diagnostics;
use crate::path::Path;
use crate::schema::Schema;
use crate::value::Value;

/// What Terraform sends to be planned. `prior` is null for a creation, `proposed` for a destruction.
pub(super) struct Proposal {
    pub(super) prior: Value,
    pub(super) proposed: Value,
    pub(super) config: Value,
    /// The identity in the prior state.
    pub(super) identity: Option<Value>,
}

/// A planned object, and the attributes that make it a replacement.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) planned: Value,
    pub(super) requires_replace: Vec<Path>,
    /// `None` if it is not wholly known yet, as in most creations.
    pub(super) identity: Option<Value>,
    /// Whether the author deferred the change. Then this is the plan by the schema alone.
    pub(super) deferred: bool,
}

pub(super) async fn plan<C>(
    resource: &dyn AnyResource<C>,
    client: &C,
    proposal: Proposal,
    cx: &mut PlanContext,
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
            deferred: false,
        });
    }
    let schema = &resource.shape().schema;
    let prior = Some(prior).filter(|prior| !prior.is_null());
    let (planned, mut requires_replace) = by_schema(schema, &config, prior.as_ref(), proposed);
    let planning = Planning {
        config,
        prior: prior.clone(),
        planned,
    };
    let may_be_deferred = cx.deferral == Deferral::Possible;
    let provisional = may_be_deferred.then(|| planning.planned.clone());
    let by_author = match resource.modify_plan(client, planning, cx).await {
        Err(_) if cx.deferral == Deferral::Deferred => {
            return Ok(Plan {
                planned: provisional.unwrap_or(Value::Null),
                requires_replace: Vec::new(),
                identity,
                deferred: true,
            });
        }
        by_author => by_author?,
    };
    let mut planned = by_author.planned;
    normalise(schema, &mut planned);
    requires_replace.extend(by_author.requires_replace);
    requires_replace.sort();
    requires_replace.dedup();
    let identity = match &prior {
        // The identity that Terraform sends here is that of the object that is replaced.
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
        deferred: false,
    })
}

/// Plans by the schema alone. Returns the paths that require a replacement too.
fn by_schema(
    schema: &Schema,
    config: &Value,
    prior: Option<&Value>,
    proposed: Value,
) -> (Value, Vec<Path>) {
    let mut planned = proposed;
    fill_in_defaults(schema.body(), config, &mut planned);
    normalise(schema, &mut planned);
    if prior != Some(&planned) {
        mark_computed_unknown(schema.body(), config, &mut planned);
    }
    let requires_replace = modify_attributes(schema.body(), config, prior, &mut planned);
    (planned, requires_replace)
}
