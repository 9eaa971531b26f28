//! Ephemeral resources.

use std::time::{SystemTime, UNIX_EPOCH};

use super::super::normalise::normalise;
use super::super::{Inner, proto, validate, wire};
use crate::adapter::Call;
use crate::context::{CloseContext, Context, OpenContext};
use crate::diag::Diagnostic;
use crate::host::Capabilities;
use crate::private::Private;
use crate::provider::Provider;

impl<P: Provider> Inner<P> {
    pub(super) fn validate_ephemeral_resource_config<'a>(
        &'a self,
        request: proto::validate_ephemeral_resource_config::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::validate_ephemeral_resource_config::Response> {
        Box::pin(async move {
            let ephemeral = self.registry.ephemeral_resources.find(&request.type_name)?;
            let shape = ephemeral.shape();
            let config = wire::decode(request.config, &shape.ty)?;
            validate::attributes(&shape.schema, &config, &mut cx.diagnostics);
            ephemeral.validate(&config, cx).await?;
            Ok(Default::default())
        })
    }

    pub(super) fn open_ephemeral_resource<'a>(
        &'a self,
        request: proto::open_ephemeral_resource::Request,
        cx: &'a mut OpenContext,
    ) -> Call<'a, proto::open_ephemeral_resource::Response> {
        Box::pin(async move {
            let ephemeral = self.registry.ephemeral_resources.find(&request.type_name)?;
            let client = self.client()?;
            let shape = ephemeral.shape();
            let config = wire::decode(request.config, &shape.ty)?;
            let capabilities = request.client_capabilities.unwrap_or_default();
            cx.set_host(self.host().opening(Capabilities {
                write_only_attributes_allowed: capabilities.write_only_attributes_allowed,
                store_planned_private: capabilities.store_planned_private,
            }));
            let mut result = ephemeral.open(&client, &config, cx).await?;
            normalise(&shape.schema, &mut result);
            if !result.is_wholly_known() && !cx.host().accepts_unknown_ephemeral_results() {
                return Err(Diagnostic::bug(format!(
                    "The ephemeral resource {} answered with a value that is still unknown.",
                    request.type_name
                ))
                .into());
            }
            Ok(proto::open_ephemeral_resource::Response {
                result: wire::encode(&result, &shape.ty)?,
                private: Some(std::mem::take(&mut cx.private).into_bytes()),
                renew_at: cx.renew_at.map(timestamp),
                ..Default::default()
            })
        })
    }

    pub(super) fn renew_ephemeral_resource<'a>(
        &'a self,
        request: proto::renew_ephemeral_resource::Request,
        cx: &'a mut OpenContext,
    ) -> Call<'a, proto::renew_ephemeral_resource::Response> {
        Box::pin(async move {
            let ephemeral = self.registry.ephemeral_resources.find(&request.type_name)?;
            let client = self.client()?;
            cx.private = Private::from_bytes(request.private.unwrap_or_default());
            ephemeral.renew(&client, cx).await?;
            Ok(proto::renew_ephemeral_resource::Response {
                private: Some(std::mem::take(&mut cx.private).into_bytes()),
                renew_at: cx.renew_at.map(timestamp),
                ..Default::default()
            })
        })
    }

    pub(super) fn close_ephemeral_resource<'a>(
        &'a self,
        request: proto::close_ephemeral_resource::Request,
        cx: &'a mut CloseContext,
    ) -> Call<'a, proto::close_ephemeral_resource::Response> {
        Box::pin(async move {
            let ephemeral = self.registry.ephemeral_resources.find(&request.type_name)?;
            let client = self.client()?;
            cx.private = Private::from_bytes(request.private.unwrap_or_default());
            ephemeral.close(&client, cx).await?;
            Ok(Default::default())
        })
    }
}

/// Converts a time. One before 1970 becomes 1970, at which Terraform renews at once.
fn timestamp(time: SystemTime) -> prost_types::Timestamp {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    prost_types::Timestamp {
        seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(since.subsec_nanos()).unwrap_or_default(),
    }
}
