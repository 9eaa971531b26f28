//! [`Core`]: one provider, its host, and a state.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use tfplugin::{Diagnostics, Provider};

use super::config;
use super::host::{HostProfile, Walk};
use super::process::Process;
use super::schema::{ObjectSchema, Schemas, type_name};
use super::state::{Instance, StoredObject};

/// Terraform Core, with one provider and a state.
///
/// Addresses are those of Terraform, such as `greeter_person.example`: the part before the dot is the type of the
/// resource. Configurations are JSON objects: what is left out is null, and [`UNKNOWN`](crate::UNKNOWN) is a value that
/// is known after apply.
pub struct Core<P: Provider> {
    pub(crate) start: Box<dyn Fn() -> P>,
    pub(crate) host: HostProfile,
    pub(crate) schemas: Schemas,
    pub(crate) provider: Json,
    pub(crate) create_before_destroy: BTreeSet<String>,
    pub(crate) refreshes: bool,
    pub(crate) state: BTreeMap<String, Instance>,
}

impl<P: Provider> Core<P> {
    /// Starts Terraform 1.11 with an empty state and an empty provider block.
    ///
    /// `start` makes the provider. It is called for every start of the plugin.
    ///
    /// # Panics
    ///
    /// Panics if Terraform would refuse the provider's schemas.
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

    /// Sets the host to play, such as another version of Terraform.
    #[must_use]
    pub fn on(mut self, host: HostProfile) -> Self {
        self.host = host;
        self
    }

    /// Returns the host that is played.
    pub fn host(&self) -> HostProfile {
        self.host
    }

    /// Returns the schemas that the provider declares.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// Sets the configuration of the provider block.
    pub fn provider_config(&mut self, config: Json) {
        self.provider = config;
    }

    /// Sets `lifecycle { create_before_destroy = true }` for a resource.
    pub fn create_before_destroy(&mut self, address: &str) {
        self.create_before_destroy.insert(address.to_owned());
    }

    /// Removes `create_before_destroy` from a resource.
    pub fn destroy_before_create(&mut self, address: &str) {
        self.create_before_destroy.remove(address);
    }

    /// Stops plans from refreshing the state, as `-refresh=false` does.
    pub fn disable_refresh(&mut self) {
        self.refreshes = false;
    }

    /// Lets plans refresh the state again.
    pub fn enable_refresh(&mut self) {
        self.refreshes = true;
    }

    /// Returns the object in the state; `None` if the state does not have it.
    pub fn state(&self, address: &str) -> Option<&StoredObject> {
        self.state.get(address)?.current.as_ref()
    }

    /// Returns the deposed objects: those that were replaced and are still to be deleted.
    pub fn deposed(&self, address: &str) -> &[StoredObject] {
        self.state
            .get(address)
            .map(|instance| instance.deposed.as_slice())
            .unwrap_or_default()
    }

    /// Puts an object into the state, such as one that another version of the provider has written.
    pub fn set_state(&mut self, address: &str, object: StoredObject) {
        self.instance(address).current = Some(object);
    }

    /// Removes an address from the state, as `terraform state rm` does.
    pub fn forget(&mut self, address: &str) {
        self.state.remove(address);
    }

    /// Starts the plugin and configures it for a walk, except for the validate walk. Warnings are added to
    /// `diagnostics`.
    ///
    /// # Errors
    ///
    /// Returns the errors of the provider block.
    pub async fn walk(
        &self,
        walk: Walk,
        diagnostics: &mut Diagnostics,
    ) -> Result<Process<P>, Diagnostics> {
        let process = Process::start((self.start)());
        let schema = &self.schemas.provider;
        let config = config::decode(schema, &self.provider)?;
        let warnings = process
            .configure(self.host, walk, &config, &schema.ty)
            .await?;
        diagnostics.extend(warnings);
        Ok(process)
    }

    /// Starts the plugin and configures it for a walk, for a test that calls RPCs itself.
    ///
    /// # Panics
    ///
    /// Panics if the provider block has an error.
    pub async fn process(&self, walk: Walk) -> Process<P> {
        let mut diagnostics = Diagnostics::new();
        let process = self.walk(walk, &mut diagnostics).await;
        process.unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
    }

    /// Returns the schema of a resource by its address, or by its type.
    ///
    /// # Panics
    ///
    /// Panics if the provider does not have it.
    #[track_caller]
    pub fn resource_schema(&self, address: &str) -> &ObjectSchema {
        let name = type_name(address);
        self.schemas
            .resources
            .get(name)
            .unwrap_or_else(|| panic!("the provider has no resource {name:?}"))
    }

    pub(crate) fn instance(&mut self, address: &str) -> &mut Instance {
        self.state.entry(address.to_owned()).or_default()
    }
}
