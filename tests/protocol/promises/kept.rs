//! Promises (d), (f) and (g): what is not lost.

use tfe_simulator::Token;

use super::{Broken, Held, Kind, Look, Operation};

/// (d) State is never dropped because of an error, a lost permission, a proxy page or a malformed answer.
///
/// An object leaves the state only when its token is surely not the organization's any more; a refresh drops it only
/// when the organization has none, and without an error.
pub(super) fn state_is_never_dropped_because_of_an_error(
    before: &Look,
    after: &Look,
    operation: &Operation<'_>,
) -> Vec<Broken> {
    let mut broken = Vec::new();
    if before.objects.len() <= after.objects.len() {
        return broken;
    }
    for held in &before.objects {
        let name = &held.organization;
        let lives = after.token(name).filter(|token| held.manages(name, token));
        let stays = |token: &Token| {
            let mut objects = after.objects.iter();
            objects.any(|one| one.manages(name, token))
        };
        if let Some(token) = lives.filter(|token| !stays(token)) {
            let how = format!("the state was dropped, but its token {} is alive", token.id);
            broken.push(('d', how));
        }
    }
    match operation.kind {
        Kind::Destroy => {}
        Kind::Refresh | Kind::Apply if !operation.diagnostics.has_error() => {
            let mut organizations = before.objects.iter().map(|held| &held.organization);
            if organizations.any(|name| operation.current(after, name).is_some()) {
                let how = "the state was dropped, but the organization has a token".to_owned();
                broken.push(('d', how));
            }
        }
        _ => broken.push(('d', "the state was dropped because of an error".to_owned())),
    }
    broken
}

/// (f) No object is tainted that holds a live secret. One that a practitioner has tainted is.
pub(super) fn no_tainted_object_holds_a_live_secret(
    before: &Look,
    after: &Look,
    _operation: &Operation<'_>,
) -> Vec<Broken> {
    let tainted = after.objects.iter().filter(|held| {
        let was = |one: &Held| one.tainted && one.secret == held.secret;
        held.tainted && !before.objects.iter().any(was)
    });
    tainted
        .filter_map(|held| {
            let token = after.token(&held.organization)?;
            held.holds(token).then(|| {
                let how = format!("the object with the live secret of {} is tainted", token.id);
                ('f', how)
            })
        })
        .collect()
}

/// (g) A consumer never loses a secret that it has: as long as its token lives, a secret stays where it was or moves
/// between `token` and `sealed_token`, and a sealed token that opens gives just what was sealed.
pub(super) fn no_secret_is_lost_that_was_there(
    before: &Look,
    after: &Look,
    operation: &Operation<'_>,
) -> Vec<Broken> {
    let mut broken = Vec::new();
    for held in &before.objects {
        let Some(token) = after.token(&held.organization) else {
            continue;
        };
        let stays = after.objects.iter().any(|one| one.holds(token));
        if held.holds(token) && !stays {
            let how = format!("the secret of {} is not in the state any more", token.id);
            broken.push(('g', how));
        }
    }
    if operation.kind == Kind::Unseal
        && let Some(opened) = &operation.opened
    {
        let mut sealed = before.objects.iter().filter(|held| held.sealed.is_some());
        let secret = opened["token"].as_str();
        if !sealed.any(|held| secret.is_some() && held.secret.as_deref() == secret) {
            let how = "a sealed token gave another secret than was sealed".to_owned();
            broken.push(('g', how));
        }
    }
    broken
}
