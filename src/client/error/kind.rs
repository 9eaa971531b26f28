//! [`Kind`]: the kinds of errors, and a description of each.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An error status of the API.
    Status,
    /// No answer before the timeout.
    Timeout,
    /// No connection, so that nothing was sent.
    Connect,
    /// The connection broke after the request may have been sent.
    Interrupted,
    /// A stop was requested.
    Stopped,
    /// An answer that is malformed, too long, or without its data.
    Protocol,
    /// A redirect that is not followed.
    Redirect,
    /// Discovery found no API that the client knows.
    Discovery,
    /// The API is named without TLS, off this machine.
    ClearText,
    /// The service is not HCP Terraform.
    UnsupportedService,
    /// Another caller generated a token while the client waited for a rate limit.
    Overtaken,
    /// A 404 because the organization has no entitlement to audit logging.
    NoEntitlement,
    /// The audit trail is refused to a user's or a team's token.
    WrongToken,
    /// A 404 because the caller may not manage the organization's tokens.
    NoPermission,
    /// A 404 because the caller cannot see the organization.
    OrganizationNotVisible,
    /// The request cannot be formed.
    Input,
}

impl Kind {
    /// Returns a description for `Display`.
    pub(super) fn description(self) -> &'static str {
        match self {
            Kind::Status => "the request failed",
            Kind::Timeout => "no answer in time",
            Kind::Connect => "no connection could be made",
            Kind::Interrupted => "the connection failed before the answer had arrived",
            Kind::Stopped => "stopped on request",
            Kind::Protocol => "the answer is not what the API promises",
            Kind::Redirect => "the service redirects elsewhere, where the token is not sent",
            Kind::Discovery => "discovery of the API failed",
            Kind::ClearText => {
                "the API is named without TLS (http), which would show the token to the network"
            }
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
