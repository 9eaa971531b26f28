//! The [`TimelineEntry`]s of an operation, from what the simulator recorded.

use std::sync::{Arc, Mutex};

use tfe_simulator::{RecordedRequest, Service, Token, TokenChange, TokenKind};

use super::snapshot::Tokens;
use super::timeline_entry::{Cause, TimelineEntry, TokenRequest, Verb};

const TOKEN: &str = "/authentication-token?token=audit-trails";

/// Changes an organization's token as somebody else does, and remembers which changes those were.
///
/// Clones share the memory, so that a [`Fault`](tfe_simulator::Fault) can make the change between two requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct SomebodyElse(Arc<Mutex<Vec<String>>>);

impl SomebodyElse {
    /// Regenerates the organization's token.
    pub(crate) fn regenerates(&self, simulator: &Service, organization: &str) -> Token {
        let token = simulator.regenerate_elsewhere(organization);
        self.0.lock().unwrap().push(token.id.clone());
        token
    }

    fn made(&self, change: &TokenChange) -> bool {
        let ids = self.0.lock().unwrap();
        let token = change.after.as_ref();
        token.is_some_and(|token| ids.contains(&token.id))
    }
}

/// Returns the organization whose audit trail token a request is about.
fn organization(request: &RecordedRequest) -> Option<&str> {
    let rest = request.path.split_once("/organizations/")?.1;
    rest.strip_suffix(TOKEN)
}

/// Returns what a request is about. `answered` says that the provider received the service's own answer.
pub(crate) fn cause(request: &RecordedRequest, answered: bool) -> Cause {
    let verb = match request.method.as_str() {
        "GET" => Verb::Get,
        "POST" => Verb::Post,
        "DELETE" => Verb::Delete,
        _ => return Cause::OtherRequest,
    };
    match organization(request) {
        Some(organization) => Cause::Request(TokenRequest {
            verb,
            organization: organization.to_owned(),
            answered,
        }),
        None => Cause::OtherRequest,
    }
}

/// Returns the events since the simulator's requests were last forgotten.
///
/// An answer is one that the provider may believe: the service's own, which tells whether there is a token, from a
/// service that has named itself as HCP Terraform. `is_trusted` says that it need not name itself.
pub(crate) fn entries(
    simulator: &Service,
    before: &Tokens,
    others: &SomebodyElse,
    is_trusted: bool,
) -> Vec<TimelineEntry> {
    let mut is_named = is_trusted;
    let mut changes = simulator.token_changes();
    changes.retain(|change| change.kind == TokenKind::AuditTrail);
    let mut entries = Vec::new();
    let mut tokens = before.clone();
    let mut push = |cause: Cause, change: Option<&TokenChange>| {
        let earlier = tokens.clone();
        if let Some(change) = change {
            tokens.set(&change.organization, change.after.clone());
        }
        let after = tokens.clone();
        entries.push(TimelineEntry {
            cause,
            before: earlier,
            after,
        });
    };
    for (index, request) in simulator.requests().iter().enumerate() {
        is_named |= ["HCP Terraform", "Terraform Cloud"]
            .map(Some)
            .contains(&request.app_name.as_deref());
        let answered = request.answered
            && matches!(request.status, Some(200..300 | 404))
            && is_named
            && !request.is_enterprise
            // A former name of an organization says nothing of its token.
            && organization(request).is_none_or(|name| before.is_found_as(name));
        let mut during = changes.iter().filter(|one| one.requests == index + 1);
        let mut during: Vec<_> = during.by_ref().collect();
        let is_own = |change: &&TokenChange| {
            request.method != "GET"
                && organization(request)
                    .is_some_and(|name| name.eq_ignore_ascii_case(&change.organization))
                && !others.made(change)
        };
        let own = match during.first() {
            Some(first) if is_own(first) => Some(during.remove(0)),
            _ => None,
        };
        push(cause(request, answered), own);
        for change in during {
            let cause = match others.made(change) {
                true => Cause::SomebodyElse,
                false => Cause::LateChange,
            };
            push(cause, Some(change));
        }
    }
    entries
}
