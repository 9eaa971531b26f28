//! Runs the plan modifiers of a schema, outer ones first.

use std::sync::Arc;

use super::super::position::Position;
use super::correlated::{Correlated, each_object};
use crate::path::Path;
use crate::schema::body::Body;
use crate::schema::{AttributeChange, Nesting, PlanModifier};
use crate::value::Value;

/// Runs every plan modifier, and returns the paths that require a replacement.
pub(super) fn modify_attributes(
    body: &Body,
    config: &Value,
    prior: Option<&Value>,
    planned: &mut Value,
) -> Vec<Path> {
    let mut replaced_by = Vec::new();
    let whole = Correlated {
        position: Position::root(),
        config,
        prior,
        planned,
    };
    modify_parts(body, whole, &mut replaced_by);
    replaced_by
}

fn modify_parts(body: &Body, object: Correlated<'_>, replaced_by: &mut Vec<Path>) {
    let Some(attributes) = object.planned.as_map_mut() else {
        return;
    };
    for (name, part) in body.parts() {
        let Some(planned) = attributes.get_mut(name) else {
            continue;
        };
        let mut whole = Correlated {
            position: object.position.attribute(name),
            config: object.config.attribute(name).unwrap_or(&Value::Null),
            prior: object
                .prior
                .map(|prior| prior.attribute(name).unwrap_or(&Value::Null)),
            planned,
        };
        modify(part.plan_modifiers(), &mut whole, replaced_by);
        if let Some((nesting, body)) = part.objects() {
            if holds_unknown(nesting, whole.planned) && may_replace(body) {
                replaced_by.push(whole.position.path().clone());
            }
            each_object((nesting, body), whole, |mut object| {
                modify(body.plan_modifiers(), &mut object, replaced_by);
                modify_parts(body, object, replaced_by);
            });
        }
    }
}

/// Returns whether all objects, or some of them, are unknown.
fn holds_unknown(nesting: Nesting, planned: &Value) -> bool {
    planned.is_unknown()
        || match nesting {
            Nesting::Single | Nesting::Group => false,
            Nesting::List | Nesting::Set => {
                let mut elements = planned.as_list().into_iter().flatten();
                elements.any(Value::is_unknown)
            }
            Nesting::Map => {
                let mut elements = planned.as_map().into_iter().flatten();
                elements.any(|(_, element)| element.is_unknown())
            }
        }
}

/// Returns whether an attribute in unknown objects may require a replacement when it becomes known.
///
/// A replacement is planned then, as for every unknown attribute. If it were found only at apply, Terraform would
/// refuse the plan as inconsistent.
fn may_replace(body: &Body) -> bool {
    let any = |modifiers: &[Arc<dyn PlanModifier>]| {
        let mut replaced_by = Vec::new();
        let mut unknown = Correlated {
            position: Position::root(),
            config: &Value::unknown(),
            prior: None,
            planned: &mut Value::unknown(),
        };
        modify(modifiers, &mut unknown, &mut replaced_by);
        !replaced_by.is_empty()
    };
    any(body.plan_modifiers())
        || body.parts().any(|(_, part)| {
            any(part.plan_modifiers()) || part.objects().is_some_and(|(_, body)| may_replace(body))
        })
}

fn modify(
    modifiers: &[Arc<dyn PlanModifier>],
    whole: &mut Correlated<'_>,
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
        replaced_by.push(whole.position.path().clone());
    }
}
