//! [`Hosts`]: the names in `/etc/hosts`.

use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::path::{Path, PathBuf};

use crate::client::files::Files;

pub(super) const HOSTS: &str = "/etc/hosts";

/// `/etc/hosts`: an address and its names on each line (hosts(5)).
#[derive(Debug, Default)]
pub(super) struct Hosts(Vec<(SocketAddr, Vec<String>)>);

impl Hosts {
    /// Reads the file. A missing file counts as empty.
    pub(super) fn read(files: &Files) -> Self {
        let text = files.read(Path::new(HOSTS)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let line = |line: &str| {
            let (line, _comment) = line.split_once('#').unwrap_or((line, ""));
            let mut words = line.split_whitespace();
            let address = scoped(words.next()?, 0, files)?;
            Some((address, words.map(str::to_owned).collect()))
        };
        Self(text.lines().filter_map(line).collect())
    }

    /// Returns the addresses of a name, in the order of the lines.
    pub(super) fn addresses(&self, name: &str) -> Vec<SocketAddr> {
        let name = name.trim_end_matches('.');
        let matches = |known: &String| known.trim_end_matches('.').eq_ignore_ascii_case(name);
        self.0
            .iter()
            .filter(|(_, names)| names.iter().any(matches))
            .map(|(address, _)| *address)
            .collect()
    }
}

/// Parses an address, which may have a zone by name or number: `fe80::1%eth0`.
pub(super) fn scoped(text: &str, port: u16, files: &Files) -> Option<SocketAddr> {
    let Some((address, zone)) = text.split_once('%') else {
        return Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, port));
    };
    let address = address.parse().ok()?;
    let scope = zone.parse().ok().or_else(|| interface(zone, files))?;
    Some(SocketAddrV6::new(address, port, 0, scope).into())
}

/// Returns the number of a network interface.
fn interface(name: &str, files: &Files) -> Option<u32> {
    if name.is_empty() || name.contains(['/', '.']) {
        return None;
    }
    let file: PathBuf = ["/sys/class/net", name, "ifindex"].iter().collect();
    let number = files.read(&file).ok()?;
    std::str::from_utf8(&number).ok()?.trim().parse().ok()
}
