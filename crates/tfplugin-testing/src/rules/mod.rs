//! What Terraform demands of a provider's answers (Terraform: `internal/plans/objchange`).
//!
//! Each function returns what is wrong, a sentence each.
//!
//! - [`proposed_new`]: what Terraform proposes;
//! - [`plan_problems`]: whether a plan keeps to the configuration;
//! - [`compatibility_problems`]: whether a value keeps to the plan;
//! - [`conformance_problems`]: whether a value has its type.

mod compatible;
mod conforms;
mod plan_valid;
mod proposed;

use tfplugin::Value;

pub use compatible::compatibility_problems;
pub use conforms::conformance_problems;
pub use plan_valid::plan_problems;
pub use proposed::proposed_new;

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
