//! The JSON form of a [`Type`]: `"string"`, `["list", T]`, `["object", {"name": T}]`.
//!
//! The forms are those of cty (`cty/json.go`). Terraform panics if a schema contains another.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value as Json, json};

use super::ty::{ObjectType, Type};

/// JSON text that is not the form of a type.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TypeError {
    /// It is not JSON, or nested too deep.
    #[error("type is not valid JSON")]
    Syntax(#[source] serde_json::Error),
    /// It is JSON of another shape.
    #[error("type is JSON of an unknown shape")]
    Shape,
}

impl Type {
    /// Returns the JSON text, as schemas and values of dynamic type carry it.
    ///
    /// ```
    /// # use tfplugin::Type;
    /// assert_eq!(Type::list(Type::String).to_json(), br#"["list","string"]"#);
    /// ```
    pub fn to_json(&self) -> Vec<u8> {
        self.to_document().to_string().into_bytes()
    }

    /// Reads the JSON text. Nesting is limited, so that no input exhausts the stack.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON, is nested too deep, or is not the form of a type.
    pub fn from_json(text: &[u8]) -> Result<Self, TypeError> {
        // serde_json refuses to nest deeper than 128, which bounds the recursion below.
        let document = serde_json::from_slice(text).map_err(TypeError::Syntax)?;
        Self::from_document(&document).ok_or(TypeError::Shape)
    }

    pub(super) fn to_document(&self) -> Json {
        match self {
            Self::String => json!("string"),
            Self::Number => json!("number"),
            Self::Bool => json!("bool"),
            Self::Dynamic => json!("dynamic"),
            Self::List(element) => json!(["list", element.to_document()]),
            Self::Set(element) => json!(["set", element.to_document()]),
            Self::Map(element) => json!(["map", element.to_document()]),
            Self::Tuple(elements) => {
                json!([
                    "tuple",
                    elements.iter().map(Self::to_document).collect::<Vec<_>>()
                ])
            }
            Self::Object(object) => {
                let attributes: Map<String, Json> = object
                    .attributes
                    .iter()
                    .map(|(name, ty)| (name.clone(), ty.to_document()))
                    .collect();
                if object.optional.is_empty() {
                    json!(["object", attributes])
                } else {
                    json!(["object", attributes, object.optional])
                }
            }
        }
    }

    fn from_document(document: &Json) -> Option<Self> {
        match document {
            Json::String(name) => match name.as_str() {
                "string" => Some(Self::String),
                "number" => Some(Self::Number),
                "bool" => Some(Self::Bool),
                "dynamic" => Some(Self::Dynamic),
                _ => None,
            },
            Json::Array(parts) => match (parts.first()?.as_str()?, parts.get(1..)?) {
                ("list", [element]) => Self::from_document(element).map(Self::list),
                ("set", [element]) => Self::from_document(element).map(Self::set),
                ("map", [element]) => Self::from_document(element).map(Self::map),
                ("tuple", [Json::Array(elements)]) => elements
                    .iter()
                    .map(Self::from_document)
                    .collect::<Option<_>>()
                    .map(Self::Tuple),
                ("object", [Json::Object(attributes)]) => {
                    Self::object_from(attributes, BTreeSet::new())
                }
                ("object", [Json::Object(attributes), Json::Array(optional)]) => {
                    let optional = optional
                        .iter()
                        .map(|name| name.as_str().map(str::to_owned))
                        .collect::<Option<BTreeSet<_>>>()?;
                    let known = optional.iter().all(|name| attributes.contains_key(name));
                    known.then(|| Self::object_from(attributes, optional))?
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn object_from(attributes: &Map<String, Json>, optional: BTreeSet<String>) -> Option<Self> {
        let attributes = attributes
            .iter()
            .map(|(name, ty)| Some((name.clone(), Self::from_document(ty)?)))
            .collect::<Option<_>>()?;
        Some(Self::Object(ObjectType {
            attributes,
            optional,
        }))
    }
}

/// Serializes as one string with the JSON text, so that every format can carry it.
impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_document().to_string())
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_json(text.as_bytes()).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ty: &Type, text: &str) {
        assert_eq!(String::from_utf8(ty.to_json()).unwrap(), text);
        assert_eq!(Type::from_json(text.as_bytes()).unwrap(), *ty);
    }

    /// Conformance: 36.
    #[test]
    fn every_type_has_its_json_form() {
        check(&Type::String, r#""string""#);
        check(&Type::Number, r#""number""#);
        check(&Type::Bool, r#""bool""#);
        check(&Type::Dynamic, r#""dynamic""#);
        check(&Type::list(Type::String), r#"["list","string"]"#);
        check(
            &Type::set(Type::map(Type::Bool)),
            r#"["set",["map","bool"]]"#,
        );
        check(&Type::tuple([]), r#"["tuple",[]]"#);
        check(
            &Type::tuple([Type::Bool, Type::Dynamic]),
            r#"["tuple",["bool","dynamic"]]"#,
        );
        check(
            &Type::object([("b", Type::Bool), ("a", Type::String)]),
            r#"["object",{"a":"string","b":"bool"}]"#,
        );
        check(
            &Type::Object(ObjectType {
                attributes: [("a".to_owned(), Type::String)].into(),
                optional: ["a".to_owned()].into(),
            }),
            r#"["object",{"a":"string"},["a"]]"#,
        );
    }

    #[test]
    fn other_json_is_refused() {
        for text in [
            "",
            "null",
            "1",
            r#""text""#,
            "[]",
            "[1]",
            r#"["list"]"#,
            r#"["list","string","string"]"#,
            r#"["tuple","string"]"#,
            r#"["object",{},["a"]]"#,
            r#"["object",{"a":1}]"#,
            r#""string" 1"#,
            r#"["object",{"a":"bool"},[1]]"#,
        ] {
            assert!(Type::from_json(text.as_bytes()).is_err(), "{text}");
        }
        assert!(Type::from_json(b"\"\xff\"").is_err());
    }

    #[test]
    fn nesting_without_limit_is_refused() {
        let text = r#"["list","#.repeat(1_000_000);
        assert!(matches!(
            Type::from_json(text.as_bytes()),
            Err(TypeError::Syntax(_))
        ));
    }
}
