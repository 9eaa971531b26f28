//! Promise (m): what a plan and its apply say is what happens.

use tfe_simulator::Token;
use tfplugin::Diagnostic;

use super::example::{ORGANIZATION, check_breaks, error, request, token};
use super::kind::Kind;
use super::liveness::is_dead;
use super::observation::{AppliedPlan, Observation};
use super::timeline_entry::Verb;

/// Summaries of a plan whose apply is refused, or may be.
pub(super) const WILL_BE_REFUSED: [&str; 3] = [
    "Applying This Plan Will Be Refused",
    "An Audit Trail Token Exists Already",
    "The Audit Trail Token Is Not Managed by This Resource",
];

/// What such a plan says where the apply may generate all the same: the provider does not know whether the plan destroys
/// or replaces an object first.
const CONDITIONS: [&str; 2] = [
    "Unless this plan destroys the resource that manages it before",
    "If this plan replaces the resource",
];

/// The refusals of an apply because of a token that is not ours.
pub(super) const REFUSED: [&str; 2] = [
    "An audit trail token already exists",
    "The Audit Trail Token Is Not Managed by This Resource",
];

/// What a plan says if it could not read the token of the organization.
const NO_PREVIEW: &str = "Unable to Look for an Existing Audit Trail Token";

/// Summaries that speak of a live token that is in the way.
pub(super) const IN_THE_WAY: [&str; 6] = [
    "An Audit Trail Token Exists Already",
    "An Existing Audit Trail Token Is Invalidated",
    "An audit trail token already exists",
    "The Audit Trail Token Is in Use",
    "An Audit Trail Token in Use Is Deleted",
    "Applying This Plan Will Be Refused",
];

