//! Identities: received from the host, derived by the author, sent to the host.
//!
//! The hosts have three rules. An identity in the reply for a type without an identity schema crashes Terraform, so
//! none is sent there. A reply without an identity erases it from the state, so the received one is sent back. An
//! identity is derived once and kept: an update after which the author's method returns another one is a bug in the
//! provider, unless the author says that the identity has changed.

use super::{proto, wire};
use crate::adapter::AnyResource;
use crate::diag::{Diagnostic, Diagnostics};
use crate::value::{Leniency, Value, decode_json};

/// Returns the identity in a request; `None` if there is none, or if the type has no identity.
pub(super) fn received<C>(
    resource: &dyn AnyResource<C>,
    data: Option<proto::ResourceIdentityData>,
) -> Result<Option<Value>, Diagnostics> {
    let Some(shape) = resource.identity() else {
        return Ok(None);
    };
    let identity = wire::decode(data.and_then(|data| data.identity_data), &shape.ty)?;
    Ok(Some(identity).filter(|identity| !identity.is_null()))
}

/// Returns the identity for a reply.
pub(super) fn sent<C>(
    resource: &dyn AnyResource<C>,
    identity: Option<Value>,
) -> Result<Option<proto::ResourceIdentityData>, Diagnostics> {
    let (Some(shape), Some(identity)) = (resource.identity(), identity) else {
        return Ok(None);
    };
    Ok(Some(proto::ResourceIdentityData {
        identity_data: wire::encode(&identity, &shape.ty)?,
    }))
}

/// Returns the identity that the author derives from an object, if all of it is known.
pub(super) fn derived<C>(
    resource: &dyn AnyResource<C>,
    client: &C,
    object: &Value,
) -> Result<Option<Value>, Diagnostics> {
    let Some(shape) = resource.identity() else {
        return Ok(None);
    };
    if object.is_null() {
        return Ok(None);
    }
    let Some(identity) = resource.identify(client, object)? else {
        return Ok(None);
    };
    Ok(Some(identity).filter(|identity| shape.is_complete(identity)))
}

/// Returns the identity of an object that had the identity `prior`: the same, unless the author changes it.
pub(super) fn kept_or_changed<C>(
    resource: &dyn AnyResource<C>,
    client: &C,
    object: &Value,
    prior: Value,
) -> Result<Value, Diagnostics> {
    let Some(shape) = resource.identity() else {
        return Ok(prior);
    };
    let changed = resource.changed_identity(client, object, &prior)?;
    Ok(changed
        .filter(|identity| shape.is_complete(identity))
        .unwrap_or(prior))
}

/// Checks that an update leaves the identity as it was, unless the author says that it has changed.
pub(super) fn check_unchanged<C>(
    resource: &dyn AnyResource<C>,
    client: &C,
    before: &Value,
    after: &Value,
) -> Result<(), Diagnostics> {
    let was = derived(resource, client, before)?;
    let (Some(was), Some(is)) = (was, derived(resource, client, after)?) else {
        return Ok(());
    };
    if was == is || resource.changed_identity(client, after, &was)?.is_some() {
        return Ok(());
    }
    Err(Diagnostic::bug(format!(
        "An update of a {} changes its identity. An object that is another one afterwards has to \
         be replaced.",
        resource.name()
    ))
    .into())
}

/// Returns the identity in an import request.
pub(super) fn to_import<C>(
    resource: &dyn AnyResource<C>,
    data: proto::ResourceIdentityData,
) -> Result<Value, Diagnostics> {
    let name = resource.name();
    let Some(shape) = resource.identity() else {
        return Err(Diagnostic::error(
            "Import By Identity Not Supported",
            format!(
                "A {name} is imported by its ID. Write `id = …` in the import block instead of \
                 `identity = …`."
            ),
        )
        .into());
    };
    let identity = wire::decode(data.identity_data, &shape.ty)?;
    let mut missing = Diagnostics::new();
    for (attribute, one) in shape.schema.attributes() {
        let value = identity.attribute(attribute).unwrap_or(&Value::Null);
        if !value.is_wholly_known() || (one.is_required() && value.is_null()) {
            missing.push(Diagnostic::error(
                "Incomplete Import Identity",
                format!(
                    "A {name} is imported by its identity only if {attribute:?} is in it, with a \
                     value that is known."
                ),
            ));
        }
    }
    missing.into_result().map(|_| identity)
}

/// Returns the identity in a state file, read leniently. For a state without an identity, Terraform sends empty JSON
/// (terraform: `upgrade_resource_state.go`).
pub(super) fn stored<C>(
    resource: &dyn AnyResource<C>,
    version: i64,
    raw: Option<proto::RawState>,
) -> Result<Option<Value>, Diagnostics> {
    let json = raw.unwrap_or_default().json;
    let Some(shape) = resource.identity() else {
        return Ok(None);
    };
    if json.is_empty() {
        return Ok(None);
    }
    if version != 0 {
        return Err(Diagnostic::error(
            "Unable To Upgrade Resource Identity",
            format!(
                "The identity of this {} has version {version}, this version of the provider reads \
                 version 0 only.",
                resource.name()
            ),
        )
        .into());
    }
    let identity = decode_json(&json, &shape.ty, Leniency::State)?;
    Ok(Some(identity).filter(|identity| !identity.is_null()))
}
