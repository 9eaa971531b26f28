//! Promise (o): a state is of use only at its own host.

use super::example::{check_breaks, error};
use super::kind::Kind;
use super::observation::Observation;
use super::snapshot::Snapshot;

/// Where the provider is configured for another host than that of the objects in the state, nothing is asked, nothing is
/// changed, and an error says so.
pub(crate) fn another_host_is_not_asked(seen: &Observation) -> Vec<String> {
    if !seen.on_another_host || !seen.kind.is_about_the_state() {
        return Vec::new();
    }
    let rules = [
        (!seen.requests.is_empty(), "the other host was asked"),
        (
            seen.refreshes && !seen.failed(),
            "no error says that the host is another one",
        ),
        (
            tokens(&seen.before) != tokens(&seen.after),
            "the state was changed",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
    broken.map(|(_, how)| how.to_owned()).collect()
}

fn tokens(snapshot: &Snapshot) -> Vec<[&Option<String>; 2]> {
    let objects = snapshot.objects.iter();
    objects
        .map(|object| [&object.token_id, &object.secret])
        .collect()
}

#[test]
fn a_state_that_is_used_at_another_host_breaks_the_promise() {
    check_breaks(another_host_is_not_asked, Kind::Refresh, |seen| {
        seen.on_another_host = true;
    });
    check_breaks(another_host_is_not_asked, Kind::Refresh, |seen| {
        seen.on_another_host = true;
        seen.diagnostics = error("Another Host", "The state is kept.");
        seen.after.objects.clear();
    });
}
