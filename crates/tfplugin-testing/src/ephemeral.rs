//! Ephemeral resources (Terraform: `internal/terraform/node_resource_ephemeral.go`).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostics, Provider, Value};

use super::host::OpenSays;
use super::process::{Process, Walk, capabilities, dynamic, told, value};
use super::read::not_deferred;
use super::{Core, HostProfile, Outcome, broken, config, outcome, rules};

/// An ephemeral resource that is open.
pub struct Opened<P: Provider> {
    host: HostProfile,
    process: Process<P>,
    type_name: String,
    result: Value,
    /// `None`: the configuration is not known yet, nothing was opened.
    private: Option<Private>,
    /// When the provider wants it to be renewed.
    pub renew_at: Option<SystemTime>,
}

struct Private {
    opened: Option<Vec<u8>>,
    renewed: Option<Vec<u8>>,
}

impl<P: Provider> Core<P> {
    /// Opens an ephemeral resource. In the plan walk nothing is called while the configuration is not known, and the
    /// result is unknown.
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
        let mut messages = Diagnostics::new();
        let result = self.open(walk, type_name, &config, &mut messages).await;
        outcome(result, messages)
    }

    async fn open(
        &self,
        walk: Walk,
        type_name: &str,
        config: &Json,
        messages: &mut Diagnostics,
    ) -> Result<Opened<P>, Diagnostics> {
        let schema = self
            .schemas
            .ephemeral_resources
            .get(type_name)
            .unwrap_or_else(|| panic!("the provider has no ephemeral resource {type_name:?}"));
        let config = config::decode(schema, config)?;
        let process = self.walk(walk, messages).await?;
        let request = proto::validate_ephemeral_resource_config::Request {
            type_name: type_name.to_owned(),
            config: dynamic(&config, &schema.ty),
        };
        let reply: proto::validate_ephemeral_resource_config::Response = process
            .call(
                request,
                provider_server::Provider::validate_ephemeral_resource_config,
            )
            .await?;
        messages.extend(told(&reply.diagnostics).into_result()?);
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
            config: dynamic(&config, &schema.ty),
            client_capabilities: match self.host.open_says {
                OpenSays::Nothing => Some(proto::ClientCapabilities::default()),
                OpenSays::WriteOnly => Some(proto::ClientCapabilities {
                    write_only_attributes_allowed: true,
                    ..Default::default()
                }),
                OpenSays::Everything => capabilities(self.host, walk),
            },
        };
        let reply: proto::open_ephemeral_resource::Response = opened
            .process
            .call(request, provider_server::Provider::open_ephemeral_resource)
            .await?;
        // From here on an error means that Close is never called.
        messages.extend(told(&reply.diagnostics).into_result()?);
        not_deferred(reply.deferred)?;
        let result = value(reply.result, &schema.ty)?;
        let mut problems = rules::conformance_problems(&schema.ty, &result);
        problems.extend(rules::plan_problems(schema, &Value::Null, &config, &result));
        if !self.host.unknown_ephemeral_results && !result.is_wholly_known() {
            problems.push("it is not wholly known".to_owned());
        }
        broken(
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
    /// What it holds.
    pub fn result(&self) -> Json {
        config::json(&self.result)
    }

    /// One attribute of it.
    #[track_caller]
    pub fn get(&self, attribute: &str) -> Json {
        if self.result.is_unknown() {
            return config::json(&self.result);
        }
        let value = self
            .result
            .attribute(attribute)
            .unwrap_or_else(|| panic!("the result has no attribute {attribute:?}"));
        config::json(value)
    }

    /// Renews it, as Terraform does when its time has come.
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
            let messages = told(&reply.diagnostics).into_result()?;
            private.renewed = Some(reply.private.unwrap_or_default());
            self.renew_at = reply.renew_at.map(time);
            Ok(messages)
        });
        match result {
            Ok(messages) => Outcome::new(Some(()), messages),
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
        match reply.and_then(|reply| told(&reply.diagnostics).into_result()) {
            Ok(messages) => Outcome::new(Some(()), messages),
            Err(errors) => Outcome::failed(errors),
        }
    }
}

fn time(timestamp: prost_types::Timestamp) -> SystemTime {
    let seconds = u64::try_from(timestamp.seconds).expect("a time after 1970");
    let nanos = u32::try_from(timestamp.nanos).expect("nanoseconds from 0");
    UNIX_EPOCH + Duration::new(seconds, nanos)
}
