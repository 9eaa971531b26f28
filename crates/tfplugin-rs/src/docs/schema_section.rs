//! The section `Schema` of a page: required, optional and read-only attributes and blocks, and below them those of
//! nested objects.

use crate::schema::body::{Body, Part};
use crate::schema::{Attribute, Block, Mode, Nesting, Schema};
use crate::value::Type;

const WRITE_ONLY: &str = "[Write-only](https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments)";

/// Renders the section.
pub(super) fn render(schema: &Schema) -> String {
    let mut text = "## Schema\n".to_owned();
    let mut below = Vec::new();
    for (title, parts) in groups(schema.body()) {
        text.push_str(&format!("\n### {title}\n\n"));
        for (name, part) in parts {
            text.push_str(&line(name, part, "", &mut below));
        }
    }
    below.iter().for_each(|one| one.render(&mut text));
    text
}

/// Groups the parts of a body by title, in the order of the page. Empty groups are left out.
fn groups<'a>(body: &'a Body) -> Vec<(&'static str, Vec<(&'static str, Part<'a>)>)> {
    let mut parts: Vec<_> = body.parts().collect();
    parts.sort_by_key(|(name, _)| *name);
    let titles = ["Required", "Optional", "Read-Only"].into_iter();
    titles
        .map(|title| {
            let parts = parts.iter().copied();
            (
                title,
                parts
                    .filter(|(_, part)| title_of(*part) == title)
                    .collect::<Vec<_>>(),
            )
        })
        .filter(|(_, parts)| !parts.is_empty())
        .collect()
}

fn title_of(part: Part<'_>) -> &'static str {
    match part {
        Part::Attribute(attribute) => match attribute.mode() {
            Mode::Required => "Required",
            Mode::Optional | Mode::OptionalComputed => "Optional",
            Mode::Computed => "Read-Only",
        },
        Part::Block(block) if block.minimum_items() > 0 => "Required",
        Part::Block(_) => "Optional",
    }
}

/// A nested schema, which has an anchor and a heading of its own.
struct Below<'a> {
    anchor: String,
    title: String,
    contents: Contents<'a>,
}

#[derive(Clone, Copy)]
enum Contents<'a> {
    Body(&'a Body),
    Object(&'a Type),
}

impl Below<'_> {
    fn render(&self, text: &mut String) {
        let Self { anchor, title, .. } = self;
        text.push_str(&format!(
            "\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{title}`\n\n"
        ));
        let mut below = Vec::new();
        match self.contents {
            Contents::Body(body) => {
                for (position, (title, parts)) in groups(body).into_iter().enumerate() {
                    let gap = if position > 0 { "\n" } else { "" };
                    text.push_str(&format!("{gap}{title}:\n\n"));
                    for (name, part) in parts {
                        text.push_str(&line(name, part, &self.title, &mut below));
                    }
                }
            }
            Contents::Object(ty) => {
                for (name, ty) in ty.attributes().into_iter().flatten() {
                    let see = see_below(
                        name,
                        &self.title,
                        "nestedatt",
                        object_within(ty).map(Contents::Object),
                        &mut below,
                    );
                    text.push_str(&format!("- `{name}` ({}){see}\n", type_name(ty)));
                }
            }
        }
        below.iter().for_each(|one| one.render(text));
    }
}

/// Renders one item of a list. It has several lines if the description has several paragraphs.
fn line<'a>(name: &str, part: Part<'a>, within: &str, below: &mut Vec<Below<'a>>) -> String {
    let (kind, description, deprecation, contents) = match part {
        Part::Attribute(one) => {
            let contents = match one.nested() {
                Some(nested) => Some(Contents::Body(nested.body())),
                None => object_within(one.ty()).map(Contents::Object),
            };
            ("nestedatt", one.description(), one.deprecation(), contents)
        }
        Part::Block(one) => {
            let contents = Some(Contents::Body(one.body()));
            (
                "nestedblock",
                one.description(),
                one.deprecation(),
                contents,
            )
        }
    };
    let marks = match part {
        Part::Attribute(attribute) => attribute_marks(attribute),
        Part::Block(block) => block_marks(block),
    };
    // Indented lines belong to the same item.
    let description = description.trim().replace('\n', "\n  ");
    let description = description.replace("\n  \n", "\n\n");
    let mut line = format!("- `{name}` ({marks}) {description}");
    if let Some(instead) = deprecation {
        line.push_str(&format!(" **Deprecated:** {instead}"));
    }
    line.push_str(&see_below(name, within, kind, contents, below));
    line.push('\n');
    line
}

/// Renders the link to the nested schema of a part, and adds that schema to `below`.
fn see_below<'a>(
    name: &str,
    within: &str,
    kind: &str,
    contents: Option<Contents<'a>>,
    below: &mut Vec<Below<'a>>,
) -> String {
    let Some(contents) = contents else {
        return String::new();
    };
    let title = match within {
        "" => name.to_owned(),
        within => format!("{within}.{name}"),
    };
    let anchor = format!("{kind}--{}", title.replace('.', "--"));
    let see = format!(" (see [below for nested schema](#{anchor}))");
    below.push(Below {
        anchor,
        title,
        contents,
    });
    see
}

