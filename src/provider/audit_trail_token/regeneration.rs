//! [`regeneration`]: when the token in the state is due to be replaced by a new one. Pure.
//!
//! It depends on configuration and state alone, never on a clock: Terraform plans again at apply and must get the same
//! plan. Only the read compares dates with the clock; it stores the result in `status`.

use std::collections::BTreeMap;

use super::model::{Model, Status};
use crate::provider::expiry;
use tfplugin::Attr;

/// Why a new token is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// `force_regenerate` becomes true.
    Forced,
    /// `expired_at` names another instant.
    Expiry,
    /// The value of this key in `regenerate_triggers` changes.
    Trigger(String),
    /// The secret never arrived.
    SecretLost,
    /// Another token replaced it.
    Replaced,
    /// It is expired, and the configuration leaves the expiry to the API.
    Expired,
    /// This argument is not known before the apply.
    Undecided(&'static str),
}

impl Reason {
    /// Whether a new token will certainly be generated; otherwise the apply decides.
    pub(super) fn is_certain(&self) -> bool {
        !matches!(self, Self::Undecided(_))
    }
}

/// Returns why the token in `state` is to be regenerated, if it is. A certain reason comes before an undecided one, and
/// one that the practitioner asked for before one that happened.
pub(super) fn regeneration(config: &Model, state: &Model) -> Option<Reason> {
    let requested = requested_regeneration(config, state);
    if requested == Some(Reason::Forced) {
        return requested;
    }
    if let Some(configured) = config.expired_at.as_deref()
        && !state
            .expired_at
            .as_deref()
            .is_some_and(|prior| expiry::is_same(configured, prior))
    {
        return Some(Reason::Expiry);
    }
    if requested.as_ref().is_some_and(Reason::is_certain) {
        return requested;
    }
    match state.status() {
        Status::SecretLost => return Some(Reason::SecretLost),
        Status::Replaced => return Some(Reason::Replaced),
        Status::Expired if config.expired_at.is_null() => return Some(Reason::Expired),
        Status::Expired | Status::Current => {}
    }
    if config.expired_at.is_unknown() {
        return Some(Reason::Undecided("expired_at"));
    }
    requested
}

/// Returns why the practitioner has asked for a new token, if they have: `force_regenerate` becomes true, or a trigger
/// changes. Nothing else regenerates a token that the state only follows, because somebody else generated it.
pub(super) fn requested_regeneration(config: &Model, state: &Model) -> Option<Reason> {
    if config.forces(state) {
        return Some(Reason::Forced);
    }
    match triggers(config, state) {
        Trigger::Changed(key) => Some(Reason::Trigger(key)),
        Trigger::Undecided => Some(Reason::Undecided("regenerate_triggers")),
        Trigger::Same
            if config.force_regenerate.is_unknown()
                && state.force_regenerate != Attr::Known(true) =>
        {
            Some(Reason::Undecided("force_regenerate"))
        }
        Trigger::Same => None,
    }
}

/// How the values in `regenerate_triggers` changed.
#[derive(PartialEq, Eq)]
enum Trigger {
    Same,
    Changed(String),
    Undecided,
}

