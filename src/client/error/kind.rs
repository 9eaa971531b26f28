//! [`Kind`]: what went wrong, and the words for it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The status alone says what is wrong.
    Status,
    /// No answer within the time allowed.
    Timeout,
    /// No connection, so nothing was sent.
    Connect,
    /// The connection failed after something may have been sent.
    Interrupted,
    /// The practitioner asked to stop.
    Stopped,
    /// An answer that is not what the API promises.
    Protocol,
    /// A redirect that is not followed.
    Redirect,
    /// The host offers no API that we know.
    Discovery,
    /// Not HCP Terraform.
    UnsupportedService,
    /// Somebody else was faster, while we waited for our turn.
    Overtaken,
    /// A 404 because the organization has no entitlement to audit logging.
    NoEntitlement,
    /// A refusal because the token is of a kind that cannot read the audit trail.
    WrongToken,
    /// A 404 because the caller may not manage the organization's tokens.
    NoPermission,
    /// A 404 because the caller cannot see the organization.
    OrganizationNotVisible,
    /// A request that cannot be formed.
    Input,
}

impl Kind {
    /// In a few words, for `Display`.
    pub(super) fn what(self) -> &'static str {
        match self {
            Kind::Status => "the request failed",
            Kind::Timeout => "no answer in time",
            Kind::Connect => "no connection could be made",
            Kind::Interrupted => "the connection failed before the answer had arrived",
            Kind::Stopped => "stopped on request",
            Kind::Protocol => "the answer is not what the API promises",
            Kind::Redirect => "the service redirects elsewhere, where the token is not sent",
            Kind::Discovery => "the host does not offer the HCP Terraform API",
            Kind::UnsupportedService => {
                "the service is not HCP Terraform, which alone has audit trail tokens"
            }
            Kind::Overtaken => "the organization has another token by now",
            Kind::NoEntitlement => "the organization has no entitlement to audit logging",
            Kind::WrongToken => "a token of this kind cannot read the audit trail",
            Kind::NoPermission => {
                "the organization does not say that the caller may manage its tokens"
            }
            Kind::OrganizationNotVisible => {
                "the organization does not exist, or the caller cannot see it"
            }
            Kind::Input => "the request cannot be formed",
        }
    }
}
