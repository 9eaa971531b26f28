//! [`Identity`]: the organization, and the host that it is on. An organization has one audit trail
//! token, so that is all it takes; which token it is stands in the state.
//!
//! The hostname is Terraform's name for the service, normalised, not wherever its API is. Where the
//! provider block is not known yet, neither is the identity.

use serde::{Deserialize, Serialize};

use super::model::Model;
use crate::client::Hostname;
use crate::provider::connection::Connection;
use tfplugin::{IdentityAttribute, IdentitySchema, Type};

/// What tells an audit trail token's place from all others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// Left out by an import that means the provider's own host.
    pub(crate) hostname: Option<String>,
    pub(crate) organization: String,
}

/// The organization has to be named, also where the provider has a default: what an import takes
/// over should not depend on a default that may change.
pub(super) fn schema() -> IdentitySchema {
    IdentitySchema::new()
        .attribute(
            "hostname",
            IdentityAttribute::optional(
                Type::String,
                "The hostname of the service that the organization is on, such as \
                 `app.terraform.io`. An import may leave it out: it is the provider's.",
            ),
        )
        .attribute(
            "organization",
            IdentityAttribute::required(Type::String, "The name of the organization."),
        )
}

pub(super) fn identify(connection: &Connection, object: &Model) -> Option<Identity> {
    Some(Identity {
        hostname: Some(connection.hostname()?.to_string()),
        organization: object.organization.known()?.clone(),
    })
}

impl Identity {
    /// Whether it is about an organization on this host; another spelling of it is the same.
    pub(super) fn is_on(&self, host: &Hostname) -> bool {
        self.hostname.as_deref().is_none_or(|named| {
            let named = named.trim();
            named == host.to_string() || Hostname::parse(named).is_ok_and(|named| named == *host)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_sound() {
        assert_eq!(schema().problems(), Vec::<String>::new());
    }

    #[test]
    fn another_spelling_of_a_host_is_the_same_host() {
        let host = Hostname::parse("app.terraform.io").unwrap();
        let check = |hostname: Option<&str>, expected: bool| {
            let identity = Identity {
                hostname: hostname.map(str::to_owned),
                organization: "my-org-name".to_owned(),
            };
            assert_eq!(identity.is_on(&host), expected, "{hostname:?}");
        };
        check(None, true);
        check(Some("app.terraform.io"), true);
        check(Some(" App.Terraform.IO:443"), true);
        check(Some("app.terraform.io:8443"), false);
        check(Some("app.eu.terraform.io"), false);
        check(Some(""), false);
        check(Some("https://app.terraform.io"), false);
    }
}
