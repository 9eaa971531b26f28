//! Terraform's own rules about schemas, those that the types do not make inexpressible.
//!
//! One schema that breaks a rule makes every command fail for everybody who uses the provider
//! (Terraform: `internal/configs/configschema/internal_validate.go`), so a provider's test asks for
//! [`Schema::problems`] of each.

use super::body::{Body, Nesting, Part};
use super::{Attribute, Block, Mode, Schema, Validator};
use crate::value::{Type, encode_msgpack};

/// What a schema describes; the rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The provider's own configuration.
    Provider,
    /// A managed resource.
    Resource,
    /// A data source, an ephemeral resource, or what else is configured and not planned.
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
        if self.deprecation.is_some_and(str::is_empty) {
            problems.push(format!("the object: {SILENT_DEPRECATION}"));
        }
        let root = Surroundings {
            subject,
            in_set: false,
            in_block_collection: false,
            write_only: false,
            computed: false,
        };
        for name in self.body.parts().map(|(name, _)| name) {
            let reserved = RESERVED.contains(&name)
                || (subject == Subject::Provider && RESERVED_FOR_PROVIDERS.contains(&name));
            if reserved {
                problems.push(format!("{name}: the name is Terraform's own"));
            }
        }
        body_problems(&self.body, "", root, &mut problems);
        problems
    }
}

const SILENT_DEPRECATION: &str = "a deprecation says what to use instead";

/// What an attribute stands in.
#[derive(Clone, Copy)]
struct Surroundings {
    subject: Subject,
    in_set: bool,
    in_block_collection: bool,
    write_only: bool,
    computed: bool,
}

fn body_problems(body: &Body, within: &str, around: Surroundings, problems: &mut Vec<String>) {
    if around.subject != Subject::Resource && !body.plan_modifiers().is_empty() {
        problems.push(format!("{within}{UNPLANNED}"));
    }
    let object = body.ty();
    problems
        .extend(misfits(body.validators(), &object).map(|problem| format!("{within}{problem}")));
    for (name, part) in body.parts() {
        let place = format!("{within}{name}: ");
        let mut problem = |text: &str| problems.push(format!("{place}{text}"));
        if !is_well_formed(name) {
            problem("a name is lower-case letters, digits and underscores");
        }
        let ty = part.ty();
        match part {
            Part::Attribute(attribute) => {
                attribute_problems(attribute, around)
                    .into_iter()
                    .for_each(&mut problem);
            }
            Part::Block(block) => block_problems(block).into_iter().for_each(&mut problem),
        }
        if around.subject != Subject::Resource && !part.plan_modifiers().is_empty() {
            problem(UNPLANNED);
        }
        misfits(part.validators(), &ty).for_each(problem);
        if let Some((nesting, body)) = part.objects() {
            let is_block = matches!(part, Part::Block(_));
            let inner = Surroundings {
                in_set: around.in_set || nesting == Nesting::Set,
                in_block_collection: around.in_block_collection
                    || is_block && matches!(nesting, Nesting::List | Nesting::Map),
                write_only: around.write_only || part.is_write_only(),
                computed: around.computed
                    || matches!(part, Part::Attribute(one) if one.mode() == Mode::Computed),
                ..around
            };
            body_problems(body, &format!("{within}{name}."), inner, problems);
        }
    }
}

const UNPLANNED: &str = "only managed resources are planned, so a plan modifier has no effect";

fn misfits(
    validators: &[std::sync::Arc<dyn Validator>],
    ty: &Type,
) -> impl Iterator<Item = &'static str> {
    let misfits = validators.iter().any(|one| !one.applies_to(ty));
    misfits
        .then_some("a validator is for values of another type and checks nothing")
        .into_iter()
}

pub(super) fn is_well_formed(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_')
}

