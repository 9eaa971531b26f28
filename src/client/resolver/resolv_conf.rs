//! [`ResolvConf`]: the servers and search domains of `/etc/resolv.conf`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use super::hosts::scoped;
use crate::client::files::Files;

pub(super) const RESOLV_CONF: &str = "/etc/resolv.conf";
const HOSTNAME: &str = "/proc/sys/kernel/hostname";

/// The servers where the file has none (Go: net/dnsconfig.go).
const DEFAULT_SERVERS: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
];

/// Further servers are ignored (resolv.conf(5)).
const MAX_SERVERS: usize = 3;

/// The length of the longest name (Go: net/dnsclient.go, `isDomainName`).
const MAX_NAME: usize = 254;

/// The settings of the file, as Go reads them (net/dnsconfig_unix.go).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ResolvConf {
    /// The servers, without a port.
    pub(super) servers: Vec<SocketAddr>,
    /// The search domains, each with a dot at its end.
    pub(super) search: Vec<String>,
    /// A name with this many dots is tried before the search domains.
    pub(super) ndots: usize,
    /// The timeout of a query in seconds.
    pub(super) timeout: u32,
    /// How often all servers are queried.
    pub(super) attempts: u32,
    /// Whether each question starts with another server.
    pub(super) rotate: bool,
    /// Whether the families are queried one after the other.
    pub(super) single_request: bool,
    /// Whether only TCP is used.
    pub(super) use_tcp: bool,
}

/// The settings of an empty file.
impl Default for ResolvConf {
    fn default() -> Self {
        Self {
            servers: DEFAULT_SERVERS
                .map(|server| SocketAddr::new(server, 0))
                .to_vec(),
            search: Vec::new(),
            ndots: 1,
            timeout: 5,
            attempts: 2,
            rotate: false,
            single_request: false,
            use_tcp: false,
        }
    }
}

impl ResolvConf {
    /// Reads the file. A missing file counts as empty.
    pub(super) fn read(files: &Files) -> Self {
        let mut conf = Self {
            servers: Vec::new(),
            ..Self::default()
        };
        let text = files.read(Path::new(RESOLV_CONF)).unwrap_or_default();
        for line in String::from_utf8_lossy(&text).lines() {
            conf.add(line, files);
        }
        if conf.servers.is_empty() {
            conf.servers = Self::default().servers;
        }
        if conf.search.is_empty() {
            conf.search = own_domain(files).into_iter().collect();
        }
        conf
    }

    fn add(&mut self, line: &str, files: &Files) {
        if line.starts_with([';', '#']) {
            return;
        }
        let mut words = line.split_ascii_whitespace();
        match words.next() {
            Some("nameserver") if self.servers.len() < MAX_SERVERS => {
                let server = words.next().and_then(|word| scoped(word, 0, files));
                self.servers.extend(server);
            }
            Some("domain") => {
                if let Some(domain) = words.next() {
                    self.search = vec![rooted(domain)];
                }
            }
            Some("search") => {
                self.search = words.map(rooted).filter(|domain| domain != ".").collect();
            }
            Some("options") => words.for_each(|option| self.set(option)),
            _ => {}
        }
    }

    fn set(&mut self, option: &str) {
        match option.split_once(':') {
            Some(("ndots", value)) => self.ndots = number(value).min(15) as usize,
            Some(("timeout", value)) => self.timeout = number(value).max(1),
            // The maximum of glibc.
            Some(("attempts", value)) => self.attempts = number(value).clamp(1, 5),
            _ => match option {
                "rotate" => self.rotate = true,
                "single-request" | "single-request-reopen" => self.single_request = true,
                "use-vc" | "usevc" | "tcp" => self.use_tcp = true,
                _ => {}
            },
        }
    }

    /// Returns the names to query, in order, each with a dot at its end.
    pub(super) fn names(&self, name: &str) -> Vec<String> {
        let mut names = Vec::new();
        if name.ends_with('.') {
            names.push(name.to_owned());
        } else {
            let whole = rooted(name);
            names.extend(self.search.iter().map(|domain| format!("{whole}{domain}")));
            let is_first = name.matches('.').count() >= self.ndots;
            names.insert(if is_first { 0 } else { names.len() }, whole);
        }
        // Names of Tor are not sent to servers (RFC 7686).
        names.retain(|name| name.len() <= MAX_NAME && !name.ends_with(".onion."));
        names
    }
}

/// Parses leading digits like Go. No digits count as zero.
fn number(text: &str) -> u32 {
    let end = text
        .find(|next: char| !next.is_ascii_digit())
        .unwrap_or(text.len());
    match &text[..end] {
        "" => 0,
        digits => digits.parse().unwrap_or(u32::MAX),
    }
}

fn rooted(name: &str) -> String {
    let dot = if name.ends_with('.') { "" } else { "." };
    format!("{name}{dot}")
}

