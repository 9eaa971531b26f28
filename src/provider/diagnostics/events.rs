//! About reading the audit trail.

use super::{Cause, quoted};
use crate::client::Error;
use tfplugin::{Diagnostic, Path};

/// Where the token for the audit trail comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TrailToken {
    /// The data source's own argument.
    Argument,
    /// The provider's.
    Provider,
}

impl TrailToken {
    fn named(self) -> &'static str {
        match self {
            Self::Argument => "the argument \"token\"",
            Self::Provider => "the provider's API token",
        }
    }

    /// Adds the path of the attribute that holds the token.
    fn at(self, diagnostic: Diagnostic) -> Diagnostic {
        match self {
            Self::Argument => diagnostic.at(Path::of("token")),
            Self::Provider => diagnostic,
        }
    }
}

/// Why the trail cannot be read, as far as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Dead,
    WrongToken,
    /// The answer has no page at all.
    NoPage,
    NoEntitlement,
    /// `WrongToken` or `NoEntitlement`.
    Unclear,
}

impl Refusal {
    fn of(error: &Error) -> Option<Self> {
        let refusals = [
            // The answer of a proxy says nothing about the token.
            (error.is_not_from_api(), None),
            (error.is_no_entitlement(), Some(Self::NoEntitlement)),
            (
                error.is_wrong_token() && error.status() == Some(200),
                Some(Self::NoPage),
            ),
            (error.is_wrong_token(), Some(Self::WrongToken)),
            (error.is_unsupported_service(), None),
            (error.is_unauthorized(), Some(Self::Dead)),
            (
                error.is_not_found() || error.is_forbidden(),
                Some(Self::Unclear),
            ),
        ];
        refusals
            .into_iter()
            .find_map(|(applies, refusal)| applies.then_some(refusal))
            .flatten()
    }
}

/// Which tokens can read the trail.
const READERS: &str = "The audit trail can be read with the organization's own API token or with \
     its audit trail token, and with nothing else.";

pub(crate) fn trail_not_read(token: TrailToken, error: &Error) -> Diagnostic {
    trail_refused(token, Refusal::of(error), &Cause::from(error))
}

pub(super) fn trail_refused(
    token: TrailToken,
    refusal: Option<Refusal>,
    cause: &Cause,
) -> Diagnostic {
    let named = token.named();
    let (summary, what) = match refusal {
        None => (
            "Error reading Audit Trail",
            "The audit trail could not be read.".to_owned(),
        ),
        Some(Refusal::Dead) => (
            "Unknown or Expired Token for the Audit Trail",
            format!(
                "HCP Terraform does not accept {named}: it is mistyped, expired, or was replaced \
                 by another. {READERS} Check the token."
            ),
        ),
        Some(Refusal::WrongToken) => (
            "Wrong Kind of Token for the Audit Trail",
            format!(
                "HCP Terraform knows the token, but {named} is that of a user or a team. {READERS} \
                 Set the data source's \"token\", or let it use a provider alias with such a token. \
                 A \"token\" that is null, as after an import, counts as not set."
            ),
        ),
        Some(Refusal::NoPage) => (
            "Wrong Kind of Token for the Audit Trail",
            format!(
                "HCP Terraform returned no page of the audit trail, not even an empty one: that is its \
                 answer to the token of a user or a team. {READERS} Check {named}. A \"token\" that is \
                 null, as after an import, counts as not set."
            ),
        ),
        Some(Refusal::NoEntitlement) => (
            "No Entitlement to Audit Logging",
            "The organization's plan does not include audit logging, so there is no audit trail, \
             whatever the token."
                .to_owned(),
        ),
        Some(Refusal::Unclear) => (
            "The Audit Trail Cannot Be Seen",
            format!(
                "HCP Terraform answers as if there were no audit trail. Either {named} is of the \
                 wrong kind, or the organization's plan does not include audit logging: what can \
                 be seen with it does not tell these apart. {READERS} Check which kind of token it \
                 is, and the organization's plan."
            ),
        ),
    };
    let sentence = "Could not read the audit trail, unexpected error";
    let detail = match refusal {
        None => cause.explain(&what, sentence),
        Some(_) => cause.explain_without_hint(&what, sentence),
    };
    let diagnostic = Diagnostic::error(summary, detail);
    match refusal {
        None | Some(Refusal::NoEntitlement) => diagnostic,
        Some(_) => token.at(diagnostic),
    }
}

/// The data source has a token of its own.
pub(crate) fn token_in_state() -> Diagnostic {
    Diagnostic::warning(
        "The Token for the Audit Trail Is Stored in the State",
        "Terraform stores the arguments of a data source, so everybody who can read the state can \
         read this \"token\". The ephemeral resource tfe_audit_trail_events has the same arguments \
         and stores neither the token nor the events. If the events have to be in the state, leave \
         \"token\" out and use a provider alias whose token is from an ephemeral variable.",
    )
    .at(Path::of("token"))
}