/// Compares the values of the keys that state and configuration share: adding or removing a key is no change.
fn triggers(config: &Model, state: &Model) -> Trigger {
    let empty = BTreeMap::new();
    let prior = state.regenerate_triggers.known().unwrap_or(&empty);
    let prior = || prior.iter().filter(|(_, value)| value.is_known());
    let configured = match &config.regenerate_triggers {
        Attr::Null => return Trigger::Same,
        Attr::Unknown if prior().next().is_some() => return Trigger::Undecided,
        Attr::Unknown => return Trigger::Same,
        Attr::Known(configured) => configured,
    };
    let mut result = Trigger::Same;
    for (key, before) in prior() {
        match configured.get(key) {
            Some(Attr::Known(now)) if Some(now) != before.known() => {
                return Trigger::Changed(key.clone());
            }
            Some(Attr::Unknown) => result = Trigger::Undecided,
            Some(Attr::Known(_) | Attr::Null) | None => {}
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "2051-04-11T12:00:00Z";
    const SAME: &str = "2051-04-11T14:00:00+02:00";
    const OTHER: &str = "2052-04-11T12:00:00Z";

    fn model() -> Model {
        Model::default()
    }

    fn expiring(date: &str) -> Model {
        Model {
            expired_at: Attr::Known(date.to_owned()),
            ..model()
        }
    }

    fn expiry_unknown() -> Model {
        Model {
            expired_at: Attr::Unknown,
            ..model()
        }
    }

    fn force(force_regenerate: Attr<bool>) -> Model {
        Model {
            force_regenerate,
            ..model()
        }
    }

    fn triggered<const N: usize>(values: [(&str, Attr<&str>); N]) -> Model {
        let values = values.map(|(key, value)| (key.to_owned(), value.map(str::to_owned)));
        Model {
            regenerate_triggers: Attr::Known(BTreeMap::from(values)),
            ..model()
        }
    }

    fn status(status: Status, rest: Model) -> Model {
        Model {
            status: status.into(),
            ..rest
        }
    }

    #[track_caller]
    fn check(config: Model, state: Model, expected: Option<Reason>) {
        assert_eq!(regeneration(&config, &state), expected);
    }

    #[test]
    fn another_expiry_regenerates_but_not_another_spelling_or_a_removed_one() {
        check(expiring(DATE), expiring(DATE), None);
        check(expiring(SAME), expiring(DATE), None);
        check(expiring(OTHER), expiring(DATE), Some(Reason::Expiry));
        check(expiring(DATE), model(), Some(Reason::Expiry));
        check(model(), expiring(DATE), None);
        check(
            expiry_unknown(),
            expiring(DATE),
            Some(Reason::Undecided("expired_at")),
        );
    }

    #[test]
    fn force_regenerate_regenerates_only_when_it_becomes_true() {
        let (yes, no, null) = (
            || force(Attr::Known(true)),
            || force(Attr::Known(false)),
            model,
        );
        check(yes(), null(), Some(Reason::Forced));
        check(yes(), no(), Some(Reason::Forced));
        check(yes(), yes(), None);
        check(no(), yes(), None);
        check(null(), yes(), None);
        check(
            force(Attr::Unknown),
            null(),
            Some(Reason::Undecided("force_regenerate")),
        );
        check(force(Attr::Unknown), yes(), None);
    }

    #[test]
    fn only_a_changed_value_triggers() {
        let (one, two) = (Attr::Known("1"), Attr::Known("2"));
        let changed = |key: &str| Some(Reason::Trigger(key.to_owned()));
        check(
            triggered([("a", two)]),
            triggered([("a", one)]),
            changed("a"),
        );
        check(triggered([("a", one)]), triggered([("a", one)]), None);
        check(triggered([("a", one)]), model(), None);
        check(
            triggered([("a", one), ("b", two)]),
            triggered([("a", one)]),
            None,
        );
        check(triggered([("b", two)]), triggered([("a", one)]), None);
        check(model(), triggered([("a", one)]), None);
        check(
            triggered([("a", Attr::Null)]),
            triggered([("a", one)]),
            None,
        );
        check(
            triggered([("a", one)]),
            triggered([("a", Attr::Null)]),
            None,
        );
    }

    #[test]
    fn an_unknown_value_is_decided_at_apply() {
        let undecided = Some(Reason::Undecided("regenerate_triggers"));
        let (one, unknown) = (Attr::Known("1"), Attr::Unknown);
        let wholly_unknown = || Model {
            regenerate_triggers: Attr::Unknown,
            ..model()
        };
        check(
            triggered([("a", unknown)]),
            triggered([("a", one)]),
            undecided.clone(),
        );
        check(triggered([("a", unknown)]), model(), None);
        check(wholly_unknown(), triggered([("a", one)]), undecided);
        check(wholly_unknown(), model(), None);
        check(
            triggered([("a", unknown), ("b", Attr::Known("2"))]),
            triggered([("a", one), ("b", one)]),
            Some(Reason::Trigger("b".to_owned())),
        );
    }

    #[test]
    fn a_lost_or_replaced_token_is_regenerated() {
        let lost = || status(Status::SecretLost, expiring(DATE));
        check(model(), lost(), Some(Reason::SecretLost));
        check(expiring(DATE), lost(), Some(Reason::SecretLost));
        let replaced = || status(Status::Replaced, expiring(DATE));
        check(expiring(DATE), replaced(), Some(Reason::Replaced));
        check(force(Attr::Known(true)), replaced(), Some(Reason::Forced));
        check(model(), status(Status::Current, model()), None);
        check(model(), model(), None);
    }

    #[test]
    fn a_followed_token_is_regenerated_only_if_asked_for() {
        #[track_caller]
        fn check(config: Model, state: Model, expected: Option<Reason>) {
            assert_eq!(requested_regeneration(&config, &state), expected);
        }
        check(expiring(OTHER), expiring(DATE), None);
        check(expiry_unknown(), expiring(DATE), None);
        for state in [Status::Expired, Status::Replaced, Status::SecretLost] {
            check(model(), status(state, expiring(DATE)), None);
        }
        check(force(Attr::Known(true)), model(), Some(Reason::Forced));
        let [one, two] = ["1", "2"].map(|value| triggered([("a", Attr::Known(value))]));
        check(two, one, Some(Reason::Trigger("a".to_owned())));
        let undecided = Some(Reason::Undecided("force_regenerate"));
        check(force(Attr::Unknown), model(), undecided);
    }

    #[test]
    fn an_expired_token_is_regenerated_only_if_the_api_chose_its_expiry() {
        let expired = || status(Status::Expired, expiring(DATE));
        check(model(), expired(), Some(Reason::Expired));
        check(expiring(DATE), expired(), None);
        check(expiring(OTHER), expired(), Some(Reason::Expiry));
        check(
            expiry_unknown(),
            expired(),
            Some(Reason::Undecided("expired_at")),
        );
    }
}
