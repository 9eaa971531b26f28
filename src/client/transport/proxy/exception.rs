//! [`Exception`]: one entry of `NO_PROXY`, as Go reads it.

use std::net::IpAddr;

/// Hosts that are reached without a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Exception {
    /// `*`.
    Everything,
    /// `10.0.0.0/8`: a network.
    Network(IpAddr, u8),
    /// `10.0.0.1`, `10.0.0.1:8443`, `[2001:db8::1]:8443`.
    Address(IpAddr, Option<u16>),
    /// `example.com`, which applies to subdomains as well; `.example.com` and `*.example.com`,
    /// which apply to subdomains only; each with or without a port.
    Domain {
        /// In lowercase, without a leading dot.
        name: String,
        itself: bool,
        port: Option<u16>,
    },
}

impl Exception {
    /// Parses the entries of a list. Invalid entries are ignored.
    pub(super) fn list(text: &str) -> Vec<Exception> {
        text.split(',').filter_map(Exception::parse).collect()
    }

    fn parse(text: &str) -> Option<Exception> {
        let text = text.trim().to_lowercase();
        if text == "*" {
            return Some(Exception::Everything);
        }
        if let Some((address, length)) = text.split_once('/') {
            let address: IpAddr = address.parse().ok()?;
            let length = length.parse().ok()?;
            return (length <= width(address)).then_some(Exception::Network(address, length));
        }
        if let Ok(address) = text.parse() {
            return Some(Exception::Address(address, None));
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, "")) => (host, None),
            // An invalid port makes the entry invalid.
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (text.as_str(), None),
        };
        if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse() {
            return Some(Exception::Address(address, port));
        }
        let below = host.strip_prefix('*').filter(|rest| rest.starts_with('.'));
        let host = below.unwrap_or(host);
        let name = host.strip_prefix('.').unwrap_or(host);
        if name.is_empty() {
            return None;
        }
        Some(Exception::Domain {
            itself: name.len() == host.len(),
            // The names in URLs are ASCII.
            name: idna::domain_to_ascii(name).unwrap_or_else(|_| name.to_owned()),
            port,
        })
    }

    /// Whether the entry applies to a host with this name.
    pub(super) fn has_name(&self, host: &str, at: u16) -> bool {
        match self {
            Exception::Everything => true,
            Exception::Network(..) | Exception::Address(..) => false,
            Exception::Domain { name, itself, port } => {
                port.is_none_or(|port| port == at)
                    && match host.strip_suffix(name.as_str()) {
                        Some("") => *itself,
                        Some(rest) => rest.ends_with('.'),
                        None => false,
                    }
            }
        }
    }

    /// Whether the entry applies to a host with this address. Names are not resolved.
    pub(super) fn has_address(&self, host: IpAddr, at: u16) -> bool {
        match self {
            Exception::Everything => true,
            Exception::Network(network, length) => {
                bits(*network, *length) == bits(host.to_canonical(), *length)
            }
            Exception::Address(address, port) => {
                address.to_canonical() == host.to_canonical() && port.is_none_or(|port| port == at)
            }
            // In Go, the end of an address may be a domain.
            Exception::Domain { .. } => self.has_name(&host.to_string(), at),
        }
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Returns the width of the address and its first bits.
fn bits(address: IpAddr, length: u8) -> (u8, u128) {
    let all = match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    let rest = u32::from(width(address).saturating_sub(length));
    (width(address), all.checked_shr(rest).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks which hosts the entries apply to; each is `host:port`.
    #[track_caller]
    fn check(list: &str, meant: &[&str], others: &[&str]) {
        let exceptions = Exception::list(list);
        let has = |text: &&str| {
            let (host, port) = text.rsplit_once(':').unwrap();
            let port = port.parse().unwrap();
            exceptions.iter().any(|exception| match host.parse() {
                Ok(address) => exception.has_address(address, port),
                Err(_) => exception.has_name(host, port),
            })
        };
        for host in meant {
            assert!(has(host), "{list} should have {host}");
        }
        for host in others {
            assert!(!has(host), "{list} should not have {host}");
        }
    }

    #[test]
    fn a_domain_means_itself_and_what_is_below_it() {
        check(
            "example.com",
            &[
                "example.com:443",
                "tfe.example.com:8443",
                "a.b.example.com:80",
            ],
            &["notexample.com:443", "example.com.org:443", "com:443"],
        );
        check("EXAMPLE.com", &["example.com:443"], &[]);
        check("käse.example", &["xn--kse-qla.example:443"], &[]);
    }

    #[test]
    fn a_dot_or_star_before_a_domain_means_only_what_is_below_it() {
        for list in [".example.com", "*.example.com"] {
            check(list, &["tfe.example.com:443"], &["example.com:443"]);
        }
    }

    #[test]
    fn a_port_means_only_that_port() {
        check(
            "example.com:8443",
            &["example.com:8443", "tfe.example.com:8443"],
            &["example.com:443"],
        );
        check("192.0.2.1:8443", &["192.0.2.1:8443"], &["192.0.2.1:443"]);
        check(
            "[2001:db8::1]:8443",
            &["2001:db8::1:8443"],
            &["2001:db8::1:443"],
        );
    }

    #[test]
    fn addresses_and_networks_mean_hosts_that_are_named_by_address() {
        check(
            "192.0.2.1",
            &["192.0.2.1:443"],
            &["192.0.2.2:443", "tfe.example.com:443"],
        );
        check("2001:db8::1", &["2001:db8::1:443"], &["2001:db8::2:443"]);
        check(
            "192.0.2.0/25",
            &["192.0.2.127:443"],
            &["192.0.2.128:443", "2001:db8::1:443", "tfe.example.com:443"],
        );
        check(
            "2001:db8::/32",
            &["2001:db8:ffff::1:443"],
            &["2001:db9::1:443"],
        );
        check(
            "0.0.0.0/0",
            &["192.0.2.1:443"],
            &["2001:db8::1:443", "a.example:443"],
        );
        check("::/0", &["2001:db8::1:443"], &["192.0.2.1:443"]);
    }

    #[test]
    fn a_star_means_every_host() {
        check(
            "a.example,*",
            &["b.example:443", "192.0.2.1:443", "2001:db8::1:443"],
            &[],
        );
    }

    #[test]
    fn odd_entries_mean_what_they_mean_in_go() {
        check("example.com:", &["example.com:443"], &[]);
        check("2.1", &["192.0.2.1:443"], &["192.0.22.1:443"]);
        // Brackets need a port.
        check("[2001:db8::1]", &[], &["2001:db8::1:443"]);
        check("[2001:db8::1]:", &["2001:db8::1:443"], &[]);
        check(
            "a.example b.example",
            &[],
            &["a.example:443", "b.example:443"],
        );
    }

    #[test]
    fn an_invalid_entry_is_ignored() {
        let junk = ",, ,:443,.,*.,192.0.2.0/33,example.org:port,a.example";
        check(
            junk,
            &["a.example:443"],
            &["example.org:443", "192.0.2.1:443"],
        );
    }
}
