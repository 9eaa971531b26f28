//! Promise (e): what only reads changes nothing.

use super::observation::{Kind, Observation};

/// A plan, a refresh, an import, a data source, a search and the opening of a sealed token send only GET.
pub(crate) fn what_only_reads_sends_no_change(seen: &Observation) -> Vec<String> {
    if seen.kind.may_change_a_token() {
        return Vec::new();
    }
    let changes = seen
        .requests
        .iter()
        .filter(|request| request.method != "GET");
    changes
        .map(|request| format!("{} was sent though nothing is applied", request.summary()))
        .collect()
}

/// A plan, a data source, an action, a search and an ephemeral resource leave the state as it is.
pub(crate) fn what_is_not_about_the_state_does_not_write_it(seen: &Observation) -> Vec<String> {
    let writes = seen.kind.is_about_the_state() && seen.kind != Kind::Plan;
    match writes || seen.before.objects == seen.after.objects {
        true => Vec::new(),
        false => vec![format!("{:?} changed the state", seen.kind)],
    }
}
