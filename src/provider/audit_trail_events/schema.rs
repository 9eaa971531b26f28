//! The schemas, which are the documentation too. Those of the data source and of the ephemeral resource differ in what they
//! say about the state.

use super::selection::MAX_LIMIT;
use crate::provider::{diagnostics, validators};
use tfplugin::schema::validator::string;
use tfplugin::schema::{Attribute, Nested, Schema, Validator};
use tfplugin::{Diagnostics, Path, Type, Value};

pub(super) fn data_source() -> Schema {
    schema(Words {
        introduction: "The audit trail of an HCP Terraform organization: who did what, newest first, for `check` \
             blocks, postconditions and reports. HCP Terraform keeps 14 days of it. The organization \
             is the one that the token belongs to. `hashicorp/tfe` has no such data source.\n\n\
             ~> **The token and the events are in the state.** The ephemeral resource \
             [`tfe_audit_trail_events`](../ephemeral-resources/audit_trail_events.md) reads the same \
             and stores neither.",
        token: "The token to read with: the organization's own, or its audit trail token; no user's \
             and no team's. Defaults to the provider's `token`. Terraform stores it in the state, \
             as it does every argument of a data source. Use the ephemeral resource instead, or a \
             provider `alias` with an ephemeral token, as in the example: they leave no trace.",
        limit: "The most events to return, the newest; from 1 to 50,000. Defaults to 1,000. Terraform \
             keeps them in the state: 10,000 take about a second of every plan.",
    })
}

pub(super) fn ephemeral() -> Schema {
    schema(Words {
        introduction: "The audit trail of an HCP Terraform organization: who did what, newest first. It is \
             read in every plan and every apply, and neither the events nor the token are in the state \
             or in the plan: with a postcondition, it is an alarm. HCP Terraform keeps 14 days of the \
             trail. The organization is the one that the token belongs to. `hashicorp/tfe` has no such \
             object.",
        token: "The token to read with: the organization's own, or its audit trail token; no user's \
             and no team's. Defaults to the provider's `token`. It is in neither state nor plan.",
        limit: "The most events to return, the newest; from 1 to 50,000. Defaults to 1,000.",
    })
}

/// What the two schemas say differently.
struct Words {
    introduction: &'static str,
    token: &'static str,
    limit: &'static str,
}

fn schema(words: Words) -> Schema {
    Schema::new(words.introduction)
    .attribute(
        "token",
        Attribute::optional(
            Type::String,
            words.token,
        )
        .sensitive()
        .validate(string(|token| {
            if token.trim().chars().any(char::is_control) {
                return Err(diagnostics::unusable_token("the argument \"token\""));
            }
            Ok(())
        })),
    )
    .attribute(
        "since",
        Attribute::optional(
            Type::String,
            "Only events after this instant, in RFC 3339 such as `2026-01-31T00:00:00Z`. Left out: \
             all that is kept.",
        )
        .validate(validators::date_time()),
    )
    .attribute(
        "until",
        Attribute::optional(
            Type::String,
            "Only events up to this instant, in RFC 3339. The API cannot leave out what is newer, \
             so that is read all the same.",
        )
        .validate(validators::date_time()),
    )
    .attribute(
        "limit",
        Attribute::optional(
            Type::Number,
            words.limit,
        )
        .validate(Limit),
    )
    .attribute(
        "resource_types",
        Attribute::optional(
            Type::set(Type::String),
            "Only events about one of these types of resource, such as `authentication_token`, \
             compared letter by letter: HCP Terraform has no closed list of them, so one that it \
             does not know fits no event, and that is no error. An empty set lets no event through.",
        )
        .validate(NoNulls),
    )
    .attribute(
        "actions",
        Attribute::optional(
            Type::set(Type::String),
            "Only events of one of these actions, such as `create` or `destroy`, compared letter by \
             letter as well. An empty set lets no event through.",
        )
        .validate(NoNulls),
    )
    .attribute(
        "accessor_ids",
        Attribute::optional(
            Type::set(Type::String),
            "Only events of one of these accounts, such as `user-V3R563qtJNcExAkN`. \
             An empty set lets no event through.",
        )
        .validate(NoNulls),
    )
    .attribute(
        "include_meta",
        Attribute::optional(
            Type::Bool,
            "Whether `resource.meta` and `other` are filled. They may hold what a reader should not \
             see. Defaults to `false`: both are null.",
        ),
    )
    .attribute(
        "events",
        Attribute::computed(
            event(),
            "The events, newest first, each once. The parts of an event are never null, but \
             everything in them may be.",
        ),
    )
    .attribute(
        "total_count",
        Attribute::computed(
            Type::Number,
            "How many events the trail has after `since`, whatever `until`, `limit` and the \
             filters leave out; null if the API does not say, or was not asked.",
        ),
    )
    .attribute(
        "truncated",
        Attribute::computed(
            Type::Bool,
            "Whether there are, or may be, more events that fit than were returned: because of \
             `limit`, because they lie behind the 50 pages that are read at most, or because the API \
             does not say whether more follow.",
        ),
    )
}

