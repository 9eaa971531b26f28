//! A Terraform plugin SDK: protocol 6, in Rust. It knows nothing of any particular provider.
//!
//! An author writes plain structs with serde derives and plain `async fn`s.
//!
//! # Tutorial
//!
//! A whole provider, with a resource, a data source and an ephemeral resource:
//!
//! ```no_run
//! use std::process::ExitCode;
//! use serde::{Deserialize, Serialize};
//! use tfplugin::{serve::{Plugin, serve}, *};
//!
//! struct Greeter; // provider "greeter" { greeting = "Hello" }
//! #[derive(Deserialize)] struct Config { greeting: Attr<String> }
//! impl Provider for Greeter {
//!     type Config = Config; type Client = Attr<String>; // what the resources work with: mostly an API client
//!     const NAME: &'static str = "greeter";
//!     fn schema() -> Schema {
//!         Schema::new("Greets.").attribute("greeting", Attribute::optional(Type::String, "How."))
//!     }
//!     fn registry() -> Registry<Self> {
//!         Registry::new().resource::<Person>().data_source::<Call>().ephemeral_resource::<Whisper>()
//!     }
//!     async fn configure(&self, config: Config, _: &mut Context) -> Result<Attr<String>, Diagnostics> {
//!         Ok(config.greeting) // may be unknown while planning: whoever needs it says so then
//!     }
//! }
//! #[derive(Serialize, Deserialize)]
//! struct Model { name: Attr<String>, text: Attr<String> } // a field for every attribute
//! fn schema(about: &'static str) -> Schema {
//!     let name = Attribute::required(Type::String, "Whom to greet.");
//!     let text = Attribute::computed(Type::String, "The greeting.");
//!     Schema::new(about).attribute("name", name).attribute("text", text)
//! }
//! fn greet(with: &Attr<String>, Model { name, .. }: Model) -> Result<Model, Diagnostics> {
//!     if with.is_unknown() { return Err(Diagnostic::error("Greeting Not Known Yet", "Apply what it comes from first.").into()); }
//!     let with = with.known().map_or("Hello", String::as_str);
//!     Ok(Model { text: name.as_ref().map(|name| format!("{with}, {name}!")), name })
//! }
//! struct Person(Attr<String>); // resource "greeter_person" "example" { name = "Ada" }
//! impl Resource for Person {
//!     type Provider = Greeter; type Model = Model; type Identity = NoIdentity; const NAME: &'static str = "greeter_person";
//!     fn schema() -> Schema { schema("Somebody who is greeted.") }
//!     fn new(greeting: &Attr<String>) -> Self { Self(greeting.clone()) }
//!     async fn create(&self, plan: Model, _: &mut Context) -> Result<Model, Diagnostics> { greet(&self.0, plan) }
//!     async fn read(&self, state: Model, _: &mut Context) -> Result<Option<Model>, Diagnostics> { Ok(Some(state)) }
//!     async fn update(&self, plan: Model, _: Model, _: &mut Context) -> Result<Model, Diagnostics> { greet(&self.0, plan) }
//!     async fn delete(&self, _: Model, _: &mut Context) -> Result<(), Diagnostics> { Ok(()) }
//! }
//! struct Call(Attr<String>); // data "greeter_call" "example" { name = "Ada" }
//! impl DataSource for Call {
//!     type Provider = Greeter; type Model = Model; const NAME: &'static str = "greeter_call";
//!     fn schema() -> Schema { schema("A greeting that is looked up.") }
//!     fn new(greeting: &Attr<String>) -> Self { Self(greeting.clone()) }
//!     async fn read(&self, config: Model, _: &mut Context) -> Result<Model, Diagnostics> { greet(&self.0, config) }
//! }
//! struct Whisper(Attr<String>); // ephemeral "greeter_whisper" "example" { name = "Ada" }: kept nowhere
//! impl EphemeralResource for Whisper {
//!     type Provider = Greeter; type Model = Model; const NAME: &'static str = "greeter_whisper";
//!     fn schema() -> Schema { schema("A greeting that nobody else hears.") }
//!     fn new(greeting: &Attr<String>) -> Self { Self(greeting.clone()) }
//!     async fn open(&self, config: Model, _: &mut Context) -> Result<Model, Diagnostics> { greet(&self.0, config) }
//! }
//! fn main() -> ExitCode {
//!     let plugin = Plugin { name: "terraform-provider-greeter", version: "0.1.0", about: "Greets people.",
//!         source: "registry.terraform.io/example/greeter", documentation: "https://example.com/greeter" };
//!     serve(plugin, |lifecycle| Server::new(Greeter, lifecycle))
//! }
//! ```
//!
//! Its dependencies are this crate, by its path or its repository, and `serde` with `derive`. Without this repository's
//! `.cargo/config.toml` it is linked dynamically and starts 31 ms later: copy it. Build it, name its folder in `dev_overrides` of Terraform's CLI configuration, and run `terraform plan`.
//!
//! From here on:
//!
//! - in managed resources, a change that needs a new object: [`Attribute::requires_replace`]; a computed value that stays:
//!   [`Attribute::use_state_for_unknown`]; others' rules: [`schema::PlanModifier`], [`Resource::modify_plan`];
//! - what is configured wrongly: [`schema::validator`], [`Resource::validate`];
//! - objects within objects: [`schema::Nested`], [`schema::Block`];
//! - secrets: [`Sensitive`], [`Attribute::write_only`], whose value is in [`Context::config`] alone;
//! - what went wrong: [`Diagnostic`], and `?` on [`Diagnostics`]; a step that may fail after the object is there:
//!   [`Context::record`];
//! - import: [`Resource::import`], by what tells an object from all others, too: [`Resource::identify`]; states of other
//!   types and providers: [`Move`]; configuration that Terraform writes: [`Resource::generate_config`];
//! - what is kept beside the state: [`Context::private_mut`];
//! - a test that demands [`Registry::problems`] and [`Registry::schema_problems`] to be empty, and the Registry's pages:
//!   [`docs`].
//!
//! # Layout
//!
//! Each uses only what stands to its left:
//!
//! ```text
//! path → value, diag → schema → resource, ephemeral, data source, list, action → provider → server → serve
//!                          └──→ docs (renders Registry pages from a schema)
//! ```
//!
//! - [`Path`], [`Value`], [`Type`], [`Attr`], [`Sensitive`]: Terraform's values, and how a struct
//!   holds them; [`value`] has the codecs.
//! - [`Diagnostic`], [`Diagnostics`]: what a practitioner is told.
//! - [`Schema`], [`Attribute`], [`schema::Nested`], [`schema::Block`], [`schema::validator`],
//!   [`schema::PlanModifier`].
//! - [`Resource`], [`EphemeralResource`], [`DataSource`], [`ListResource`], [`Action`]: what an
//!   author implements; [`Context`] is what a call may know and report besides.
//! - [`Provider`], [`Registry`]: what a plugin is and offers.
//! - [`Server`]: the protocol's logic; [`serve`]: the plugin's process.

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
mod resource;
pub mod schema;
mod sensitive;
pub mod serve;
pub mod server;
pub mod value;

pub use action::{Action, Progress};
pub use attr::Attr;
pub use context::Context;
pub use data_source::DataSource;
pub use diag::{Diagnostic, Diagnostics, Severity};
pub use ephemeral::EphemeralResource;
pub use host::Host;
pub use identity::{ImportBy, NoIdentity};
pub use lifecycle::{Lifecycle, WorkGuard};
pub use list_resource::{Found, ListResource, Wanted};
pub use moves::Move;
pub use path::{Path, Step};
pub use private::Private;
pub use provider::{Provider, Registry};
pub use resource::{Change, Resource};
pub use schema::{Attribute, IdentityAttribute, IdentitySchema, Schema};
pub use sensitive::Sensitive;
pub use server::Server;
pub use value::{Type, Value};
