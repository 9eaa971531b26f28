//! Which objects of configuration and prior state belong to a planned one.
//!
//! In a list the position tells, in a map the key. An element of a set has no name. Terraform makes each planned
//! element of a configured one, and takes for its prior state the first that could have come of the same
//! configuration: equal wherever the configuration says something (Terraform:
//! `internal/plans/objchange/objchange.go`). So do we.

use super::super::place::Place;
use crate::schema::body::{Body, Nesting, Part};
use crate::value::Value;

/// One planned object and its fellows.
pub(super) struct Fellows<'v> {
    pub(super) place: Place,
    /// Null where the configuration leaves it to the provider.
    pub(super) config: &'v Value,
    /// `None` where there was none.
    pub(super) prior: Option<&'v Value>,
    pub(super) planned: &'v mut Value,
}

/// Visits every object that is planned within a part, with its fellows. One that is null or unknown is left out.
pub(super) fn each_object<'v>(
    (nesting, body): (Nesting, &Body),
    whole: Fellows<'v>,
    mut visit: impl FnMut(Fellows<'_>),
) {
    let Fellows {
        place,
        config,
        prior,
        planned,
    } = whole;
    let prior = prior.filter(|prior| !prior.is_null());
    match nesting {
        Nesting::Single | Nesting::Group => {
            if planned.as_map().is_some() {
                visit(Fellows {
                    place,
                    config,
                    prior,
                    planned,
                });
            }
        }
        Nesting::List => {
            let element = |of: &'v Value, index: usize| of.as_list()?.get(index);
            for (index, planned) in planned.as_list_mut().into_iter().flatten().enumerate() {
                if planned.as_map().is_some() {
                    visit(Fellows {
                        place: place.index(index),
                        config: element(config, index).unwrap_or(&Value::Null),
                        prior: prior.and_then(|prior| present(element(prior, index)?)),
                        planned,
                    });
                }
            }
        }
        Nesting::Map => {
            for (key, planned) in planned.as_map_mut().into_iter().flatten() {
                if planned.as_map().is_some() {
                    visit(Fellows {
                        place: place.key(key),
                        config: config.attribute(key).unwrap_or(&Value::Null),
                        prior: prior.and_then(|prior| present(prior.attribute(key)?)),
                        planned,
                    });
                }
            }
        }
        Nesting::Set => {
            let mut configs = Pool::of(config);
            let mut priors = prior.map_or(Pool::of(&Value::Null), Pool::of);
            let Some(elements) = planned.as_list_mut() else {
                return;
            };
            for planned in elements.iter_mut().filter(|one| one.as_map().is_some()) {
                let config = configs.take(|config| could_come_of(body, config, planned));
                let origin = config.unwrap_or(planned);
                let prior = priors.take(|prior| could_come_of(body, origin, prior));
                visit(Fellows {
                    place: place.element_of_set(),
                    config: config.unwrap_or(&Value::Null),
                    prior,
                    planned,
                });
            }
            planned.restore_set();
        }
    }
}

fn present(value: &Value) -> Option<&Value> {
    Some(value).filter(|value| !value.is_null())
}

/// The elements of a set that are not given away yet.
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

/// Whether an object could have been planned, or made, of this configuration: what the configuration sets is the
/// same, what it leaves out is null or the provider's.
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
