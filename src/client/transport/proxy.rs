//! [`Proxies`]: which proxy stands before a host, as Go decides it for Terraform.
//!
//! `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, or the same in lower case (Go:
//! golang.org/x/net/http/httpproxy). This machine is never reached through a proxy, and a proxy
//! that is no URL is passed over, as Terraform passes over it; but the log warns, and an error
//! that may come of it says so.
//!
//! Not in it: `ALL_PROXY`, which Terraform does not read, and proxies that the platform knows.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use self::exception::Exception;
use crate::client::environment::Environment;

mod exception;

/// hyper-util's words for a 407 to a CONNECT; the error itself has no public type.
pub(super) const WANTS_CREDENTIALS: &str = "tunnel error: proxy authorization required";

/// Its words for every other refusal.
const REFUSED: &str = "tunnel error: unsuccessful";

/// The proxies that the environment names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    https: Named,
    http: Named,
    exceptions: Vec<Exception>,
}

/// What a variable says.
#[derive(Clone, Debug, Default)]
enum Named {
    #[default]
    Nothing,
    /// The variable whose value is no URL of a proxy.
    Unusable(&'static str),
    Proxy(Proxy),
}

/// A proxy, shown without what its URL may hold of a user and password.
#[derive(Clone)]
pub(crate) struct Proxy {
    variable: &'static str,
    url: Url,
}

impl Proxies {
    /// Those of the environment.
    pub(crate) fn read(environment: &Environment) -> Proxies {
        let first = |names: [&'static str; 2]| {
            names
                .into_iter()
                .find_map(|name| Some((name, environment.get(name)?)))
        };
        let list = first(["NO_PROXY", "no_proxy"]).map(|(_, list)| list);
        Proxies {
            https: Named::parse(first(["HTTPS_PROXY", "https_proxy"])),
            http: Named::parse(first(["HTTP_PROXY", "http_proxy"])),
            exceptions: Exception::list(list.as_deref().unwrap_or_default()),
        }
    }

    /// The proxy for requests to the origin of `url`; none means that they go straight there.
    pub(crate) fn of(&self, url: &Url) -> Option<&Proxy> {
        match self.named(url)? {
            Named::Proxy(proxy) if !self.spare(url) => Some(proxy),
            _ => None,
        }
    }

    /// Why there is no connection to `url`, if `reason` is what the network says: with the proxy
    /// that stands between, or should.
    pub(super) fn explain(&self, url: &Url, reason: String) -> String {
        if self.spare(url) {
            return reason;
        }
        match self.named(url) {
            Some(Named::Proxy(proxy)) => proxy.explain(url, &reason),
            Some(Named::Unusable(variable)) => {
                format!("{reason}; {variable} names no http or https proxy and was passed over")
            }
            _ => reason,
        }
    }

    fn named(&self, url: &Url) -> Option<&Named> {
        match url.scheme() {
            "https" => Some(&self.https),
            "http" => Some(&self.http),
            _ => None,
        }
    }

    /// Whether no proxy comes before this host.
    fn spare(&self, url: &Url) -> bool {
        let Some(port) = url.port_or_known_default() else {
            return true;
        };
        match url.host() {
            None | Some(Host::Domain("localhost")) => true,
            Some(Host::Domain(name)) => self
                .exceptions
                .iter()
                .any(|exception| exception.has_name(name, port)),
            Some(Host::Ipv4(address)) => self.spare_address(address.into(), port),
            Some(Host::Ipv6(address)) => self.spare_address(address.into(), port),
        }
    }

    fn spare_address(&self, address: IpAddr, port: u16) -> bool {
        address.to_canonical().is_loopback()
            || self
                .exceptions
                .iter()
                .any(|exception| exception.has_address(address, port))
    }
}

impl Named {
    fn parse(variable: Option<(&'static str, String)>) -> Named {
        let Some((variable, value)) = variable else {
            return Named::Nothing;
        };
        let url = if value.contains("://") {
            Url::parse(&value)
        } else {
            Url::parse(&format!("http://{value}"))
        };
        let url = url
            .ok()
            .filter(|url| url.has_host() && matches!(url.scheme(), "http" | "https"));
        match url {
            Some(url) => Named::Proxy(Proxy { variable, url }),
            None => {
                // Its value may hold a password.
                tracing::warn!(
                    variable,
                    "the variable names no http or https proxy and is passed over"
                );
                Named::Unusable(variable)
            }
        }
    }
}

impl Proxy {
    /// The whole URL, with its credentials.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    fn explain(&self, url: &Url, reason: &str) -> String {
        let Proxy { variable, .. } = self;
        let host = url.host_str().unwrap_or_default();
        match reason {
            WANTS_CREDENTIALS => self.asks_for_credentials(),
            REFUSED => format!("the proxy {self} of {variable} refuses to connect to {host}"),
            _ => format!("through the proxy {self} of {variable}: {reason}"),
        }
    }

