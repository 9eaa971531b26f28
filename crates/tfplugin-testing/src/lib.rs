//! Tests Terraform providers in process, as Terraform would run them.
//!
//! [`Core`] plays Terraform Core for a provider that is written with [`tfplugin`]: it validates, refreshes, plans,
//! applies, imports, queries and invokes. It checks every reply by Terraform's own rules, and reports a broken one
//! under Terraform's own summary, such as "Provider produced inconsistent result after apply". No executable is built
//! and no Terraform is installed; a test takes milliseconds.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use serde_json::json;
//! use tfplugin::*;
//! use tfplugin_testing::{Core, UNKNOWN};
//!
//! struct Greeter;
//!
//! #[derive(Deserialize)]
//! struct Config {}
//!
//! impl Provider for Greeter {
//!     type Config = Config;
//!     type Client = ();
//!     const NAME: &'static str = "greeter";
//!     fn schema() -> Schema {
//!         Schema::new("Greets people.")
//!     }
//!     fn registry() -> Registry<()> {
//!         Registry::new().resource::<Person>()
//!     }
//!     async fn configure(&self, _: Config, _: &mut Context) -> Result<(), Diagnostics> {
//!         Ok(())
//!     }
//! }
//!
//! struct Person;
//!
//! #[derive(Serialize, Deserialize)]
//! struct Model {
//!     name: Attr<String>,
//!     text: Attr<String>,
//! }
//!
//! fn greet(plan: Model) -> Result<Model, Diagnostics> {
//!     let text = plan.name.as_ref().map(|name| format!("Hello, {name}!"));
//!     Ok(Model { text, ..plan })
//! }
//!
//! impl Resource for Person {
//!     type Client = ();
//!     type Model = Model;
//!     type Identity = NoIdentity;
//!     const NAME: &'static str = "greeter_person";
//!     fn schema() -> Schema {
//!         Schema::new("A person.")
//!             .attribute("name", Attribute::required(Type::String, "The name."))
//!             .attribute("text", Attribute::computed(Type::String, "The greeting."))
//!     }
//!     fn new(_: &()) -> Self {
//!         Self
//!     }
//!     async fn create(&self, plan: Model, _: &mut ApplyContext) -> Result<Model, Diagnostics> {
//!         greet(plan)
//!     }
//!     async fn read(&self, state: Model, _: &mut ResourceContext) -> Result<Option<Model>, Diagnostics> {
//!         Ok(Some(state))
//!     }
//!     async fn update(&self, plan: Model, _: Model, _: &mut ApplyContext) -> Result<Model, Diagnostics> {
//!         greet(plan)
//!     }
//!     async fn delete(&self, _: Model, _: &mut ResourceContext) -> Result<(), Diagnostics> {
//!         Ok(())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let mut core = Core::start(|| Greeter).await;
//!
//! // A plan, its values, and its apply.
//! let plan = core.plan("greeter_person.example", json!({ "name": "Ada" })).await.expect_ok();
//! assert_eq!(plan.action, tfplugin_testing::ResourceAction::Create);
//! assert_eq!(plan.get("text"), UNKNOWN);
//! core.apply(plan).await.expect_ok();
//! assert_eq!(core.state("greeter_person.example").unwrap().get("text"), "Hello, Ada!");
//!
//! // Plans and applies, and checks that the next plan is empty.
//! let state = core.apply_config("greeter_person.example", json!({ "name": "Grace" })).await;
//! assert_eq!(state.get("text"), "Hello, Grace!");
//!
//! // An error, by its summary.
//! let outcome = core.validate("greeter_person.example", json!({})).await;
//! outcome.expect_error("Missing required argument");
//!
//! core.destroy("greeter_person.example").await.expect_ok();
//! assert!(core.state("greeter_person.example").is_none());
//! # }
//! ```
//!
//! Every operation starts the plugin anew, as Terraform does: what must last is in the state, or outside the plugin.
//! [`Core::plan_walk`] plans several resources in one process.
//! Warnings are allowed by [`expect_ok`](Outcome::expect_ok) and refused by [`expect_no_diagnostics`](Outcome::expect_no_diagnostics).
//!
//! # Layout
//!
//! - [`Core`] has a method for each command and block of Terraform: [`plan`](Core::plan), [`apply`](Core::apply),
//!   [`import`](Core::import), [`moved`](Core::moved), [`read_data`](Core::read_data),
//!   [`open_ephemeral`](Core::open_ephemeral), [`list`](Core::list), [`invoke_action`](Core::invoke_action), ….
//! - [`HostProfile`] plays several versions of Terraform and OpenTofu: [`Core::on`].
//! - [`assert_agrees`] checks that all RPCs that describe the provider agree.
//! - `executable`, behind the feature of that name, starts the built executable as Terraform does.
//! - [`rpc`] calls single RPCs, and [`schema`] reads schemas. They are for tests of an SDK; a provider's tests seldom
//!   need them.
//!
//! Not here: the language (references, `count`, modules), and how Terraform displays things.

mod action;
mod agreement;
mod apply;
mod built;
mod change;
mod commands;
mod config;
mod core;
mod data_source;
mod ephemeral;
#[cfg(feature = "executable")]
pub mod executable;
mod generated_config;
mod host;
mod identity;
mod list_resource;
mod moved;
mod operation;
mod outcome;
mod plan;
mod plan_walk;
mod process;
mod read;
mod rules;
pub mod schema;
mod state;
mod wire;

pub use self::action::PlannedAction;
pub use self::agreement::{assert_agrees, assert_has_no_functions};
pub use self::built::built_example;
pub use self::config::UNKNOWN;
pub use self::core::Core;
pub use self::ephemeral::Opened;
pub use self::host::{HostProfile, OpenCapabilities, Walk};
pub use self::list_resource::{ListResult, Query};
pub use self::moved::MoveSource;
pub use self::outcome::Outcome;
pub use self::plan::{Plan, ResourceAction};
pub use self::plan_walk::PlanWalk;
pub use self::state::StoredObject;

/// Single RPCs, for tests that send requests which [`Core`] would not send.
///
/// [`Core::process`] starts a plugin for them.
pub mod rpc {
    pub use crate::config::{config_value, to_json};
    pub use crate::identity::identity_data;
    pub use crate::process::Process;
    pub use crate::wire::{decode_diagnostics, decode_value, encode_value, malformed_values};
}
