//! The proptest strategy of an [`OutsideChange`].

use proptest::option;
use proptest::prelude::*;

use super::outside_change::{Org, OutsideChange, Time};

pub(super) fn org() -> impl Strategy<Value = Org> {
    prop_oneof![9 => Just(Org::Ours), 1 => Just(Org::Other)]
}

pub(super) fn between() -> impl Strategy<Value = Option<OutsideChange>> {
    option::weighted(0.12, outside_change())
}

pub(super) fn outside_change() -> impl Strategy<Value = OutsideChange> {
    prop_oneof![
        8 => org().prop_map(OutsideChange::Regenerates),
        4 => org().prop_map(OutsideChange::Revokes),
        4 => org().prop_map(OutsideChange::Uses),
        6 => org().prop_map(OutsideChange::AddsEvents),
        6 => time().prop_map(OutsideChange::TimePasses),
        2 => org().prop_map(OutsideChange::LosesPermission),
        1 => org().prop_map(OutsideChange::LosesVisibility),
        1 => org().prop_map(OutsideChange::LosesStatedPermission),
        1 => Just(OutsideChange::LosesApiToken),
        2 => org().prop_map(OutsideChange::LosesEntitlement),
        1 => org().prop_map(OutsideChange::Renames),
        1 => org().prop_map(OutsideChange::Deletes),
        5 => Just(OutsideChange::Restores),
    ]
}

fn time() -> impl Strategy<Value = Time> {
    prop_oneof![
        2 => Just(Time::Hour),
        2 => Just(Time::Days),
        3 => Just(Time::Weeks),
        2 => Just(Time::Year),
        2 => Just(Time::Years),
    ]
}

/// A change that somebody else makes between two requests.
pub(super) fn change_meanwhile() -> impl Strategy<Value = OutsideChange> {
    prop_oneof![
        3 => org().prop_map(OutsideChange::Regenerates),
        2 => org().prop_map(OutsideChange::Revokes),
        1 => org().prop_map(OutsideChange::Uses),
        1 => org().prop_map(OutsideChange::LosesPermission),
    ]
}
