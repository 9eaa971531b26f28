//! [`Plan`]: the plan of one resource (Terraform: `internal/terraform/node_resource_abstract_instance.go`, `plan`).

use serde_json::Value as Json;
use tfplugin::{Path, Value};

use super::config;
use super::read::InstanceObject;

/// What a plan does with a resource, as `plancheck.ResourceActionType` in terraform-plugin-testing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceAction {
    /// Nothing changes.
    NoOp,
    /// A new object is created.
    Create,
    /// The object is updated in place.
    Update,
    /// The object is replaced: deleted first.
    DeleteThenCreate,
    /// The object is replaced: with `create_before_destroy`, deleted last.
    CreateThenDelete,
    /// The object is deleted.
    Delete,
}

/// The plan of one resource.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) address: String,
    /// What an apply will do.
    pub action: ResourceAction,
    /// The paths that force the replacement.
    pub replace_paths: Vec<Path>,
    /// The paths for which the provider requires replacement. Terraform ignores those whose value does not change.
    pub requires_replace: Vec<Path>,
    pub(crate) config: Json,
    /// The refreshed object.
    pub(crate) prior: Option<InstanceObject>,
    pub(crate) deposed: Vec<InstanceObject>,
    pub(crate) planned: Value,
    /// The private data that the provider has planned.
    pub planned_private: Vec<u8>,
    pub(crate) planned_identity: Option<Value>,
}

impl Plan {
    /// Returns the refreshed object before the change; null for a creation.
    pub fn before(&self) -> Json {
        self.prior
            .as_ref()
            .map_or(Json::Null, |prior| config::to_json(&prior.value))
    }

    /// Returns the planned object; a value that is known after apply is [`UNKNOWN`](super::UNKNOWN).
    pub fn after(&self) -> Json {
        config::to_json(&self.planned)
    }

    /// Returns the planned identity; null if it is not known yet.
    pub fn identity(&self) -> Json {
        self.planned_identity
            .as_ref()
            .map_or(Json::Null, config::to_json)
    }

    /// Returns one attribute of the planned object.
    ///
    /// # Panics
    ///
    /// Panics if there is no such attribute.
    #[track_caller]
    pub fn get(&self, attribute: &str) -> Json {
        let value = self
            .planned
            .attribute(attribute)
            .unwrap_or_else(|| panic!("nothing is planned for {attribute:?}"));
        config::to_json(value)
    }

    /// Replaces the configuration, for the apply: its unknown values are known by then.
    #[must_use]
    pub fn with_config(mut self, config: Json) -> Self {
        self.config = config;
        self
    }
}
