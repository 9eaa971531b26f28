//! Names of hosts on Linux: `/etc/hosts` and the servers of `/etc/resolv.conf`, nothing else.
//!
//! The shipped binary is static, and a static program cannot use the C library's `getaddrinfo`,
//! which loads modules at run time. So this does what Go's own resolver does for Terraform: what
//! `/etc/hosts` says is the answer, and else the servers of `/etc/resolv.conf` are asked in their
//! order, or this machine where it names none (Go: net/dnsclient_unix.go). Never a public server: a
//! name of a private network is nobody else's business.
//!
//! Not in it: what NSS modules know (LDAP, mDNS), and `/etc/nsswitch.conf`, which names them; a
//! cache, for a process connects once; and an order by family: IPv4 comes first, and whoever
//! connects tries IPv6 beside it when that takes long.

mod hosts;
mod lookup;
mod message;
mod resolv_conf;
mod server;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use self::hosts::Hosts;
pub(crate) use self::lookup::ResolveError;
use self::lookup::Servers;
use self::resolv_conf::ResolvConf;
use super::environment::Environment;

/// Resolves names by the system's files. They are read at the first name, and once.
#[derive(Clone)]
pub(crate) struct Resolver {
    environment: Environment,
    network: Network,
    made: Arc<OnceLock<Made>>,
}

struct Made {
    hosts: Hosts,
    servers: Servers,
}

/// What tests, which can have neither port 53 nor a minute, set otherwise.
#[derive(Clone, Copy, Debug)]
struct Network {
    /// Where servers listen.
    port: u16,
    /// How long a second of the files is.
    second: Duration,
    /// Time for a name, whatever the files say.
    limit: Duration,
}

impl Network {
    const REAL: Network = Network {
        port: 53,
        second: Duration::from_secs(1),
        // Within the time for a connection, so that an error can say who did not answer.
        limit: Duration::from_secs(9),
    };
}

impl Resolver {
    /// Reads nothing yet.
    pub(crate) fn new(environment: &Environment) -> Self {
        Self::with(environment, Network::REAL)
    }

    fn with(environment: &Environment, network: Network) -> Self {
        Self {
            environment: environment.clone(),
            network,
            made: Arc::default(),
        }
    }

    /// The addresses of a name, of both families, without a port.
    async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        let made = self.made.get_or_init(|| Made {
            hosts: Hosts::read(&self.environment),
            servers: Servers::new(ResolvConf::read(&self.environment), self.network),
        });
        // Both families at once: to ask a server for the one that the file lacks could only wait.
        let known = made.hosts.addresses(name);
        if !known.is_empty() {
            return Ok(known);
        }
        let found = if is_this_machine(name) {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        } else {
            made.servers.addresses(name).await?
        };
        Ok(found.into_iter().map(without_port).collect())
    }
}

/// Names that no server is asked for (RFC 6761, 6.3).
fn is_this_machine(name: &str) -> bool {
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
            // The port is the URL's.
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
