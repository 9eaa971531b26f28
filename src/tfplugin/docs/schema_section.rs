//! The lists of attributes: what must be set, what may be, and what can only be read.

use crate::tfplugin::schema::{Attribute, Mode, Schema};
use crate::tfplugin::value::Type;

const WRITE_ONLY: &str = "[Write-only](https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments)";

/// The section `Schema` of a page.
pub(super) fn render(schema: &Schema) -> String {
    let mut text = "## Schema\n".to_owned();
    for (title, modes) in [
        ("Required", [Mode::Required].as_slice()),
        ("Optional", &[Mode::Optional, Mode::OptionalComputed]),
        ("Read-Only", &[Mode::Computed]),
    ] {
        let lines: Vec<String> = schema
            .attributes()
            .filter(|(_, one)| modes.contains(&one.mode()))
            .map(|(name, one)| attribute(name, one))
            .collect();
        if !lines.is_empty() {
            text.push_str(&format!("\n### {title}\n\n{}", lines.concat()));
        }
    }
    for (name, one) in schema.attributes() {
        nested(&mut text, name, one.ty());
    }
    text
}

/// One line, or several where the description has more than one paragraph.
fn attribute(name: &str, attribute: &Attribute) -> String {
    let mut marks = type_name(attribute.ty());
    for (is_so, mark) in [
        (attribute.is_sensitive(), "Sensitive"),
        (attribute.is_write_only(), WRITE_ONLY),
        (attribute.deprecation().is_some(), "Deprecated"),
    ] {
        if is_so {
            marks.push_str(", ");
            marks.push_str(mark);
        }
    }
    // Further lines belong to the same item of the list.
    let description = attribute.description().trim().replace('\n', "\n  ");
    let description = description.replace("\n  \n", "\n\n");
    let mut line = format!("- `{name}` ({marks}) {description}");
    if let Some(instead) = attribute.deprecation() {
        line.push_str(&format!(" **Deprecated:** {instead}"));
    }
    if object_within(attribute.ty()).is_some() {
        line.push_str(&format!(" (see [below](#nestedatt--{name}))"));
    }
    line.push('\n');
    line
}

/// A type as the Registry's pages call it: `Map of String`.
fn type_name(ty: &Type) -> String {
    match ty {
        Type::String => "String".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Bool => "Boolean".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Object(_) => "Object".to_owned(),
    }
}

/// The object that a type is, or is a collection of.
fn object_within(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Object(_) => Some(ty),
        Type::List(element) | Type::Set(element) | Type::Map(element) => object_within(element),
        _ => None,
    }
}

/// The attributes of an object, and of those within it, each under an anchor of its own.
fn nested(text: &mut String, path: &str, ty: &Type) {
    let Some(attributes) = object_within(ty).and_then(Type::attributes) else {
        return;
    };
    let title = path.replace("--", ".");
    text.push_str(&format!(
        "\n<a id=\"nestedatt--{path}\"></a>\n### Nested Schema for `{title}`\n\n"
    ));
    for (name, ty) in attributes {
        text.push_str(&format!("- `{name}` ({})", type_name(ty)));
        if object_within(ty).is_some() {
            text.push_str(&format!(" (see [below](#nestedatt--{path}--{name}))"));
        }
        text.push('\n');
    }
    for (name, ty) in attributes {
        nested(text, &format!("{path}--{name}"), ty);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(schema: Schema, expected: &str) {
        assert_eq!(render(&schema), expected);
    }

    #[test]
    fn lists_attributes_by_who_sets_them() {
        check(
            Schema::new("A lamp.")
                .attribute("watt", Attribute::optional(Type::Number, "How bright."))
                .attribute("id", Attribute::computed(Type::String, "Which lamp."))
                .attribute("on", Attribute::optional_computed(Type::Bool, "Shining."))
                .attribute(
                    "places",
                    Attribute::required(Type::list(Type::map(Type::String)), "Where."),
                ),
            "## Schema\n\
             \n### Required\n\n\
             - `places` (List of Map of String) Where.\n\
             \n### Optional\n\n\
             - `on` (Boolean) Shining.\n\
             - `watt` (Number) How bright.\n\
             \n### Read-Only\n\n\
             - `id` (String) Which lamp.\n",
        );
    }

    #[test]
    fn marks_what_is_sensitive_write_only_or_deprecated() {
        check(
            Schema::new("A lamp.")
                .attribute(
                    "key",
                    Attribute::optional(Type::String, "Its key.")
                        .sensitive()
                        .write_only(),
                )
                .attribute(
                    "old",
                    Attribute::optional(Type::set(Type::Number), "Its past.")
                        .deprecated("Use `new`."),
                ),
            &format!(
                "## Schema\n\
                 \n### Optional\n\n\
                 - `key` (String, Sensitive, {WRITE_ONLY}) Its key.\n\
                 - `old` (Set of Number, Deprecated) Its past. **Deprecated:** Use `new`.\n"
            ),
        );
    }

    #[test]
    fn keeps_the_paragraphs_of_a_description_within_their_item() {
        check(
            Schema::new("A lamp.").attribute(
                "id",
                Attribute::computed(Type::String, "One.\nTwo.\n\nThree.\n"),
            ),
            "## Schema\n\n### Read-Only\n\n- `id` (String) One.\n  Two.\n\n  Three.\n",
        );
    }

    #[test]
    fn an_object_is_told_below_with_those_within_it() {
        let place = Type::object([("room", Type::String)]);
        let lamp = Type::object([("at", place), ("on", Type::Bool)]);
        check(
            Schema::new("Lamps.").attribute(
                "lamps",
                Attribute::computed(Type::list(lamp), "All of them."),
            ),
            "## Schema\n\
             \n### Read-Only\n\n\
             - `lamps` (List of Object) All of them. (see [below](#nestedatt--lamps))\n\
             \n<a id=\"nestedatt--lamps\"></a>\n### Nested Schema for `lamps`\n\n\
             - `at` (Object) (see [below](#nestedatt--lamps--at))\n\
             - `on` (Boolean)\n\
             \n<a id=\"nestedatt--lamps--at\"></a>\n### Nested Schema for `lamps.at`\n\n\
             - `room` (String)\n",
        );
    }

    #[test]
    fn a_schema_without_attributes_has_no_lists() {
        check(Schema::new("Nothing."), "## Schema\n");
    }
}
