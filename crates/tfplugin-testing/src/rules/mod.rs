//! Terraform's rules for a provider's replies (Terraform: `internal/plans/objchange`).
//!
//! - [`proposed_new`] makes the proposed new state;
//! - [`plan_problems`] compares a plan with the configuration;
//! - [`compatibility_problems`] compares a value with the plan;
//! - [`conformance_problems`] compares a value with its type.
//!
//! The last three return a sentence for each problem.

mod compatible;
mod conforms;
mod plan_valid;
mod proposed;

use tfplugin::{Diagnostic, Diagnostics, Value};

pub(crate) use compatible::compatibility_problems;
pub(crate) use conforms::conformance_problems;
pub(crate) use plan_valid::plan_problems;
pub(crate) use proposed::proposed_new;

fn at<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.attribute(name).unwrap_or(&Value::Null)
}

fn element(list: &Value, index: usize) -> &Value {
    let elements = list.as_list().unwrap_or_default();
    elements.get(index).unwrap_or(&Value::Null)
}

fn join(place: &str, step: &str) -> String {
    format!("{place}.{step}")
}

/// Fails with Terraform's `summary` if there are problems.
pub(crate) fn refuse(summary: &str, address: &str, problems: &[String]) -> Result<(), Diagnostics> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(Diagnostic::error(summary, format!("{address}:\n{}", problems.join("\n"))).into())
}
