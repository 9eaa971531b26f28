//! GenerateResourceConfig: the configuration of an object that was imported or listed.

use super::super::{Inner, generate, proto, wire};
use crate::adapter::Call;
use crate::context::Context;
use crate::provider::Provider;

impl<P: Provider> Inner<P> {
    pub(super) fn generate_resource_config<'a>(
        &'a self,
        request: proto::generate_resource_config::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::generate_resource_config::Response> {
        Box::pin(async move {
            let resource = self.resource(&request.type_name)?;
            let ty = &resource.shape().ty;
            let state = wire::decode(request.state, ty)?;
            let config = generate::config(resource, state)?;
            Ok(proto::generate_resource_config::Response {
                config: wire::encode(&config, ty)?,
                ..Default::default()
            })
        })
    }
}
