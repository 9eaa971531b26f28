//! [`plan_problems`]: compares a plan with the configuration (Terraform:
//! `internal/plans/objchange/plan_valid.go`).

use tfplugin::Value;
use tfplugin::schema::Nesting;

use super::{at, element, join};
use crate::schema::{AttributeSchema, BlockSchema, ObjectSchema};

/// Returns where a plan differs from the configuration without permission (`objchange.AssertPlanValid`).
pub(crate) fn plan_problems(
    schema: &ObjectSchema,
    prior: &Value,
    config: &Value,
    planned: &Value,
) -> Vec<String> {
    let mut problems = Vec::new();
    body(
        schema,
        Triple {
            prior,
            config,
            planned,
        },
        "",
        &mut problems,
    );
    problems
}

/// The same place in three values.
#[derive(Clone, Copy)]
struct Triple<'a> {
    prior: &'a Value,
    config: &'a Value,
    planned: &'a Value,
}

impl<'a> Triple<'a> {
    fn map(self, at: impl Fn(&'a Value) -> &'a Value) -> Self {
        Self {
            prior: at(self.prior),
            config: at(self.config),
            planned: at(self.planned),
        }
    }
}

/// Returns whether the configuration and the plan both have the value. Reports a problem if only one of them has it.
fn both_or_neither(values: Triple<'_>, place: &str, problems: &mut Vec<String>) -> bool {
    let problem = match (values.config.is_null(), values.planned.is_null()) {
        (false, true) => "planned for existence but is absent",
        (true, false) => "planned for absence but is there",
        (true, true) => return false,
        (false, false) => return true,
    };
    problems.push(match place {
        "" => problem.to_owned(),
        place => format!("{place}: {problem}"),
    });
    false
}

fn body(schema: &ObjectSchema, values: Triple<'_>, place: &str, problems: &mut Vec<String>) {
    if !both_or_neither(values, place, problems) {
        return;
    }
    attributes(schema, values, place, problems);
    for (name, one) in &schema.blocks {
        let values = values.map(|value| at(value, name));
        block(one, values, &step(place, name), problems);
    }
}

fn attributes(schema: &ObjectSchema, values: Triple<'_>, place: &str, problems: &mut Vec<String>) {
    for (name, one) in &schema.attributes {
        let values = values.map(|value| at(value, name));
        attribute(one, values, &step(place, name), problems);
    }
}

fn attribute(one: &AttributeSchema, values: Triple<'_>, place: &str, problems: &mut Vec<String>) {
    let Triple {
        prior,
        config,
        planned,
    } = values;
    if one.write_only {
        if !planned.is_null() {
            problems.push(format!("{place}: write-only, but planned with a value"));
        }
        return;
    }
    let as_configured = planned == config;
    let as_before = planned == prior && !prior.is_null() && !config.is_null();
    let left_to_the_provider = one.computed && config.is_null();
    if as_configured || as_before || left_to_the_provider {
        return;
    }
    if let Some((nesting, schema)) = &one.nested {
        nested(*nesting, schema, values, place, problems);
        return;
    }
    problems.push(if config.is_null() {
        format!("{place}: planned value for a non-computed attribute")
    } else if prior.is_null() {
        format!("{place}: planned value does not match config value")
    } else {
        format!("{place}: planned value does not match config value nor prior value")
    });
}

/// Checks objects in an attribute (`assertPlannedObjectValid`).
fn nested(
    nesting: Nesting,
    schema: &ObjectSchema,
    values: Triple<'_>,
    place: &str,
    problems: &mut Vec<String>,
) {
    if !both_or_neither(values, place, problems) {
        return;
    }
    elements(
        nesting,
        values,
        place,
        problems,
        &mut |values, place, problems| {
            if values.planned == values.config {
                return;
            }
            if both_or_neither(values, place, problems) {
                attributes(schema, values, place, problems);
            }
        },
    );
}

fn block(schema: &BlockSchema, values: Triple<'_>, place: &str, problems: &mut Vec<String>) {
    let Triple {
        config, planned, ..
    } = values;
    if planned == config {
        return;
    }
    if config.is_unknown() {
        problems.push(format!("{place}: planned value for unknown dynamic block"));
        return;
    }
    if planned.is_unknown() {
        problems.push(format!(
            "{place}: attribute representing nested block must not be unknown itself; set nested attribute values to \
             unknown instead"
        ));
        return;
    }
    if planned.is_null() && schema.nesting != Nesting::Single {
        problems.push(format!(
            "{place}: attribute representing nested blocks must be empty to indicate no blocks, not null"
        ));
        return;
    }
    if matches!(schema.nesting, Nesting::Single | Nesting::Group) {
        body(&schema.body, values, place, problems);
        return;
    }
    elements(
        schema.nesting,
        values,
        place,
        problems,
        &mut |values, place, problems| {
            if values.planned.is_unknown() {
                problems.push(format!(
                    "{place}: element representing nested block must not be unknown itself"
                ));
            } else {
                body(&schema.body, values, place, problems);
            }
        },
    );
}

/// Checks each element, if there are as many as configured. The elements of a set have no identity, so Terraform only
/// counts them.
fn elements(
    nesting: Nesting,
    values: Triple<'_>,
    place: &str,
    problems: &mut Vec<String>,
    judge: &mut dyn FnMut(Triple<'_>, &str, &mut Vec<String>),
) {
    if values.planned.is_unknown() || values.config.is_unknown() {
        if values.planned.is_unknown() != values.config.is_unknown() {
            problems.push(format!(
                "{place}: unknown, but configured, or the other way round"
            ));
        }
        return;
    }
    match nesting {
        Nesting::Single | Nesting::Group => judge(values, place, problems),
        Nesting::List | Nesting::Set => {
            let count = |of: &Value| of.as_list().map(<[Value]>::len);
            let (planned, config) = (count(values.planned), count(values.config));
            if planned != config {
                problems.push(format!(
                    "{place}: count in plan ({planned:?}) disagrees with count in config ({config:?})"
                ));
                return;
            }
            if nesting == Nesting::List {
                for index in 0..planned.unwrap_or_default() {
                    let values = values.map(|value| element(value, index));
                    judge(values, &join(place, &index.to_string()), problems);
                }
            }
        }
        Nesting::Map => {
            let keys = |of: &Value| -> Vec<String> {
                let map = of.as_map().into_iter().flatten();
                map.map(|(key, _)| key.clone()).collect()
            };
            let planned = keys(values.planned);
            if planned != keys(values.config) {
                problems.push(format!("{place}: the keys in plan are not those in config"));
                return;
            }
            for key in planned {
                let values = values.map(|value| at(value, &key));
                judge(values, &join(place, &key), problems);
            }
        }
    }
}

fn step(place: &str, name: &str) -> String {
    if place.is_empty() {
        name.to_owned()
    } else {
        join(place, name)
    }
}
