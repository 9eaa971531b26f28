//! What practitioners are promised of every operation and under every fault, as one check.
//!
//! After any operation and any fault, as of the operation's last answer from the API:
//!
//! - (a) the secret in state, sealed or not, is the live one, or `status`, a diagnostic or a warning has said that it
//!   is not;
//! - (b) a token that existed when the operation looked and that this state does not manage is never replaced or
//!   deleted, unless `force_regenerate` became true or stands at a create; one in use is never killed by opening an
//!   ephemeral without it. (The API has no conditional POST or DELETE: the window is one round trip.)
//! - (c) the organization's main token is never touched;
//! - (d) state is never dropped because of an error, a lost permission, a proxy page or a malformed answer;
//! - (e) a plan changes nothing, ever, except by opening the generating ephemeral;
//! - (f) no object is tainted that holds a live secret;
//! - (g) a consumer never loses a secret that it has;
//! - (j) the action that revokes kills the token that it names and no other, leaves the state alone, and what it tells
//!   is true: it succeeds only if that token is dead;
//! - (k) a search changes nothing; what it lists is what lives, whole, or a diagnostic says what is missing.
//!
//! The truth is the simulator's. A test looks ([`Watch::look`]) before an operation and after it, and gives [`check`]
//! both looks and the [`Operation`]; what somebody else does *during* the operation it does through [`Foreign`].
//!
//! ```ignore
//! let watch = Watch::new(&simulator, &["my-org-name"], &[KEY]);
//! let before = watch.look(core.state(EXAMPLE));
//! simulator.clear_requests();
//! let planned = core.plan(EXAMPLE, config).await;
//! let after = watch.look(core.state(EXAMPLE));
//! check(&before, &after, &Operation {
//!     what: "a plan", kind: Kind::Plan, forces: false, diagnostics: &planned.diagnostics,
//!     requests: &simulator.requests(), foreign: &[], opened: None, revocation: None, search: None,
//! });
//! ```
//!
//! A plan and its apply are two operations. Not here: which faults and which operations there are.

mod foreign;
mod kept;
mod listed;
mod look;
mod revoked;
mod sealed;
mod truthful;
mod untouched;

use std::fmt::Write;

use serde_json::Value as Json;
use tfe_simulator::{RecordedRequest, Token};
use tfplugin::Diagnostics;

pub(crate) use self::foreign::{Act, Foreign};
pub(crate) use self::listed::Search;
pub(crate) use self::look::{Held, Look, Watch};
pub(crate) use self::revoked::Revocation;
pub(crate) use self::sealed::unseal;

/// What an operation is, as far as the promises differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plan of any kind: nothing is changed, and the state is not written.
    Plan,
    /// A refresh that is written to the state.
    Refresh,
    /// The apply of a plan that creates, updates or does nothing.
    Apply,
    /// The apply of a plan that deletes, or that deletes and creates.
    Destroy,
    /// An import.
    Import,
    /// Opening `ephemeral "tfe_audit_trail_token"`.
    Open,
    /// Opening `ephemeral "tfe_unsealed_audit_trail_token"`; what it opens is the state's sealed token.
    Unseal,
    /// Reading a data source.
    ReadData,
    /// Invoking the action that revokes a token.
    Revoke,
    /// A search with the list resource.
    List,
}

/// An operation, and what came of it beside tokens and state.
pub(crate) struct Operation<'a> {
    /// For the story.
    pub(crate) what: &'a str,
    pub(crate) kind: Kind,
    /// Whether `force_regenerate` becomes true, or stands at a create or at an ephemeral.
    pub(crate) forces: bool,
    /// What the practitioner was told.
    pub(crate) diagnostics: &'a Diagnostics,
    /// The requests of this operation, and no others.
    pub(crate) requests: &'a [RecordedRequest],
    /// What somebody else did meanwhile.
    pub(crate) foreign: &'a [Act],
    /// What an ephemeral resource gave.
    pub(crate) opened: Option<Json>,
    /// What a [`Kind::Revoke`] is about.
    pub(crate) revocation: Option<Revocation>,
    /// What a [`Kind::List`] is about.
    pub(crate) search: Option<Search>,
}

