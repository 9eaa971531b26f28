//! [`Hostname`]: a host as Terraform writes and compares it, with name and optional port.
//!
//! The rules are those of terraform-svchost (svchost.go), which every part of Terraform uses.

use std::borrow::Cow;
use std::fmt;
use std::net::Ipv6Addr;

use thiserror::Error;

use super::secret::has_secret_shape;

/// The default port.
const HTTPS_PORT: u16 = 443;

/// A normalised hostname: ASCII, lowercase, without `:443`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hostname {
    name: String,
    port: Option<u16>,
}

/// Why a text is not a hostname.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidHostname {
    /// It has the form of an API token.
    #[error("a secret does not belong here")]
    Secret,
    /// `https://example.com` or `example.com/path`.
    #[error("need just a hostname and optional port number, not a full URL")]
    Url,
    /// `:8080`.
    #[error("the name before the port is missing")]
    Empty,
    /// `::1`, `[::1]:8080`.
    #[error("an IPv6 address cannot be one: use a name")]
    Address,
    /// `example.com:x`.
    #[error("what follows the colon must be a port number from 0 to 65535")]
    Port,
    /// `a..b`, `example.com.`.
    #[error("a label of the name is empty")]
    EmptyLabel,
    /// `xn--…`
    #[error("write the name itself, not its \"xn--\" form")]
    Punycode,
    /// A character that IDNA does not allow, such as an underscore.
    #[error("the name holds characters that a hostname cannot have")]
    Characters,
}

impl Hostname {
    /// Parses a hostname.
    ///
    /// # Errors
    ///
    /// The error says why it is not one.
    ///
    /// ```
    /// use terraform_provider_tfe::client::Hostname;
    /// assert_eq!(Hostname::parse("Example.COM:443").unwrap().to_string(), "example.com");
    /// ```
    pub fn parse(text: &str) -> Result<Hostname, InvalidHostname> {
        if has_secret_shape(text) {
            return Err(InvalidHostname::Secret);
        }
        if text.contains('/') {
            return Err(InvalidHostname::Url);
        }
        if text.starts_with('[') || text.parse::<Ipv6Addr>().is_ok() {
            return Err(InvalidHostname::Address);
        }
        let (name, port) = split_port(text)?;
        if name
            .split('.')
            .any(|label| label.to_ascii_lowercase().starts_with("xn--"))
        {
            return Err(InvalidHostname::Punycode);
        }
        Hostname::normalise(name, port)
    }

    /// Returns the hostname in a URL that was written instead of a hostname.
    ///
    /// ```
    /// use terraform_provider_tfe::client::Hostname;
    /// let meant = Hostname::meant_by("https://app.terraform.io/app/my-org-name");
    /// assert_eq!(meant.unwrap().to_string(), "app.terraform.io");
    /// ```
    pub fn meant_by(url: &str) -> Option<Hostname> {
        let (_, rest) = url.split_once("//").unwrap_or(("", url));
        let authority = rest.split(['/', '?', '#']).next()?;
        let (_, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let without_dot = |name: &str| name.strip_suffix('.').unwrap_or(name).to_owned();
        let host = match host.rsplit_once(':') {
            Some((name, port)) => format!("{}:{port}", without_dot(name)),
            None => without_dot(host),
        };
        Hostname::parse(&host).ok()
    }

    /// Returns the text without the user and password that a URL may have, for error messages.
    pub fn without_credentials(text: &str) -> Cow<'_, str> {
        let is_scheme = |text: &str| {
            let name = text.strip_suffix(':').unwrap_or(text);
            name.chars().all(|next| next.is_ascii_alphanumeric())
        };
        let start = match text.find("//") {
            Some(slashes) if is_scheme(&text[..slashes]) => slashes + "//".len(),
            _ => 0,
        };
        match text.rfind('@') {
            Some(end) if end >= start => {
                Cow::Owned(format!("{}(not shown){}", &text[..start], &text[end..]))
            }
            _ => Cow::Borrowed(text),
        }
    }

    /// Parses the host part of a `TF_TOKEN_…` variable, where the `xn--` form is allowed
    /// (Terraform: cliconfig/credentials.go).
    pub(crate) fn from_variable(text: &str) -> Option<Hostname> {
        let decoded = text.replace("__", "-").replace('_', ".");
        let (name, port) = split_port(&decoded).ok()?;
        Hostname::normalise(name, port).ok()
    }

    /// Returns the name of the environment variable for this host's token, unless a shell cannot set it.
    ///
    /// ```
    /// use terraform_provider_tfe::client::Hostname;
    /// let hostname = Hostname::parse("my-tfe.example.com").unwrap();
    /// assert_eq!(hostname.token_variable().unwrap(), "TF_TOKEN_my__tfe_example_com");
    /// ```
    pub fn token_variable(&self) -> Option<String> {
        let name = self.name.replace('-', "__").replace('.', "_");
        self.port.is_none().then(|| format!("TF_TOKEN_{name}"))
    }

    fn normalise(name: &str, port: Option<u16>) -> Result<Hostname, InvalidHostname> {
        if name.is_empty() {
            return Err(InvalidHostname::Empty);
        }
        if name.split('.').any(str::is_empty) {
            return Err(InvalidHostname::EmptyLabel);
        }
        let name = idna::domain_to_ascii_strict(name).map_err(|_| InvalidHostname::Characters)?;
        Ok(Hostname {
            name,
            port: port.filter(|port| *port != HTTPS_PORT),
        })
    }
}

