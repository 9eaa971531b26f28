//! Every sentence that a practitioner may read, once: a function for each diagnostic.
//!
//! A summary has no values, so that practitioners can search for it. A detail says what happened, with names; why, as far
//! as known; what to do; and last the API's own words. Texts that hashicorp/tfe has too stay recognisable. `snapshot.txt`
//! shows all of them; `UPDATE=1 cargo test --lib diagnostics` rewrites it.
//!
//! The functions that this module re-exports are about audit trail tokens, or shared. Those about another object are in a
//! public module of its own, because their names would be the same: `diagnostics::team_token::already_exists`.
//!
//! A function that would take several texts in a row takes a struct, so that a caller cannot swap them.

mod cause;
mod configuration;
mod ephemeral;
mod events;
mod generation;
mod listing;
mod plan;
mod plan_preview;
mod revocation;
mod sealing;
mod second_object;
mod state;

#[cfg(test)]
mod tests;

pub(crate) use self::cause::Cause;
pub(crate) use self::configuration::*;
pub(crate) use self::ephemeral::*;
pub(crate) use self::events::*;
pub(crate) use self::generation::*;
pub(crate) use self::listing::*;
pub(crate) use self::plan::*;
pub(crate) use self::plan_preview::*;
pub(crate) use self::revocation::*;
pub(crate) use self::sealing::*;
pub(crate) use self::second_object::*;
pub(crate) use self::state::*;

use crate::client::{AuthenticationToken, has_secret_shape};
use crate::provider::audit_trail_token::Use;
use crate::provider::expiry;
use tfplugin::Path;

/// A token by its ID, and the organization that has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenRef<'a> {
    pub(crate) organization: &'a str,
    pub(crate) id: &'a str,
}

impl<'a> TokenRef<'a> {
    /// Returns the reference to an organization's token.
    pub(crate) fn of(organization: &'a str, token: &'a AuthenticationToken) -> Self {
        Self {
            organization,
            id: &token.id,
        }
    }
}

/// The token in a state. A state of hashicorp/tfe does not say which token it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateToken<'a> {
    pub(crate) id: Option<&'a str>,
    pub(crate) created_at: Option<&'a str>,
}

impl StateToken<'_> {
    /// Names the token with the date of its generation.
    fn with_its_date(&self) -> String {
        match (self.id, self.created_at) {
            (Some(id), Some(created_at)) => format!("the token {id} (generated {created_at})"),
            (Some(id), None) => format!("the token {id}"),
            (None, _) => "a token without an ID".to_owned(),
        }
    }
}

/// An organization whose token is not the one in the state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Replaced<'a> {
    pub(crate) organization: &'a str,
    pub(crate) state: StateToken<'a>,
    pub(crate) current: &'a AuthenticationToken,
}

impl Replaced<'_> {
    /// Names the token in the state; with its date if the organization's token has the same ID.
    fn state_token(&self) -> String {
        match (self.state.id, self.state.created_at) {
            (Some(id), Some(created_at)) if id == self.current.id => {
                format!("the state's token {id} (generated {created_at})")
            }
            (id, _) => state_token(id),
        }
    }
}

/// The longest text that is shown. Names of organizations and dates are shorter.
const MAX_QUOTED: usize = 64;

/// Returns a configured text for a message: in quotes, or not at all if it has the form of a secret, or is neither a
/// name nor a date by its length and characters. Terraform does not say which values are sensitive.
fn quoted(text: &str) -> String {
    let is_usual =
        |next: char| next.is_alphanumeric() || !next.is_ascii() || " -_./:@+,'\"()".contains(next);
    if has_secret_shape(text) {
        "(a text with the form of an API token, which is not shown)".to_owned()
    } else if text.chars().count() > MAX_QUOTED || !text.chars().all(is_usual) {
        "(a text that is not shown, because it cannot be a name or a date)".to_owned()
    } else {
        format!("{text:?}")
    }
}

/// Returns the path of the attribute for dates.
pub(crate) fn expired_at() -> Path {
    Path::of("expired_at")
}

/// Names a token with its age and last use: `at-1 (generated …, last used …)`.
fn describe(token: &AuthenticationToken) -> String {
    let last_used_at = token.last_used_at.map(expiry::format);
    with_dates(
        &token.id,
        &expiry::format(token.created_at),
        last_used_at.as_deref(),
    )
}

fn with_dates(id: &str, created_at: &str, last_used_at: Option<&str>) -> String {
    match last_used_at {
        Some(used) => format!("{id} (generated {created_at}, last used {used})"),
        None => format!("{id} (generated {created_at}, never used)"),
    }
}

/// Names the token in a state, which may not say which token it has.
fn state_token(id: Option<&str>) -> String {
    match id {
        Some(id) => format!("the state's token {id}"),
        None => "the token in the state".to_owned(),
    }
}

/// Says why a token counts as in use.
fn used_by(why: Use) -> &'static str {
    match why {
        Use::Recent => {
            "It was used within the last 14 days: a collector reads the audit trail with it."
        }
        Use::Expected => {
            "It was generated within the last 14 days and not used yet: a collector may have received \
             it just now."
        }
        Use::Managed => "An object of this configuration manages it for a collector.",
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
