//! A Terraform plugin SDK in Rust, for protocol 6.
//!
//! An author writes plain structs with serde derives and plain `async fn`s; there are no procedural macros.
//!
//! # Tutorial
//!
//! A complete provider, with a resource, a data source and an ephemeral resource:
//!
//! ```no_run
//! use serde::{Deserialize, Serialize};
//! use std::process::ExitCode;
//! use tfplugin::*;
//!
//! struct Greeter; // provider "greeter" { greeting = "Hello" }
//! #[derive(Deserialize)] struct Config { greeting: Attr<String> }
//! impl Provider for Greeter {
//!     type Config = Config; type Client = Attr<String>; // what the objects work with: usually an API client
//!     const NAME: &'static str = "greeter";
//!     fn schema() -> Schema {
//!         Schema::new("Greets.").attribute("greeting", Attribute::optional(Type::String, "The first word."))
//!     }
//!     fn registry() -> Registry<Attr<String>> {
//!         Registry::new().resource::<Person>().data_source::<Call>().ephemeral_resource::<Whisper>()
//!     }
//!     async fn configure(&self, config: Config, _: &mut Context) -> Result<Attr<String>, Diagnostics> {
//!         Ok(config.greeting) // may be unknown while planning
//!     }
//! }
//! #[derive(Serialize, Deserialize)]
//! struct Model { name: Attr<String>, text: Attr<String> } // one field for each attribute
//! fn schema(description: &'static str) -> Schema {
//!     let name = Attribute::required(Type::String, "The person to greet.");
//!     let text = Attribute::computed(Type::String, "The greeting.");
//!     Schema::new(description).attribute("name", name).attribute("text", text)
//! }
//! fn greet(with: &Attr<String>, Model { name, .. }: Model) -> Result<Model, Diagnostics> {
//!     if with.is_unknown() { return Err(Diagnostic::error("Greeting Not Known Yet", "Apply its source first.").into()); }
//!     let with = with.known().map_or("Hello", String::as_str);
//!     Ok(Model { text: name.as_ref().map(|name| format!("{with}, {name}!")), name })
//! }
//! struct Person(Attr<String>); // resource "greeter_person" "example" { name = "Ada" }
//! impl Resource for Person {
//!     type Client = Attr<String>; type Model = Model; type Identity = NoIdentity; const NAME: &'static str = "greeter_person";
//!     fn schema() -> Schema { schema("A person who is greeted.") }
//!     fn new(greeting: &Attr<String>) -> Self { Self(greeting.clone()) }
//!     async fn create(&self, plan: Model, _: &mut ApplyContext) -> Result<Model, Diagnostics> { greet(&self.0, plan) }
//!     async fn read(&self, state: Model, _: &mut ResourceContext) -> Result<Option<Model>, Diagnostics> { Ok(Some(state)) }
//!     async fn update(&self, plan: Model, _: Model, _: &mut ApplyContext) -> Result<Model, Diagnostics> { greet(&self.0, plan) }
//!     async fn delete(&self, _: Model, _: &mut ResourceContext) -> Result<(), Diagnostics> { Ok(()) }
//! }
//! struct Call(Attr<String>); // data "greeter_call" "example" { name = "Ada" }
//! impl DataSource for Call {
//!     type Client = Attr<String>; type Model = Model; const NAME: &'static str = "greeter_call";
//!     fn schema() -> Schema { schema("A greeting that is read.") }
//!     fn new(greeting: &Attr<String>) -> Self { Self(greeting.clone()) }
//!     async fn read(&self, config: Model, _: &mut Context) -> Result<Model, Diagnostics> { greet(&self.0, config) }
//! }
//! struct Whisper(Attr<String>); // ephemeral "greeter_whisper" "example" { name = "Ada" }
//! impl EphemeralResource for Whisper {
//!     type Client = Attr<String>; type Model = Model; const NAME: &'static str = "greeter_whisper";
//!     fn schema() -> Schema { schema("A greeting that is never stored.") }
//!     fn new(greeting: &Attr<String>) -> Self { Self(greeting.clone()) }
//!     async fn open(&self, config: Model, _: &mut OpenContext) -> Result<Model, Diagnostics> { greet(&self.0, config) }
//! }
//! fn main() -> ExitCode {
//!     let plugin = Plugin { name: "terraform-provider-greeter", version: "0.1.0", about: "Greets people.",
//!         source: "registry.terraform.io/example/greeter", documentation: "https://example.com/greeter" };
//!     serve(plugin, |lifecycle| Server::new(Greeter, lifecycle))
//! }
//! ```
//!
//! It depends on `tfplugin-rs` and on `serde` with `derive`. To try it, build it, name the folder of the executable in
//! `dev_overrides` of Terraform's CLI configuration, and run `terraform plan`. The README of the crate says which build
//! settings to copy: without them each start takes 31 ms longer.
//!
//! Next steps:
//!
//! - Plans: [`Attribute::requires_replace`], [`Attribute::use_state_for_unknown`], [`schema::PlanModifier`],
//!   [`Resource::modify_plan`].
//! - Validation: [`schema::validator`], and the `validate` of each trait.
//! - Nested attributes and blocks: [`schema::Nested`], [`schema::Block`].
//! - Secrets: [`Sensitive`], and [`Attribute::write_only`], whose value is only in [`ApplyContext::config`].
//! - Diagnostics: [`Diagnostic`], `?` on [`Diagnostics`], [`Context::add`]. Before a step that may fail after the object
//!   exists: [`ApplyContext::record`].
//! - Import: [`Resource::import`], by identity too: [`Resource::identify`]. States of other types and providers: [`Move`].
//!   Generated configuration: [`Resource::generate_config`].
//! - Private data beside the state: [`ResourceContext::private_mut`].
//! - Tests: assert that [`Provider::problems`] is empty; the crate `tfplugin-testing` plays Terraform in process.
//! - Pages for the Terraform Registry: the module `docs`, with the feature of that name.
//!
//! # Layout
//!
//! Each module uses only modules to its left:
//!
//! ```text
//! path → value, diag → schema → resource, ephemeral, data source, list, action → registry, provider → server → serve
//!                          └──→ docs (renders Registry pages from a schema)
//! ```
//!
//! - [`Path`], [`Value`], [`Type`], [`Attr`], [`Sensitive`]: Terraform's values, and the fields of a model that hold them;
//!   the codecs are in [`value`].
//! - [`Diagnostic`], [`Diagnostics`]: errors and warnings.
//! - [`Schema`], [`Attribute`], [`schema::Nested`], [`schema::Block`], [`schema::validator`], [`schema::PlanModifier`].
//! - [`Resource`], [`EphemeralResource`], [`DataSource`], [`ListResource`], [`Action`]: what an author implements.
//!   [`Context`] and the contexts that extend it: what a call offers besides its arguments.
//! - [`Provider`], [`Registry`]: the configuration of a provider, and its objects.
//! - [`Server`]: the protocol's logic. [`serve()`]: the plugin's process.

