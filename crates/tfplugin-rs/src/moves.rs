//! [`Move`]: the state of another provider or resource type, moved to a resource by a `moved` block.
//!
//! Only the state itself is moved. The source's private data and identity have the source's meaning and are left
//! behind; the read that follows sets this resource's own.

use std::fmt;

use serde::de::DeserializeOwned;

use super::diag::{Diagnostic, Diagnostics};
use super::schema::Schema;
use super::value::{Leniency, Type, Value, decode_json, from_value};

/// A source state that can be moved to a resource with the model `M`.
pub struct Move<M> {
    providers: &'static [&'static str],
    type_name: &'static str,
    version: i64,
    ty: Type,
    convert: Convert<M>,
}

/// Converts the source state.
type Convert<M> = Box<dyn Fn(&Value) -> Result<M, Diagnostics> + Send + Sync>;

impl<M> Move<M> {
    /// Returns a source: the state of the type `type_name` of any of these providers.
    ///
    /// A provider is named by its source address with the registry, such as `registry.terraform.io/hashicorp/time`, or
    /// `terraform.io/builtin/terraform` for `terraform_data`. List a provider that is also in OpenTofu's registry twice.
    ///
    /// `schema` describes the attributes of the source that `convert` reads, and its version. A state of another version
    /// is refused. The state is read leniently: a missing attribute is null, an attribute that the schema lacks is
    /// dropped. `convert` must return no unknown value.
    ///
    /// # Panics
    ///
    /// Panics if an address has no registry: it would match no state.
    pub fn of<S: DeserializeOwned>(
        type_name: &'static str,
        providers: &'static [&'static str],
        schema: &Schema,
        convert: impl Fn(S) -> Result<M, Diagnostics> + Send + Sync + 'static,
    ) -> Self {
        for one in providers {
            assert!(one.split('/').count() == 3, "{one} has no registry");
        }
        Self {
            providers,
            type_name,
            version: schema.state_version(),
            ty: schema.ty(),
            convert: Box::new(move |state| convert(from_value(state)?)),
        }
    }

    /// Returns whether the state is of this type and one of these providers.
    pub(crate) fn is_from(&self, source: &MoveSource<'_>) -> bool {
        self.type_name == source.type_name && self.providers.contains(&source.provider)
    }

    /// Returns the converted state.
    pub(crate) fn take_over(&self, source: &MoveSource<'_>) -> Result<M, Diagnostics> {
        if source.version != self.version {
            return Err(Diagnostic::error(
                UNABLE,
                format!(
                    "The state of {source} has version {1}, this version of the provider takes over \
                     version {0} only. Apply once with a release of that provider that writes \
                     version {0}, then move.",
                    self.version, source.version
                ),
            )
            .into());
        }
        let state = decode_json(source.json, &self.ty, Leniency::State)?;
        if state.is_null() {
            let detail = format!("The state of {source} is empty. Remove the moved block.");
            return Err(Diagnostic::error(UNABLE, detail).into());
        }
        (self.convert)(&state)
    }
}

impl<M> fmt::Debug for Move<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Move({self})")
    }
}

impl<M> fmt::Display for Move<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.type_name, self.providers.join(" or "))
    }
}

const UNABLE: &str = "Unable To Move Resource State";

/// The state in a request to move, and its origin.
pub(crate) struct MoveSource<'a> {
    pub(crate) provider: &'a str,
    pub(crate) type_name: &'a str,
    pub(crate) version: i64,
    pub(crate) json: &'a [u8],
}

impl fmt::Display for MoveSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} of {}", self.type_name, self.provider)
    }
}

/// Returns the diagnostic for a `moved` block whose source is not among `moves`.
pub(crate) fn refused<M>(name: &str, source: &MoveSource<'_>, moves: &[Move<M>]) -> Diagnostics {
    let mut detail = format!("A {name} cannot take over the state of {source}.");
    if !moves.is_empty() {
        let known: Vec<_> = moves.iter().map(ToString::to_string).collect();
        detail.push_str(&format!(
            " It takes over that of {}.",
            known.join(", and that of ")
        ));
    }
    if source.type_name == name {
        detail.push_str(&format!(
            " If {} is a copy of such a provider under another address, remove the moved block, \
             let the resource keep its address, and run `terraform state replace-provider` from \
             that address to this provider's: the state is then read as it is.",
            source.provider
        ));
    }
    detail.push_str(
        " Otherwise remove the moved block, and import the object if its type can be imported; a \
         `removed` block takes the old one out of the state without destroying it.",
    );
    Diagnostic::error(UNABLE, detail).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::schema::Attribute;

    const PROVIDERS: &[&str] = &["registry.example.com/house/lamps"];

    fn lamp() -> Move<String> {
        let name = Attribute::optional(Type::String, "A name.");
        let schema = Schema::new("A lamp.").attribute("name", name).version(2);
        let convert = |state: BTreeMap<String, Option<String>>| {
            Ok(state["name"].clone().unwrap_or("nameless".to_owned()))
        };
        Move::of("house_lamp", PROVIDERS, &schema, convert)
    }

    fn source(json: &'static str) -> MoveSource<'static> {
        MoveSource {
            provider: PROVIDERS[0],
            type_name: "house_lamp",
            version: 2,
            json: json.as_bytes(),
        }
    }

    #[test]
    fn a_state_is_read_leniently() {
        let check = |json, expected: &str| {
            assert_eq!(lamp().take_over(&source(json)).unwrap(), expected, "{json}");
        };
        check(r#"{"name":"red"}"#, "red");
        check(r#"{"name":7,"gone":[true]}"#, "7");
        check("{}", "nameless");
    }

    #[test]
    fn a_state_of_another_version_or_form_is_refused() {
        for json in ["", "null", "[]", "{", r#"{"name":{}}"#] {
            assert!(lamp().take_over(&source(json)).is_err(), "{json}");
        }
        let newer = MoveSource {
            version: 3,
            ..source("{}")
        };
        let error = lamp().take_over(&newer).unwrap_err().to_string();
        assert!(error.contains("has version 3"), "{error}");
    }

    #[test]
    fn only_states_of_the_named_providers_are_moved() {
        let check = |provider, type_name, expected| {
            let source = MoveSource {
                provider,
                type_name,
                ..source("{}")
            };
            assert_eq!(lamp().is_from(&source), expected, "{source}");
        };
        check(PROVIDERS[0], "house_lamp", true);
        check(PROVIDERS[0], "house_lamps", false);
        check("registry.example.com/house/lamp", "house_lamp", false);
        check("house/lamps", "house_lamp", false);
    }
}
