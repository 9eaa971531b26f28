//! Terraform's own rules about schemas, those that the types do not make inexpressible.
//!
//! One schema that breaks a rule makes every command fail for everybody who uses the provider
//! (Terraform: `internal/configs/configschema/internal_validate.go`), so a provider's test asks for
//! [`Schema::problems`] of each.

use super::{Attribute, Mode, Schema};

/// What a schema describes; the rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The provider's own configuration.
    Provider,
    /// A managed resource.
    Resource,
    /// A data source or an ephemeral resource.
    Other,
    /// The configuration of an action or a list resource, which have no results.
    Arguments,
}

/// Names that Terraform uses itself at the top of a block (terraform-plugin-framework:
/// `internal/fwschema/attribute_name_validation.go`).
const RESERVED: [&str; 7] = [
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
];
const RESERVED_FOR_PROVIDERS: [&str; 2] = ["alias", "version"];

impl Schema {
    /// Every rule that this schema breaks, a sentence each; empty for a sound one.
    pub fn problems(&self, subject: Subject) -> Vec<String> {
        let mut problems = Vec::new();
        if self.description.trim().is_empty() {
            problems.push("the object has no description".to_owned());
        }
        if self.version < 0 {
            problems.push("the version is negative".to_owned());
        }
        for (name, attribute) in self.attributes() {
            problems.extend(name_problem(name, subject));
            problems.extend(
                attribute_problems(attribute, subject)
                    .into_iter()
                    .map(|problem| format!("{name}: {problem}")),
            );
        }
        problems
    }
}

pub(super) fn name_problem(name: &str, subject: Subject) -> Option<String> {
    let well_formed = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_');
    if !well_formed {
        return Some(format!(
            "{name}: a name is lower-case letters, digits and underscores"
        ));
    }
    let reserved = RESERVED.contains(&name)
        || (subject == Subject::Provider && RESERVED_FOR_PROVIDERS.contains(&name));
    reserved.then(|| format!("{name}: the name is Terraform's own"))
}

fn attribute_problems(attribute: &Attribute, subject: Subject) -> Vec<&'static str> {
    let mut problems = Vec::new();
    if attribute.description().trim().is_empty() {
        problems.push("it has no description");
    }
    if attribute.is_write_only() && attribute.is_computed() {
        problems.push("a write-only attribute cannot be computed");
    }
    if attribute.is_write_only() && subject != Subject::Resource {
        problems.push("only managed resources have write-only attributes");
    }
    if attribute.default().is_some() && attribute.mode() != Mode::OptionalComputed {
        problems.push("only an optional and computed attribute has a default");
    }
    if subject == Subject::Provider && attribute.is_computed() {
        problems.push("a provider's configuration has no computed attributes");
    }
    if subject == Subject::Arguments && attribute.is_computed() {
        problems.push("the configuration of an action or a list has no computed attributes");
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tfplugin::value::{Type, Value};

    #[track_caller]
    fn check(schema: Schema, subject: Subject, expected: &[&str]) {
        assert_eq!(schema.problems(subject), expected);
    }

    fn with(name: &'static str, attribute: Attribute) -> Schema {
        Schema::new("An object.").attribute(name, attribute)
    }

    #[test]
    fn c36_a_broken_schema_is_told_by_the_rule_it_breaks() {
        let plain = || Attribute::optional(Type::String, "A text.");
        check(with("name", plain()), Subject::Resource, &[]);
        check(
            with("Name", plain()),
            Subject::Resource,
            &["Name: a name is lower-case letters, digits and underscores"],
        );
        check(
            with("count", plain()),
            Subject::Resource,
            &["count: the name is Terraform's own"],
        );
        check(with("alias", plain()), Subject::Resource, &[]);
        check(
            with("alias", plain()),
            Subject::Provider,
            &["alias: the name is Terraform's own"],
        );
        check(
            with("name", Attribute::optional(Type::String, " ")),
            Subject::Resource,
            &["name: it has no description"],
        );
        check(
            with("name", plain().write_only()),
            Subject::Other,
            &["name: only managed resources have write-only attributes"],
        );
        check(
            with(
                "name",
                Attribute::computed(Type::String, "A text.").write_only(),
            ),
            Subject::Resource,
            &["name: a write-only attribute cannot be computed"],
        );
        check(
            with("name", plain().default_value(Value::Bool(true))),
            Subject::Resource,
            &["name: only an optional and computed attribute has a default"],
        );
        check(
            with("name", Attribute::computed(Type::String, "A text.")),
            Subject::Provider,
            &["name: a provider's configuration has no computed attributes"],
        );
        check(
            with("name", Attribute::computed(Type::String, "A text.")),
            Subject::Arguments,
            &["name: the configuration of an action or a list has no computed attributes"],
        );
        check(
            Schema::new("").version(-1),
            Subject::Other,
            &["the object has no description", "the version is negative"],
        );
    }
}
