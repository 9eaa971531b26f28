//! `/.well-known/terraform.json`: which services the host has, and where.

use hyper::{Method, StatusCode};
use serde_json::json;

use crate::answer::Answer;
use crate::request::Request;
use crate::settings::Discovery;
use crate::world::World;

pub(super) const PATH: &str = "/.well-known/terraform.json";

pub(super) fn show(world: &World, request: &Request) -> Answer {
    if request.method != Method::GET {
        return Answer::empty(StatusCode::NOT_FOUND);
    }
    let path = &world.settings.service_path;
    let document = match &world.settings.discovery {
        Discovery::Services => json!({ "tfe.v2": path, "tfe.v2.1": path, "tfe.v2.2": path }),
        Discovery::Document(document) => document.clone(),
        Discovery::Absent => return Answer::empty(StatusCode::NOT_FOUND),
    };
    let mut answer = Answer::json(&document);
    // Official clients accept exactly this.
    answer.set_header("content-type", "application/json");
    answer
}
