//! Reading: stored states, refresh and import.

use std::fmt;

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Provider, Value};

use super::core::Core;
use super::host::Walk;
use super::identity;
use super::identity::{Unknowns, identity_text};
use super::operation::Operation;
use super::outcome::{Outcome, outcome};
use super::rules;
use super::schema::{ObjectSchema, type_name};
use super::state::StoredObject;
use super::wire::{decode_value, encode_value};

/// A resource instance object: decoded, as the plugin has read or upgraded it.
#[derive(Clone, Debug)]
pub(crate) struct InstanceObject {
    pub(crate) value: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) tainted: bool,
    pub(crate) identity: Option<Value>,
}

impl InstanceObject {
    pub(crate) fn stored(&self, schema: &ObjectSchema) -> StoredObject {
        StoredObject {
            tainted: self.tainted,
            identity: identity_text(schema, self.identity.as_ref()),
            ..StoredObject::new(schema, &self.value, self.private.clone())
        }
    }
}

/// How an import names its object.
enum By<'a> {
    Id(&'a str),
    Identity(Json),
}

impl fmt::Display for By<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "the ID {id:?}"),
            Self::Identity(identity) => write!(f, "the identity {identity}"),
        }
    }
}

impl<P: Provider> Core<P> {
    /// Refreshes the state, as `terraform apply -refresh-only` does. Returns the object in the state, if it exists.
    pub async fn refresh(&mut self, address: &str) -> Outcome<Option<Json>> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let process = self.walk(Walk::Plan, &mut diagnostics).await?;
            let schema = self.resource_schema(address).clone();
            let Some(stored) = self.state(address).cloned() else {
                return Ok(None);
            };
            let mut operation = Operation {
                process: &process,
                walk: Walk::Plan,
                address,
                schema: &schema,
                diagnostics: &mut diagnostics,
            };
            let live = self.refreshed(&mut operation, &stored).await?;
            let stored = live.map(|live| live.stored(&schema));
            let shown = stored.as_ref().map(StoredObject::json);
            self.instance(address).current = stored;
            Ok(shown)
        }
        .await;
        outcome(result, diagnostics)
    }

    /// Imports an object by its ID, as `terraform import` does. Returns the object in the state.
    pub async fn import(&mut self, address: &str, id: &str) -> Outcome<Json> {
        self.import_by(address, By::Id(id)).await
    }

    /// Imports an object by its identity, as an `import` block does. Returns the object in the state.
    pub async fn import_by_identity(&mut self, address: &str, identity: Json) -> Outcome<Json> {
        self.import_by(address, By::Identity(identity)).await
    }

    async fn import_by(&mut self, address: &str, by: By<'_>) -> Outcome<Json> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let schema = self.resource_schema(address).clone();
            let process = self.walk(Walk::Plan, &mut diagnostics).await?;
            let mut operation = Operation {
                process: &process,
                walk: Walk::Plan,
                address,
                schema: &schema,
                diagnostics: &mut diagnostics,
            };
            let imported = self.imported(&mut operation, &by).await?;
            let Some(live) = self.read(&mut operation, imported).await? else {
                return Err(Diagnostic::error(
                    "Cannot import non-existent remote object",
                    format!("{address}: there is no object with {by}"),
                )
                .into());
            };
            let stored = live.stored(&schema);
            let shown = stored.json();
            self.instance(address).current = Some(stored);
            Ok(shown)
        }
        .await;
        outcome(result, diagnostics)
    }

    /// Calls UpgradeResourceState, which Terraform does before every use of a stored object.
    pub(crate) async fn upgraded(
        &self,
        operation: &mut Operation<'_, P>,
        stored: &StoredObject,
    ) -> Result<InstanceObject, Diagnostics> {
        let (address, schema) = (operation.address, operation.schema);
        if stored.schema_version > schema.version {
            return Err(Diagnostic::error(
                "Resource instance managed by newer provider version",
                format!("{address}: its state has version {}", stored.schema_version),
            )
            .into());
        }
        let request = proto::upgrade_resource_state::Request {
            type_name: type_name(address).to_owned(),
            version: stored.schema_version,
            raw_state: Some(proto::RawState {
                json: stored.attributes.clone().into_bytes(),
                ..Default::default()
            }),
        };
        let reply: proto::upgrade_resource_state::Response = operation
            .process
            .call(request, provider_server::Provider::upgrade_resource_state)
            .await?;
        operation.check(&reply.diagnostics)?;
        let value = decode_value(reply.upgraded_state, &schema.ty)?;
        check_object("Invalid resource state upgrade", address, schema, &value)?;
        Ok(InstanceObject {
            value,
            private: stored.private.clone(),
            tainted: stored.tainted,
            identity: self.stored_identity(schema, stored.identity.as_deref())?,
        })
    }

    /// Upgrades and reads a stored object. Returns `None` if it no longer exists.
    pub(crate) async fn refreshed(
        &self,
        operation: &mut Operation<'_, P>,
        stored: &StoredObject,
    ) -> Result<Option<InstanceObject>, Diagnostics> {
        let live = self.upgraded(operation, stored).await?;
        self.read(operation, live).await
    }

    async fn read(
        &self,
        operation: &mut Operation<'_, P>,
        live: InstanceObject,
    ) -> Result<Option<InstanceObject>, Diagnostics> {
        let (address, schema) = (operation.address, operation.schema);
        let request = proto::read_resource::Request {
            type_name: type_name(address).to_owned(),
            current_state: encode_value(&live.value, &schema.ty),
            private: live.private,
            current_identity: self.identity_for(schema, live.identity.as_ref()),
            client_capabilities: self.host.client_capabilities(operation.walk),
            ..Default::default()
        };
        let reply: proto::read_resource::Response = operation
            .process
            .call(request, provider_server::Provider::read_resource)
            .await?;
        operation.check(&reply.diagnostics)?;
        refuse_deferral(reply.deferred)?;
        let identity =
            self.identity_from(address, schema, reply.new_identity, Unknowns::Refused)?;
        let value = decode_value(reply.new_state, &schema.ty)?;
        check_object("Provider produced invalid object", address, schema, &value)?;
        if value.is_null() {
            return Ok(None);
        }
        // Private data and an identity that the provider does not return are lost.
        Ok(Some(InstanceObject {
            value,
            private: reply.private,
            tainted: live.tainted,
            identity,
        }))
    }

    async fn imported(
        &self,
        operation: &mut Operation<'_, P>,
        by: &By<'_>,
    ) -> Result<InstanceObject, Diagnostics> {
        let (address, schema) = (operation.address, operation.schema);
        let (id, identity) = match by {
            By::Id(id) => ((*id).to_owned(), None),
            By::Identity(named) => {
                let shape = schema.identity.as_ref();
                let shape = shape.expect("a resource that is imported by identity has one");
                let named = identity::decode(shape, named)?;
                (String::new(), self.identity_for(schema, Some(&named)))
            }
        };
        let request = proto::import_resource_state::Request {
            type_name: type_name(address).to_owned(),
            id,
            identity,
            client_capabilities: self.host.client_capabilities(operation.walk),
        };
        let reply: proto::import_resource_state::Response = operation
            .process
            .call(request, provider_server::Provider::import_resource_state)
            .await?;
        operation.check(&reply.diagnostics)?;
        refuse_deferral(reply.deferred)?;
        let [imported] = <[_; 1]>::try_from(reply.imported_resources).map_err(|all| {
            Diagnostics::from(Diagnostic::error(
                "Import returned no resources",
                format!("{address}: one was expected, there are {}", all.len()),
            ))
        })?;
        let identity = self.identity_from(address, schema, imported.identity, Unknowns::Refused)?;
        if matches!(by, By::Identity(_)) && identity.is_none() {
            let problem = "the import didn't return an identity".to_owned();
            rules::refuse("Import returned no identity", address, &[problem])?;
        }
        let value = decode_value(imported.state, &schema.ty)?;
        if imported.type_name != type_name(address) || value.is_null() {
            return Err(Diagnostic::error(
                "Import returned null resource",
                format!("{address}: the provider returned nothing, or another type"),
            )
            .into());
        }
        check_object("Provider produced invalid object", address, schema, &value)?;
        Ok(InstanceObject {
            value,
            private: imported.private,
            tainted: false,
            identity,
        })
    }
}

/// Checks an object for the state: of its type, wholly known, without write-only values.
pub(crate) fn check_object(
    summary: &str,
    address: &str,
    schema: &ObjectSchema,
    value: &Value,
) -> Result<(), Diagnostics> {
    let mut problems = rules::conformance_problems(&schema.ty, value);
    if !value.is_wholly_known() {
        problems.push("it is not wholly known".to_owned());
    }
    problems.extend(schema.write_only_problems(value));
    rules::refuse(summary, address, &problems)
}

/// Refuses a deferral, which no host profile allows (Terraform: `internal/plans/deferring`).
pub(crate) fn refuse_deferral(deferred: Option<proto::Deferred>) -> Result<(), Diagnostics> {
    match deferred {
        None => Ok(()),
        Some(_) => Err(Diagnostic::error(
            "Provider deferred changes when Terraform did not allow deferrals",
            "The reply carries `deferred`.",
        )
        .into()),
    }
}
