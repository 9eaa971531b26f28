//! The proptest strategy of a [`RequestFault`].

use proptest::collection::vec;
use proptest::prelude::*;

use super::outside_change::OutsideChange;
use super::outside_strategy::{change_meanwhile, org};
use super::request_fault::{Answer, FaultEffect, Phase, RequestFault, Target, Times};

pub(super) fn faults(max: usize) -> impl Strategy<Value = Vec<RequestFault>> {
    prop_oneof![6 => Just(Vec::new()), 4 => vec(fault(target()), 1..=max)]
}

pub(super) fn fault(
    target: impl Strategy<Value = (Target, FaultEffect)>,
) -> impl Strategy<Value = RequestFault> {
    let phase = prop_oneof![3 => Just(Phase::Apply), 1 => Just(Phase::Plan)];
    let times =
        prop_oneof![4 => Just(Times::Once), 1 => Just(Times::Twice), 3 => Just(Times::Always)];
    let skip = prop_oneof![4 => Just(0_usize), 2 => Just(1), 1 => Just(2), 1 => Just(3)];
    (phase, target, skip, times).prop_map(|(phase, (on, effect), skip, times)| RequestFault {
        phase,
        on,
        skip,
        times,
        effect,
    })
}

fn target() -> impl Strategy<Value = (Target, FaultEffect)> {
    prop_oneof![
        5 => post().prop_map(|effect| (Target::Post, effect)),
        3 => delete().prop_map(|effect| (Target::Delete, effect)),
        5 => get().prop_map(|effect| (Target::Get, effect)),
        3 => audit_trail().prop_map(|effect| (Target::AuditTrail, effect)),
        2 => get().prop_map(|effect| (Target::Any, effect)),
    ]
}

/// The effects on a POST. The service may execute it although its answer does not arrive.
fn post() -> impl Strategy<Value = FaultEffect> {
    prop_oneof![
        3 => refusal().prop_map(|status| FaultEffect::NotExecuted(Answer::Status(status))),
        3 => no_token().prop_map(FaultEffect::NotExecuted),
        5 => no_token().prop_map(FaultEffect::Executed),
        2 => damaged().prop_map(FaultEffect::Executed),
        2 => (0_usize..=2).prop_map(FaultEffect::ExecutedLater),
        2 => change_meanwhile().prop_map(FaultEffect::Meanwhile),
    ]
}

pub(super) fn delete() -> impl Strategy<Value = FaultEffect> {
    prop_oneof![
        2 => refusal().prop_map(|status| FaultEffect::NotExecuted(Answer::Status(status))),
        2 => no_answer().prop_map(FaultEffect::NotExecuted),
        3 => no_answer().prop_map(FaultEffect::Executed),
        2 => change_meanwhile().prop_map(FaultEffect::Meanwhile),
    ]
}

pub(super) fn get() -> impl Strategy<Value = FaultEffect> {
    prop_oneof![
        3 => no_token().prop_map(FaultEffect::NotExecuted),
        1 => prop_oneof![Just(401_u16), Just(403), Just(409), Just(429)]
            .prop_map(|status| FaultEffect::NotExecuted(Answer::Status(status))),
        1 => damaged().prop_map(FaultEffect::Executed),
        2 => change_meanwhile().prop_map(FaultEffect::Meanwhile),
    ]
}

/// The effects on a GET of the audit trail. A refusal by the service is not among them: it is the API's answer that the
/// secret is not valid.
fn audit_trail() -> impl Strategy<Value = FaultEffect> {
    prop_oneof![
        2 => no_answer().prop_map(FaultEffect::NotExecuted),
        1 => change_meanwhile().prop_map(FaultEffect::Meanwhile),
        3 => org().prop_map(|org| FaultEffect::Meanwhile(OutsideChange::AddsEvents(org))),
    ]
}

/// A status that proves that the service did not execute the request.
fn refusal() -> impl Strategy<Value = u16> {
    prop_oneof![
        Just(400_u16),
        Just(401),
        Just(403),
        Just(404),
        Just(409),
        Just(415),
        Just(422),
        Just(429),
    ]
}

/// No answer, or one that is not the service's.
fn no_answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        2 => Just(Answer::Cut),
        1 => prop_oneof![Just(408_u16), Just(500), Just(502), Just(503), Just(504)]
            .prop_map(Answer::Status),
    ]
}

/// An answer without the document of a token.
fn no_token() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => no_answer(),
        1 => Just(Answer::Html),
        1 => Just(Answer::Empty),
        1 => Just(Answer::WrongShape),
        1 => Just(Answer::NullData),
    ]
}

/// The service's own document, damaged in transit.
fn damaged() -> impl Strategy<Value = Answer> {
    prop_oneof![
        Just(Answer::Truncated),
        Just(Answer::CutBody),
        Just(Answer::WithoutAppName),
    ]
}
