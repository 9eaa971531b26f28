//! Managed resources.
//!
//! A reply without private data or identity would erase them from the state, so both are sent back unless the author
//! changed them.

use super::super::apply::{Applied, Apply, apply, make_storable};
use super::super::normalise::normalise;
use super::super::plan::{Proposal, plan};
use super::super::{Inner, generate, identity, proto, validate, wire};
use crate::adapter::Call;
use crate::context::{ApplyContext, Context, Deferral, PlanContext, ResourceContext};
use crate::diag::Diagnostic;
use crate::identity::ImportBy;
use crate::moves::MoveSource;
use crate::private::Private;
use crate::provider::Provider;
use crate::value::{Leniency, Value, decode_json};

impl<P: Provider> Inner<P> {
    pub(super) fn validate_resource_config<'a>(
        &'a self,
        request: proto::validate_resource_config::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::validate_resource_config::Response> {
        Box::pin(async move {
            let resource = self.registry.resources.find(&request.type_name)?;
            let shape = resource.shape();
            let config = wire::decode(request.config, &shape.ty)?;
            validate::attributes(&shape.schema, &config, &mut cx.diagnostics);
            let keeps_write_only = request
                .client_capabilities
                .is_some_and(|host| host.write_only_attributes_allowed);
            if !keeps_write_only {
                validate::write_only(&shape.schema, &config, &mut cx.diagnostics);
            }
            resource.validate(&config, cx).await?;
            Ok(Default::default())
        })
    }

    /// Reads a state. Terraform calls it for every object in a state, also if its version is the current one.
    pub(super) fn upgrade_resource_state<'a>(
        &'a self,
        request: proto::upgrade_resource_state::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::upgrade_resource_state::Response> {
        Box::pin(async move {
            let resource = self.registry.resources.find(&request.type_name)?;
            let shape = resource.shape();
            let raw = request.raw_state.unwrap_or_default();
            if !raw.flatmap.is_empty() {
                return Err(Diagnostic::error(
                    "State Too Old To Be Read",
                    format!(
                        "The state of this {} was written by a Terraform before 0.12. Run an \
                         apply with Terraform 0.12 or later and the provider that wrote it, or \
                         remove the object from the state and import it again.",
                        request.type_name
                    ),
                )
                .into());
            }
            if request.version != shape.schema.state_version() {
                return Err(Diagnostic::error(
                    "Unable To Upgrade Resource State",
                    format!(
                        "The state of this {} has version {}, this version of the provider reads \
                         version {} only.",
                        request.type_name,
                        request.version,
                        shape.schema.state_version()
                    ),
                )
                .into());
            }
            let mut state = decode_json(&raw.json, &shape.ty, Leniency::State)?;
            normalise(&shape.schema, &mut state);
            Ok(proto::upgrade_resource_state::Response {
                upgraded_state: wire::encode(&state, &shape.ty)?,
                ..Default::default()
            })
        })
    }

    /// Reads an identity in a state. A missing identity stays missing; the next read adds it.
    pub(super) fn upgrade_resource_identity<'a>(
        &'a self,
        request: proto::upgrade_resource_identity::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::upgrade_resource_identity::Response> {
        Box::pin(async move {
            let resource = self.registry.resources.find(&request.type_name)?;
            let stored = identity::stored(resource, request.version, request.raw_identity)?;
            Ok(proto::upgrade_resource_identity::Response {
                upgraded_identity: identity::sent(resource, stored)?,
                ..Default::default()
            })
        })
    }

    pub(super) fn read_resource<'a>(
        &'a self,
        request: proto::read_resource::Request,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, proto::read_resource::Response> {
        Box::pin(async move {
            let resource = self.registry.resources.find(&request.type_name)?;
            let client = self.client()?;
            let ty = &resource.shape().ty;
            let current = wire::decode(request.current_state, ty)?;
            let known = identity::received(resource, request.current_identity)?;
            cx.private = Private::from_bytes(request.private);
            cx.identity = known.clone();
            let state = if current.is_null() {
                None
            } else {
                match resource.read(&client, &current, cx).await? {
                    // An error was added, so the read counts as failed.
                    None if cx.diagnostics.has_error() => Some(current),
                    state => state,
                }
            };
            let Some(mut state) = state else {
                return Ok(proto::read_resource::Response {
                    new_state: wire::encode(&Value::Null, ty)?,
                    ..Default::default()
                });
            };
            make_storable(resource, &mut state, cx);
            let identity = match known {
                None => identity::derived(resource, &client, &state)?,
                Some(known) => {
                    let identity = identity::kept_or_changed(resource, &client, &state, known)?;
                    Some(identity)
                }
            };
            Ok(proto::read_resource::Response {
                new_state: wire::encode(&state, ty)?,
                private: std::mem::take(&mut cx.private).into_bytes(),
                new_identity: identity::sent(resource, identity)?,
                ..Default::default()
            })
        })
    }

