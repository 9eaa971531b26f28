//! Data sources.

use super::super::normalise::normalise_encoded;
use super::super::{Inner, proto, validate, wire};
use crate::adapter::Call;
use crate::context::Context;
use crate::diag::Diagnostic;
use crate::provider::Provider;

impl<P: Provider> Inner<P> {
    pub(super) fn validate_data_resource_config<'a>(
        &'a self,
        request: proto::validate_data_resource_config::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::validate_data_resource_config::Response> {
        Box::pin(async move {
            let data_source = self.registry.data_sources.find(&request.type_name)?;
            let shape = data_source.shape();
            let config = wire::decode(request.config, &shape.ty)?;
            validate::attributes(&shape.schema, &config, &mut cx.diagnostics);
            data_source.validate(&config, cx).await?;
            Ok(Default::default())
        })
    }

    pub(super) fn read_data_source<'a>(
        &'a self,
        request: proto::read_data_source::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::read_data_source::Response> {
        Box::pin(async move {
            let data_source = self.registry.data_sources.find(&request.type_name)?;
            let client = self.client()?;
            let shape = data_source.shape();
            let config = wire::decode(request.config, &shape.ty)?;
            let state = data_source.read(&client, &config, cx).await?;
            if !state.is_wholly_known {
                return Err(Diagnostic::bug(format!(
                    "The data source {} answered with a value that is still unknown.",
                    request.type_name
                ))
                .into());
            }
            Ok(proto::read_data_source::Response {
                state: Some(proto::DynamicValue {
                    msgpack: normalise_encoded(shape, state.msgpack)?,
                    ..Default::default()
                }),
                ..Default::default()
            })
        })
    }
}
