//! `moved` blocks across providers and types (Terraform: `internal/refactoring/cross_provider_move.go`).

use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Provider};

use super::core::Core;
use super::identity::{Unknowns, identity_text};
use super::outcome::{Outcome, outcome};
use super::process::Process;
use super::read::check_object;
use super::schema::type_name;
use super::state::StoredObject;
use super::wire::{decode_diagnostics, decode_value};

/// An object of another provider, or of another type of this provider, that a `moved` block moves.
#[derive(Clone, Debug)]
pub struct MoveSource<'a> {
    /// The source address of the provider, such as `registry.terraform.io/hashicorp/tfe`.
    pub provider: &'a str,
    /// The type of the resource.
    pub type_name: &'a str,
    /// The object in the state.
    pub object: StoredObject,
}

impl<P: Provider> Core<P> {
    /// Moves an object to `address`, as a `moved` block does, and puts the result into the state.
    pub async fn moved(&mut self, address: &str, from: MoveSource<'_>) -> Outcome<()> {
        let mut diagnostics = Diagnostics::new();
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
            // The provider is not configured for this.
            let process = Process::start((self.start)());
            let reply: proto::move_resource_state::Response = process
                .call(request, provider_server::Provider::move_resource_state)
                .await?;
            diagnostics.extend(decode_diagnostics(&reply.diagnostics).into_result()?);
            let identity =
                self.identity_from(address, &schema, reply.target_identity, Unknowns::Refused)?;
            let state = decode_value(reply.target_state, &schema.ty)?;
            check_object("Provider returned invalid value", address, &schema, &state)?;
            assert!(!state.is_null(), "a null object crashes Terraform");
            self.instance(address).current = Some(StoredObject {
                tainted: source.tainted,
                identity: identity_text(&schema, identity.as_ref()),
                ..StoredObject::new(&schema, &state, reply.target_private)
            });
            Ok(())
        }
        .await;
        outcome(result, diagnostics)
    }
}
