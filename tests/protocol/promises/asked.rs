//! Promise (l): a token is generated or deleted only where the practitioner asks for it.

use chrono::DateTime;
use serde_json::{Value as Json, json};

use super::example::{ORGANIZATION, check_breaks, kept, object, request, token, tokens};
use super::kind::Kind;
use super::observation::Observation;
use super::snapshot::{StateObject, Tokens};
use super::timeline_entry::Verb;

/// An apply whose configuration asks for no new token leaves every token as it is.
pub(crate) fn no_token_changes_that_was_not_asked_for(seen: &Observation) -> Vec<String> {
    if !matches!(seen.kind, Kind::Apply | Kind::Replace) || seen.asks != Some(false) {
        return Vec::new();
    }
    let invalidated = seen.invalidated().into_iter();
    let made = seen.made().into_iter();
    let invalidated = invalidated.map(|(_, token)| format!("{} was invalidated", token.id));
    let made = made.map(|(_, token)| format!("{} was generated", token.id));
    let all = invalidated.chain(made);
    all.map(|what| format!("{what}, and nothing asks for it"))
        .collect()
}

/// Whether a configuration asks for a new token: it creates an object, names another organization (not another name or
/// spelling of the same one), makes `force_regenerate` true, changes a trigger or the instant of `expired_at`, or the
/// token in the state is of no use any more.
pub(crate) fn asks(
    config: &Json,
    prior: Option<&StateObject>,
    is_followed: bool,
    tokens: &Tokens,
) -> bool {
    let Some(prior) = prior.filter(|prior| !prior.tainted) else {
        return true;
    };
    let organization = config["organization"].as_str();
    let moves = organization.is_some_and(|name| !tokens.is_same(name, &prior.organization));
    let forces = config["force_regenerate"] == true && prior.attributes["force_regenerate"] != true;
    let date = &config["expired_at"];
    let is_useless = prior.has_status(&["replaced", "secret_lost"])
        || (prior.has_status(&["expired"]) && date.is_null());
    let redates = !is_followed
        && !date.is_null()
        && instant(date) != instant(&prior.attributes["expired_at"]);
    moves || forces || triggers(config, prior) || redates || is_useless
}

/// Whether a value in `regenerate_triggers` changes. A key that is added or removed changes nothing.
pub(crate) fn triggers(config: &Json, prior: &StateObject) -> bool {
    let (Some(now), Some(before)) = (
        config["regenerate_triggers"].as_object(),
        prior.attributes["regenerate_triggers"].as_object(),
    ) else {
        return false;
    };
    let mut now = now.iter();
    now.any(|(key, value)| before.get(key).is_some_and(|before| before != value))
}

fn instant(date: &Json) -> Option<i64> {
    let date = DateTime::parse_from_rfc3339(date.as_str()?).ok()?;
    Some(date.timestamp())
}

#[test]
fn a_token_that_changes_unasked_breaks_the_promise() {
    check_breaks(
        no_token_changes_that_was_not_asked_for,
        Kind::Apply,
        |seen| {
            seen.asks = Some(false);
            seen.timeline = vec![request(Verb::Post, Some("at-ours"), Some("at-new"))];
        },
    );
}

#[test]
fn a_configuration_asks_by_what_it_changes() {
    let state = |change: Json| {
        let mut attributes = object("at-ours").attributes;
        let more = change.as_object().unwrap().clone();
        attributes.as_object_mut().unwrap().extend(more);
        StateObject::new(attributes, false, &[])
    };
    #[track_caller]
    fn check(config: Json, prior: StateObject, is_followed: bool, expected: bool) {
        let tokens = Tokens::of(ORGANIZATION, Some(token("at-ours")), "at-main");
        assert_eq!(asks(&config, Some(&prior), is_followed, &tokens), expected);
    }
    check(
        json!({ "organization": "MY-ORG-NAME" }),
        state(json!({})),
        false,
        false,
    );
    check(
        json!({ "organization": "another" }),
        state(json!({})),
        false,
        true,
    );
    let date = json!({ "expired_at": "2030-01-01T00:00:00Z" });
    let same = json!({ "expired_at": "2030-01-01T01:00:00+01:00" });
    check(same, state(date.clone()), false, false);
    check(date.clone(), state(json!({})), false, true);
    check(date.clone(), state(json!({})), true, false);
    let force = json!({ "force_regenerate": true });
    check(force.clone(), state(json!({})), true, true);
    check(force.clone(), state(force), false, false);
    let trigger = |value: &str| json!({ "regenerate_triggers": { "a": value } });
    check(trigger("1"), state(trigger("2")), true, true);
    check(trigger("1"), state(json!({})), false, false);
    check(
        json!({}),
        state(json!({ "status": "expired" })),
        false,
        true,
    );
    check(
        date.clone(),
        state(json!({ "status": "expired", "expired_at": date["expired_at"] })),
        false,
        false,
    );
    check(
        json!({}),
        state(json!({ "status": "secret_lost" })),
        false,
        true,
    );
    let mut tainted = kept(Kind::Apply).before.objects.remove(0);
    tainted.tainted = true;
    check(json!({}), tainted, false, true);
    assert!(asks(&json!({}), None, false, &tokens(None)));
}
