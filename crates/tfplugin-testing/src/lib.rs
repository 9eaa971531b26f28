//! [`Core`]: Terraform's part in the tests.
//!
//! It does with a provider what Terraform Core does, and demands of it what Terraform Core demands, under Terraform's
//! own names ("Provider produced inconsistent result after apply", …). Every operation starts the plugin anew, as
//! Terraform does; what must last is in the state, or outside the plugin.
//!
//! ```ignore
//! let mut core = Core::start(|| Echo::new(world.clone())).await;
//! let plan = core.plan("echo_value.example", json!({ "plain": "a" })).await.expect_ok();
//! core.apply(plan).await.expect_ok();
//! assert_eq!(core.state("echo_value.example").unwrap().get("plain"), "a");
//! ```
//!
//! Values that are not known yet are [`UNKNOWN`] in a configuration. What is not here: the language (references,
//! count, modules), and how Terraform shows things.

mod acting;
mod agreement;
mod apply;
mod built;
mod change;
mod config;
mod data_source;
mod ephemeral;
#[cfg(feature = "executable")]
pub mod executable;
mod garbage;
mod generated;
mod host;
mod identity;
mod listing;
mod moved;
mod outcome;
mod plan;
mod process;
mod read;
mod rules;
mod schema;
mod state;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use tfplugin::{Diagnostic, Diagnostics, Provider, Value};

pub use self::acting::PlannedAction;
pub use self::agreement::{assert_agrees, assert_has_no_functions};
pub use self::built::built_example;
pub use self::config::UNKNOWN;
pub use self::garbage::garbage;
pub use self::host::HostProfile;
pub use self::identity::identity_data;
pub use self::listing::{Listed, Query};
pub use self::moved::Foreign;
pub use self::outcome::Outcome;
pub use self::plan::{Action, Plan};
pub use self::process::{Process, Walk, dynamic, told, value};
pub use self::schema::{ObjectSchema, Schemas};
pub use self::state::StoredObject;

use self::state::Instance;

/// Terraform Core, with one provider and a state.
pub struct Core<P: Provider> {
    start: Box<dyn Fn() -> P>,
    host: HostProfile,
    schemas: Schemas,
    provider: Json,
    create_before_destroy: BTreeSet<String>,
    refreshes: bool,
    state: BTreeMap<String, Instance>,
}

impl<P: Provider> Core<P> {
    /// Terraform 1.11.4 with an empty state and an empty provider block. `start` starts the plugin.
    #[track_caller]
    pub fn start(start: impl Fn() -> P + 'static) -> impl Future<Output = Self> {
        let start = Box::new(start);
        async move {
            let schemas = Process::start(start())
                .schemas()
                .await
                .unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
            Self {
                start,
                host: HostProfile::TERRAFORM_1_11,
                schemas,
                provider: json!({}),
                create_before_destroy: BTreeSet::new(),
                refreshes: true,
                state: BTreeMap::new(),
            }
        }
    }

    /// The same in another program.
    #[must_use]
    pub fn on(mut self, host: HostProfile) -> Self {
        self.host = host;
        self
    }

    /// The program that runs the provider.
    pub fn host(&self) -> HostProfile {
        self.host
    }

    /// What the provider declares.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// The provider block, from now on.
    pub fn provider_config(&mut self, config: Json) {
        self.provider = config;
    }

    /// Gives a resource `lifecycle { create_before_destroy = true }`.
    pub fn create_before_destroy(&mut self, address: &str) {
        self.create_before_destroy.insert(address.to_owned());
    }

    /// Takes it away again.
    pub fn destroy_before_create(&mut self, address: &str) {
        self.create_before_destroy.remove(address);
    }

    /// Whether plans look at what there is, from now on; `false` is `-refresh=false`.
    pub fn refreshes(&mut self, refreshes: bool) {
        self.refreshes = refreshes;
    }

    /// What the state holds.
    pub fn state(&self, address: &str) -> Option<&StoredObject> {
        self.state.get(address)?.current.as_ref()
    }

    /// Objects whose successor exists, and that are still to be deleted.
    pub fn deposed(&self, address: &str) -> &[StoredObject] {
        self.state
            .get(address)
            .map(|instance| instance.deposed.as_slice())
            .unwrap_or_default()
    }