fn block_problems(block: &Block) -> Vec<&'static str> {
    let mut problems = Vec::new();
    if block.description().trim().is_empty() {
        problems.push("it has no description");
    }
    if block.deprecation().is_some_and(str::is_empty) {
        problems.push(SILENT_DEPRECATION);
    }
    let (fewest, most) = (block.fewest(), block.most());
    match block.nesting() {
        Nesting::List | Nesting::Set => {
            if most.is_some_and(|most| most < fewest) {
                problems.push("at least so many blocks are more than at most so many");
            }
        }
        Nesting::Single => {
            if fewest > 1 || most.is_some_and(|most| most > 1) {
                problems.push("a single block is there once, if at all");
            }
        }
        Nesting::Group | Nesting::Map => {
            if fewest > 0 || most.is_some() {
                problems.push("groups and maps of blocks cannot be counted");
            }
        }
    }
    problems
}

fn attribute_problems(attribute: &Attribute, around: Surroundings) -> Vec<&'static str> {
    let mut problems = Vec::new();
    if attribute.description().trim().is_empty() {
        problems.push("it has no description");
    }
    if attribute.deprecation().is_some_and(str::is_empty) {
        problems.push(SILENT_DEPRECATION);
    }
    if attribute.is_write_only() {
        if attribute.is_computed() {
            problems.push("a write-only attribute cannot be computed");
        }
        if around.subject != Subject::Resource {
            problems.push("only managed resources have write-only attributes");
        }
        if around.in_set {
            problems.push("what is in a set cannot be write-only");
        }
    } else if around.write_only {
        problems.push("what is in a write-only attribute is write-only, too");
    }
    if around.computed && attribute.mode() != Mode::Computed {
        problems.push("what is in a read-only attribute is read-only, too: use `computed`");
    }
    if around.subject == Subject::Provider && attribute.is_computed() {
        problems.push("a provider's configuration has no computed attributes");
    }
    if around.subject == Subject::Arguments && attribute.is_computed() {
        problems.push("the configuration of an action or a list has no computed attributes");
    }
    problems.extend(default_problem(attribute, around.subject));
    if attribute.nested().is_none() {
        problems.extend(dynamic_problem(attribute.ty(), around));
    }
    problems
}

fn default_problem(attribute: &Attribute, subject: Subject) -> Option<&'static str> {
    let default = attribute.default()?;
    if attribute.mode() != Mode::OptionalComputed {
        return Some("only an optional and computed attribute has a default");
    }
    if subject == Subject::Other {
        return Some("only managed resources are planned, so a default has no effect");
    }
    if !default.is_wholly_known() || encode_msgpack(default, attribute.ty()).is_err() {
        return Some("the default is not a value of the type");
    }
    None
}

/// Elements of a set are compared, which those of different types cannot be; and Terraform takes a
/// list or map of blocks with something dynamic in it for one dynamic value, whose type changes with
/// every configuration (hcl: `hcldec`, `BlockTupleSpec`).
fn dynamic_problem(ty: &Type, around: Surroundings) -> Option<&'static str> {
    if set_holds_dynamic(ty, around.in_set) {
        return Some("what is in a set cannot be dynamic");
    }
    if around.in_block_collection && holds_dynamic(ty) {
        return Some(
            "what is in a list or map of blocks cannot be dynamic: use a nested attribute instead \
             of the block",
        );
    }
    None
}

fn set_holds_dynamic(ty: &Type, in_set: bool) -> bool {
    match ty {
        Type::Set(element) => holds_dynamic(element),
        _ if in_set => holds_dynamic(ty),
        Type::List(element) | Type::Map(element) => set_holds_dynamic(element, false),
        Type::Tuple(types) => types.iter().any(|ty| set_holds_dynamic(ty, false)),
        Type::Object(object) => {
            let mut types = object.attributes.values();
            types.any(|ty| set_holds_dynamic(ty, false))
        }
        _ => false,
    }
}

