//! [`Correlated`]: a planned object with the objects of configuration and prior state that belong to it.
//!
//! Objects of a list correlate by index, those of a map by key. An element of a set has neither. Terraform makes
//! each planned element from a configured one, and takes for its prior state the first that could have come of the
//! same configuration: equal wherever the configuration sets something (Terraform:
//! `internal/plans/objchange/objchange.go`). This module follows the same rule.

use super::super::objects::{Element, change_objects};
use super::super::position::Position;
use crate::schema::Nesting;
use crate::schema::body::{Body, Part};
use crate::value::Value;

/// A planned object or attribute, with its values in the configuration and the prior state.
pub(super) struct Correlated<'v> {
    pub(super) position: Position,
    /// Null if the configuration leaves it out.
    pub(super) config: &'v Value,
    /// `None` if the prior state does not have it.
    pub(super) prior: Option<&'v Value>,
    pub(super) planned: &'v mut Value,
}

/// Visits every planned object in a nested attribute or block. Null and unknown ones are left out.
pub(super) fn each_object<'v>(
    (nesting, body): (Nesting, &Body),
    whole: Correlated<'v>,
    mut visit: impl FnMut(Correlated<'_>),
) {
    let Correlated {
        position,
        config,
        prior,
        planned,
    } = whole;
    let prior = prior.filter(|prior| !prior.is_null());
    let mut configs = Pool::of(config);
    let mut priors = prior.map_or(Pool::of(&Value::Null), Pool::of);
    change_objects(nesting, planned, |element, planned| {
        let (config, prior) = match element {
            Element::InSet(_) => {
                let config = configs.take(|config| could_come_of(body, config, planned));
                let origin = config.unwrap_or(planned);
                (
                    config,
                    priors.take(|prior| could_come_of(body, origin, prior)),
                )
            }
            _ => {
                let prior = prior.and_then(|prior| element.of(prior));
                (element.of(config), prior.filter(|prior| !prior.is_null()))
            }
        };
        visit(Correlated {
            position: element.position(&position),
            config: config.unwrap_or(&Value::Null),
            prior,
            planned,
        });
    });
}

/// The elements of a set that correlate with no planned one yet.
struct Pool<'v>(Vec<&'v Value>);

impl<'v> Pool<'v> {
    fn of(set: &'v Value) -> Self {
        let elements = set.as_list().unwrap_or_default().iter();
        Self(elements.filter(|one| one.as_map().is_some()).collect())
    }

    fn take(&mut self, fits: impl Fn(&Value) -> bool) -> Option<&'v Value> {
        let index = self.0.iter().position(|one| fits(one))?;
        Some(self.0.remove(index))
    }
}

/// Returns whether an object could have been planned or created from this configuration: what the configuration sets is
/// equal, and what it leaves out is null or computed.
fn could_come_of(body: &Body, config: &Value, object: &Value) -> bool {
    body.parts().all(|(name, part)| {
        let (Some(config), Some(value)) = (config.attribute(name), object.attribute(name)) else {
            return false;
        };
        part_could_come_of(part, config, value)
    })
}

fn part_could_come_of(part: Part<'_>, config: &Value, value: &Value) -> bool {
    if config == value || config.is_null() && part.is_computed() {
        return true;
    }
    let Some((nesting, body)) = part.objects() else {
        return false;
    };
    let object = |config: &Value, value: &Value| {
        config == value || config.as_map().is_some() && could_come_of(body, config, value)
    };
    match nesting {
        Nesting::Single | Nesting::Group => {
            config.as_map().is_some() && value.as_map().is_some() && object(config, value)
        }
        Nesting::List => match (config.as_list(), value.as_list()) {
            (Some(configs), Some(values)) => {
                configs.len() == values.len()
                    && configs
                        .iter()
                        .zip(values)
                        .all(|(one, other)| object(one, other))
            }
            _ => false,
        },
        Nesting::Map => match (config.as_map(), value.as_map()) {
            (Some(configs), Some(values)) => {
                configs.keys().eq(values.keys())
                    && configs
                        .values()
                        .zip(values.values())
                        .all(|(one, other)| object(one, other))
            }
            _ => false,
        },
        Nesting::Set => match (config.as_list(), value.as_list()) {
            (Some(configs), Some(values)) => {
                let mut pool = Pool(values.iter().collect());
                configs.len() == values.len()
                    && configs
                        .iter()
                        .all(|config| pool.take(|value| object(config, value)).is_some())
            }
            _ => false,
        },
    }
}
