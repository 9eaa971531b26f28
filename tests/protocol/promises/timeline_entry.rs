//! [`TimelineEntry`]: one request, or one change by somebody else.

use std::fmt::{self, Write as _};

use super::snapshot::Tokens;

/// One request, or one change by somebody else.
#[derive(Clone, Debug)]
pub(crate) struct TimelineEntry {
    pub(crate) cause: Cause,
    pub(crate) before: Tokens,
    pub(crate) after: Tokens,
}

/// The cause of an [`TimelineEntry`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A request about an organization's audit trail token.
    Request(TokenRequest),
    /// Any other request.
    OtherRequest,
    /// A POST or DELETE of the operation that takes effect after its connection was closed.
    LateChange,
    SomebodyElse,
}

/// A request about an organization's audit trail token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenRequest {
    pub(crate) verb: Verb,
    pub(crate) organization: String,
    /// Whether the provider received the service's own answer.
    pub(crate) answered: bool,
}

/// The method of a [`TokenRequest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Delete,
}

impl TimelineEntry {
    /// Returns the request, if it is about this organization's token.
    pub(crate) fn request(&self, organization: &str) -> Option<&TokenRequest> {
        match &self.cause {
            Cause::Request(request) if self.after.is_same(&request.organization, organization) => {
                Some(request)
            }
            _ => None,
        }
    }

    /// Whether the organization has another token after it.
    pub(crate) fn changes(&self, organization: &str) -> bool {
        let id = |tokens: &Tokens| {
            let token = tokens.audit_trail(organization);
            token.map(|token| token.id.clone())
        };
        id(&self.before) != id(&self.after)
    }
}

impl fmt::Display for TimelineEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Request(request) => {
                let (verb, organization) = (request.verb, &request.organization);
                write!(f, "{verb:?} of the token of {organization}")?;
                if !request.answered {
                    f.write_str(", whose answer does not arrive")?;
                }
            }
            Cause::OtherRequest => f.write_str("another request")?,
            Cause::LateChange => f.write_str("a request takes effect late")?,
            Cause::SomebodyElse => f.write_str("somebody else acts")?,
        }
        for name in self.after.organizations() {
            if self.changes(name) {
                let id = |tokens: &Tokens| {
                    let token = tokens.audit_trail(name);
                    token.map_or("none".to_owned(), |token| token.id.clone())
                };
                let (before, after) = (id(&self.before), id(&self.after));
                write!(f, "; {name}: {before} becomes {after}")?;
            }
        }
        f.write_char(' ')
    }
}
