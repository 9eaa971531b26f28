//! Plans attributes that the configuration leaves out: defaults, and unknown values.
//!
//! Within nested attributes and blocks, only configured objects are filled in. An attribute that the configuration
//! leaves out has its default, its prior state, or is unknown as a whole.

use super::super::position::Position;
use super::correlated::{Correlated, each_object};
use crate::schema::body::{Body, Part};
use crate::value::Value;

pub(super) fn fill_in_defaults(body: &Body, config: &Value, planned: &mut Value) {
    where_left_out(body, config, planned, &|part, planned| {
        if let Some(default) = part.default() {
            *planned = default.clone();
        }
    });
}

pub(super) fn mark_computed_unknown(body: &Body, config: &Value, planned: &mut Value) {
    where_left_out(body, config, planned, &|part, planned| {
        if part.is_computed() && part.default().is_none() {
            *planned = Value::unknown();
        }
    });
}

/// Calls `fill_in` for every part that the configuration leaves out, in every object that it has.
fn where_left_out(
    body: &Body,
    config: &Value,
    planned: &mut Value,
    fill_in: &dyn Fn(Part<'_>, &mut Value),
) {
    let Some(attributes) = planned.as_map_mut() else {
        return;
    };
    for (name, part) in body.parts() {
        let (Some(config), Some(planned)) = (config.attribute(name), attributes.get_mut(name))
        else {
            continue;
        };
        if config.is_null() {
            fill_in(part, planned);
        } else if let Some((nesting, body)) = part.objects() {
            let whole = Correlated {
                position: Position::root(),
                config,
                prior: None,
                planned,
            };
            each_object((nesting, body), whole, |object| {
                where_left_out(body, object.config, object.planned, fill_in);
            });
        }
    }
}
