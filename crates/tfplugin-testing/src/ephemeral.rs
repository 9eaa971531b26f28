//! Ephemeral resources (Terraform: `internal/terraform/node_resource_ephemeral.go`).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostics, Provider, Value};

use super::config;
use super::core::Core;
use super::host::{HostProfile, OpenCapabilities, Walk};
use super::outcome::{Outcome, outcome};
use super::process::Process;
use super::read::refuse_deferral;
use super::rules;
use super::wire::{decode_diagnostics, decode_value, encode_value};

/// An open ephemeral resource.
pub struct Opened<P: Provider> {
    host: HostProfile,
    process: Process<P>,
    type_name: String,
    result: Value,
    /// `None` if nothing was opened, because the configuration is not known yet.
    private: Option<Private>,
    /// When it has to be renewed.
    pub renew_at: Option<SystemTime>,
}

struct Private {
    opened: Option<Vec<u8>>,
    renewed: Option<Vec<u8>>,
}

impl<P: Provider> Core<P> {
    /// Validates and opens an ephemeral resource. If the configuration is not wholly known, the provider is not called
    /// and the result is unknown.
    ///
    /// # Panics
    ///
    /// Panics if the host has no ephemeral resources.
    pub async fn open_ephemeral(
        &self,
        walk: Walk,
        type_name: &str,
        config: Json,
    ) -> Outcome<Opened<P>> {
        assert!(
            self.host.ephemeral_resources,
            "{} has no ephemeral resources",
            self.host.name
        );
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let process = self.walk(walk, &mut diagnostics).await?;
            self.open(process, walk, type_name, &config, &mut diagnostics)
                .await
        }
        .await;
        outcome(result, diagnostics)
    }

    pub(crate) async fn open(
        &self,
        process: Process<P>,
        walk: Walk,
        type_name: &str,
        config: &Json,
        diagnostics: &mut Diagnostics,
    ) -> Result<Opened<P>, Diagnostics> {
        let schema = self
            .schemas
            .ephemeral_resources
            .get(type_name)
            .unwrap_or_else(|| panic!("the provider has no ephemeral resource {type_name:?}"));
        let config = config::decode(schema, config)?;
        let request = proto::validate_ephemeral_resource_config::Request {
            type_name: type_name.to_owned(),
            config: encode_value(&config, &schema.ty),
        };
        let reply: proto::validate_ephemeral_resource_config::Response = process
            .call(
                request,
                provider_server::Provider::validate_ephemeral_resource_config,
            )
            .await?;
        diagnostics.extend(decode_diagnostics(&reply.diagnostics).into_result()?);
        let mut opened = Opened {
            host: self.host,
            process,
            type_name: type_name.to_owned(),
            result: Value::unknown(),
            private: None,
            renew_at: None,
        };
        if !config.is_wholly_known() {
            return Ok(opened);
        }
        let request = proto::open_ephemeral_resource::Request {
            type_name: type_name.to_owned(),
            config: encode_value(&config, &schema.ty),
            client_capabilities: match self.host.open_capabilities {
                OpenCapabilities::Nothing => Some(proto::ClientCapabilities::default()),
                OpenCapabilities::WriteOnly => Some(proto::ClientCapabilities {
                    write_only_attributes_allowed: true,
                    ..Default::default()
                }),
                OpenCapabilities::Everything => self.host.client_capabilities(walk),
            },
        };
        let reply: proto::open_ephemeral_resource::Response = opened
            .process
            .call(request, provider_server::Provider::open_ephemeral_resource)
            .await?;
        // After an error from here on, Terraform never calls Close.
        diagnostics.extend(decode_diagnostics(&reply.diagnostics).into_result()?);
        refuse_deferral(reply.deferred)?;
        let result = decode_value(reply.result, &schema.ty)?;
        let mut problems = rules::conformance_problems(&schema.ty, &result);
        problems.extend(rules::plan_problems(schema, &Value::Null, &config, &result));
        if !self.host.unknown_ephemeral_results && !result.is_wholly_known() {
            problems.push("it is not wholly known".to_owned());
        }
        rules::refuse(
            "Provider produced invalid ephemeral resource instance",
            type_name,
            &problems,
        )?;
        opened.result = result;
        opened.renew_at = reply.renew_at.map(time);
        opened.private = Some(Private {
            opened: reply.private,
            renewed: None,
        });
        Ok(opened)
    }
}

impl<P: Provider> Opened<P> {
    /// Returns the result.
    pub fn result(&self) -> Json {
        config::to_json(&self.result)
    }

    /// Returns one attribute of the result.
    ///
    /// # Panics
    ///
    /// Panics if there is no such attribute.
    #[track_caller]
    pub fn get(&self, attribute: &str) -> Json {
        if self.result.is_unknown() {
            return config::to_json(&self.result);
        }
        let value = self
            .result
            .attribute(attribute)
            .unwrap_or_else(|| panic!("the result has no attribute {attribute:?}"));
        config::to_json(value)
    }

    /// Returns the process that opened it, for calling other RPCs before it is closed, such as `StopProvider`.
    pub fn process(&self) -> &Process<P> {
        &self.process
    }

    /// Renews it, as Terraform does at [`renew_at`](Self::renew_at).
    ///
    /// # Panics
    ///
    /// Panics if nothing was opened.
    pub async fn renew(&mut self) -> Outcome<()> {
        let private = self.private.as_mut().expect("what is renewed was opened");
        let current = private.renewed.clone().or_else(|| private.opened.clone());
        let request = proto::renew_ephemeral_resource::Request {
            type_name: self.type_name.clone(),
            private: current,
        };
        let reply: Result<proto::renew_ephemeral_resource::Response, _> = self
            .process
            .call(request, provider_server::Provider::renew_ephemeral_resource)
            .await;
        let result = reply.and_then(|reply| {
            let diagnostics = decode_diagnostics(&reply.diagnostics).into_result()?;
            private.renewed = Some(reply.private.unwrap_or_default());
            self.renew_at = reply.renew_at.map(time);
            Ok(diagnostics)
        });
        match result {
            Ok(diagnostics) => Outcome::new(Some(()), diagnostics),
            Err(errors) => Outcome::failed(errors),
        }
    }

    /// Closes it.
    pub async fn close(self) -> Outcome<()> {
        let Some(private) = self.private else {
            return Outcome::new(Some(()), Diagnostics::new());
        };
        let private = match private.renewed {
            Some(renewed) if self.host.close_gets_renewed_private => Some(renewed),
            _ => private.opened,
        };
        let request = proto::close_ephemeral_resource::Request {
            type_name: self.type_name,
            private,
        };
        let reply: Result<proto::close_ephemeral_resource::Response, _> = self
            .process
            .call(request, provider_server::Provider::close_ephemeral_resource)
            .await;
        match reply.and_then(|reply| decode_diagnostics(&reply.diagnostics).into_result()) {
            Ok(diagnostics) => Outcome::new(Some(()), diagnostics),
            Err(errors) => Outcome::failed(errors),
        }
    }
}

fn time(timestamp: prost_types::Timestamp) -> SystemTime {
    let seconds = u64::try_from(timestamp.seconds).expect("a time after 1970");
    let nanos = u32::try_from(timestamp.nanos).expect("nanoseconds from 0");
    UNIX_EPOCH + Duration::new(seconds, nanos)
}
