//! Every sentence that a practitioner may read, once: a function for each diagnostic.
//!
//! A summary is searched for, so it holds no value; a detail says what happened with names, why as
//! far as known, what to do, and last the API's own words. Where hashicorp/tfe has a wording for
//! the same thing, it stays recognisable. `snapshot.txt` shows them all on a page; `UPDATE=1 cargo
//! test` rewrites it.

mod cause;
mod configuration;
mod ephemeral;
mod events;
mod generation;
mod listing;
mod outlook;
mod plan;
mod revocation;
mod sealing;
mod state;

#[cfg(test)]
mod tests;

pub(crate) use self::cause::Cause;
pub(crate) use self::configuration::*;
pub(crate) use self::ephemeral::*;
pub(crate) use self::events::*;
pub(crate) use self::generation::*;
pub(crate) use self::listing::*;
pub(crate) use self::outlook::*;
pub(crate) use self::plan::*;
pub(crate) use self::revocation::*;
pub(crate) use self::sealing::*;
pub(crate) use self::state::*;

use crate::client::AuditTrailToken;
use crate::provider::expiry;
use tfplugin::Path;

/// The attribute that dates are about.
pub(crate) fn expired_at() -> Path {
    Path::of("expired_at")
}

/// A token with its age and last use: `at-1 (generated …, last used …)`.
fn describe(token: &AuditTrailToken) -> String {
    named(
        &token.id,
        &expiry::format(token.created_at),
        token.last_used_at.map(expiry::format).as_deref(),
    )
}

fn named(id: &str, created_at: &str, last_used_at: Option<&str>) -> String {
    match last_used_at {
        Some(used) => format!("{id} (generated {created_at}, last used {used})"),
        None => format!("{id} (generated {created_at}, never used)"),
    }
}

/// The token in a state, which may not say which it has.
fn ours(id: Option<&str>) -> String {
    match id {
        Some(id) => format!("the state's token {id}"),
        None => "the token in the state".to_owned(),
    }
}

/// The same beside the organization's token, which may have the same id: then by its date, too.
fn ours_beside(id: Option<&str>, created_at: Option<&str>, current: &AuditTrailToken) -> String {
    match (id, created_at) {
        (Some(id), Some(created_at)) if id == current.id => {
            format!("the state's token {id} (generated {created_at})")
        }
        _ => ours(id),
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
