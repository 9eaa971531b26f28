//! [`Environment`]: the variables that say how a plugin starts.
//!
//! `TF_LOG` and its family have an effect in debug mode only: otherwise the host filters.

use std::ffi::OsString;
use std::path::PathBuf;

use tracing::level_filters::LevelFilter;

/// The variables of go-plugin (server.go, constants.go) and Terraform, as they were at the start.
pub(super) struct Environment {
    /// Whether Terraform's magic cookie is there: Terraform started the process, not a person.
    pub(super) cookie: bool,
    /// The application protocol versions that the host speaks, in any order.
    pub(super) protocol_versions: Vec<u32>,
    /// The host's certificate, PEM. Without it the connection is plain text (`TF_DISABLE_PLUGIN_TLS`).
    pub(super) client_certificate: Option<OsString>,
    /// The directory that the user wants for the socket. Hosts do not set it, but pass it on.
    pub(super) socket_dir: Option<PathBuf>,
    /// Whether the user wants a group to have access to the socket. Hosts do not set it, but pass it on.
    pub(super) socket_group: bool,
    /// The log level of debug mode: `TF_LOG_PROVIDER`, else `TF_LOG`, else warnings.
    pub(super) log_level: LevelFilter,
    /// `TMPDIR`.
    pub(super) temp_dir: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`, a short path that belongs to the user alone.
    pub(super) runtime_dir: Option<PathBuf>,
    /// The last directory to try for the socket: a short path that every system has.
    #[cfg(unix)]
    pub(super) fallback_dir: PathBuf,
    /// Whether the user wants a port and no socket: `TFPLUGIN_NETWORK=tcp`, a variable of this SDK.
    #[cfg(unix)]
    pub(super) tcp: bool,
    /// The first and the last port for a TCP listener; 0 is any.
    pub(super) ports: (u16, u16),
}

/// Set by Terraform, and by nobody else, when it starts a plugin (terraform internal/plugin6/serve.go). No secret.
const COOKIE_NAME: &str = "TF_PLUGIN_MAGIC_COOKIE";
const COOKIE_VALUE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

impl Environment {
    /// Reads the variables through `read`; an empty one counts as absent, as in go-plugin.
    pub(super) fn new(read: impl Fn(&str) -> Option<OsString>) -> Self {
        let present = |name| read(name).filter(|value| !value.is_empty());
        let text = |name| present(name).and_then(|value| value.into_string().ok());
        let port = |name, default| {
            text(name)
                .and_then(|port| port.parse().ok())
                .unwrap_or(default)
        };
        let level = text("TF_LOG_PROVIDER").or_else(|| text("TF_LOG"));
        Self {
            // As Terraform reads it: an unknown level means every message (terraform: internal/logging).
            log_level: level.map_or(LevelFilter::WARN, |level| {
                level.parse().unwrap_or(LevelFilter::TRACE)
            }),
            cookie: present(COOKIE_NAME).is_some_and(|value| value == COOKIE_VALUE),
            protocol_versions: text("PLUGIN_PROTOCOL_VERSIONS")
                .unwrap_or_default()
                .split(',')
                .filter_map(|version| version.trim().parse().ok())
                .collect(),
            client_certificate: present("PLUGIN_CLIENT_CERT"),
            socket_dir: present("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            socket_group: present("PLUGIN_UNIX_SOCKET_GROUP").is_some(),
            temp_dir: present("TMPDIR").map(PathBuf::from),
            runtime_dir: present("XDG_RUNTIME_DIR").map(PathBuf::from),
            #[cfg(unix)]
            fallback_dir: PathBuf::from("/tmp"),
            #[cfg(unix)]
            tcp: text("TFPLUGIN_NETWORK").is_some_and(|network| network == "tcp"),
            ports: (port("PLUGIN_MIN_PORT", 0), port("PLUGIN_MAX_PORT", 0)),
        }
    }

    #[cfg(test)]
    pub(super) fn of(variables: &[(&str, &str)]) -> Self {
        Self::new(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| OsString::from(value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_of_another_value_counts_as_absent() {
        assert!(Environment::of(&[(COOKIE_NAME, COOKIE_VALUE)]).cookie);
        assert!(!Environment::of(&[(COOKIE_NAME, "d602bf")]).cookie);
        assert!(!Environment::of(&[]).cookie);
    }

    #[test]
    fn the_level_of_the_log_is_read_as_terraform_reads_it() {
        let level = |variables: &[_]| Environment::of(variables).log_level;

        assert_eq!(level(&[]), LevelFilter::WARN);
        assert_eq!(level(&[("TF_LOG", "debug")]), LevelFilter::DEBUG);
        assert_eq!(level(&[("TF_LOG", "JSON")]), LevelFilter::TRACE);
        assert_eq!(level(&[("TF_LOG", "OFF")]), LevelFilter::OFF);
        let both = [("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "ERROR")];
        assert_eq!(level(&both), LevelFilter::ERROR);
    }

    #[test]
    fn an_empty_variable_counts_as_absent() {
        let environment = Environment::of(&[("PLUGIN_CLIENT_CERT", ""), ("PLUGIN_MIN_PORT", "")]);

        assert!(environment.client_certificate.is_none());
        assert_eq!(environment.ports, (0, 0));
    }

    #[test]
    fn protocol_versions_are_read_in_any_order() {
        let versions =
            |text| Environment::of(&[("PLUGIN_PROTOCOL_VERSIONS", text)]).protocol_versions;

        assert_eq!(versions("6,5"), [6, 5]);
        assert_eq!(versions("5, 6,x"), [5, 6]);
        assert_eq!(versions(""), [] as [u32; 0]);
    }
}
