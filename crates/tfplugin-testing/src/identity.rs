//! Identities, as hosts that know them keep and check them (Terraform: `internal/plugin6/grpc_provider.go`,
//! `internal/terraform/node_resource_abstract_instance.go`, `validateIdentity`).

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tfplugin::server::proto;
use tfplugin::value::{Leniency, decode_json, encode_json};
use tfplugin::{Diagnostic, Diagnostics, Provider, Type, Value};

use super::process::{dynamic, value};
use super::{Core, ObjectSchema, broken, rules};

/// The shape of a resource's identity.
#[derive(Clone, Debug)]
pub struct IdentityShape {
    pub ty: Type,
    /// By attribute: whether an import must name it.
    pub required: BTreeMap<String, bool>,
}

impl IdentityShape {
    /// Reads a schema (Terraform: `internal/schemarepo/loadschemas/plugins.go`).
    pub(crate) fn read(
        name: &str,
        schema: proto::ResourceIdentitySchema,
        problems: &mut Vec<String>,
    ) -> Self {
        let mut problem = |text: &str| problems.push(format!("identity of {name}: {text}"));
        if schema.version != 0 {
            problem("a version that hosts without it cannot read");
        }
        let mut types = BTreeMap::new();
        let mut required = BTreeMap::new();
        for one in schema.identity_attributes {
            let ty = Type::from_json(&one.r#type).unwrap_or_else(|_| {
                problem("a type that is not JSON, which crashes Terraform");
                Type::Dynamic
            });
            match &ty {
                Type::String | Type::Number | Type::Bool | Type::List(_) => {}
                _ => problem("only primitives and lists are allowed"),
            }
            if one.required_for_import == one.optional_for_import {
                problem("must be required or optional for import");
            }
            required.insert(one.name.clone(), one.required_for_import);
            types.insert(one.name, ty);
        }
        Self {
            ty: Type::object(types),
            required,
        }
    }
}

/// Whether an identity may hold unknown values: while planning something new.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknowns {
    Allowed,
    Refused,
}

impl<P: Provider> Core<P> {
    /// An identity for the provider.
    pub(crate) fn identity_for(
        &self,
        schema: &ObjectSchema,
        identity: Option<&Value>,
    ) -> Option<proto::ResourceIdentityData> {
        let shape = schema.identity.as_ref().filter(|_| self.host.identities)?;
        Some(proto::ResourceIdentityData {
            identity_data: dynamic(identity?, &shape.ty),
        })
    }

    /// An identity from the provider. One without a schema crashes Terraform in Read.
    pub(crate) fn identity_from(
        &self,
        address: &str,
        schema: &ObjectSchema,
        data: Option<proto::ResourceIdentityData>,
        unknowns: Unknowns,
    ) -> Result<Option<Value>, Diagnostics> {
        let Some(data) = data.and_then(|data| data.identity_data) else {
            return Ok(None);
        };
        let Some(shape) = &schema.identity else {
            return Err(Diagnostic::error(
                "Plugin error",
                format!("{address}: an identity, but there is no identity schema"),
            )
            .into());
        };
        if !self.host.identities {
            return Ok(None);
        }
        let identity = value(Some(data), &shape.ty)?;
        let problems = rules::conformance_problems(&shape.ty, &identity);
        let summary = "Provider produced an identity that doesn't match the schema";
        broken(summary, address, &problems)?;
        if unknowns == Unknowns::Refused && !identity.is_wholly_known() {
            let problem = "an identity with unknown values".to_owned();
            broken("Provider produced invalid identity", address, &[problem])?;
        }
        Ok(Some(identity).filter(|identity| !identity.is_null()))
    }

    /// The identity in a stored object. One whose version is the schema's is not upgraded.
    pub(crate) fn stored_identity(
        &self,
        schema: &ObjectSchema,
        text: Option<&str>,
    ) -> Result<Option<Value>, Diagnostics> {
        let shape = schema.identity.as_ref().filter(|_| self.host.identities);
        let (Some(shape), Some(text)) = (shape, text) else {
            return Ok(None);
        };
        decode_json(text.as_bytes(), &shape.ty, Leniency::Strict).map(Some)
    }
}

/// An identity as it is stored.
pub(crate) fn text(schema: &ObjectSchema, identity: Option<&Value>) -> Option<String> {
    let shape = schema.identity.as_ref()?;
    let text = encode_json(identity?, &shape.ty).expect("an identity without unknown values");
    Some(String::from_utf8(text).expect("JSON is UTF-8"))
}

/// An identity as the provider gets it; for tests that call it themselves.
#[track_caller]
pub fn identity_data(schema: &ObjectSchema, identity: &Json) -> proto::ResourceIdentityData {
    let shape = schema.identity.as_ref().expect("a resource with identity");
    let identity = decode(shape, identity).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    proto::ResourceIdentityData {
        identity_data: dynamic(&identity, &shape.ty),
    }
}

/// The identity in an import block; refused where Terraform refuses it.
pub(crate) fn decode(shape: &IdentityShape, identity: &Json) -> Result<Value, Diagnostics> {
    let mut problems = Vec::new();
    for (name, required) in &shape.required {
        if *required && identity.get(name).is_none_or(Json::is_null) {
            problems.push(format!("the attribute {name:?} is required"));
        }
    }
    broken("Invalid import identity", "the import block", &problems)?;
    let types = shape.ty.attributes().expect("an identity is an object");
    let mut whole = identity.clone();
    let attributes = whole.as_object_mut().expect("an identity is an object");
    for name in types.keys() {
        attributes.entry(name).or_insert(Json::Null);
    }
    decode_json(whole.to_string().as_bytes(), &shape.ty, Leniency::Strict)
}