fn split_port(text: &str) -> Result<(&str, Option<u16>), InvalidHostname> {
    let Some((name, port)) = text.split_once(':') else {
        return Ok((text, None));
    };
    if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(if port.contains('/') {
            InvalidHostname::Url
        } else {
            InvalidHostname::Port
        });
    }
    let significant = port.trim_start_matches('0');
    let port = if significant.is_empty() {
        Ok(0)
    } else {
        significant.parse()
    };
    Ok((name, Some(port.map_err(|_| InvalidHostname::Port)?)))
}

impl fmt::Display for Hostname {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)?;
        match self.port {
            Some(port) => write!(formatter, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::InvalidHostname::*;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, InvalidHostname>) {
        let found = Hostname::parse(text).map(|hostname| hostname.to_string());
        assert_eq!(found.as_deref().map_err(|error| *error), expected, "{text}");
    }

    #[test]
    fn normalises_what_terraform_normalises() {
        check("app.terraform.io", Ok("app.terraform.io"));
        check("App.Terraform.IO", Ok("app.terraform.io"));
        check("localhost", Ok("localhost"));
        check("127.0.0.1:8080", Ok("127.0.0.1:8080"));
        check("host:443", Ok("host"));
        check("host:0443", Ok("host"));
        check("host:0080", Ok("host:80"));
        check("Испытание.com", Ok("xn--80akhbyknj4f.com"));
        check("ÖBB.at", Ok("xn--bb-eka.at"));
        check("CAFÉ.fr", Ok("xn--caf-dma.fr"));
        check("BÜCHER.example:8443", Ok("xn--bcher-kva.example:8443"));
    }

    #[test]
    fn refuses_what_terraform_refuses() {
        check("", Err(Empty));
        check(":8080", Err(Empty));
        check("https://example.com", Err(Url));
        check("example.com/app", Err(Url));
        check("example.com:443/app", Err(Url));
        check("host:", Err(Port));
        check("host:x", Err(Port));
        check("host:-1", Err(Port));
        check("host:+1", Err(Port));
        check("host:70000", Err(Port));
        check("[::1]", Err(Address));
        check("[::1]:8443", Err(Address));
        check("::1", Err(Address));
        check("a:1:2", Err(Port));
        check("example.com.", Err(EmptyLabel));
        check("a..b", Err(EmptyLabel));
        check("a。。b", Err(Characters));
        check("xn--80akhbyknj4f.com", Err(Punycode));
        check("example.XN--p1ai", Err(Punycode));
        check("a_b.c", Err(Characters));
        check("-a.example", Err(Characters));
        check("a b.example", Err(Characters));
        check("user@example.com", Err(Characters));
    }

    #[test]
    fn finds_the_hostname_that_was_meant() {
        let check = |url: &str, expected: Option<&str>| {
            let meant = Hostname::meant_by(url).map(|hostname| hostname.to_string());
            assert_eq!(meant.as_deref(), expected, "{url}");
        };
        check("https://App.Terraform.IO", Some("app.terraform.io"));
        check("https://example.com:443/api/v2/", Some("example.com"));
        check("http://example.com:8080?x#y", Some("example.com:8080"));
        check("//example.com", Some("example.com"));
        check("example.com/app", Some("example.com"));
        check("example.com.", Some("example.com"));
        check("example.com.:8443", Some("example.com:8443"));
        check("https://me:planted@example.com/", Some("example.com"));
        check("https://", None);
        check("https://[::1]/", None);
        check("a b", None);
    }

    #[test]
    fn credentials_of_a_url_are_removed() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Hostname::without_credentials(text), expected);
        };
        check(
            "https://me:planted@example.com/x",
            "https://(not shown)@example.com/x",
        );
        check("me:pla//nted@example.com", "(not shown)@example.com");
        check(
            "https://me:pl@nted@example.com",
            "https://(not shown)@example.com",
        );
        check("planted@example.com", "(not shown)@example.com");
        check("https://example.com/x", "https://example.com/x");
    }

    #[test]
    fn every_error_says_what_is_wrong() {
        let check = |text: &str, words: &str| {
            let error = Hostname::parse(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        };
        check("https://example.com", "not a full URL");
        check("[::1]:443", "IPv6");
        check("", "name before the port is missing");
        check("host:70000", "port number from 0 to 65535");
        check("a..b", "a label of the name is empty");
        check("xn--caf-dma.fr", "not its \"xn--\" form");
        check("a_b.c", "characters that a hostname cannot have");
    }

    #[test]
    fn parses_the_names_of_token_variables() {
        let read = |text| Hostname::from_variable(text).map(|hostname| hostname.to_string());
        assert_eq!(
            read("app_terraform_io").as_deref(),
            Some("app.terraform.io")
        );
        assert_eq!(
            read("my__host_example_com").as_deref(),
            Some("my-host.example.com")
        );
        assert_eq!(read("xn--caf-dma_fr").as_deref(), Some("xn--caf-dma.fr"));
        assert_eq!(read("xn____caf__dma_fr").as_deref(), Some("xn--caf-dma.fr"));
        assert_eq!(read("café.fr").as_deref(), Some("xn--caf-dma.fr"));
        assert_eq!(read("").as_deref(), None);
        assert_eq!(read("_").as_deref(), None);
    }
}
