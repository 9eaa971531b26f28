//! A Terraform plugin SDK: protocol 6, in Rust. It knows nothing of any particular provider.
//!
//! An author writes plain structs with serde derives and plain `async fn`s:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use terraform_provider_tfe::tfplugin::{
//!     Attr, Attribute, Context, Diagnostics, NoIdentity, Provider, Registry, Resource, Schema, Type,
//! };
//!
//! /// The provider: `provider "greeter" { greeting = "Hello" }`.
//! struct Greeter;
//!
//! #[derive(Deserialize)]
//! struct Config {
//!     greeting: Attr<String>,
//! }
//!
//! impl Provider for Greeter {
//!     type Config = Config;
//!     type Client = String;
//!     const NAME: &'static str = "greeter";
//!
//!     fn schema() -> Schema {
//!         let greeting = Attribute::optional(Type::String, "How to greet; `Hello` if left out.");
//!         Schema::new("Greets people.").attribute("greeting", greeting)
//!     }
//!     fn registry() -> Registry<Self> {
//!         Registry::new().resource::<Person>()
//!     }
//!     async fn configure(&self, config: Config, _: &mut Context) -> Result<String, Diagnostics> {
//!         Ok(config.greeting.into_known().unwrap_or("Hello".to_owned()))
//!     }
//! }
//!
//! /// `resource "greeter_person" "example" { name = "Ada" }`.
//! struct Person(String);
//!
//! #[derive(Serialize, Deserialize)]
//! struct PersonModel {
//!     name: Attr<String>,
//!     greeting: Attr<String>,
//! }
//!
//! impl Resource for Person {
//!     type Provider = Greeter;
//!     type Model = PersonModel;
//!     type Identity = NoIdentity;
//!     const NAME: &'static str = "greeter_person";
//!
//!     fn schema() -> Schema {
//!         let name = Attribute::required(Type::String, "Whom to greet.").requires_replace();
//!         let greeting = Attribute::computed(Type::String, "The greeting.").use_state_for_unknown();
//!         Schema::new("Somebody who is greeted.").attribute("name", name).attribute("greeting", greeting)
//!     }
//!     fn new(greeting: &String) -> Self {
//!         Self(greeting.clone())
//!     }
//!     async fn create(&self, mut plan: PersonModel, _: &mut Context) -> Result<PersonModel, Diagnostics> {
//!         plan.greeting = format!("{}, {}", self.0, plan.name.known().map_or("you", |name| name)).into();
//!         Ok(plan)
//!     }
//!     async fn read(&self, state: PersonModel, _: &mut Context) -> Result<Option<PersonModel>, Diagnostics> {
//!         Ok(Some(state))
//!     }
//!     async fn delete(&self, _: PersonModel, _: &mut Context) -> Result<(), Diagnostics> {
//!         Ok(())
//!     }
//! }
//! ```
//!
//! The executable's `main` hands a [`Server`] of it to [`serve`].
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
//! - [`Schema`], [`Attribute`], [`schema::validator`], [`schema::PlanModifier`].
//! - [`Resource`], [`EphemeralResource`], [`DataSource`], [`ListResource`], [`Action`]: what an author implements; [`Context`] is
//!   what a call may know and report besides.
//! - [`Provider`], [`Registry`]: what a plugin is and offers.
//! - [`Server`]: the protocol's logic; [`serve`]: the plugin's process.
//!
//! Not here yet, but with a place: nested blocks and attributes ([`schema`]), debug mode ([`serve`]).

mod action;
mod adapter;
mod attr;
mod context;
mod data_source;
mod diag;
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
