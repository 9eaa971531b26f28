//! [`IdentitySchema`]: what tells one object of a resource type from all others.
//!
//! Terraform 1.12 and later keep an identity beside the state, import by it, and match by it what a
//! query finds. It has a version, which is always 0 here: a state whose identity has another one
//! cannot be read by a provider that lacks that schema, and Terraform upgrades identities that do
//! not exist (terraform: upgrade_resource_state.go). An attribute that is added later is optional.

use std::collections::BTreeMap;

use super::Type;
use super::problems::is_well_formed;

/// The attributes of an identity.
#[derive(Clone, Debug, Default)]
pub struct IdentitySchema {
    attributes: BTreeMap<&'static str, IdentityAttribute>,
}

impl IdentitySchema {
    /// An identity without attributes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an attribute.
    ///
    /// # Panics
    ///
    /// When the name is there already: a mistake that the first test of the schema shows.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, attribute: IdentityAttribute) -> Self {
        let before = self.attributes.insert(name, attribute);
        assert!(before.is_none(), "attribute {name:?} is declared twice");
        self
    }

    /// The attributes in the order of their names.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &IdentityAttribute)> {
        self.attributes.iter().map(|(name, one)| (*name, one))
    }

    /// The type of an identity: an object with every attribute.
    pub fn ty(&self) -> Type {
        Type::object(
            self.attributes()
                .map(|(name, one)| (name, one.ty().clone())),
        )
    }

    /// Every rule of Terraform's that this schema breaks, a sentence each; empty for a sound one.
    /// One that breaks a rule makes every command fail (terraform:
    /// `internal/schemarepo/loadschemas/plugins.go`).
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if !self.attributes().any(|(_, one)| one.is_required()) {
            problems.push("no attribute of the identity is required for import".to_owned());
        }
        for (name, attribute) in self.attributes() {
            if !is_well_formed(name) {
                problems.push(format!(
                    "{name}: a name is lower-case letters, digits and underscores"
                ));
            }
            if attribute.description.trim().is_empty() {
                problems.push(format!("{name}: it has no description"));
            }
            let simple = match &attribute.ty {
                Type::List(element) => is_primitive(element),
                ty => is_primitive(ty),
            };
            if !simple {
                problems.push(format!(
                    "{name}: an identity has primitives and lists of them only"
                ));
            }
        }
        problems
    }
}

fn is_primitive(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Number | Type::Bool)
}

/// One attribute of an identity.
#[derive(Clone, Debug)]
pub struct IdentityAttribute {
    ty: Type,
    description: &'static str,
    required: bool,
}

impl IdentityAttribute {
    /// One that an import must name.
    pub fn required(ty: Type, description: &'static str) -> Self {
        Self {
            ty,
            description,
            required: true,
        }
    }

    /// One that an import may leave out, because the provider knows it then.
    pub fn optional(ty: Type, description: &'static str) -> Self {
        Self {
            ty,
            description,
            required: false,
        }
    }

    /// Its type: a primitive, or a list of them.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// What it is, in Markdown.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Whether an import must name it.
    pub fn is_required(&self) -> bool {
        self.required
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(schema: IdentitySchema, expected: &[&str]) {
        assert_eq!(schema.problems(), expected);
    }

    #[test]
    fn c36_an_identity_has_primitives_and_lists_and_names_its_object() {
        let with = |ty: Type| {
            IdentitySchema::new().attribute("name", IdentityAttribute::required(ty, "A name."))
        };
        check(with(Type::String), &[]);
        check(with(Type::list(Type::Number)), &[]);
        let told = ["name: an identity has primitives and lists of them only"];
        for ty in [
            Type::set(Type::String),
            Type::map(Type::String),
            Type::object([("a", Type::String)]),
            Type::list(Type::list(Type::String)),
            Type::Dynamic,
        ] {
            check(with(ty), &told);
        }
        let optional = IdentityAttribute::optional(Type::String, " ");
        check(
            IdentitySchema::new().attribute("Host", optional),
            &[
                "no attribute of the identity is required for import",
                "Host: a name is lower-case letters, digits and underscores",
                "Host: it has no description",
            ],
        );
    }
}
