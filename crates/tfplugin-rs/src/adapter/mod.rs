//! The typed adapters: between [`Value`]s, which the server works with, and the models of an author's objects.
//!
//! Each `Any…` trait has the methods of one kind of object that the server calls, for a provider whose client is `C`.
//! The adapter implements it for every author's type.
//!
//! [`Value`]: crate::value::Value

mod action;
mod data_source;
mod ephemeral;
mod list_resource;
mod object;
mod resource;

pub(crate) use action::{ActionAdapter, AnyAction};
pub(crate) use data_source::{AnyDataSource, DataSourceAdapter};
pub(crate) use ephemeral::{AnyEphemeralResource, EphemeralAdapter};
pub(crate) use list_resource::{AnyListResource, ListResourceAdapter};
pub(crate) use object::{Call, Object, Shape};
pub(crate) use resource::{AnyResource, Planning, ResourceAdapter};
