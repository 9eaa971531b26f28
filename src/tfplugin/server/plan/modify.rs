//! The plan modifiers of a schema, the outer ones first.

use std::sync::Arc;

use super::super::place::Place;
use super::fellows::{Fellows, each_object};
use crate::tfplugin::path::Path;
use crate::tfplugin::schema::body::Body;
use crate::tfplugin::schema::{AttributeChange, PlanModifier};
use crate::tfplugin::value::Value;

/// Runs every plan modifier, and returns what must be replaced for.
pub(super) fn modify_attributes(
    body: &Body,
    config: &Value,
    prior: Option<&Value>,
    planned: &mut Value,
) -> Vec<Path> {
    let mut replaced_by = Vec::new();
    let whole = Fellows {
        place: Place::root(),
        config,
        prior,
        planned,
    };
    modify_parts(body, whole, &mut replaced_by);
    replaced_by
}

fn modify_parts(body: &Body, object: Fellows<'_>, replaced_by: &mut Vec<Path>) {
    let Some(attributes) = object.planned.as_map_mut() else {
        return;
    };
    for (name, part) in body.parts() {
        let Some(planned) = attributes.get_mut(name) else {
            continue;
        };
        let mut whole = Fellows {
            place: object.place.attribute(name),
            config: object.config.attribute(name).unwrap_or(&Value::Null),
            prior: object
                .prior
                .map(|prior| prior.attribute(name).unwrap_or(&Value::Null)),
            planned,
        };
        modify(part.plan_modifiers(), &mut whole, replaced_by);
        if let Some((nesting, body)) = part.objects() {
            each_object((nesting, body), whole, |mut object| {
                modify(body.plan_modifiers(), &mut object, replaced_by);
                modify_parts(body, object, replaced_by);
            });
        }
    }
}

fn modify(
    modifiers: &[Arc<dyn PlanModifier>],
    whole: &mut Fellows<'_>,
    replaced_by: &mut Vec<Path>,
) {
    let mut requires_replace = false;
    for modifier in modifiers {
        modifier.modify(AttributeChange {
            config: whole.config,
            state: whole.prior,
            planned: whole.planned,
            requires_replace: &mut requires_replace,
        });
    }
    if requires_replace {
        replaced_by.push(whole.place.path().clone());
    }
}
