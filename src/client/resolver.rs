//! Names of hosts on Linux: `/etc/hosts` and the servers of `/etc/resolv.conf`, nothing else.
//!
//! The shipped binary is static, and a static program cannot use the C library's `getaddrinfo`,
//! which loads modules at run time. So this does what Go's own resolver does for Terraform: the
//! files of the system are read, and where `/etc/resolv.conf` names no server, this machine is
//! asked (Go: net/dnsconfig_unix.go). Never a public server: a name of a private network is
//! nobody else's business.
//!
//! Not in it: what NSS modules know (LDAP, mDNS), and `/etc/nsswitch.conf`, which names them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use hickory_resolver::config::{
    LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::system_conf::parse_resolv_conf;
use hickory_resolver::{Hosts, TokioResolver};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::environment::Environment;

const RESOLV_CONF: &str = "/etc/resolv.conf";
const HOSTS: &str = "/etc/hosts";

/// Resolves names by the system's files. They are read at the first name, and once.
#[derive(Clone)]
pub(crate) struct Resolver {
    environment: Environment,
    made: Arc<OnceLock<Result<Made, String>>>,
}

struct Made {
    resolver: TokioResolver,
    /// Who is asked, for errors.
    servers: String,
}

/// Why a name has no address.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolveError {
    #[error("cannot use {RESOLV_CONF}: {0}")]
    Configuration(String),
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
            made: Arc::default(),
        }
    }

    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let made = self
            .made
            .get_or_init(|| Made::new(&self.environment))
            .as_ref()
            .map_err(|error| ResolveError::Configuration(error.clone()))?;
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
    fn new(environment: &Environment) -> Result<Self, String> {
        let (config, mut options) = configuration(environment)?;
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        // Ours, below: the library reads the system's, which a test cannot change.
        options.use_hosts_file = ResolveHosts::Never;
        let hosts = hosts(environment);
        if hosts.is_some() {
            options.use_hosts_file = ResolveHosts::Always;
        }
        let servers = servers(&config);
        let mut resolver =
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
                .with_options(options)
                .build()
                .map_err(|error| error.to_string())?;
        if let Some(hosts) = hosts {
            resolver.set_hosts(Arc::new(hosts));
        }
        Ok(Self { resolver, servers })
    }
}

fn configuration(environment: &Environment) -> Result<(ResolverConfig, ResolverOpts), String> {
    let text = environment.read(Path::new(RESOLV_CONF)).unwrap_or_default();
    let names_a_server = String::from_utf8_lossy(&text)
        .lines()
        .any(|line| line.trim_start().starts_with("nameserver"));
    if names_a_server {
        return parse_resolv_conf(text).map_err(|error| error.to_string());
    }
    let this_machine = [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
    ];
    let servers = this_machine
        .into_iter()
        .map(NameServerConfig::udp_and_tcp)
        .collect();
    let config = ResolverConfig::from_parts(None, Vec::new(), servers);
    Ok((config, ResolverOpts::default()))
}

/// `/etc/hosts`; none is as good as an empty one.
fn hosts(environment: &Environment) -> Option<Hosts> {
    let text = environment.read(Path::new(HOSTS)).ok()?;
    let mut hosts = Hosts::default();
    hosts
        .read_hosts_conf(text.as_slice())
        .inspect_err(|error| tracing::warn!(%error, "cannot read all of {HOSTS}"))
        .ok();
    Some(hosts)
}

fn servers(config: &ResolverConfig) -> String {
    let servers: Vec<String> = config
        .name_servers()
        .iter()
        .map(|server| server.ip.to_string())
        .collect();
    servers.join(", ")
}

impl fmt::Debug for Resolver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Resolver")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(resolv_conf: Option<&str>) -> String {
        let mut environment = Environment::for_test();
        if let Some(text) = resolv_conf {
            environment = environment.file(RESOLV_CONF, text);
        }
        servers(&configuration(&environment).unwrap().0)
    }

    #[test]
    fn asks_the_servers_of_the_system() {
        let text = "search example.com\nnameserver 192.0.2.1\nnameserver 2001:db8::1\n";
        assert_eq!(asked(Some(text)), "192.0.2.1, 2001:db8::1");
    }

    #[test]
    fn asks_this_machine_and_nobody_else_where_the_system_names_no_server() {
        for text in [
            None,
            Some(""),
            Some("search example.com\n#nameserver 192.0.2.1\n"),
        ] {
            assert_eq!(asked(text), "127.0.0.1, ::1");
        }
    }

    #[tokio::test]
    async fn a_name_of_the_hosts_file_needs_no_server() {
        let environment = Environment::for_test()
            .file(RESOLV_CONF, "nameserver 192.0.2.1\n")
            .file(
                HOSTS,
                "192.0.2.7 tfe.example.com tfe\n2001:db8::7 tfe.example.com\n",
            );
        let resolver = Resolver::new(&environment);
        let found = resolver.addresses("tfe.example.com").await.unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.contains(&"192.0.2.7".parse().unwrap()));
    }

    #[tokio::test]
    async fn an_error_says_who_was_asked() {
        let environment = Environment::for_test().file(
            RESOLV_CONF,
            "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
        );
        let error = Resolver::new(&environment)
            .addresses("tfe.example.invalid")
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot resolve tfe.example.invalid (/etc/hosts does not name it; asked 127.0.0.1)"
        );
    }
}