    pub(super) fn plan_resource_change<'a>(
        &'a self,
        request: proto::plan_resource_change::Request,
        cx: &'a mut PlanContext,
    ) -> Call<'a, proto::plan_resource_change::Response> {
        Box::pin(async move {
            let resource = self.registry.resources.find(&request.type_name)?;
            let client = self.client()?;
            let ty = &resource.shape().ty;
            let proposal = Proposal {
                prior: wire::decode(request.prior_state, ty)?,
                proposed: wire::decode(request.proposed_new_state, ty)?,
                config: wire::decode(request.config, ty)?,
                identity: identity::received(resource, request.prior_identity)?,
            };
            cx.private = Private::from_bytes(request.prior_private);
            cx.identity = proposal.identity.clone();
            cx.config = proposal.config.clone();
            cx.is_private_returned = request
                .client_capabilities
                .is_some_and(|host| host.store_planned_private);
            cx.planned_private = Some(request.planned_private)
                .filter(|bytes| !bytes.is_empty())
                .map(Private::from_bytes);
            cx.deferral = deferral(request.client_capabilities, &proposal.config);
            let plan = plan(resource, &client, proposal, cx).await?;
            Ok(proto::plan_resource_change::Response {
                planned_state: wire::encode(&plan.planned, ty)?,
                requires_replace: plan
                    .requires_replace
                    .iter()
                    .map(wire::attribute_path)
                    .collect(),
                planned_private: std::mem::take(&mut cx.private).into_bytes(),
                planned_identity: identity::sent(resource, plan.identity)?,
                deferred: plan.deferred.then(|| proto::Deferred {
                    reason: proto::deferred::Reason::ResourceConfigUnknown.into(),
                }),
                ..Default::default()
            })
        })
    }

    pub(super) fn apply_resource_change<'a>(
        &'a self,
        request: proto::apply_resource_change::Request,
        cx: &'a mut ApplyContext,
    ) -> Call<'a, proto::apply_resource_change::Response> {
        Box::pin(async move {
            let resource = self.registry.resources.find(&request.type_name)?;
            let client = self.client()?;
            let ty = &resource.shape().ty;
            let change = Apply {
                prior: wire::decode(request.prior_state, ty)?,
                planned: wire::decode(request.planned_state, ty)?,
                identity: identity::received(resource, request.planned_identity)?,
            };
            cx.private = Private::from_bytes(request.planned_private);
            cx.identity = change.identity.clone();
            cx.config = wire::decode(request.config, ty)?;
            cx.ty = ty.clone();
            let Applied { state, identity } = apply(resource, &client, change, cx).await;
            Ok(proto::apply_resource_change::Response {
                new_state: wire::encode(&state, ty)?,
                private: std::mem::take(&mut cx.private).into_bytes(),
                new_identity: identity::sent(resource, identity)?,
                ..Default::default()
            })
        })
    }

    pub(super) fn import_resource_state<'a>(
        &'a self,
        request: proto::import_resource_state::Request,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, proto::import_resource_state::Response> {
        Box::pin(async move {
            let resource = self.registry.resources.find(&request.type_name)?;
            let client = self.client()?;
            let ty = &resource.shape().ty;
            let by = match request.identity {
                Some(identity) if request.id.is_empty() => {
                    ImportBy::Identity(identity::to_import(resource, identity)?)
                }
                _ => ImportBy::Id(request.id),
            };
            let mut state = resource.import(&client, by.clone(), cx).await?;
            make_storable(resource, &mut state, cx);
            let identity = match (identity::derived(resource, &client, &state)?, by) {
                // An import by identity that brings none is an error in Terraform.
                (None, ImportBy::Identity(named)) => Some(named),
                (derived, _) => derived,
            };
            Ok(proto::import_resource_state::Response {
                imported_resources: vec![proto::import_resource_state::ImportedResource {
                    type_name: request.type_name,
                    state: wire::encode(&state, ty)?,
                    private: std::mem::take(&mut cx.private).into_bytes(),
                    identity: identity::sent(resource, identity)?,
                }],
                ..Default::default()
            })
        })
    }

    /// Takes over the state of another type or provider. Private data and identity of the source are left behind: the
    /// next read sets this resource's own.
    ///
    /// Terraform calls it in a process that is not configured (terraform:
    /// `internal/refactoring/cross_provider_move.go`), and OpenTofu even if the capabilities do not offer it.
    pub(super) fn move_resource_state<'a>(
        &'a self,
        request: proto::move_resource_state::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::move_resource_state::Response> {
        Box::pin(async move {
            let resource = self.registry.resources.find(&request.target_type_name)?;
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

    /// Generates the configuration of an object that was imported or listed.
    pub(super) fn generate_resource_config<'a>(
        &'a self,
        request: proto::generate_resource_config::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::generate_resource_config::Response> {
        Box::pin(async move {
            let resource = self.registry.resources.find(&request.type_name)?;
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

/// Returns whether a plan may be deferred. Terraform also allows it while applying, and then refuses it (Terraform:
/// `internal/terraform/context_apply.go`); but then all values are known.
fn deferral(host: Option<proto::ClientCapabilities>, config: &Value) -> Deferral {
    let is_allowed = host.is_some_and(|host| host.deferral_allowed);
    if is_allowed && !config.is_wholly_known() {
        Deferral::Possible
    } else {
        Deferral::Impossible
    }
}