/// Returns the domain of the host name, which is the search domain where the file has none.
fn own_domain(files: &Files) -> Option<String> {
    let name = files.read(Path::new(HOSTNAME)).ok()?;
    let (_, domain) = std::str::from_utf8(&name).ok()?.trim().split_once('.')?;
    (!domain.is_empty()).then(|| rooted(domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::environment::Environment;

    fn read(text: &str) -> ResolvConf {
        ResolvConf::read(&Environment::in_memory().file(RESOLV_CONF, text).files())
    }

    #[track_caller]
    fn check_servers(text: Option<&str>, expected: &[&str]) {
        let mut environment = Environment::in_memory().file("/sys/class/net/eth0/ifindex", "7\n");
        if let Some(text) = text {
            environment = environment.file(RESOLV_CONF, text);
        }
        let servers: Vec<String> = ResolvConf::read(&environment.files())
            .servers
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(servers, expected);
    }

    #[test]
    fn the_servers_of_the_file_are_used() {
        check_servers(
            Some("search example.com\nnameserver 192.0.2.1\nnameserver\t2001:db8::1 # ours\n"),
            &["192.0.2.1:0", "[2001:db8::1]:0"],
        );
        check_servers(
            Some("\u{fffd} nonsense\nnameserver nonsense\nnameserver\nnameserver 192.0.2.1"),
            &["192.0.2.1:0"],
        );
        check_servers(
            Some("nameserver fe80::1%eth0\nnameserver fe80::2%3\nnameserver fe80::3%none"),
            &["[fe80::1%7]:0", "[fe80::2%3]:0"],
        );
        let four = "nameserver 192.0.2.1\n".repeat(4);
        check_servers(Some(&four), &["192.0.2.1:0"; 3]);
    }

    #[test]
    fn localhost_is_the_server_where_the_file_has_none() {
        for text in [
            None,
            Some(""),
            Some("search example.com\n#nameserver 192.0.2.1\n;nameserver 192.0.2.1"),
            Some("nameserver nonsense"),
        ] {
            check_servers(text, &["127.0.0.1:0", "[::1]:0"]);
        }
    }

    #[test]
    fn options_are_read_as_go_reads_them() {
        let options = |conf: &ResolvConf| (conf.ndots, conf.timeout, conf.attempts);
        assert_eq!(options(&read("")), (1, 5, 2));
        let conf = read("options ndots:2 timeout:3\noptions attempts:4 rotate use-vc edns0");
        assert_eq!(options(&conf), (2, 3, 4));
        assert!(conf.rotate && conf.use_tcp && !conf.single_request);
        assert!(read("options single-request-reopen").single_request);
        let invalid = read("options ndots:99999999999 timeout:0 attempts:-1 ndots timeout");
        assert_eq!(options(&invalid), (15, 1, 1));
        assert_eq!(read("options ndots:x").ndots, 0);
    }

    #[track_caller]
    fn check_names(text: &str, name: &str, expected: &[&str]) {
        assert_eq!(read(text).names(name), expected, "{text}");
    }

    #[test]
    fn search_domains_come_after_names_with_ndots_dots_and_before_others() {
        let search = "search a.example b.example.";
        check_names(search, "tfe", &["tfe.a.example.", "tfe.b.example.", "tfe."]);
        check_names(
            search,
            "tfe.corp",
            &["tfe.corp.", "tfe.corp.a.example.", "tfe.corp.b.example."],
        );
        let two = format!("{search}\noptions ndots:2");
        check_names(
            &two,
            "tfe.corp",
            &["tfe.corp.a.example.", "tfe.corp.b.example.", "tfe.corp."],
        );
        check_names(search, "tfe.", &["tfe."]);
        check_names("search . a", "tfe", &["tfe.a.", "tfe."]);
        // The last line counts.
        check_names("search a\ndomain b", "tfe", &["tfe.b.", "tfe."]);
        check_names("domain b\nsearch a c", "tfe", &["tfe.a.", "tfe.c.", "tfe."]);
        check_names(
            search,
            "hidden.onion",
            &["hidden.onion.a.example.", "hidden.onion.b.example."],
        );
        let long = "a".repeat(250);
        check_names(search, &long, &[&format!("{long}.")]);
    }

    #[test]
    fn without_a_search_domain_the_domain_of_the_host_name_is_used() {
        for (hostname, expected) in [
            ("runner.corp.example\n", &["tfe.corp.example.", "tfe."][..]),
            ("runner\n", &["tfe."]),
            ("runner.\n", &["tfe."]),
        ] {
            let environment = Environment::in_memory().file(HOSTNAME, hostname);
            assert_eq!(
                ResolvConf::read(&environment.files()).names("tfe"),
                expected
            );
            let search = environment.file(RESOLV_CONF, "search a");
            assert_eq!(
                ResolvConf::read(&search.files()).names("tfe"),
                ["tfe.a.", "tfe."]
            );
        }
    }
}