    /// Puts an object into the state, as another version of the provider or a hand may have.
    pub fn set_state(&mut self, address: &str, object: StoredObject) {
        self.instance(address).current = Some(object);
    }

    /// Takes everything under an address out of the state, as `terraform state rm` does.
    pub fn forget(&mut self, address: &str) {
        self.state.remove(address);
    }

    /// Validates a resource's configuration, as `terraform validate` does: nothing is configured.
    pub async fn validate(&self, address: &str, config: Json) -> Outcome<()> {
        let mut told = Diagnostics::new();
        let result = async {
            let schema = self.resource_schema(address);
            let config = config::decode(schema, &config)?;
            let process = self.walk(Walk::Validate, &mut told).await?;
            self.validate_resource(&process, address, schema, &config, &mut told)
                .await
        }
        .await;
        outcome(result, told)
    }

    /// Plans, applies, and demands that the next plan is empty. Returns what the state then holds.
    pub async fn apply_config(&mut self, address: &str, config: Json) -> StoredObject {
        let plan = self.plan(address, config.clone()).await.expect_ok();
        self.apply(plan).await.expect_ok();
        let next = self.plan(address, config).await.expect_ok();
        assert_eq!(
            next.action,
            Action::NoOp,
            "the plan after the apply is not empty: {} becomes {}",
            next.before(),
            next.after()
        );
        self.state(address)
            .expect("an applied object is in the state")
            .clone()
    }

    /// `terraform destroy`.
    pub async fn destroy(&mut self, address: &str) -> Outcome<()> {
        let planned = self.plan_destroy(address).await;
        self.apply_outcome(planned).await
    }

    /// `terraform apply -replace`.
    pub async fn replace(&mut self, address: &str, config: Json) -> Outcome<()> {
        let planned = self.plan_replace(address, config).await;
        self.apply_outcome(planned).await
    }

    async fn apply_outcome(&mut self, planned: Outcome<Plan>) -> Outcome<()> {
        let Some(plan) = planned.value else {
            return Outcome::failed(planned.diagnostics);
        };
        let mut told = planned.diagnostics;
        let applied = self.apply(plan).await;
        told.extend(applied.diagnostics);
        Outcome::new(applied.value, told)
    }

    /// A plugin process, configured for a walk. The validate walk does not configure.
    pub async fn walk(
        &self,
        walk: Walk,
        told: &mut Diagnostics,
    ) -> Result<Process<P>, Diagnostics> {
        let process = Process::start((self.start)());
        let schema = &self.schemas.provider;
        let config = config::decode(schema, &self.provider)?;
        let diagnostics = process
            .configure(self.host, walk, &config, &schema.ty)
            .await?;
        told.extend(diagnostics);
        Ok(process)
    }

    /// A plugin process for tests that call it themselves.
    pub async fn process(&self, walk: Walk) -> Process<P> {
        let mut told = Diagnostics::new();
        let process = self.walk(walk, &mut told).await;
        process.unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
    }

    /// The schema of a resource by its address, or by its type alone.
    #[track_caller]
    pub fn resource_schema(&self, address: &str) -> &ObjectSchema {
        let name = type_name(address);
        self.schemas
            .resources
            .get(name)
            .unwrap_or_else(|| panic!("the provider has no resource {name:?}"))
    }

    fn instance(&mut self, address: &str) -> &mut Instance {
        self.state.entry(address.to_owned()).or_default()
    }
}

/// A configuration as the provider gets it; for tests that call it themselves.
#[track_caller]
pub fn object(schema: &ObjectSchema, config: Json) -> Value {
    config::decode(schema, &config).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// A value as JSON, to be looked at.
pub fn shown(value: &Value) -> Json {
    config::json(value)
}

fn type_name(address: &str) -> &str {
    address.split('.').next().unwrap_or(address)
}

fn outcome<T>(result: Result<T, Diagnostics>, mut told: Diagnostics) -> Outcome<T> {
    match result {
        Ok(value) => Outcome::new(Some(value), told),
        Err(diagnostics) => {
            told.extend(diagnostics);
            Outcome::failed(told)
        }
    }
}

/// The provider broke a rule; `summary` is Terraform's.
fn broken(summary: &str, address: &str, problems: &[String]) -> Result<(), Diagnostics> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(Diagnostic::error(summary, format!("{address}:\n{}", problems.join("\n"))).into())
}