fn attribute_marks(attribute: &Attribute) -> String {
    let mut marks = match attribute.nested().map(|nested| nested.nesting()) {
        None => type_name(attribute.ty()),
        Some(Nesting::Single | Nesting::Group) => "Attributes".to_owned(),
        Some(Nesting::List) => "Attributes List".to_owned(),
        Some(Nesting::Set) => "Attributes Set".to_owned(),
        Some(Nesting::Map) => "Attributes Map".to_owned(),
    };
    for (applies, mark) in [
        (attribute.is_sensitive(), "Sensitive"),
        (attribute.is_write_only(), WRITE_ONLY),
        (attribute.deprecation().is_some(), "Deprecated"),
    ] {
        if applies {
            marks.push_str(", ");
            marks.push_str(mark);
        }
    }
    marks
}

fn block_marks(block: &Block) -> String {
    let mut marks = match block.nesting() {
        Nesting::Single if block.minimum_items() > 0 => "Block, Required",
        Nesting::Single => "Block, Optional",
        Nesting::Group => "Block",
        Nesting::List => "Block List",
        Nesting::Set => "Block Set",
        Nesting::Map => "Block Map",
    }
    .to_owned();
    if !matches!(block.nesting(), Nesting::Single | Nesting::Group) {
        if block.minimum_items() > 0 {
            marks.push_str(&format!(", Min: {}", block.minimum_items()));
        }
        if let Some(max) = block.maximum_items() {
            marks.push_str(&format!(", Max: {max}"));
        }
    }
    if block.deprecation().is_some() {
        marks.push_str(", Deprecated");
    }
    marks
}

/// Returns a type in the words of the Registry's pages: `Map of String`.
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

/// Returns the object type that a type is or contains.
fn object_within(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Object(_) => Some(ty),
        Type::List(element) | Type::Set(element) | Type::Map(element) => object_within(element),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Nested;

    #[track_caller]
    fn check(schema: Schema, expected: &str) {
        assert_eq!(render(&schema), expected);
    }

    #[test]
    fn lists_attributes_by_mode() {
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
    fn marks_sensitive_write_only_and_deprecated_attributes() {
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
    fn an_object_type_has_a_nested_schema_below() {
        let place = Type::object([("room", Type::String)]);
        let lamp = Type::object([("at", place), ("on", Type::Bool)]);
        check(
            Schema::new("Lamps.").attribute(
                "lamps",
                Attribute::computed(Type::list(lamp), "All of them."),
            ),
            "## Schema\n\
             \n### Read-Only\n\n\
             - `lamps` (List of Object) All of them. (see [below for nested schema](#nestedatt--lamps))\n\
             \n<a id=\"nestedatt--lamps\"></a>\n### Nested Schema for `lamps`\n\n\
             - `at` (Object) (see [below for nested schema](#nestedatt--lamps--at))\n\
             - `on` (Boolean)\n\
             \n<a id=\"nestedatt--lamps--at\"></a>\n### Nested Schema for `lamps.at`\n\n\
             - `room` (String)\n",
        );
    }

    #[test]
    fn a_schema_without_attributes_has_no_lists() {
        check(Schema::new("Nothing."), "## Schema\n");
    }

    #[test]
    fn nested_attributes_and_blocks_have_nested_schemas_in_the_registrys_layout() {
        let colour = || Attribute::required(Type::String, "Its colour.");
        let bulbs = Nested::list()
            .attribute("colour", colour())
            .attribute("id", Attribute::computed(Type::String, "Which bulb."))
            .attribute(
                "by_hour",
                Attribute::optional(Nested::map().attribute("colour", colour()), "Changes."),
            );
        let timeouts = Block::single("How long to wait.")
            .attribute("create", Attribute::optional(Type::String, "To light it."));
        let place = Block::list("Where it hangs.")
            .attribute("colour", colour())
            .block(
                "hook",
                Block::set("What it hangs on.")
                    .max_items(2)
                    .attribute("colour", colour()),
            )
            .min_items(1);
        check(
            Schema::new("A lamp.")
                .attribute("bulbs", Attribute::optional(bulbs, "What shines."))
                .block("timeouts", timeouts)
                .block("place", place),
            "## Schema\n\
             \n### Required\n\n\
             - `place` (Block List, Min: 1) Where it hangs. (see [below for nested schema](#nestedblock--place))\n\
             \n### Optional\n\n\
             - `bulbs` (Attributes List) What shines. (see [below for nested schema](#nestedatt--bulbs))\n\
             - `timeouts` (Block, Optional) How long to wait. (see [below for nested schema](#nestedblock--timeouts))\n\
             \n<a id=\"nestedblock--place\"></a>\n### Nested Schema for `place`\n\n\
             Required:\n\n\
             - `colour` (String) Its colour.\n\
             \nOptional:\n\n\
             - `hook` (Block Set, Max: 2) What it hangs on. (see [below for nested schema](#nestedblock--place--hook))\n\
             \n<a id=\"nestedblock--place--hook\"></a>\n### Nested Schema for `place.hook`\n\n\
             Required:\n\n\
             - `colour` (String) Its colour.\n\
             \n<a id=\"nestedatt--bulbs\"></a>\n### Nested Schema for `bulbs`\n\n\
             Required:\n\n\
             - `colour` (String) Its colour.\n\
             \nOptional:\n\n\
             - `by_hour` (Attributes Map) Changes. (see [below for nested schema](#nestedatt--bulbs--by_hour))\n\
             \nRead-Only:\n\n\
             - `id` (String) Which bulb.\n\
             \n<a id=\"nestedatt--bulbs--by_hour\"></a>\n### Nested Schema for `bulbs.by_hour`\n\n\
             Required:\n\n\
             - `colour` (String) Its colour.\n\
             \n<a id=\"nestedblock--timeouts\"></a>\n### Nested Schema for `timeouts`\n\n\
             Optional:\n\n\
             - `create` (String) To light it.\n",
        );
    }
}
