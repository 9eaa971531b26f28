//! Promises (b), (c) and (e): what an operation leaves alone.

use std::time::Duration;

use tfe_simulator::Token;

use super::{Broken, Kind, Look, Operation, is_about_token};

/// As long as a token counts as in use.
const IN_USE: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// (b) A token that existed when the operation looked and that this state does not manage is never replaced or deleted,
/// unless `force_regenerate` became true or stands at a create; one in use is never killed by opening an ephemeral
/// without it.
///
/// The action that revokes kills the token that it names, whoever manages it.
///
/// Who opens the ephemeral is told by name which token died.
pub(super) fn no_token_of_somebody_else_dies(
    before: &Look,
    after: &Look,
    operation: &Operation<'_>,
) -> Vec<Broken> {
    let killed = operation.killed(before, after).into_iter();
    killed
        .filter_map(|(organization, token)| {
            let how = match operation.kind {
                Kind::Open if is_in_use(before, token) && !operation.forces => "is in use",
                Kind::Open if !names(operation, token) => "died without a word",
                Kind::Open => return None,
                Kind::Revoke if operation.names(token) => return None,
                Kind::Revoke if !was_seen(operation, token) => return None,
                Kind::Revoke => "is not the one that the action names",
                _ if is_managed(before, operation, organization, token) => return None,
                _ if operation.forces || !was_seen(operation, token) => return None,
                _ => "is not managed by this state",
            };
            Some((
                'b',
                format!(
                    "the token {} of {organization} {how}, and this operation killed it",
                    token.id
                ),
            ))
        })
        .collect()
}

fn is_in_use(before: &Look, token: &Token) -> bool {
    token.last_used_at.is_some_and(|used| {
        (before.now - used)
            .to_std()
            .is_ok_and(|since| since <= IN_USE)
    })
}

/// The practitioner was told that this one died; or, where that is all that is known, that the one before did.
fn names(operation: &Operation<'_>, token: &Token) -> bool {
    operation.told(&[&token.id])
        || operation.told(&["the token before is dead"])
        || operation.told(&["The token before is dead"])
}

/// The state manages it, or follows it without a secret and said so.
fn is_managed(before: &Look, operation: &Operation<'_>, organization: &str, token: &Token) -> bool {
    let mut objects = before.objects.iter();
    objects.any(|held| held.manages(organization, token))
        || operation.told(&["The Imported Audit Trail Token Was Replaced", &token.id])
}

/// Whether a look of the operation lay between a token's birth and the change that killed it.
fn was_seen(operation: &Operation<'_>, token: &Token) -> bool {
    let born = operation
        .foreign
        .iter()
        .find(|act| act.made.as_ref().is_some_and(|made| made.id == token.id));
    let born = born.map_or(0, |act| act.requests);
    let since = operation.requests.iter().skip(born);
    let mut seen = false;
    for request in since.filter(|request| is_about_token(request)) {
        match (request.method.as_str(), request.status) {
            ("GET", Some(200)) => seen = true,
            // Who changes without any look has not even tried.
            ("POST" | "DELETE", _) if seen || born == 0 => return true,
            _ => {}
        }
    }
    false
}

/// (c) The organization's main token is never touched.
pub(super) fn the_main_token_is_never_touched(
    before: &Look,
    after: &Look,
    operation: &Operation<'_>,
) -> Vec<Broken> {
    let mut broken = Vec::new();
    for organization in before.organizations() {
        let id = |look: &Look| look.main_token(organization).map(|token| token.id.clone());
        let (was, is) = (id(before), id(after));
        if was != is {
            let how = format!("the main token of {organization} was {was:?} and is {is:?}");
            broken.push(('c', how));
        }
    }
    let astray = operation.requests.iter().filter(|request| {
        request.method != "GET"
            && request.path.contains("authentication-token")
            && !is_about_token(request)
    });
    broken.extend(astray.map(|request| {
        let how = format!("{} is about the main token", request.summary());
        ('c', how)
    }));
    broken
}

/// (e) A plan changes nothing, ever, except by opening the generating ephemeral.
pub(super) fn a_plan_changes_nothing(
    _before: &Look,
    _after: &Look,
    operation: &Operation<'_>,
) -> Vec<Broken> {
    if matches!(
        operation.kind,
        Kind::Apply | Kind::Destroy | Kind::Open | Kind::Revoke
    ) {
        return Vec::new();
    }
    let changes = operation
        .requests
        .iter()
        .filter(|request| request.method != "GET");
    changes
        .map(|request| {
            let how = format!("{} was sent where nothing is applied", request.summary());
            ('e', how)
        })
        .collect()
}
