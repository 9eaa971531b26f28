//! MoveResourceState: a state of another provider or type is taken over.
//!
//! Terraform calls it in a process that is not configured (terraform:
//! `internal/refactoring/cross_provider_move.go`), and OpenTofu whatever the capabilities say.

use super::super::{Inner, apply::make_storable, proto, wire};
use crate::adapter::Call;
use crate::context::Context;
use crate::moves::MoveSource;
use crate::provider::Provider;

impl<P: Provider> Inner<P> {
    /// Without the source's private data and identity: they are another's, and the next read brings
    /// ours.
    pub(super) fn move_resource_state<'a>(
        &'a self,
        request: proto::move_resource_state::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::move_resource_state::Response> {
        Box::pin(async move {
            let resource = self.resource(&request.target_type_name)?;
            let raw = request.source_state.unwrap_or_default();
            let mut state = resource.take_over(&MoveSource {
                provider: &request.source_provider_address,
                type_name: &request.source_type_name,
                version: request.source_schema_version,
                json: &raw.json,
            })?;
            make_storable(resource, &mut state, cx);
            Ok(proto::move_resource_state::Response {
                target_state: wire::encode(&state, &resource.shape().ty)?,
                ..Default::default()
            })
        })
    }
}