#![deny(clippy::disallowed_methods)]

mod action;
mod adapter;
mod attr;
mod context;
mod data_source;
mod diag;
#[cfg(feature = "docs")]
pub mod docs;
mod ephemeral;
mod host;
mod identity;
mod lifecycle;
mod list_resource;
mod moves;
mod path;
mod private;
mod provider;
mod registry;
mod resource;
pub mod schema;
mod sensitive;
pub mod serve;
pub mod server;
pub mod value;

pub use action::{Action, Progress};
pub use attr::Attr;
pub use context::{ApplyContext, CloseContext, Context, OpenContext, PlanContext, ResourceContext};
pub use data_source::DataSource;
pub use diag::{Diagnostic, Diagnostics, Severity};
pub use ephemeral::EphemeralResource;
pub use host::Host;
pub use identity::{ImportBy, NoIdentity};
pub use lifecycle::{Lifecycle, WorkGuard};
pub use list_resource::{ListResource, ListResults};
pub use moves::Move;
pub use path::{Path, PathStep};
pub use private::Private;
pub use provider::Provider;
pub use registry::Registry;
pub use resource::{Change, Resource};
pub use schema::{Attribute, IdentityAttribute, IdentitySchema, Schema};
pub use sensitive::Sensitive;
pub use serve::{Plugin, serve};
pub use server::Server;
pub use value::{Type, Value};
