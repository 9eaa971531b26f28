//! Promise (a).

use tfe_simulator::Token;

use super::{Broken, Held, Kind, Look, Operation, is_about_token};

/// What says of a state's secret that it is dead, or may be.
const SAYINGS: [&str; 10] = [
    "The Audit Trail Token Was Replaced",
    "Unknown Whether an Audit Trail Token Was Generated",
    "The Secret of the New Audit Trail Token Was Lost",
    "The New Audit Trail Token Was Replaced at Once",
    "The New Audit Trail Token Is Not Confirmed",
    "Another Audit Trail Token Was Left Alone",
    "The Audit Trail Token Is Not Managed by This Resource",
    "Applying This Plan Will Be Refused",
    "The Audit Trail Token Is Expired",
    "The token may still be alive",
];

/// (a) The secret in state, sealed or not, is the live one, or `status`, a diagnostic or a warning has said that it is
/// not.
///
/// The secret of a token that the operation made is in state or with who opened it, or that it is lost has been said.
///
/// An operation that sent no request, or that failed and left the state as it was, says nothing new of a secret that
/// others have killed. One that killed it itself must say so.
pub(super) fn the_state_tells_the_truth_of_its_secret(
    before: &Look,
    after: &Look,
    operation: &Operation<'_>,
) -> Vec<Broken> {
    if operation.kind == Kind::Revoke {
        return Vec::new(); // It is asked to kill a token, also one that a state holds; what it tells is for (j).
    }
    let killed = operation.killed(before, after);
    let mut broken = Vec::new();
    for held in after.objects.iter().filter(|held| held.secret.is_some()) {
        let current = operation.current(after, &held.organization);
        if current.is_some_and(|token| held.holds(token) && after.is_live(token)) {
            continue;
        }
        let said_by_status = matches!(
            held.status.as_deref(),
            Some("replaced" | "expired" | "secret_lost")
        );
        let about = [Some(held.organization.as_str()), held.token_id.as_deref()];
        let said = SAYINGS.iter().any(|saying| {
            let mut about = about.iter().flatten();
            about.any(|name| operation.told(&[saying, name]))
        });
        let own = killed.iter().any(|(_, token)| held.holds(token));
        if !said_by_status && !said && (own || !is_excused(before, held, operation)) {
            let how = format!(
                "the state of {} holds a secret that is not the live one, its status is {:?}, and nobody was told",
                held.organization, held.status
            );
            broken.push(('a', how));
        }
    }
    broken.extend(opened(after, operation));
    broken.extend(untold(before, after, operation));
    broken
}

/// What says that there is, or may be, a new token whose secret did not arrive.
const LOSSES: [&str; 3] = [
    "Unknown Whether an Audit Trail Token Was Generated",
    "The Secret of the New Audit Trail Token Was Lost",
    "The New Audit Trail Token Was Replaced at Once",
];

/// The secret of a token that the operation made is in its place, or the practitioner is told that it is not.
fn untold(before: &Look, after: &Look, operation: &Operation<'_>) -> Option<Broken> {
    let made = after.organizations().find_map(|organization| {
        let token = after.token(organization)?;
        let is = |other: &Token| other.id == token.id;
        let mut acts = operation.foreign.iter();
        let is_old = before.token(organization).is_some_and(is)
            || acts.any(|act| act.made.as_ref().is_some_and(is));
        (!is_old).then_some((organization, token))
    });
    let (organization, token) = made?;
    let opened = operation.opened.as_ref();
    let arrived = after.objects.iter().any(|held| held.holds(token))
        || opened.is_some_and(|opened| opened["token"] == token.secret.expose());
    let told = LOSSES
        .iter()
        .any(|loss| operation.told(&[loss, organization]));
    (!arrived && !told).then(|| {
        let how = format!(
            "the secret of the new token {} is lost, and nobody was told",
            token.id
        );
        ('a', how)
    })
}

/// Whether an operation cannot know better.
fn is_excused(before: &Look, held: &Held, operation: &Operation<'_>) -> bool {
    let unchanged = before
        .objects
        .iter()
        .any(|one| one.attributes == held.attributes);
    let asked = operation.requests.iter().any(is_about_token);
    // A plan writes no state: what it found out, it has told.
    let silent = !asked && !matches!(operation.kind, Kind::Refresh);
    unchanged && (silent || operation.diagnostics.has_error())
}

/// What a generating ephemeral gave is live.
fn opened(after: &Look, operation: &Operation<'_>) -> Option<Broken> {
    if operation.kind != Kind::Open {
        return None;
    }
    let opened = operation.opened.as_ref()?;
    let organization = opened["organization"].as_str()?;
    let secret = opened["token"].as_str()?;
    let current = operation.current(after, organization);
    let lives =
        current.is_some_and(|token| token.secret.expose() == secret && after.is_live(token));
    let told = operation.told(&["The New Audit Trail Token Is Not Confirmed", organization]);
    (!lives && !told).then(|| ('a', "the ephemeral gave a dead secret".to_owned()))
}
