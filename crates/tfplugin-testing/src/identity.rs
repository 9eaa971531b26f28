//! Resource identities, as hosts keep and check them (Terraform: `internal/plugin6/grpc_provider.go`,
//! `internal/terraform/node_resource_abstract_instance.go`, `validateIdentity`).

use serde_json::Value as Json;
use tfplugin::server::proto;
use tfplugin::value::{Leniency, decode_json, encode_json};
use tfplugin::{Diagnostic, Diagnostics, Provider, Value};

use super::core::Core;
use super::rules;
use super::schema::{IdentitySchema, ObjectSchema};
use super::wire::{decode_value, encode_value};

/// Whether an identity may have unknown values, as one that is planned for a new object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknowns {
    Allowed,
    Refused,
}

impl<P: Provider> Core<P> {
    /// Encodes an identity for a request, if the host keeps identities.
    pub(crate) fn identity_for(
        &self,
        schema: &ObjectSchema,
        identity: Option<&Value>,
    ) -> Option<proto::ResourceIdentityData> {
        let shape = schema.identity.as_ref().filter(|_| self.host.identities)?;
        Some(proto::ResourceIdentityData {
            identity_data: encode_value(identity?, &shape.ty),
        })
    }

    /// Decodes and checks the identity of a reply. An identity without a schema crashes Terraform in ReadResource.
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
        let identity = decode_value(Some(data), &shape.ty)?;
        let problems = rules::conformance_problems(&shape.ty, &identity);
        let summary = "Provider produced an identity that doesn't match the schema";
        rules::refuse(summary, address, &problems)?;
        if unknowns == Unknowns::Refused && !identity.is_wholly_known() {
            let problem = "an identity with unknown values".to_owned();
            rules::refuse("Provider produced invalid identity", address, &[problem])?;
        }
        Ok(Some(identity).filter(|identity| !identity.is_null()))
    }

    /// Decodes the identity of a stored object. It is not upgraded, as it has the schema's version.
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

/// Returns an identity as it is stored.
pub(crate) fn identity_text(schema: &ObjectSchema, identity: Option<&Value>) -> Option<String> {
    let shape = schema.identity.as_ref()?;
    let text = encode_json(identity?, &shape.ty).expect("an identity without unknown values");
    Some(String::from_utf8(text).expect("JSON is UTF-8"))
}

/// Returns an identity as the provider gets it.
///
/// # Panics
///
/// Panics if the resource has no identity, or if Terraform would refuse this one.
#[track_caller]
pub fn identity_data(schema: &ObjectSchema, identity: &Json) -> proto::ResourceIdentityData {
    let shape = schema.identity.as_ref().expect("a resource with identity");
    let identity = decode(shape, identity).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    proto::ResourceIdentityData {
        identity_data: encode_value(&identity, &shape.ty),
    }
}

/// Decodes the identity of an `import` block, and refuses it where Terraform does.
pub(crate) fn decode(shape: &IdentitySchema, identity: &Json) -> Result<Value, Diagnostics> {
    let mut problems = Vec::new();
    for (name, required) in &shape.required {
        if *required && identity.get(name).is_none_or(Json::is_null) {
            problems.push(format!("the attribute {name:?} is required"));
        }
    }
    rules::refuse("Invalid import identity", "the import block", &problems)?;
    let types = shape.ty.attributes().expect("an identity is an object");
    let mut whole = identity.clone();
    let attributes = whole.as_object_mut().expect("an identity is an object");
    for name in types.keys() {
        attributes.entry(name).or_insert(Json::Null);
    }
    decode_json(whole.to_string().as_bytes(), &shape.ty, Leniency::Strict)
}
