//! Terraform's own rules about schemas that Rust's types do not enforce.
//!
//! One schema that breaks a rule makes every command fail for every user of the provider (Terraform:
//! `internal/configs/configschema/internal_validate.go`).

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Schema;
use super::body::{Attribute, Block, Body, Mode, Nesting, Part};
use super::object_kind::ObjectKind;
use super::validator::Validator;
use crate::value::{Type, encode_msgpack};

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
    /// Returns a sentence for each of Terraform's rules that this schema breaks; empty for a sound one.
    ///
    /// A broken schema makes every command fail, so assert in a test that it is empty.
    ///
    /// ```
    /// use tfplugin::schema::ObjectKind;
    /// use tfplugin::{Attribute, Schema, Type};
    ///
    /// let count = Attribute::optional(Type::Number, "How many.");
    /// let schema = Schema::new("A server.").attribute("count", count);
    /// let problems = schema.problems(ObjectKind::Resource);
    /// assert_eq!(problems, ["count: Terraform reserves the name"]);
    /// ```
    pub fn problems(&self, kind: ObjectKind) -> Vec<String> {
        let mut problems = Vec::new();
        if self.description.trim().is_empty() {
            problems.push("the object has no description".to_owned());
        }
        if self.version < 0 {
            problems.push("the version is negative".to_owned());
        }
        if self.deprecation.is_some_and(str::is_empty) {
            problems.push(format!("the object: {EMPTY_DEPRECATION}"));
        }
        let root = Surroundings {
            kind,
            in_set: false,
            in_block_collection: false,
            write_only: false,
            computed: false,
        };
        for name in self.body.parts().map(|(name, _)| name) {
            let reserved = RESERVED.contains(&name)
                || (kind == ObjectKind::Provider && RESERVED_FOR_PROVIDERS.contains(&name));
            if reserved {
                problems.push(format!("{name}: Terraform reserves the name"));
            }
        }
        body_problems(&self.body, "", root, &mut problems);
        problems
    }
}

const EMPTY_DEPRECATION: &str = "a deprecation must say what to use instead";

/// What contains an attribute or block.
#[derive(Clone, Copy)]
struct Surroundings {
    kind: ObjectKind,
    in_set: bool,
    in_block_collection: bool,
    write_only: bool,
    computed: bool,
}

fn body_problems(body: &Body, within: &str, around: Surroundings, problems: &mut Vec<String>) {
    if around.kind != ObjectKind::Resource && !body.plan_modifiers().is_empty() {
        problems.push(format!("{within}{UNPLANNED}"));
    }
    let object = body.ty();
    problems.extend(
        wrong_validators(body.validators(), &object).map(|problem| format!("{within}{problem}")),
    );
    for (name, part) in body.parts() {
        let place = format!("{within}{name}: ");
        let mut problem = |text: &str| problems.push(format!("{place}{text}"));
        if !is_well_formed(name) {
            problem("a name consists of lowercase letters, digits and underscores");
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
        if around.kind != ObjectKind::Resource && !part.plan_modifiers().is_empty() {
            problem(UNPLANNED);
        }
        wrong_validators(part.validators(), &ty).for_each(problem);
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

fn wrong_validators(
    validators: &[Arc<dyn Validator>],
    ty: &Type,
) -> impl Iterator<Item = &'static str> {
    let wrong_validators = validators.iter().any(|one| !one.applies_to(ty));
    wrong_validators
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
        problems.push(EMPTY_DEPRECATION);
    }
    let (min_items, max_items) = (block.minimum_items(), block.maximum_items());
    match block.nesting() {
        Nesting::List | Nesting::Set => {
            if max_items.is_some_and(|max_items| max_items < min_items) {
                problems.push("`min_items` exceeds `max_items`");
            }
        }
        Nesting::Single => {
            if min_items > 1 || max_items.is_some_and(|max_items| max_items > 1) {
                problems.push("a single block cannot have `min_items` or `max_items` above 1");
            }
        }
        Nesting::Group | Nesting::Map => {
            if min_items > 0 || max_items.is_some() {
                problems.push("a group or map of blocks cannot have `min_items` or `max_items`");
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
        problems.push(EMPTY_DEPRECATION);
    }
    if attribute.is_write_only() {
        if attribute.is_computed() {
            problems.push("a write-only attribute cannot be computed");
        }
        if around.kind != ObjectKind::Resource {
            problems.push("only managed resources have write-only attributes");
        }
        if around.in_set {
            problems.push("a set cannot contain write-only attributes");
        }
    } else if around.write_only {
        problems.push("attributes nested in a write-only attribute must be write-only");
    }
    if around.computed && attribute.mode() != Mode::Computed {
        problems
            .push("attributes nested in a read-only attribute must be read-only: use `computed`");
    }
    if around.kind == ObjectKind::Provider && attribute.is_computed() {
        problems.push("a provider's configuration has no computed attributes");
    }
    if matches!(around.kind, ObjectKind::ListResource | ObjectKind::Action)
        && attribute.is_computed()
    {
        problems.push("the configuration of an action or a list has no computed attributes");
    }
    problems.extend(default_problem(attribute, around.kind));
    if attribute.nested().is_none() {
        problems.extend(dynamic_problem(attribute.ty(), around));
    }
    problems
}

fn default_problem(attribute: &Attribute, kind: ObjectKind) -> Option<&'static str> {
    let default = attribute.default()?;
    if attribute.mode() != Mode::OptionalComputed {
        return Some("only an optional and computed attribute has a default");
    }
    if matches!(kind, ObjectKind::DataSource | ObjectKind::EphemeralResource) {
        return Some("only managed resources are planned, so a default has no effect");
    }
    if !default.is_wholly_known() || encode_msgpack(default, attribute.ty()).is_err() {
        return Some("the default is not a value of the type");
    }
    None
}

/// Refuses dynamic types in sets and in lists and maps of blocks.
///
/// The elements of a set are compared, and elements of different types cannot be. Terraform reads a list
/// or map of blocks with a dynamic attribute as one dynamic value, whose type changes with every
/// configuration (hcl: `hcldec`, `BlockTupleSpec`).
fn dynamic_problem(ty: &Type, around: Surroundings) -> Option<&'static str> {
    if set_holds_dynamic(ty, around.in_set) {
        return Some("a set cannot contain dynamic values");
    }
    if around.in_block_collection && holds_dynamic(ty) {
        return Some(
            "a list or map of blocks cannot contain dynamic values: use a nested attribute instead \
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
