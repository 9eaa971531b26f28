//! The lists of attributes and blocks: what must be set, what may be, and what can only be read.

use crate::tfplugin::schema::{Attribute, Block, Mode, Nesting, Schema};
use crate::tfplugin::value::Type;

const WRITE_ONLY: &str = "[Write-only](https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments)";

/// The lists, in their order.
const TITLES: [&str; 3] = ["Required", "Optional", "Read-Only"];

/// One line of a list, and what is told below.
enum Item<'a> {
    Attribute(&'a Attribute),
    Block(&'a Block),
}

/// The section `Schema` of a page.
pub(super) fn render(schema: &Schema) -> String {
    let mut text = "## Schema\n".to_owned();
    let items = items(schema.attributes(), schema.blocks());
    for (title, list) in lists("", &items) {
        text.push_str(&format!("\n### {title}\n\n{list}"));
    }
    below(&mut text, "", &items);
    text
}

fn items<'a>(
    attributes: impl Iterator<Item = (&'static str, &'a Attribute)>,
    blocks: impl Iterator<Item = (&'static str, &'a Block)>,
) -> Vec<(&'static str, Item<'a>)> {
    let attributes = attributes.map(|(name, one)| (name, Item::Attribute(one)));
    let blocks = blocks.map(|(name, one)| (name, Item::Block(one)));
    attributes.chain(blocks).collect()
}

/// The lists that are not empty, each with its title.
fn lists(within: &str, items: &[(&'static str, Item<'_>)]) -> Vec<(&'static str, String)> {
    TITLES
        .into_iter()
        .map(|title| {
            let listed = items.iter().filter(|(_, item)| item.title() == title);
            let lines = listed.map(|(name, item)| item.line(&format!("{within}{name}"), name));
            (title, lines.collect::<String>())
        })
        .filter(|(_, list)| !list.is_empty())
        .collect()
}

/// What the items have within them, each under an anchor of its own.
fn below(text: &mut String, within: &str, items: &[(&'static str, Item<'_>)]) {
    for (name, item) in items {
        let path = format!("{within}{name}");
        match item.within() {
            Some(inner) => {
                heading(text, &item.anchor(&path), &path);
                let path = format!("{path}--");
                let lists = lists(&path, &inner);
                let lists = lists
                    .iter()
                    .map(|(title, list)| format!("{title}:\n\n{list}"));
                text.push_str(&lists.collect::<Vec<_>>().join("\n"));
                below(text, &path, &inner);
            }
            None => {
                if let Item::Attribute(attribute) = item {
                    nested(text, &path, attribute.ty());
                }
            }
        }
    }
}

fn heading(text: &mut String, anchor: &str, path: &str) {
    let title = path.replace("--", ".");
    text.push_str(&format!(
        "\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{title}`\n\n"
    ));
}

impl<'a> Item<'a> {
    /// The list that it belongs to.
    fn title(&self) -> &'static str {
        match self {
            Self::Attribute(one) => match one.mode() {
                Mode::Required => "Required",
                Mode::Optional | Mode::OptionalComputed => "Optional",
                Mode::Computed => "Read-Only",
            },
            Self::Block(one) if one.fewest() > 0 => "Required",
            Self::Block(_) => "Optional",
        }
    }

    fn within(&self) -> Option<Vec<(&'static str, Item<'a>)>> {
        match self {
            Self::Attribute(one) => one
                .nested()
                .map(|nested| items(nested.attributes(), std::iter::empty())),
            Self::Block(one) => Some(items(one.attributes(), one.blocks())),
        }
    }

    fn anchor(&self, path: &str) -> String {
        match self {
            Self::Attribute(_) => format!("nestedatt--{path}"),
            Self::Block(_) => format!("nestedblock--{path}"),
        }
    }

    /// One line, or several where the description has more than one paragraph.
    fn line(&self, path: &str, name: &str) -> String {
        let (description, deprecation) = match self {
            Self::Attribute(one) => (one.description(), one.deprecation()),
            Self::Block(one) => (one.description(), one.deprecation()),
        };
        let marks = self.marks();
        // Further lines belong to the same item of the list.
        let description = description.trim().replace('\n', "\n  ");
        let description = description.replace("\n  \n", "\n\n");
        let mut line = format!("- `{name}` ({marks}) {description}");
        if let Some(instead) = deprecation {
            line.push_str(&format!(" **Deprecated:** {instead}"));
        }
        if self.is_told_below() {
            let anchor = self.anchor(path);
            line.push_str(&format!(" (see [below for nested schema](#{anchor}))"));
        }
        line.push('\n');
        line
    }

    fn is_told_below(&self) -> bool {
        match self {
            Self::Attribute(one) => one.nested().is_some() || object_within(one.ty()).is_some(),
            Self::Block(_) => true,
        }
    }

    /// Its type, and what else a reader must know at once.
    fn marks(&self) -> String {
        let mut marks = Vec::new();
        match self {
            Self::Attribute(one) => {
                marks.push(match one.nested() {
                    Some(nested) => format!("Attributes{}", holding(nested.nesting())),
                    None => type_name(one.ty()),
                });
                if one.is_sensitive() {
                    marks.push("Sensitive".to_owned());
                }
                if one.is_write_only() {
                    marks.push(WRITE_ONLY.to_owned());
                }
                if one.deprecation().is_some() {
                    marks.push("Deprecated".to_owned());
                }
            }
            Self::Block(one) => {
                marks.push(format!("Block{}", holding(one.nesting())));
                if one.fewest() > 0 {
                    marks.push(format!("Min: {}", one.fewest()));
                }
                if let Some(most) = one.most() {
                    marks.push(format!("Max: {most}"));
                }
                if one.deprecation().is_some() {
                    marks.push("Deprecated".to_owned());
                }
            }
        }
        marks.join(", ")
    }
}