fn holds_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::List(element) | Type::Set(element) | Type::Map(element) => holds_dynamic(element),
        Type::Tuple(types) => types.iter().any(holds_dynamic),
        Type::Object(object) => object.attributes.values().any(holds_dynamic),
        Type::String | Type::Number | Type::Bool => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Nested, validator};
    use crate::value::Value;

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

    #[test]
    fn c36_what_is_nested_is_judged_where_it_stands() {
        let plain = || Attribute::optional(Type::String, "A text.");
        let any = || Attribute::optional(Type::Dynamic, "Anything.");
        let key = || plain().write_only();
        let attribute = |nested: Nested| {
            Schema::new("A thing.").attribute("it", Attribute::optional(nested, "It."))
        };
        let block = |block: Block| Schema::new("A thing.").block("it", block);
        let resource =
            |schema: Schema, expected: &[&str]| check(schema, Subject::Resource, expected);

        resource(attribute(Nested::list().attribute("key", key())), &[]);
        resource(attribute(Nested::list().attribute("any", any())), &[]);
        resource(attribute(Nested::map().attribute("count", plain())), &[]);
        resource(
            attribute(Nested::single().attribute("No", plain())),
            &["it.No: a name is lower-case letters, digits and underscores"],
        );
        resource(
            attribute(
                Nested::set()
                    .attribute("key", key())
                    .attribute("any", any()),
            ),
            &[
                "it.any: what is in a set cannot be dynamic",
                "it.key: what is in a set cannot be write-only",
            ],
        );
        let deep = Nested::single().attribute("key", key());
        resource(
            block(Block::set("It.").attribute("deep", Attribute::optional(deep, "Deep."))),
            &["it.deep.key: what is in a set cannot be write-only"],
        );
        resource(
            block(Block::list("It.").block("in", Block::single("In.").attribute("any", any()))),
            &[
                "it.in.any: what is in a list or map of blocks cannot be dynamic: use a nested \
               attribute instead of the block",
            ],
        );
        resource(block(Block::single("It.").attribute("any", any())), &[]);
        resource(
            with(
                "it",
                Attribute::optional(Type::list(Type::set(Type::Dynamic)), "It."),
            ),
            &["it: what is in a set cannot be dynamic"],
        );
        let open = Nested::single().attribute("note", plain());
        resource(
            with("it", Attribute::optional(open.clone(), "It.").write_only()),
            &["it.note: what is in a write-only attribute is write-only, too"],
        );
        resource(
            with("it", Attribute::computed(open, "It.")),
            &["it.note: what is in a read-only attribute is read-only, too: use `computed`"],
        );
    }

    #[test]
    fn c36_blocks_are_counted_where_they_can_be() {
        let problems = |block: Block| {
            Schema::new("A thing.")
                .block("it", block)
                .problems(Subject::Other)
        };
        let none: [&str; 0] = [];
        assert_eq!(problems(Block::list("It.").min_items(2)), none);
        assert_eq!(problems(Block::set("It.").min_items(2).max_items(2)), none);
        assert_eq!(problems(Block::single("It.").min_items(1)), none);
        assert_eq!(
            problems(Block::list("It.").min_items(2).max_items(1)),
            ["it: at least so many blocks are more than at most so many"]
        );
        assert_eq!(
            problems(Block::single("It.").min_items(2)),
            ["it: a single block is there once, if at all"]
        );
        for block in [Block::map("It."), Block::group("It.")] {
            assert_eq!(
                problems(block.max_items(1)),
                ["it: groups and maps of blocks cannot be counted"]
            );
        }
        assert_eq!(
            problems(Block::map("").deprecated("")),
            [
                "it: it has no description",
                "it: a deprecation says what to use instead"
            ]
        );
    }

    #[test]
    fn c36_what_would_have_no_effect_is_told() {
        let text = || Attribute::optional_computed(Type::String, "A text.");
        let wrong = text().default_value(Value::Bool(true));
        check(
            with("it", wrong),
            Subject::Resource,
            &["it: the default is not a value of the type"],
        );
        check(
            with("it", text().default_value("a".into())),
            Subject::Other,
            &["it: only managed resources are planned, so a default has no effect"],
        );
        check(
            with("it", text().requires_replace()),
            Subject::Other,
            &["it: only managed resources are planned, so a plan modifier has no effect"],
        );
        check(
            with("it", text().validate(validator::size(1..))),
            Subject::Resource,
            &["it: a validator is for values of another type and checks nothing"],
        );
        let each = validator::each(validator::length(1..));
        let texts = Attribute::optional(Type::map(Type::String), "Texts.");
        check(with("it", texts.validate(each)), Subject::Resource, &[]);
    }
}
