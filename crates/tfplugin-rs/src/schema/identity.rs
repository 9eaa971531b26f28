//! [`IdentitySchema`]: what identifies one object among all of its resource type.
//!
//! Terraform 1.12 and later keep an identity beside the state, import by it, and match the results of a
//! query by it. The SDK supports version 0 of an identity only, because Terraform asks for an upgrade of every
//! identity (terraform: `upgrade_resource_state.go`), and the schemas of older versions would be needed for it. So an
//! attribute that is added later must be optional.

use std::collections::BTreeMap;

use super::Type;
use super::problems::is_well_formed;

/// The attributes of an identity.
///
/// ```
/// use tfplugin::{IdentityAttribute, IdentitySchema, Type};
///
/// let schema = IdentitySchema::new()
///     .attribute("name", IdentityAttribute::required(Type::String, "Name of the server."))
///     .attribute("region", IdentityAttribute::optional(Type::String, "Defaults to the provider's."));
/// assert!(schema.problems().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct IdentitySchema {
    attributes: BTreeMap<&'static str, IdentityAttribute>,
}

impl IdentitySchema {
    /// Makes an identity without attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an attribute.
    ///
    /// # Panics
    ///
    /// Panics if the name is declared already.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, attribute: IdentityAttribute) -> Self {
        let before = self.attributes.insert(name, attribute);
        assert!(before.is_none(), "attribute {name:?} is declared twice");
        self
    }

    /// Returns the attributes, sorted by name.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &IdentityAttribute)> {
        self.attributes.iter().map(|(name, one)| (*name, one))
    }

    /// Returns the type of an identity: an object with every attribute.
    pub fn ty(&self) -> Type {
        Type::object(
            self.attributes()
                .map(|(name, one)| (name, one.ty().clone())),
        )
    }

    /// Returns a sentence for each of Terraform's rules that this schema breaks; empty for a sound one.
    ///
    /// A broken schema makes every command fail (terraform: `internal/schemarepo/loadschemas/plugins.go`).
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if !self.attributes().any(|(_, one)| one.is_required()) {
            problems.push("no attribute of the identity is required for import".to_owned());
        }
        for (name, attribute) in self.attributes() {
            if !is_well_formed(name) {
                problems.push(format!(
                    "{name}: a name consists of lowercase letters, digits and underscores"
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
    /// Makes an attribute that an import must set.
    pub fn required(ty: Type, description: &'static str) -> Self {
        Self {
            ty,
            description,
            required: true,
        }
    }

    /// Makes an attribute that an import may leave out, because the provider can find its value.
    pub fn optional(ty: Type, description: &'static str) -> Self {
        Self {
            ty,
            description,
            required: false,
        }
    }

    /// Returns its type: a primitive, or a list of primitives.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Returns the description, in Markdown.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Returns whether an import must set it.
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
        let expected = ["name: an identity has primitives and lists of them only"];
        for ty in [
            Type::set(Type::String),
            Type::map(Type::String),
            Type::object([("a", Type::String)]),
            Type::list(Type::list(Type::String)),
            Type::Dynamic,
        ] {
            check(with(ty), &expected);
        }
        let optional = IdentityAttribute::optional(Type::String, " ");
        check(
            IdentitySchema::new().attribute("Host", optional),
            &[
                "no attribute of the identity is required for import",
                "Host: a name consists of lowercase letters, digits and underscores",
                "Host: it has no description",
            ],
        );
    }
}