/// A plan that says that its apply will be refused is refused, and a refusal was planned, if nothing has happened in
/// between.
///
/// With `create_before_destroy`, of which a plan does not know, the object's own token is in the way of its replacement.
pub(crate) fn a_refusal_is_planned(seen: &Observation) -> Vec<String> {
    let Some(plan) = seen.plan.as_ref().filter(|plan| plan.undisturbed) else {
        return Vec::new();
    };
    let text = plan.diagnostics.to_string();
    let is_planned = WILL_BE_REFUSED.iter().any(|words| text.contains(words));
    let is_conditional = CONDITIONS.iter().any(|words| text.contains(words));
    let mut ours = seen.before.objects.iter();
    let is_own = seen.kind == Kind::Replace
        && ours.any(|object| {
            let id = object.token_id.as_deref();
            id.is_some_and(|id| seen.reports_about(&REFUSED, &[id]))
        });
    let is_refused = !is_own && REFUSED.iter().any(|words| seen.reports(&[words]));
    let generates = !seen.made().is_empty();
    let rules = [
        (
            is_planned && generates && !is_conditional,
            "the plan says that the apply will be refused, and it generates",
        ),
        (
            is_refused && !is_planned && !plan.read.is_empty(),
            "the apply is refused, and the plan does not say so",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
    broken.map(|(_, how)| how.to_owned()).collect()
}

/// A plan names the live token that its apply invalidates by generating, if it has read it, and if it is not the token of
/// the object that the plan replaces.
pub(crate) fn a_plan_names_the_token_that_will_be_invalidated(seen: &Observation) -> Vec<String> {
    let Some(plan) = seen.plan.as_ref().filter(|plan| plan.undisturbed) else {
        return Vec::new();
    };
    let text = plan.diagnostics.to_string();
    let posts = seen.timeline.iter().flat_map(|event| {
        let organizations = event.before.organizations();
        organizations.filter_map(|name| {
            let request = event.request(name)?;
            let token = event.before.audit_trail(name)?;
            (request.verb == Verb::Post && event.changes(name)).then_some(token)
        })
    });
    let made = seen.made();
    let posts = posts.filter(|token| {
        let mut before = seen.before.objects.iter();
        !(seen.kind == Kind::Replace && before.any(|object| object.manages(token)))
    });
    let unnamed = posts.filter(|token| {
        let is_own = made.iter().any(|(_, made)| made.id == token.id);
        let mut read = plan.read.iter();
        let is_read = read.any(|(_, read)| read.as_ref().is_some_and(|one| one.id == token.id));
        is_read && !is_own && !is_dead(token, seen.before.now) && !text.contains(&token.id)
    });
    unnamed
        .map(|token| {
            format!(
                "{} was invalidated, and the plan does not name it",
                token.id
            )
        })
        .collect()
}

/// No token of somebody else is said to be left alone that the operation has invalidated.
///
/// Where the label was renamed, it is another resource that invalidates the token, and its plan says so.
pub(crate) fn what_is_left_alone_lives(seen: &Observation) -> Vec<String> {
    let invalidated = seen.invalidated().into_iter();
    let is_ours = |token: &Token| {
        let mut before = seen.before.objects.iter();
        before.any(|object| object.manages(token)) && !seen.followed.contains(&token.id)
    };
    let alone = invalidated.filter(|(_, token)| !is_ours(token) && !seen.relabels);
    let alone = alone.filter(|(_, token)| {
        seen.reports(&["Left Alone", &token.id]) || seen.reports(&["not deleted", &token.id])
    });
    alone
        .map(|(_, token)| format!("{} was invalidated, and is said to be left alone", token.id))
        .collect()
}

/// A plan that destroys the object with the organization's token and creates another one names `moved`. A creation whose
/// read of the token failed says that instead.
pub(crate) fn a_renamed_label_is_recognised(seen: &Observation) -> Vec<String> {
    let says = |words: &str| seen.reports(&[words]);
    let is_silent = !seen.failed() && !says("moved") && !says(NO_PREVIEW);
    let mut result = seen.result().iter();
    let holds_the_token = result.any(|object| {
        let current = seen.current(&object.organization);
        current.is_some_and(|token| object.manages(token))
    });
    match seen.kind == Kind::Plan && seen.relabels && is_silent && holds_the_token {
        true => vec!["the label was renamed, and the plan does not name moved".to_owned()],
        false => Vec::new(),
    }
}

/// A dead token is not said to be in the way.
pub(crate) fn a_dead_token_is_in_nobodys_way(seen: &Observation) -> Vec<String> {
    let tokens = seen.before.tokens.all();
    let dead = tokens.filter(|token: &&Token| is_dead(token, seen.before.now));
    dead.filter(|token| seen.reports_about(&IN_THE_WAY, &[&token.id]))
        .map(|token| format!("{} is dead, and is said to be in the way", token.id))
        .collect()
}

/// Returns a plan that was undisturbed and has read the token `at-ours`.
fn plan(summary: &str, detail: &str) -> AppliedPlan {
    AppliedPlan {
        diagnostics: Diagnostic::warning(summary, detail).into(),
        read: vec![(ORGANIZATION.to_owned(), Some(token("at-ours")))],
        undisturbed: true,
    }
}

#[test]
fn a_plan_of_a_refusal_that_generates_breaks_the_promise() {
    check_breaks(a_refusal_is_planned, Kind::Apply, |seen| {
        seen.plan = Some(plan("Applying This Plan Will Be Refused", "at-ours"));
        seen.timeline = vec![request(Verb::Post, Some("at-ours"), Some("at-new"))];
    });
}

#[test]
fn a_refusal_that_was_not_planned_breaks_the_promise() {
    check_breaks(a_refusal_is_planned, Kind::Apply, |seen| {
        seen.plan = Some(plan("A Warning", ""));
        seen.diagnostics = error("An audit trail token already exists", "at-ours");
    });
}

#[test]
fn a_token_that_is_invalidated_and_not_named_by_the_plan_breaks_the_promise() {
    check_breaks(
        a_plan_names_the_token_that_will_be_invalidated,
        Kind::Apply,
        |seen| {
            seen.plan = Some(plan("A Warning", "at-other"));
            seen.timeline = vec![request(Verb::Post, Some("at-ours"), Some("at-new"))];
        },
    );
}

#[test]
fn a_token_that_is_invalidated_and_said_to_be_left_alone_breaks_the_promise() {
    check_breaks(what_is_left_alone_lives, Kind::Replace, |seen| {
        seen.timeline = vec![request(Verb::Post, Some("at-other"), Some("at-new"))];
        let alone = "Another Audit Trail Token Was Left Alone";
        seen.diagnostics = Diagnostic::warning(alone, "at-other").into();
    });
}

#[test]
fn a_renamed_label_that_is_not_recognised_breaks_the_promise() {
    check_breaks(a_renamed_label_is_recognised, Kind::Plan, |seen| {
        seen.relabels = true
    });
}

#[test]
fn a_dead_token_that_is_said_to_be_in_use_breaks_the_promise() {
    check_breaks(a_dead_token_is_in_nobodys_way, Kind::Open, |seen| {
        let mut dead = token("at-ours");
        dead.expired_at = Some(dead.created_at);
        seen.before.tokens.set(ORGANIZATION, Some(dead));
        seen.diagnostics = error("The Audit Trail Token Is in Use", "at-ours");
    });
}