    /// What a 407 means.
    pub(super) fn asks_for_credentials(&self) -> String {
        let Proxy { variable, .. } = self;
        if self.url.username().is_empty() && self.url.password().is_none() {
            format!(
                "the proxy {self} asks for a user and a password (407): put them into the URL of \
                 {variable}"
            )
        } else {
            format!(
                "the proxy {self} does not accept the user and password in the URL of {variable} \
                 (407); characters with a meaning in URLs must be percent-encoded there"
            )
        }
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.url.host_str().unwrap_or_default())?;
        match self.url.port_or_known_default() {
            Some(port) => write!(formatter, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Proxy")
            .field(&self.variable)
            .field(&self.to_string())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Proxies {
        let environment = variables
            .iter()
            .fold(Environment::for_test(), |environment, (name, value)| {
                environment.variable(name, value)
            });
        Proxies::read(&environment)
    }

    #[track_caller]
    fn check(variables: &[(&str, &str)], url: &str, expected: Option<&str>) {
        let proxies = proxies(variables);
        let found = proxies.of(&Url::parse(url).unwrap());
        let found = found.map(ToString::to_string);
        assert_eq!(found.as_deref(), expected, "{url} with {variables:?}");
    }

    #[test]
    fn each_scheme_has_a_variable_and_capitals_come_first() {
        let (https, http) = ("https://tfe.example.com", "http://tfe.example.com");
        check(&[], https, None);
        for name in ["HTTPS_PROXY", "https_proxy"] {
            check(&[(name, "http://p:1")], https, Some("p:1"));
            check(&[(name, "http://p:1")], http, None);
        }
        for name in ["HTTP_PROXY", "http_proxy"] {
            check(&[(name, "http://p:1")], http, Some("p:1"));
            check(&[(name, "http://p:1")], https, None);
        }
        let both = [("HTTPS_PROXY", "http://a:1"), ("https_proxy", "http://b:2")];
        check(&both, https, Some("a:1"));
        let empty = [("HTTPS_PROXY", ""), ("https_proxy", "http://b:2")];
        check(&empty, https, Some("b:2"));
        for name in ["ALL_PROXY", "all_proxy"] {
            check(&[(name, "http://p:1")], https, None);
        }
    }

    #[test]
    fn a_proxy_may_be_named_in_short() {
        for (value, expected) in [
            (
                "http://proxy.example.com:3128",
                Some("proxy.example.com:3128"),
            ),
            ("http://proxy.example.com", Some("proxy.example.com:80")),
            ("https://proxy.example.com", Some("proxy.example.com:443")),
            ("proxy.example.com:3128", Some("proxy.example.com:3128")),
            ("proxy.example.com", Some("proxy.example.com:80")),
            ("10.0.0.1:3128", Some("10.0.0.1:3128")),
            ("http://[2001:db8::1]:3128/", Some("[2001:db8::1]:3128")),
            (
                "user:secret@proxy.example.com:3128",
                Some("proxy.example.com:3128"),
            ),
            ("http://user:p@ss@proxy:3128", Some("proxy:3128")),
            ("socks5://proxy.example.com", None),
            ("http://user:p#ss@proxy:3128", None),
            ("http://proxy:port", None),
            ("http://", None),
            ("://", None),
        ] {
            check(
                &[("HTTPS_PROXY", value)],
                "https://tfe.example.com",
                expected,
            );
        }
    }

    #[test]
    fn this_machine_is_reached_without_a_proxy() {
        for host in [
            "localhost",
            "127.0.0.1",
            "127.1.2.3",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}:8443");
                let variables = [("HTTPS_PROXY", "p:1"), ("HTTP_PROXY", "p:1")];
                check(&variables, &url, None);
            }
        }
        // By name alone it is not known to be this machine.
        let url = "https://localhost.example.com";
        check(&[("HTTPS_PROXY", "p:1")], url, Some("p:1"));
    }

    #[test]
    fn no_proxy_spares_hosts_in_capitals_or_not() {
        for name in ["NO_PROXY", "no_proxy"] {
            let variables = [("HTTPS_PROXY", "p:1"), (name, "a.example, b.example")];
            check(&variables, "https://b.example", None);
            check(&variables, "https://c.example", Some("p:1"));
        }
    }

    #[test]
    fn what_names_no_proxy_is_told_of_the_hosts_that_needed_one() {
        let variables = [
            ("HTTPS_PROXY", "http://planted:port"),
            ("NO_PROXY", "b.example"),
        ];
        let proxies = proxies(&variables);
        let why = "no; HTTPS_PROXY names no http or https proxy and was passed over";
        for (url, expected) in [
            ("https://a.example", why),
            ("https://b.example", "no"),
            ("http://a.example", "no"),
            ("https://localhost", "no"),
        ] {
            let told = proxies.explain(&Url::parse(url).unwrap(), "no".to_owned());
            assert_eq!(told, expected, "{url}");
        }
    }

    #[test]
    fn neither_user_nor_password_is_shown() {
        let proxies = proxies(&[("HTTPS_PROXY", "http://user:planted@p:1")]);
        let proxy = proxies
            .of(&Url::parse("https://a.example").unwrap())
            .unwrap();
        assert_eq!(proxy.url().password(), Some("planted"));
        let shown = format!("{proxies:?} {proxy:?} {proxy}");
        assert!(
            !shown.contains("planted") && !shown.contains("user"),
            "{shown}"
        );
    }
}
