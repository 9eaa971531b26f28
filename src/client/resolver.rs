//! [`Resolver`]: resolves host names on Linux, from `/etc/hosts` and the servers of
//! `/etc/resolv.conf`.
//!
//! The shipped binary is static, and cannot use the C library's `getaddrinfo`, which loads modules at
//! run time. So this follows Go's resolver, which Terraform uses: an entry of `/etc/hosts` wins, and
//! otherwise the servers of `/etc/resolv.conf` are queried in order, or localhost if there are none
//! (Go: net/dnsclient_unix.go). No public server is queried: it would learn private names.
//!
//! Not in it: NSS modules (LDAP, mDNS) and `/etc/nsswitch.conf`; a cache, because a process connects
//! once; and the preference of a family: IPv4 comes first, and the HTTP client tries IPv6 in parallel
//! when IPv4 takes long.

mod hosts;
mod lookup;
mod message;
mod resolv_conf;
mod server;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::OnceCell;

use self::hosts::Hosts;
pub(crate) use self::lookup::ResolveError;
use self::lookup::{Network, Servers};
use self::resolv_conf::ResolvConf;
use super::environment::Environment;
use super::files::Files;

/// Resolves names with the system's files, which are read once, at the first name.
#[derive(Clone)]
pub(crate) struct Resolver {
    environment: Environment,
    network: Network,
    configuration: Arc<OnceCell<Configuration>>,
}

/// What the system's files say.
struct Configuration {
    hosts: Hosts,
    servers: Servers,
}

impl Resolver {
    /// Makes a resolver. It reads nothing before the first name.
    pub(crate) fn new(environment: &Environment) -> Self {
        Self::with(environment, Network::REAL)
    }

    fn with(environment: &Environment, network: Network) -> Self {
        Self {
            environment: environment.clone(),
            network,
            configuration: Arc::default(),
        }
    }

    /// Reads the files. If that takes too long, they count as empty.
    async fn read(&self) -> Configuration {
        let read = |files: &Files| (Hosts::read(files), ResolvConf::read(files));
        let (hosts, conf) = match self.environment.with_files(read).await {
            Ok(both) => both,
            Err(error) => {
                tracing::warn!(%error, "passed over /etc/hosts and /etc/resolv.conf");
                (Hosts::default(), ResolvConf::default())
            }
        };
        Configuration {
            hosts,
            servers: Servers::new(conf, self.network),
        }
    }

    /// Returns the addresses of a name, of both families, without a port.
    async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        let configuration = self.configuration.get_or_init(|| self.read()).await;
        // The file wins for both families, also if it has addresses of one only.
        let known = configuration.hosts.addresses(name);
        if !known.is_empty() {
            return Ok(known);
        }
        let found = if is_localhost(name) {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        } else {
            configuration.servers.addresses(name).await?
        };
        Ok(found.into_iter().map(without_port).collect())
    }
}

/// Whether a name is localhost, for which no server is queried (RFC 6761, 6.3).
fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

fn without_port(address: IpAddr) -> SocketAddr {
    SocketAddr::new(address, 0)
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            // The HTTP client adds the URL's port.
            let addresses = resolver.addresses(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Resolver")
    }
}

#[cfg(test)]
mod tests;
