//! [`Proxies`]: which proxy is used for a host, by Go's rules.
//!
//! `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, or the same in lowercase (Go:
//! golang.org/x/net/http/httpproxy). No proxy is used for localhost. An invalid value is an error for
//! the hosts that need a proxy, which are not connected to directly.
//!
//! Not in it: `ALL_PROXY`, which Terraform does not read, and the proxy settings of the platform.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use self::exception::Exception;
use crate::client::environment::Environment;

mod exception;

/// The schemes of a proxy's URL.
const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// The default port of a SOCKS proxy.
const SOCKS_PORT: u16 = 1080;

/// hyper-util's error of a CONNECT with 407, which has no public type.
pub(super) const WANTS_CREDENTIALS: &str = "tunnel error: proxy authorization required";

/// hyper-util's error of a CONNECT whose connection ends without an answer.
pub(super) const CLOSED: &str = "tunnel error: unexpected end of file";

/// hyper-util's error of a CONNECT with any other status, or without one.
const REFUSED: &str = "tunnel error: unsuccessful";

/// The proxies of the environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    https: Setting,
    http: Setting,
    exceptions: Vec<Exception>,
}

/// The value of a variable.
#[derive(Clone, Debug, Default)]
enum Setting {
    #[default]
    Unset,
    /// The named variable has a value that is not the URL of a proxy.
    Invalid(&'static str),
    Proxy(Proxy),
}

/// A proxy. `Display` and `Debug` show neither user nor password of its URL.
#[derive(Clone)]
pub(crate) struct Proxy {
    variable: &'static str,
    url: Url,
}

impl Proxies {
    /// Reads the proxies of the environment.
    pub(crate) fn read(environment: &Environment) -> Proxies {
        // A value that is not UTF-8 becomes the URL of no proxy, which is an error.
        let first = |names: [&'static str; 2]| {
            names.into_iter().find_map(|name| {
                let value = environment.value(name).filter(|value| !value.is_empty())?;
                Some((name, value.to_string_lossy().into_owned()))
            })
        };
        let list = first(["NO_PROXY", "no_proxy"]).map(|(_, list)| list);
        Proxies {
            https: Setting::parse(first(["HTTPS_PROXY", "https_proxy"])),
            http: Setting::parse(first(["HTTP_PROXY", "http_proxy"])),
            exceptions: Exception::list(list.as_deref().unwrap_or_default()),
        }
    }

    /// Returns the proxy for `url`. `None` means a direct connection.
    pub(crate) fn of(&self, url: &Url) -> Option<&Proxy> {
        match self.setting(url)? {
            Setting::Proxy(proxy) if !self.is_direct(url) => Some(proxy),
            _ => None,
        }
    }

    /// Checks that the proxy for `url` is valid.
    ///
    /// # Errors
    ///
    /// It is not. The error names the variable and says what its value must be.
    pub(super) fn check(&self, url: &Url) -> Result<(), String> {
        match self.setting(url) {
            Some(Setting::Invalid(variable)) if !self.is_direct(url) => Err(format!(
                "{variable} is not the URL of an http, https or socks5 proxy: its host must be a \
                 plain name or address (a name with `$` or `{{` is a variable that was not expanded; a \
                 PAC file is not read), and characters with a meaning in URLs must be percent-encoded in \
                 its user and password (`%5C` for the backslash of a domain)"
            )),
            _ => Ok(()),
        }
    }

    /// Adds the proxy to the reason why there is no connection to `url`.
    pub(super) fn explain(&self, url: &Url, reason: String) -> String {
        match self.of(url) {
            Some(proxy) => proxy.explain(url, &reason),
            None => reason,
        }
    }

    fn setting(&self, url: &Url) -> Option<&Setting> {
        match url.scheme() {
            "https" => Some(&self.https),
            "http" => Some(&self.http),
            _ => None,
        }
    }

    /// Whether no proxy is used for this host.
    fn is_direct(&self, url: &Url) -> bool {
        let Some(port) = url.port_or_known_default() else {
            return true;
        };
        match url.host() {
            None | Some(Host::Domain("localhost")) => true,
            Some(Host::Domain(name)) => self
                .exceptions
                .iter()
                .any(|exception| exception.has_name(name, port)),
            Some(Host::Ipv4(address)) => self.is_direct_address(address.into(), port),
            Some(Host::Ipv6(address)) => self.is_direct_address(address.into(), port),
        }
    }

