//! Reading: stored states, refresh and import.

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Provider, Value};

use super::identity::{self, Unknowns};
use super::process::{Process, Walk, capabilities, dynamic, told, value};
use super::state::StoredObject;
use super::{Core, ObjectSchema, Outcome, broken, outcome, rules, type_name};

/// An object that was read.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub(crate) value: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) tainted: bool,
    pub(crate) identity: Option<Value>,
}

impl Live {
    pub(crate) fn stored(&self, schema: &ObjectSchema) -> StoredObject {
        StoredObject {
            tainted: self.tainted,
            identity: identity::text(schema, self.identity.as_ref()),
            ..StoredObject::new(schema, &self.value, self.private.clone())
        }
    }
}

/// What an import names its object by.
#[derive(Debug)]
enum By<'a> {
    Id(&'a str),
    Identity(Json),
}

impl<P: Provider> Core<P> {
    /// `terraform apply -refresh-only`. Returns what the state then holds.
    pub async fn refresh(&mut self, address: &str) -> Outcome<Option<Json>> {
        let mut told = Diagnostics::new();
        let result = async {
            let process = self.walk(Walk::Plan, &mut told).await?;
            let schema = self.resource_schema(address).clone();
            let Some(stored) = self.state(address).cloned() else {
                return Ok(None);
            };
            let live = self
                .refreshed(&process, address, &schema, &stored, &mut told)
                .await?;
            let stored = live.map(|live| live.stored(&schema));
            let shown = stored.as_ref().map(StoredObject::json);
            self.instance(address).current = stored;
            Ok(shown)
        }
        .await;
        outcome(result, told)
    }

    /// `terraform import`. Returns what the state then holds.
    pub async fn import(&mut self, address: &str, id: &str) -> Outcome<Json> {
        self.import_by(address, By::Id(id)).await
    }

    /// An `import` block with an `identity`. Returns what the state then holds.
    pub async fn import_by_identity(&mut self, address: &str, identity: Json) -> Outcome<Json> {
        self.import_by(address, By::Identity(identity)).await
    }

    async fn import_by(&mut self, address: &str, by: By<'_>) -> Outcome<Json> {
        let mut told = Diagnostics::new();
        let result = async {
            let schema = self.resource_schema(address).clone();
            let process = self.walk(Walk::Plan, &mut told).await?;
            let imported = self
                .imported(&process, address, &schema, &by, &mut told)
                .await?;
            let live = self
                .read(&process, address, &schema, imported, &mut told)
                .await?;
            let Some(live) = live else {
                return Err(Diagnostic::error(
                    "Cannot import non-existent remote object",
                    format!("{address}: there is nothing with {by:?}"),
                )
                .into());
            };
            let stored = live.stored(&schema);
            let shown = stored.json();
            self.instance(address).current = Some(stored);
            Ok(shown)
        }
        .await;
        outcome(result, told)
    }

    /// UpgradeResourceState, which precedes every use of a stored object.
    pub(crate) async fn upgraded(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        stored: &StoredObject,
        messages: &mut Diagnostics,
    ) -> Result<Live, Diagnostics> {
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
        let reply: proto::upgrade_resource_state::Response = process
            .call(request, provider_server::Provider::upgrade_resource_state)
            .await?;
        messages.extend(told(&reply.diagnostics).into_result()?);
        let value = value(reply.upgraded_state, &schema.ty)?;
        settled("Invalid resource state upgrade", address, schema, &value)?;
        Ok(Live {
            value,
            private: stored.private.clone(),
            tainted: stored.tainted,
            identity: self.stored_identity(schema, stored.identity.as_deref())?,
        })
    }

    /// A stored object as it is now; `None`: it is gone.
    pub(crate) async fn refreshed(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        stored: &StoredObject,
        messages: &mut Diagnostics,
    ) -> Result<Option<Live>, Diagnostics> {
        let live = self
            .upgraded(process, address, schema, stored, messages)
            .await?;
        self.read(process, address, schema, live, messages).await
    }

    async fn read(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        live: Live,
        messages: &mut Diagnostics,
    ) -> Result<Option<Live>, Diagnostics> {
        let request = proto::read_resource::Request {
            type_name: type_name(address).to_owned(),
            current_state: dynamic(&live.value, &schema.ty),
            private: live.private,
            current_identity: self.identity_for(schema, live.identity.as_ref()),
            client_capabilities: capabilities(self.host, Walk::Plan),
            ..Default::default()
        };
        let reply: proto::read_resource::Response = process
            .call(request, provider_server::Provider::read_resource)
            .await?;
        messages.extend(told(&reply.diagnostics).into_result()?);
        not_deferred(reply.deferred)?;
        let identity =
            self.identity_from(address, schema, reply.new_identity, Unknowns::Refused)?;
        let value = value(reply.new_state, &schema.ty)?;
        settled("Provider produced invalid object", address, schema, &value)?;
        if value.is_null() {
            return Ok(None);
        }
        Ok(Some(Live {
            value,
            private: reply.private, // replaces: what is not echoed is lost
            tainted: live.tainted,
            identity, // replaces as well
        }))
    }

    async fn imported(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        by: &By<'_>,
        messages: &mut Diagnostics,
    ) -> Result<Live, Diagnostics> {
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
            client_capabilities: capabilities(self.host, Walk::Plan),
        };
        let reply: proto::import_resource_state::Response = process
            .call(request, provider_server::Provider::import_resource_state)
            .await?;
        messages.extend(told(&reply.diagnostics).into_result()?);
        not_deferred(reply.deferred)?;
        let [imported] = <[_; 1]>::try_from(reply.imported_resources).map_err(|all| {
            Diagnostics::from(Diagnostic::error(
                "Import returned no resources",
                format!("{address}: one was expected, there are {}", all.len()),
            ))
        })?;
        let identity = self.identity_from(address, schema, imported.identity, Unknowns::Refused)?;
        if matches!(by, By::Identity(_)) && identity.is_none() {
            let problem = "the import didn't return an identity".to_owned();
            broken("Import returned no identity", address, &[problem])?;
        }
        let value = value(imported.state, &schema.ty)?;
        if imported.type_name != type_name(address) || value.is_null() {
            return Err(Diagnostic::error(
                "Import returned null resource",
                format!("{address}: the provider returned nothing, or another type"),
            )
            .into());
        }
        settled("Provider produced invalid object", address, schema, &value)?;
        Ok(Live {
            value,
            private: imported.private,
            tainted: false,
            identity,
        })
    }
}

/// An object that may go into a state: of its type, wholly known, without write-only values.
pub(crate) fn settled(
    summary: &str,
    address: &str,
    schema: &ObjectSchema,
    value: &Value,
) -> Result<(), Diagnostics> {
    let mut problems = rules::conformance_problems(&schema.ty, value);
    if !value.is_wholly_known() {
        problems.push("it is not wholly known".to_owned());
    }
    problems.extend(
        schema
            .write_only_values(value)
            .iter()
            .map(|name| format!("{name}: a write-only attribute with a value")),
    );
    broken(summary, address, &problems)
}

/// Terraform: `internal/plans/deferring`. No row of the hosts' table allows it really.
pub(crate) fn not_deferred(deferred: Option<proto::Deferred>) -> Result<(), Diagnostics> {
    match deferred {
        None => Ok(()),
        Some(_) => Err(Diagnostic::error(
            "Provider deferred changes when Terraform did not allow deferrals",
            "The reply carries `deferred`.",
        )
        .into()),
    }
}
