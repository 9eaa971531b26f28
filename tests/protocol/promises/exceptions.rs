//! What the judge accepts although the contract forbids it. Every exception is here, and nowhere else.

use tfe_simulator::Token;

use super::observation::Observation;
use super::snapshot::StateObject;

/// A token of somebody else that the plan's refresh follows or adopts counts as managed: it may be replaced and deleted
/// as if it were ours.
///
/// The contract says that a followed token is not ours: only `force_regenerate` or a trigger regenerates it, and
/// destroy leaves it alone. The judge cannot see yet which objects are marked as followed; that a refresh took over
/// another token shows only in the plan that does it.
pub(super) fn a_token_that_the_refresh_took_over_counts_as_managed(
    seen: &Observation,
    token: &Token,
) -> bool {
    let mut objects = seen.prior().iter();
    objects.any(|object| object.manages(token))
}

/// A failed operation that leaves the object unchanged need not report that somebody else has invalidated its secret.
///
/// The contract demands a status or a diagnostic that names the token. An error about something else is accepted, also
/// where the operation has read that the token is another one: the next refresh reports it.
pub(super) fn a_failed_operation_need_not_report_an_unchanged_object(
    seen: &Observation,
    object: &StateObject,
) -> bool {
    let mut before = seen.before.objects.iter();
    seen.failed() && before.any(|one| one.attributes == object.attributes)
}

/// After a 401 from the audit trail, an operation may report a valid secret as invalid.
///
/// The contract says that `status` is true. But a 401 from the audit trail is the API's answer that a secret is not
/// valid, and the provider has no second source. A fault that invents such a 401 is not the provider's mistake.
pub(super) fn the_audit_trail_has_refused_a_secret(seen: &Observation) -> bool {
    seen.requests.iter().any(|request| {
        request.path.contains("/organization/audit-trail") && request.status == Some(401)
    })
}
