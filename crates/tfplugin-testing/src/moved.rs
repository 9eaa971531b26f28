//! `moved` blocks across providers and types (Terraform: `internal/refactoring/cross_provider_move.go`).

use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Provider};

use super::identity::{Unknowns, text};
use super::process::{Process, told, value};
use super::read::settled;
use super::{Core, Outcome, StoredObject, outcome, type_name};

/// An object in the state that another provider, or this one as another type, has written.
#[derive(Clone, Debug)]
pub struct Foreign<'a> {
    /// The whole address, such as `registry.terraform.io/hashicorp/tfe`.
    pub provider: &'a str,
    pub type_name: &'a str,
    pub object: StoredObject,
}

impl<P: Provider> Core<P> {
    /// `moved { from = …; to = address }`: what the state holds under the address is then the provider's.
    pub async fn moved(&mut self, address: &str, from: Foreign<'_>) -> Outcome<()> {
        let mut messages = Diagnostics::new();
        let result = async {
            if !self.schemas.move_resource_state {
                return Err(Diagnostic::error(
                    "Unsupported `moved` across resource types",
                    "The provider does not support moved operations across resource types and providers.",
                )
                .into());
            }
            let schema = self.resource_schema(address).clone();
            let source = from.object;
            let request = proto::move_resource_state::Request {
                source_provider_address: from.provider.to_owned(),
                source_type_name: from.type_name.to_owned(),
                source_schema_version: source.schema_version,
                source_state: Some(proto::RawState {
                    json: source.attributes.into_bytes(),
                    ..Default::default()
                }),
                target_type_name: type_name(address).to_owned(),
                source_private: source.private,
                source_identity: source.identity.map(|identity| proto::RawState {
                    json: identity.into_bytes(),
                    ..Default::default()
                }),
                ..Default::default()
            };
            // A process that is not configured.
            let process = Process::start((self.start)());
            let reply: proto::move_resource_state::Response = process
                .call(request, provider_server::Provider::move_resource_state)
                .await?;
            messages.extend(told(&reply.diagnostics).into_result()?);
            let identity =
                self.identity_from(address, &schema, reply.target_identity, Unknowns::Refused)?;
            let state = value(reply.target_state, &schema.ty)?;
            settled("Provider returned invalid value", address, &schema, &state)?;
            assert!(!state.is_null(), "a null object crashes Terraform");
            self.instance(address).current = Some(StoredObject {
                tainted: source.tainted,
                identity: text(&schema, identity.as_ref()),
                ..StoredObject::new(&schema, &state, reply.target_private)
            });
            Ok(())
        }
        .await;
        outcome(result, messages)
    }
}