/// A promise, by its letter, and how it was broken.
type Broken = (char, String);

/// Demands every promise of an operation; panics with the story of one that is broken.
#[track_caller]
pub(crate) fn check(before: &Look, after: &Look, operation: &Operation<'_>) {
    if let Err(story) = verdict(before, after, operation) {
        panic!("{story}");
    }
}

/// Whether every promise was kept; otherwise the story of the ones that were not.
pub(crate) fn verdict(
    before: &Look,
    after: &Look,
    operation: &Operation<'_>,
) -> Result<(), String> {
    let promises = [
        truthful::the_state_tells_the_truth_of_its_secret,
        untouched::no_token_of_somebody_else_dies,
        untouched::the_main_token_is_never_touched,
        kept::state_is_never_dropped_because_of_an_error,
        untouched::a_plan_changes_nothing,
        kept::no_tainted_object_holds_a_live_secret,
        kept::no_secret_is_lost_that_was_there,
        revoked::an_action_kills_what_it_names_and_tells_the_truth,
        listed::what_is_listed_is_what_lives,
    ];
    let broken: Vec<Broken> = promises
        .iter()
        .flat_map(|promise| promise(before, after, operation))
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(story(before, after, operation, &broken))
}

fn story(before: &Look, after: &Look, operation: &Operation<'_>, broken: &[Broken]) -> String {
    let mut story = String::new();
    for (letter, how) in broken {
        let _ = writeln!(story, "promise ({letter}) is broken: {how}");
    }
    let _ = writeln!(
        story,
        "\noperation: {} ({:?}{})\nbefore:\n{before}\nafter:\n{after}\nrequests:",
        operation.what,
        operation.kind,
        if operation.forces { ", forced" } else { "" }
    );
    for request in operation.requests {
        let _ = writeln!(story, "  {}", request.summary());
    }
    for act in operation.foreign {
        let _ = writeln!(story, "meanwhile: {act}");
    }
    let _ = write!(
        story,
        "the practitioner was told:\n{}",
        operation.diagnostics
    );
    story
}

impl Operation<'_> {
    /// The token that an organization had at the operation's last answer: without what somebody did after it.
    fn current<'l>(&'l self, after: &'l Look, organization: &str) -> Option<&'l Token> {
        let mut current = after.token(organization);
        for act in self.foreign.iter().rev() {
            if act.organization == organization && act.requests >= self.requests.len() {
                current = act.killed.as_ref();
            }
        }
        current
    }

    /// Tokens that died by this operation's own requests.
    fn killed<'l>(&'l self, before: &'l Look, after: &'l Look) -> Vec<(&'l str, &'l Token)> {
        let mut killed = Vec::new();
        for organization in before.organizations() {
            let acts = || {
                self.foreign
                    .iter()
                    .filter(|act| act.organization == organization)
            };
            let there = before
                .token(organization)
                .into_iter()
                .chain(acts().filter_map(|act| act.made.as_ref()));
            for token in there {
                let is = |other: &Token| other.id == token.id;
                let lives = after.token(organization).is_some_and(is);
                let died_elsewhere = acts().any(|act| act.killed.as_ref().is_some_and(is));
                if !lives && !died_elsewhere {
                    killed.push((organization, token));
                }
            }
        }
        killed
    }

    /// Whether a diagnostic contains all of these words.
    fn told(&self, words: &[&str]) -> bool {
        self.diagnostics.iter().any(|one| {
            let text = one.to_string();
            words.iter().all(|word| text.contains(word))
        })
    }
}

/// Whether a request is about the audit trail token of an organization.
fn is_about_token(request: &RecordedRequest) -> bool {
    request
        .path
        .ends_with("/authentication-token?token=audit-trails")
}
