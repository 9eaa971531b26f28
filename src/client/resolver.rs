//! Names of hosts on Linux: `/etc/hosts` and the servers of `/etc/resolv.conf`, nothing else.
//!
//! The shipped binary is static, and a static program cannot use the C library's `getaddrinfo`,
//! which loads modules at run time. So this does what Go's own resolver does for Terraform: what
//! `/etc/hosts` says is the answer, and else the servers of `/etc/resolv.conf` are asked, or this
//! machine where it names none (Go: net/hosts.go, net/dnsconfig_unix.go). Never a public server: a
//! name of a private network is nobody else's business.
//!
//! Not in it: what NSS modules know (LDAP, mDNS), and `/etc/nsswitch.conf`, which names them;
//! servers with a zone (`fe80::1%eth0`), which are asked without it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{LookupIpStrategy, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::system_conf::parse_resolv_conf;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::environment::Environment;

const RESOLV_CONF: &str = "/etc/resolv.conf";
const HOSTS: &str = "/etc/hosts";

/// Who is asked where the system names nobody, in the words of `/etc/resolv.conf`.
const THIS_MACHINE: &[u8] = b"\nnameserver 127.0.0.1\nnameserver ::1\n";

/// A process has a name or two.
const CACHED_NAMES: u64 = 16;

/// Resolves names by the system's files. They are read at the first name, and once.
#[derive(Clone)]
pub(crate) struct Resolver {
    environment: Environment,
    /// Where servers listen instead of port 53, which a test cannot have.
    port: Option<u16>,
    made: Arc<OnceLock<Result<Made, NetError>>>,
}

struct Made {
    hosts: Hosts,
    resolver: TokioResolver,
    /// Who is asked, for errors.
    servers: String,
}

/// Why a name has no address.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolveError {
    #[error("cannot use {RESOLV_CONF}")]
    Configuration(#[source] NetError),
    #[error("cannot resolve {name} ({HOSTS} does not name it; asked {servers})")]
    Lookup {
        name: String,
        servers: String,
        #[source]
        source: NetError,
    },
}

impl Resolver {
    /// Reads nothing yet.
    pub(crate) fn new(environment: &Environment) -> Self {
        Self {
            environment: environment.clone(),
            port: None,
            made: Arc::default(),
        }
    }

    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let made = self
            .made
            .get_or_init(|| Made::new(&self.environment, self.port))
            .as_ref()
            .map_err(|error| ResolveError::Configuration(error.clone()))?;
        // Both families at once: to ask a server for the one that the file lacks could only wait.
        let known = made.hosts.addresses(name);
        if !known.is_empty() {
            return Ok(known);
        }
        match made.resolver.lookup_ip(name).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(source) => Err(ResolveError::Lookup {
                name: name.to_owned(),
                servers: made.servers.clone(),
                source,
            }),
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str()).await?;
            // The port is the URL's.
            let addresses = addresses.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

impl Made {
    fn new(environment: &Environment, port: Option<u16>) -> Result<Self, NetError> {
        let (mut config, mut options) = configuration(environment)?;
        if let Some(port) = port {
            use_port(&mut config, port);
        }
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        // It would read the system's own file, once more, and go on to a server after it.
        options.use_hosts_file = ResolveHosts::Never;
        options.cache_size = CACHED_NAMES;
        Ok(Self {
            hosts: Hosts::read(environment),
            servers: servers(&config),
            resolver: TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
                .with_options(options)
                .build()?,
        })
    }
}

fn configuration(environment: &Environment) -> Result<(ResolverConfig, ResolverOpts), NetError> {
    let mut text = environment.read(Path::new(RESOLV_CONF)).unwrap_or_default();
    // An error is nearly always that it names no server.
    parse_resolv_conf(&text).or_else(|_| {
        text.extend(THIS_MACHINE);
        parse_resolv_conf(&text)
    })
}

fn use_port(config: &mut ResolverConfig, port: u16) {
    for server in &mut config.name_servers {
        for connection in &mut server.connections {
            connection.port = port;
        }
    }
}

fn servers(config: &ResolverConfig) -> String {
    let servers: Vec<String> = config
        .name_servers()
        .iter()
        .map(|server| server.ip.to_string())
        .collect();
    servers.join(", ")
}

/// `/etc/hosts`: an address and its names on each line (hosts(5)).
#[derive(Debug, Default)]
struct Hosts(Vec<(IpAddr, Vec<String>)>);

impl Hosts {
    /// None is as good as an empty one.
    fn read(environment: &Environment) -> Self {
        let text = environment.read(Path::new(HOSTS)).unwrap_or_default();
        Self::parse(&String::from_utf8_lossy(&text))
    }

    fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let (line, _comment) = line.split_once('#').unwrap_or((line, ""));
            let mut words = line.split_whitespace();
            let address = words.next()?.parse().ok()?;
            Some((address, words.map(str::to_owned).collect()))
        };
        Self(text.lines().filter_map(line).collect())
    }

    fn addresses(&self, name: &str) -> Vec<IpAddr> {
        let name = name.trim_end_matches('.');
        let is_it = |known: &String| known.trim_end_matches('.').eq_ignore_ascii_case(name);
        self.0
            .iter()
            .filter(|(_, names)| names.iter().any(is_it))
            .map(|(address, _)| *address)
            .collect()
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Resolver")
    }
}

#[cfg(test)]
mod tests;
