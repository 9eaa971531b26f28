//! What the judge accepts although the contract forbids it. Every exception is here, and nowhere else.

use tfe_simulator::Token;

use super::observation::Observation;

/// A token of somebody else that the plan's refresh follows or adopts counts as managed: it may be replaced and deleted
/// as if it were ours.
///
/// The contract says that a followed token is not ours: only `force_regenerate` or a trigger regenerates it, and destroy
/// leaves it alone. The judge cannot see yet which objects are marked as followed; that a refresh took over another
/// token shows only in the plan that does it.
pub(super) fn a_token_that_the_refresh_took_over_counts_as_managed(
    seen: &Observation,
    token: &Token,
) -> bool {
    let mut objects = seen.prior().iter();
    objects.any(|object| object.manages(token))
}

/// A failed operation need not report that somebody else has invalidated the secret in the state.
///
/// The contract demands a status or a diagnostic that names the token. An error about something else is accepted, also
/// where the operation has read that the token is another one.
pub(super) fn a_failed_operation_need_not_report(seen: &Observation) -> bool {
    seen.failed()
}
