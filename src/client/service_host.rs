//! [`ServiceHost`]: the host that something belongs to, and whether it is the client's.

use serde::{Deserialize, Serialize};

use super::api_client::Client;
use super::error::Error;
use super::hostname::Hostname;

/// A host and the address of its API, as far as it is known.
///
/// Two names can mean one service: inside HCP Terraform, `localterraform.com` leads to the API of the host that runs the
/// agent. So two hosts are the same if they have the same name or the same address.
///
/// ```
/// use terraform_provider_tfe::client::ServiceHost;
/// let host = ServiceHost::named("app.terraform.io");
/// assert_eq!(host.hostname(), "app.terraform.io");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceHost {
    hostname: String,
    /// The discovered URL of the API. `None` if nothing was sent there yet.
    #[serde(default)]
    api: Option<String>,
}

impl ServiceHost {
    /// Returns a host of which only the name is known.
    pub fn named(hostname: &str) -> Self {
        Self::new(hostname, None)
    }

    /// Returns a host, with the URL of its API if that is known.
    pub(crate) fn new(hostname: &str, api: Option<&str>) -> Self {
        Self {
            hostname: hostname.trim().to_owned(),
            api: api.map(str::to_owned),
        }
    }

    /// Returns the name.
    pub fn hostname(&self) -> &str {
        &self.hostname
    }

    /// Returns the URL of the API, if it is known.
    pub(crate) fn api(&self) -> Option<&str> {
        self.api.as_deref()
    }

    /// Whether it has this name, however it is spelled.
    pub fn has_name(&self, hostname: &Hostname) -> bool {
        self.hostname == hostname.to_string()
            || Hostname::parse(&self.hostname).is_ok_and(|named| named == *hostname)
    }
}

impl Client {
    /// Returns the client's host, with the address of its API if a request has been sent.
    pub fn host(&self) -> ServiceHost {
        ServiceHost {
            hostname: self.hostname().to_string(),
            api: self.known_api_address(),
        }
    }

    /// Whether the client's host is this one. Sends a request, to discover the API, only if the names differ and the
    /// address of `host` is known.
    ///
    /// # Errors
    ///
    /// The API of the client's host cannot be discovered.
    pub async fn is_on(&self, host: &ServiceHost) -> Result<bool, Error> {
        if host.has_name(self.hostname()) {
            return Ok(true);
        }
        match &host.api {
            Some(address) => Ok(*address == self.api_address().await?),
            None => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_its_name_in_every_spelling() {
        let hostname = Hostname::parse("app.terraform.io").unwrap();
        let check = |named: &str, expected: bool| {
            let host = ServiceHost::named(named);
            assert_eq!(host.has_name(&hostname), expected, "{named:?}");
        };
        check("app.terraform.io", true);
        check(" App.Terraform.IO:443", true);
        check("app.terraform.io:8443", false);
        check("app.eu.terraform.io", false);
        check("", false);
        check("https://app.terraform.io", false);
    }
}