    fn is_direct_address(&self, address: IpAddr, port: u16) -> bool {
        address.to_canonical().is_loopback()
            || self
                .exceptions
                .iter()
                .any(|exception| exception.has_address(address, port))
    }
}

impl Setting {
    fn parse(variable: Option<(&'static str, String)>) -> Setting {
        let Some((variable, value)) = variable else {
            return Setting::Unset;
        };
        let url = if value.contains("://") {
            Url::parse(&value)
        } else {
            Url::parse(&format!("http://{value}"))
        };
        match url {
            Ok(url) if SCHEMES.contains(&url.scheme()) && is_usable(&url) => {
                Setting::Proxy(Proxy { variable, url })
            }
            // The value is not kept, because it may contain a password.
            _ => Setting::Invalid(variable),
        }
    }
}

/// Whether reqwest connects to this proxy. It ignores a URL that the crate `http` refuses (hyper-util:
/// client/proxy/matcher.rs, `parse_env_uri`); that crate is stricter than the crate `url`.
fn is_usable(url: &Url) -> bool {
    let is_plain = |host: &str| !host.is_empty() && !host.contains(['$', '*', '<', '>', '"']);
    let authority = |uri: http::Uri| uri.into_parts().authority;
    // The crate `url` takes a backslash for a slash, and a slash in a password for the end of the host.
    let rest = url
        .path()
        .chars()
        .chain(url.query().unwrap_or_default().chars());
    if rest
        .chain(url.fragment().unwrap_or_default().chars())
        .any(|next| next == '@')
    {
        return false;
    }
    url.as_str()
        .parse()
        .is_ok_and(|uri| authority(uri).is_some_and(|authority| is_plain(authority.host())))
}

impl Proxy {
    /// Returns the whole URL with its credentials, for reqwest.
    pub(super) fn url(&self) -> Url {
        let mut url = self.url.clone();
        if url.scheme() == "socks5" {
            // As in Go, the proxy resolves the host's name. In reqwest this is `socks5h`.
            let _ = url.set_scheme("socks5h");
        }
        url
    }

    fn explain(&self, url: &Url, reason: &str) -> String {
        let Proxy { variable, .. } = self;
        let host = url.host_str().unwrap_or_default();
        match reason {
            WANTS_CREDENTIALS => self.asks_for_credentials(),
            REFUSED => format!("the proxy {self} of {variable} does not connect to {host}"),
            _ if self.url.path().ends_with(".pac") => format!(
                "through the proxy {self} of {variable}: {reason}; a PAC file is not read: name the \
                 proxy itself"
            ),
            _ => format!("through the proxy {self} of {variable}: {reason}"),
        }
    }

    /// Returns the error of a 407.
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
        let port = self.url.port_or_known_default().unwrap_or(SOCKS_PORT);
        write!(
            formatter,
            "{}:{port}",
            self.url.host_str().unwrap_or_default()
        )
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
            .fold(Environment::in_memory(), |environment, (name, value)| {
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
    fn each_scheme_has_a_variable_and_uppercase_wins() {
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
    fn a_proxy_needs_neither_scheme_nor_port() {
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
            ("socks5://proxy.example.com", Some("proxy.example.com:1080")),
            ("socks5h://proxy.example.com:9", Some("proxy.example.com:9")),
            ("socks4://proxy.example.com", None),
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
    fn no_proxy_is_used_for_localhost() {
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
        // Only the name `localhost` itself counts.
        let url = "https://localhost.example.com";
        check(&[("HTTPS_PROXY", "p:1")], url, Some("p:1"));
    }

    #[test]
    fn no_proxy_is_read_in_uppercase_and_lowercase() {
        for name in ["NO_PROXY", "no_proxy"] {
            let variables = [("HTTPS_PROXY", "p:1"), (name, "a.example, b.example")];
            check(&variables, "https://b.example", None);
            check(&variables, "https://c.example", Some("p:1"));
        }
    }

    #[test]
    fn an_invalid_proxy_is_an_error_for_the_hosts_that_need_one() {
        let variables = [
            ("HTTPS_PROXY", "http://planted:port"),
            ("NO_PROXY", "b.example"),
        ];
        let proxies = proxies(&variables);
        for (url, is_error) in [
            ("https://a.example", true),
            ("https://b.example", false),
            ("http://a.example", false),
            ("https://localhost", false),
        ] {
            let result = proxies.check(&Url::parse(url).unwrap());
            assert_eq!(result.is_err(), is_error, "{url}");
            let error = result.err().unwrap_or_default();
            assert!(!error.contains("planted"), "{error}");
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
