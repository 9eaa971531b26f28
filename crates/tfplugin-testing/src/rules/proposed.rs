//! [`proposed_new`]: the proposed new state (Terraform: `internal/plans/objchange/objchange.go`).

use tfplugin::Value;
use tfplugin::schema::Nesting;

use super::{at, element};
use crate::schema::{AttributeSchema, BlockSchema, ObjectSchema};

/// Returns the proposed new state: the configuration, with prior values for computed attributes that are not set
/// (`objchange.ProposedNew`).
pub(crate) fn proposed_new(schema: &ObjectSchema, prior: &Value, config: &Value) -> Value {
    if config.is_null() || config.is_unknown() {
        return config.clone();
    }
    let attributes = schema.attributes.iter().map(|(name, one)| {
        let value = attribute(one, at(prior, name), at(config, name));
        (name.clone(), value)
    });
    let blocks = schema.blocks.iter().map(|(name, one)| {
        let value = block(one, at(prior, name), at(config, name));
        (name.clone(), value)
    });
    Value::object(attributes.chain(blocks))
}

fn attribute(one: &AttributeSchema, prior: &Value, config: &Value) -> Value {
    if one.computed && config.is_null() {
        // A prior value with parts that only a configuration sets must have been configured.
        let was_configured = one.optional
            && one.nested.as_ref().is_some_and(|(nesting, schema)| {
                sets_what_is_not_computed(*nesting, schema, prior)
            });
        return if was_configured {
            Value::Null
        } else {
            prior.clone()
        };
    }
    match &one.nested {
        Some((nesting, schema)) => nested(*nesting, schema, prior, config),
        None => config.clone(),
    }
}

fn block(one: &BlockSchema, prior: &Value, config: &Value) -> Value {
    nested(one.nesting, &one.body, prior, config)
}

fn nested(nesting: Nesting, schema: &ObjectSchema, prior: &Value, config: &Value) -> Value {
    if config.is_null() || config.is_unknown() {
        return config.clone();
    }
    match nesting {
        Nesting::Single | Nesting::Group => proposed_new(schema, prior, config),
        Nesting::List => {
            let configured = config.as_list().unwrap_or_default().iter().enumerate();
            Value::List(
                configured
                    .map(|(index, config)| proposed_new(schema, element(prior, index), config))
                    .collect(),
            )
        }
        Nesting::Map => {
            Value::object(
                config.as_map().into_iter().flatten().map(|(key, config)| {
                    (key.clone(), proposed_new(schema, at(prior, key), config))
                }),
            )
        }
        Nesting::Set => {
            let mut priors: Vec<&Value> = prior.as_list().unwrap_or_default().iter().collect();
            let configured = config.as_list().unwrap_or_default().iter();
            let proposed: Vec<Value> = configured
                .map(|config| {
                    let position = priors
                        .iter()
                        .position(|prior| is_prior_of(schema, prior, config));
                    let prior = position.map(|position| priors.remove(position));
                    proposed_new(schema, prior.unwrap_or(&Value::Null), config)
                })
                .collect();
            Value::set_of(proposed)
        }
    }
}

/// Returns whether a value has parts that only a configuration sets (`optionalValueNotComputable`).
fn sets_what_is_not_computed(nesting: Nesting, schema: &ObjectSchema, value: &Value) -> bool {
    let object = |object: &Value| {
        schema.attributes.iter().any(|(name, one)| {
            let value = at(object, name);
            let within = one.nested.as_ref().is_some_and(|(nesting, schema)| {
                sets_what_is_not_computed(*nesting, schema, value)
            });
            !value.is_null() && (!one.computed || within)
        })
    };
    match nesting {
        Nesting::Single | Nesting::Group => object(value),
        Nesting::List | Nesting::Set => value.as_list().into_iter().flatten().any(object),
        Nesting::Map => value
            .as_map()
            .into_iter()
            .flatten()
            .any(|(_, one)| object(one)),
    }
}

/// Returns whether an element of a set may be the result of this configuration (`validPriorFromConfig`).
fn is_prior_of(schema: &ObjectSchema, prior: &Value, config: &Value) -> bool {
    if prior == config {
        return true;
    }
    if config.as_map().is_none() || prior.as_map().is_none() {
        return false;
    }
    let attributes = schema.attributes.iter().all(|(name, one)| {
        let (prior, config) = (at(prior, name), at(config, name));
        prior == config
            || one.computed && config.is_null()
            || one
                .nested
                .as_ref()
                .is_some_and(|(nesting, schema)| are_priors_of(*nesting, schema, prior, config))
    });
    attributes
        && schema.blocks.iter().all(|(name, one)| {
            let (prior, config) = (at(prior, name), at(config, name));
            prior == config || are_priors_of(one.nesting, &one.body, prior, config)
        })
}

fn are_priors_of(nesting: Nesting, schema: &ObjectSchema, prior: &Value, config: &Value) -> bool {
    match nesting {
        Nesting::Single | Nesting::Group => is_prior_of(schema, prior, config),
        Nesting::Map => match (prior.as_map(), config.as_map()) {
            (Some(prior), Some(config)) => {
                let mut pairs = prior.values().zip(config.values());
                prior.keys().eq(config.keys())
                    && pairs.all(|(prior, config)| is_prior_of(schema, prior, config))
            }
            _ => false,
        },
        Nesting::List | Nesting::Set => match (prior.as_list(), config.as_list()) {
            (Some(prior), Some(config)) => {
                let mut pairs = prior.iter().zip(config);
                prior.len() == config.len()
                    && pairs.all(|(prior, config)| is_prior_of(schema, prior, config))
            }
            _ => false,
        },
    }
}