pub(crate) fn empty_trail(token: TrailToken) -> Diagnostic {
    token.at(Diagnostic::warning(
        "The Audit Trail Is Empty",
        format!(
            "The audit trail has no event at all, though every change of a token is one. It may be \
             that nothing happened for 14 days; but HCP Terraform has answered a token of the \
             wrong kind like this, too. {READERS} Check {}.",
            token.named()
        ),
    ))
}

pub(crate) fn too_many_pages(pages: u32, events: usize) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Was Not Read to Its End",
        format!(
            "After {pages} pages of the audit trail, the most that are read, there are more. The \
             {events} events found so far are returned, and \"truncated\" is true. Set \"since\" \
             to a later instant."
        ),
    )
}

/// The last page does not say whether others follow.
pub(crate) fn unknown_end(events: usize) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail May Have More Events",
        format!(
            "HCP Terraform's answer does not say whether more pages of the audit trail follow. The \
             {events} events of the page are returned, and \"truncated\" is true. Set \"since\" to a later \
             instant, so that all events fit on one page."
        ),
    )
}

/// How many events of an unexpected form a diagnostic names.
const MAX_NAMED: usize = 5;

/// An event of an unexpected form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OddEvent {
    /// Its ID, or else its time, if it has one.
    pub(crate) name: Option<String>,
    /// The names of the fields.
    pub(crate) fields: Vec<String>,
}

pub(crate) fn odd_events(events: &[OddEvent]) -> Diagnostic {
    let named: Vec<_> = events
        .iter()
        .take(MAX_NAMED)
        .map(|event| {
            let name = event
                .name
                .as_deref()
                .map_or("without an ID".to_owned(), quoted);
            format!("  event {name}: {}", event.fields.join(", "))
        })
        .collect();
    let more = match events.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    Diagnostic::warning(
        "Audit Trail Events Have an Unexpected Form",
        format!(
            "In these events, these fields are absent or have a value of an unexpected type:\n\n{}{more}\n\n\
             The fields are null in the result, so a filter by one of them does not find the event. With \
             include_meta = true, \"other\" has the values. Look for a newer version of the provider, or \
             report it.",
            named.join("\n")
        ),
    )
}

pub(crate) fn since_before_retention(since: &str) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Does Not Reach Back So Far",
        format!(
            "HCP Terraform keeps the events of 14 days, so those after {since} are not all there \
             any more. What is there is returned."
        ),
    )
    .at(Path::of("since"))
}

/// A period of time, as it is configured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period<'a> {
    pub(crate) since: &'a str,
    pub(crate) until: &'a str,
}

pub(crate) fn since_after_until(period: Period<'_>) -> Diagnostic {
    let Period { since, until } = period;
    Diagnostic::error(
        "Invalid Period of Time",
        format!(
            "\"since\" is {since}, which is after \"until\", {until}: no event can be in between. \
             Events are returned that happened after \"since\" and not after \"until\"."
        ),
    )
    .at(Path::of("since"))
}

pub(crate) fn invalid_instant(text: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid Date and Time",
        format!(
            "{} is not a date and time in RFC 3339, such as 2026-01-31T00:00:00Z or what \
             timeadd(plantimestamp(), \"-168h\") returns.",
            quoted(text)
        ),
    )
}

pub(crate) fn null_in_filter() -> Diagnostic {
    Diagnostic::error(
        "Null in a Filter of Events",
        "A value in the set is null, which no event has. Leave the whole argument null where \
         nothing is to be filtered, or take nulls out with compact().",
    )
}

pub(crate) fn invalid_limit(limit: &str, maximum: u32) -> Diagnostic {
    Diagnostic::error(
        "Invalid Limit of Events",
        format!(
            "The limit is a whole number from 1 to {maximum}, not {limit}. Leave it out for 1000. \
             For all events there are, use a collector that follows the audit trail: Terraform \
             would keep them in its state."
        ),
    )
}

pub(crate) fn since_in_the_future(since: &str) -> Diagnostic {
    Diagnostic::warning(
        "The Period of Time Has Not Begun",
        format!(
            "\"since\" is {since}, which is in the future: no event can be after it yet. For the \
             last week it is timeadd(plantimestamp(), \"-168h\"), with a minus."
        ),
    )
    .at(Path::of("since"))
}

pub(crate) fn misspelt_filter(argument: &'static str, value: &str) -> Diagnostic {
    Diagnostic::warning(
        "A Filter of Events Looks Misspelt",
        format!(
            "{argument:?} has {}. HCP Terraform writes types and actions in lower case, \
             with underscores, such as authentication_token and create; they are compared letter \
             by letter, and an event of another spelling is left out.",
            quoted(value)
        ),
    )
    .at(Path::of(argument))
}
