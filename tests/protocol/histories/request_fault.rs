//! [`RequestFault`]: a fault at the requests of an operation.

use super::outside_change::OutsideChange;

/// A fault at the requests of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RequestFault {
    pub(super) phase: Phase,
    pub(super) on: Target,
    /// The number of such requests that succeed first.
    pub(super) skip: usize,
    pub(super) times: Times,
    pub(super) effect: FaultEffect,
}

/// When a fault happens. Operations that only plan have no apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Plan,
    Apply,
}

/// The requests that a fault is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Post,
    Delete,
    /// GET of the token.
    Get,
    /// GET of the audit trail, also the one that verifies a secret.
    AuditTrail,
    /// Any request about an organization.
    Any,
}

/// How often a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Once,
    Twice,
    Always,
}

/// What a fault does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultEffect {
    /// The service does not execute the request, and this is the answer.
    NotExecuted(Answer),
    /// The service executes the request, and this is the answer.
    Executed(Answer),
    /// The connection is cut, and the service executes the request after this number of further GETs of the token.
    ExecutedLater(usize),
    /// The request succeeds, and this change happens before its answer arrives.
    Meanwhile(OutsideChange),
}

/// The answer that the provider receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Cut,
    CutBody,
    Truncated,
    Status(u16),
    Html,
    Empty,
    WrongShape,
    NullData,
    /// The service's own answer without the header in which it names itself.
    WithoutAppName,
}
