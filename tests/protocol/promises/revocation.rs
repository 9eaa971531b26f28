//! Promise (j): the action that revokes does what it reports.

use tfplugin::{Diagnostic, Diagnostics};

use super::example::{ORGANIZATION, check_breaks, error, request};
use super::kind::Kind;
use super::observation::{Observation, Revocation};
use super::timeline_entry::Verb;

/// The action succeeds only if the token that it names is gone, and its messages are true.
///
/// That it invalidates no other token and leaves the state alone is for (b) and (e).
pub(crate) fn a_revocation_does_what_it_reports(seen: &Observation) -> Vec<String> {
    let (Kind::Revoke, Some(revocation)) = (seen.kind, &seen.revocation) else {
        return Vec::new();
    };
    let (organization, id) = (
        revocation.organization.as_str(),
        revocation.token_id.as_str(),
    );
    let current = seen.current(organization);
    let exists = current.is_some_and(|token| token.id == id);
    let other = current.filter(|token| token.id != id);
    let failed = seen.failed();
    let shows = |words: &str| revocation.progress.iter().any(|one| one.contains(words));
    let names_other = other.is_some_and(|other| seen.reports(&[&other.id]));
    let says_revoked =
        shows("Revoked:") || seen.reports(&["The Audit Trail Token Was Revoked", id]);
    let says_replaced = seen.reports(&["Another Audit Trail Token Took the Place"]);
    let rules = [
        (!failed && exists, "it succeeds, and the token exists"),
        (
            says_revoked && exists,
            "it reports a token as revoked that exists",
        ),
        (
            says_revoked && failed,
            "it reports the token as revoked, and fails",
        ),
        (
            shows("nothing to revoke") && current.is_some(),
            "it reports that there is no token, and there is one",
        ),
        (
            (says_replaced || seen.reports(&["Another Audit Trail Token Is Live"])) && !names_other,
            "it reports another token, and does not name it",
        ),
        (
            seen.reports(&["Nothing was revoked"]) && !seen.invalidated().is_empty(),
            "it revoked, and reports that it did not",
        ),
        (
            failed && !seen.reports(&[organization, id]),
            "it fails, and does not name the token",
        ),
        (
            !failed && !says_revoked && !says_replaced && !shows("nothing to revoke"),
            "it succeeds, and reports nothing",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
    broken
        .map(|(_, how)| format!("the revocation of {id}: {how}"))
        .collect()
}

#[track_caller]
fn check_reported(progress: &str, diagnostics: Diagnostics) {
    check_breaks(a_revocation_does_what_it_reports, Kind::Revoke, |seen| {
        seen.diagnostics = diagnostics;
        seen.revocation = Some(Revocation {
            organization: ORGANIZATION.to_owned(),
            token_id: "at-other".to_owned(),
            progress: vec![progress.to_owned()],
        });
    });
}

#[test]
fn a_revocation_that_reports_what_it_did_not_do_breaks_the_promise() {
    check_reported("There is nothing to revoke.", Diagnostics::new());
    check_reported("", Diagnostics::new());
    check_reported("", error("Error Revoking Audit Trail Token", "It failed."));
}

#[test]
fn a_revocation_that_succeeds_while_the_token_exists_breaks_the_promise() {
    check_breaks(a_revocation_does_what_it_reports, Kind::Revoke, |seen| {
        let took = "Another Audit Trail Token Took the Place of the Revoked One";
        seen.diagnostics = Diagnostic::warning(took, "at-other").into();
        let new = Some("at-new");
        seen.timeline = vec![request(Verb::Get, new, new)];
        seen.revocation = Some(Revocation {
            organization: ORGANIZATION.to_owned(),
            token_id: "at-new".to_owned(),
            progress: Vec::new(),
        });
    });
}
