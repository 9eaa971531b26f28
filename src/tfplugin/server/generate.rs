//! The configuration that would make an object what it is, for a practitioner to go on with.
//!
//! Terraform writes it into a file, and plans with it at once: what it says must be allowed, and
//! must change nothing. So it leaves out what only the provider sets, what is written and never read
//! back, what is deprecated, what is the default anyway, and what the schema's own validators
//! refuse. The author may leave out more.

use crate::tfplugin::adapter::AnyResource;
use crate::tfplugin::diag::Diagnostics;
use crate::tfplugin::path::Path;
use crate::tfplugin::provider::Provider;
use crate::tfplugin::schema::{Attribute, Mode};
use crate::tfplugin::value::Value;

/// The configuration for a state; null for none.
pub(super) fn config<P: Provider>(
    resource: &dyn AnyResource<P>,
    mut state: Value,
) -> Result<Value, Diagnostics> {
    if state.is_null() {
        return Ok(Value::Null);
    }
    for (name, attribute) in resource.shape().schema.attributes() {
        let path = Path::of(name);
        if let Some(value) = state.get_mut(&path)
            && !belongs(attribute, &path, value)
        {
            *value = Value::Null;
        }
    }
    resource.generate_config(&state)
}

/// Whether a value of an attribute belongs into a configuration.
fn belongs(attribute: &Attribute, path: &Path, value: &Value) -> bool {
    if attribute.is_required() {
        return true;
    }
    let stated = attribute.mode() != Mode::Computed
        && !attribute.is_write_only()
        && attribute.deprecation().is_none()
        && attribute.default() != Some(value)
        && !value.is_unknown();
    if !stated || value.is_null() {
        return stated;
    }
    let mut problems = Diagnostics::new();
    for validator in attribute.validators() {
        validator.validate(path, value, &mut problems);
    }
    !problems.has_error()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tfplugin::schema::validator;
    use crate::tfplugin::value::Type;

    #[track_caller]
    fn check(attribute: Attribute, value: Value, expected: bool) {
        let path = Path::of("name");
        assert_eq!(belongs(&attribute, &path, &value), expected, "{value:?}");
    }

    #[test]
    fn only_what_may_be_configured_and_says_something_belongs_into_a_configuration() {
        let text = || Value::from("a");
        let optional = || Attribute::optional(Type::String, "A text.");
        let both = || Attribute::optional_computed(Type::String, "A text.");
        check(optional(), text(), true);
        check(both(), text(), true);
        check(Attribute::computed(Type::String, "A text."), text(), false);
        check(optional().write_only(), text(), false);
        check(optional().deprecated("Use another."), text(), false);
        check(both().default_value(text()), text(), false);
        check(both().default_value(text()), Value::from("b"), true);
        let validated = || optional().validate(validator::not_empty());
        check(validated(), text(), true);
        check(validated(), Value::from(""), false);
        let required = Attribute::required(Type::String, "A text.");
        check(
            required.validate(validator::not_empty()),
            Value::from(""),
            true,
        );
    }
}