fn event() -> Nested {
    let auth = texts(&[
        ("accessor_id", "The ID of the account that did it."),
        ("description", "The name of that account."),
        (
            "type",
            "`Client`; `Impersonated`: somebody acted in the name of the account; or `System`: HCP \
             Terraform itself.",
        ),
        (
            "impersonator_id",
            "The ID of the account that acted in the name of the other.",
        ),
        ("organization_id", "The ID of the organization."),
    ]);
    let request = texts(&[("id", "The ID of the API request.")]);
    let resource = texts(&[
        ("id", "The ID of the resource."),
        (
            "type",
            "What it is, such as `authentication_token` or `workspace`.",
        ),
        (
            "action",
            "What was done to it, such as `create` or `destroy`.",
        ),
        (
            "meta",
            "A JSON object that depends on the type, for `jsondecode`. Null unless `include_meta` \
             is `true`.",
        ),
    ]);
    with_texts(
        Nested::list(),
        &[
            (
                "id",
                "The event's own ID. Null only if the API sends an event without one.",
            ),
            ("version", "The version of the event's format."),
            ("type", "The type of the event; so far, always `Resource`."),
            ("timestamp", "When it happened, in RFC 3339."),
            (
                "other",
                "A JSON object of everything that the API has sent besides, for `jsondecode`. Null \
                 unless `include_meta` is `true`.",
            ),
        ],
    )
    .attribute("auth", Attribute::computed(auth, "Who did it."))
    .attribute(
        "request",
        Attribute::computed(request, "The API request that did it."),
    )
    .attribute(
        "resource",
        Attribute::computed(resource, "What it was done to, and what was done."),
    )
}

/// Returns an object of strings, each with its description.
fn texts(attributes: &[(&'static str, &'static str)]) -> Nested {
    with_texts(Nested::single(), attributes)
}

fn with_texts(object: Nested, attributes: &[(&'static str, &'static str)]) -> Nested {
    attributes
        .iter()
        .fold(object, |object, (name, description)| {
            object.attribute(name, Attribute::computed(Type::String, description))
        })
}

/// Validates that a set has no null: no event has one, so it would silently select nothing.
struct NoNulls;

impl Validator for NoNulls {
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics) {
        if value
            .as_list()
            .is_some_and(|set| set.iter().any(Value::is_null))
        {
            diagnostics.push(diagnostics::null_in_filter().at(path.clone()));
        }
    }
}

/// Validates a whole number from 1 to [`MAX_LIMIT`].
struct Limit;

impl Validator for Limit {
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics) {
        let Some(limit) = value.as_number() else {
            return;
        };
        let fits = limit
            .as_i64()
            .is_some_and(|limit| (1..=i64::from(MAX_LIMIT)).contains(&limit));
        if !fits {
            diagnostics
                .push(diagnostics::invalid_limit(&limit.to_string(), MAX_LIMIT).at(path.clone()));
        }
    }
}