/// How the Registry's pages call what holds objects: `Attributes List`, `Block Set`.
fn holding(nesting: Nesting) -> &'static str {
    match nesting {
        Nesting::Single | Nesting::Group => "",
        Nesting::List => " List",
        Nesting::Set => " Set",
        Nesting::Map => " Map",
    }
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

/// The attributes of a plain object, and of those within it, each under an anchor of its own.
fn nested(text: &mut String, path: &str, ty: &Type) {
    let Some(attributes) = object_within(ty).and_then(Type::attributes) else {
        return;
    };
    heading(text, &format!("nestedatt--{path}"), path);
    for (name, ty) in attributes {
        text.push_str(&format!("- `{name}` ({})", type_name(ty)));
        if object_within(ty).is_some() {
            text.push_str(&format!(
                " (see [below for nested schema](#nestedatt--{path}--{name}))"
            ));
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
    use crate::tfplugin::schema::Nested;

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
             - `lamps` (List of Object) All of them. (see [below for nested schema](#nestedatt--lamps))\n\
             \n<a id=\"nestedatt--lamps\"></a>\n### Nested Schema for `lamps`\n\n\
             - `at` (Object) (see [below for nested schema](#nestedatt--lamps--at))\n\
             - `on` (Boolean)\n\
             \n<a id=\"nestedatt--lamps--at\"></a>\n### Nested Schema for `lamps.at`\n\n\
             - `room` (String)\n",
        );
    }

    #[test]
    fn a_nested_attribute_is_told_below_with_its_descriptions() {
        let bulb =
            Nested::single().attribute("watt", Attribute::required(Type::Number, "How bright."));
        let lamp = Nested::list()
            .attribute("bulb", Attribute::optional(bulb, "What shines."))
            .attribute("id", Attribute::computed(Type::String, "Which lamp."));
        check(
            Schema::new("Lamps.").attribute("lamps", Attribute::optional(lamp, "All of them.")),
            "## Schema\n\
             \n### Optional\n\n\
             - `lamps` (Attributes List) All of them. (see [below for nested schema](#nestedatt--lamps))\n\
             \n<a id=\"nestedatt--lamps\"></a>\n### Nested Schema for `lamps`\n\n\
             Optional:\n\n\
             - `bulb` (Attributes) What shines. (see [below for nested schema](#nestedatt--lamps--bulb))\n\
             \nRead-Only:\n\n\
             - `id` (String) Which lamp.\n\
             \n<a id=\"nestedatt--lamps--bulb\"></a>\n### Nested Schema for `lamps.bulb`\n\n\
             Required:\n\n\
             - `watt` (Number) How bright.\n",
        );
    }

    #[test]
    fn a_block_is_told_below() {
        let shade = Block::list("What it wears.")
            .min_items(1)
            .max_items(2)
            .attribute("colour", Attribute::required(Type::String, "How it looks."))
            .block("lace", Block::single("Its edge."));
        check(
            Schema::new("A lamp.").block("shade", shade),
            "## Schema\n\
             \n### Required\n\n\
             - `shade` (Block List, Min: 1, Max: 2) What it wears. (see [below for nested schema](#nestedblock--shade))\n\
             \n<a id=\"nestedblock--shade\"></a>\n### Nested Schema for `shade`\n\n\
             Required:\n\n\
             - `colour` (String) How it looks.\n\
             \nOptional:\n\n\
             - `lace` (Block) Its edge. (see [below for nested schema](#nestedblock--shade--lace))\n\
             \n<a id=\"nestedblock--shade--lace\"></a>\n### Nested Schema for `shade.lace`\n\n",
        );
    }

    #[test]
    fn a_schema_without_attributes_has_no_lists() {
        check(Schema::new("Nothing."), "## Schema\n");
    }
}
