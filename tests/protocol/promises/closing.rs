//! Promise (q): with `revoke_on_close`, the token of a run does not outlive it.

use super::example::{ORGANIZATION, check_breaks, request};
use super::kind::Kind;
use super::observation::Observation;
use super::timeline_entry::Verb;

/// What a close says if the token of the run may still work.
const MAY_WORK: &str = "The Audit Trail Token of This Run May Still Work";

/// Closing revokes the token that the opening generated, or a warning says that it may still work. It generates nothing and
/// is no error: Terraform would report a run as failed that has done its work. Without `revoke_on_close` it changes nothing.
///
/// That it revokes no other token is for (b).
pub(crate) fn a_token_is_revoked_on_close(seen: &Observation) -> Vec<String> {
    if seen.kind != Kind::Close {
        return Vec::new();
    }
    let exists = |id: &&String| seen.after.tokens.contains(id);
    let left = seen.closed.as_ref().filter(exists);
    let is_reported = left.is_some_and(|id| seen.reports(&[MAY_WORK, id]));
    let changes = !seen.invalidated().is_empty();
    let rules = [
        (left.is_some() && !is_reported, "its token exists"),
        (seen.failed(), "it fails"),
        (!seen.made().is_empty(), "it generates a token"),
        (seen.closed.is_none() && changes, "it is to change nothing"),
    ];
    let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
    broken
        .map(|(_, how)| format!("the ephemeral resource was closed, and {how}"))
        .collect()
}

#[test]
fn a_close_that_leaves_its_token_breaks_the_promise() {
    check_breaks(a_token_is_revoked_on_close, Kind::Close, |seen| {
        seen.closed = Some("at-ours".to_owned());
    });
}

#[test]
fn a_close_that_revokes_unasked_breaks_the_promise() {
    check_breaks(a_token_is_revoked_on_close, Kind::Close, |seen| {
        seen.timeline = vec![request(Verb::Delete, Some("at-ours"), None)];
        seen.after.tokens.set(ORGANIZATION, None);
    });
}
