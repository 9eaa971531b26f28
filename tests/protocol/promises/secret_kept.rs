//! Promise (g): a secret that is there does not get lost.

use serde_json::json;

use super::example::check_breaks;
use super::kind::Kind;
use super::observation::Observation;

/// As long as its token exists, a secret stays in the state, in `token` or in `sealed_token`.
pub(crate) fn the_secret_of_a_token_that_exists_stays_in_the_state(
    seen: &Observation,
) -> Vec<String> {
    let objects = seen.before.objects.iter();
    objects
        .filter_map(|object| {
            let token = seen.after.tokens.audit_trail(&object.organization)?;
            let is_kept = seen
                .after
                .objects
                .iter()
                .any(|one| one.has_secret_of(token));
            let is_lost = object.has_secret_of(token) && !is_kept;
            is_lost.then(|| format!("the secret of {} is not in the state any more", token.id))
        })
        .collect()
}

/// A sealed token that is opened returns the secret that was sealed.
pub(crate) fn a_sealed_token_returns_what_was_sealed(seen: &Observation) -> Vec<String> {
    let (Kind::Unseal, Some(opened)) = (seen.kind, &seen.opened) else {
        return Vec::new();
    };
    let secret = opened["token"].as_str();
    let mut objects = seen.before.objects.iter();
    let is_sealed = objects.any(|object| secret.is_some() && object.secret.as_deref() == secret);
    match is_sealed {
        true => Vec::new(),
        false => vec!["the sealed token returned another secret than was sealed".to_owned()],
    }
}

#[test]
fn a_secret_that_leaves_the_state_breaks_the_promise() {
    let promise = the_secret_of_a_token_that_exists_stays_in_the_state;
    check_breaks(promise, Kind::Apply, |seen| {
        seen.after.objects[0].secret = None
    });
}

#[test]
fn a_sealed_token_that_returns_another_secret_breaks_the_promise() {
    check_breaks(
        a_sealed_token_returns_what_was_sealed,
        Kind::Unseal,
        |seen| {
            seen.opened = Some(json!({ "token": "another" }));
        },
    );
}
