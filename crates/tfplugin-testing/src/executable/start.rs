//! [`Start`]: how a plugin is started.

use std::ffi::OsStr;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;

use super::certificate::HostCertificate;
use super::plugin::{Ended, Plugin};
use super::timeout::within;

/// The variable by which Terraform identifies itself, and its value.
pub const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// A plugin that is about to be started.
pub struct Start {
    /// The command, to add arguments and variables.
    pub command: Command,
    certificate: Option<HostCertificate>,
    temporary: TempDir,
}

impl Start {
    /// Starts it as Terraform does: with cookie, versions, ports and a certificate. The process has a temporary directory
    /// of its own, which [`Ended::assert_clean`] inspects.
    pub fn new(executable: impl AsRef<OsStr>) -> Self {
        Self::plain(executable).with_tls()
    }

    /// Starts it as Terraform does under `TF_DISABLE_PLUGIN_TLS`.
    pub fn plain(executable: impl AsRef<OsStr>) -> Self {
        Self::command(Command::new(executable))
    }

    /// Starts it by another command, which runs the executable.
    pub fn command(mut command: Command) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary directory");
        for name in [
            "PLUGIN_CLIENT_CERT",
            "PLUGIN_UNIX_SOCKET_DIR",
            "PLUGIN_UNIX_SOCKET_GROUP",
            "PLUGIN_MULTIPLEX_GRPC",
            "RUST_BACKTRACE",
        ] {
            command.env_remove(name);
        }
        command
            .env(COOKIE.0, COOKIE.1)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000")
            .env("TMPDIR", temporary.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        Self {
            command,
            certificate: None,
            temporary,
        }
    }

    /// Generates a certificate for this host and adds it.
    pub fn with_tls(mut self) -> Self {
        let certificate = HostCertificate::generate();
        self.command.env("PLUGIN_CLIENT_CERT", &certificate.pem);
        self.certificate = Some(certificate);
        self
    }

    /// Sets a variable of its environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts it in debug mode, as a practitioner does.
    pub fn debug(executable: impl AsRef<OsStr>) -> Self {
        Self::command(Command::new(executable)).debugged()
    }

    /// Changes to debug mode.
    pub fn debugged(mut self) -> Self {
        self.command.arg("-debug").env_remove(COOKIE.0);
        self
    }

    /// Starts it and reads the handshake line, or in debug mode the line with `TF_REATTACH_PROVIDERS`.
    ///
    /// # Panics
    ///
    /// Panics if it ends without the line.
    pub async fn handshake(mut self) -> Plugin {
        let mut child = self.command.spawn().expect("the executable starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut stderr = child.stderr.take().expect("a pipe");
        let stderr = tokio::spawn(async move {
            let mut text = String::new();
            stderr.read_to_string(&mut text).await.expect("UTF-8 text");
            text
        });
        let mut line = String::new();
        loop {
            within(stdout.read_line(&mut line))
                .await
                .expect("UTF-8 text");
            if !line.starts_with('#') {
                break;
            }
            line.clear();
        }
        if line.is_empty() {
            let status = within(child.wait()).await.expect("a status");
            let stderr = within(stderr).await.expect("stderr");
            panic!("no handshake line: {status}\n{stderr}");
        }
        Plugin {
            child,
            stdout,
            stderr,
            line,
            certificate: self.certificate,
            temporary: self.temporary,
        }
    }

    /// Starts it and waits for its end.
    pub async fn run(mut self) -> Ended {
        let output = within(self.command.output())
            .await
            .expect("the executable starts");
        Ended {
            status: output.status,
            stdout: String::from_utf8(output.stdout).expect("UTF-8 text"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 text"),
            temporary: self.temporary,
        }
    }
}
