//! Starts the built executable of a plugin, as Terraform does, and connects to it.
//!
//! Every wait has a timeout, so a plugin that hangs fails its test instead of blocking the run.
//!
//! ```no_run
//! use tfplugin::server::proto::{get_provider_schema, provider_client::ProviderClient};
//! use tfplugin_testing::executable::{Start, within};
//!
//! # async fn test() {
//! // In a test of the package: env!("CARGO_BIN_EXE_terraform-provider-greeter").
//! # let executable = "";
//! let plugin = Start::new(executable).handshake().await;
//! let mut provider = ProviderClient::new(plugin.connect().await);
//! let request = get_provider_schema::Request {};
//! within(provider.get_provider_schema(request)).await.expect("a schema");
//! plugin.shutdown().await.assert_clean();
//! # }
//! ```

mod certificate;
mod connection;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::transport::Channel;

pub use certificate::{HostCertificate, pem};
pub use connection::{
    Address, Io, Security, Stream, client_config, connect, connect_grpc, connect_tls,
    exchange_settings,
};

use tfplugin::server::proto::plugin::Empty;
use tfplugin::server::proto::plugin::grpc_controller_client::GrpcControllerClient;

/// The variable by which Terraform identifies itself, and its value.
pub const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// Much longer than any operation here takes.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Waits for a future.
///
/// # Panics
///
/// Panics after 20 seconds.
#[track_caller]
pub fn within<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let caller = std::panic::Location::caller();
    async move {
        timeout(TIMEOUT, future)
            .await
            .unwrap_or_else(|_| panic!("nothing happened within {TIMEOUT:?} at {caller}"))
    }
}

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

/// A running plugin. It is killed when this is dropped.
pub struct Plugin {
    /// The process.
    pub child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: JoinHandle<String>,
    /// The handshake line with its line break.
    pub line: String,
    certificate: Option<HostCertificate>,
    temporary: TempDir,
}

impl Plugin {
    /// Returns a field of the handshake line, counted from 1.
    pub fn field(&self, number: usize) -> &str {
        self.line
            .trim_end()
            .split('|')
            .nth(number - 1)
            .unwrap_or_default()
    }

    /// Returns the value of `TF_REATTACH_PROVIDERS` in debug mode.
    pub fn reattach(&self) -> serde_json::Value {
        let value = self.line.trim_end().strip_prefix("TF_REATTACH_PROVIDERS='");
        let value = value.and_then(|rest| rest.strip_suffix('\''));
        serde_json::from_str(value.expect("an assignment")).expect("JSON")
    }

    /// Returns the address that it listens on.
    pub fn address(&self) -> Address {
        let (network, address) = if self.line.starts_with("TF_") {
            let all = self.reattach();
            let one = all.as_object().and_then(|all| all.values().next());
            let at = &one.expect("a source address")["Addr"];
            let text = |key: &str| at[key].as_str().expect("a text").to_owned();
            (text("Network"), text("String"))
        } else {
            (self.field(3).to_owned(), self.field(4).to_owned())
        };
        match network.as_str() {
            "unix" => Address::Socket(address.into()),
            "tcp" => Address::Port(address),
            _ => panic!("{}", self.line),
        }
    }

    /// Returns the path of its Unix socket.
    pub fn socket(&self) -> &Path {
        assert_eq!(self.field(3), "unix");
        Path::new(self.field(4))
    }

    /// Returns the certificate of the handshake line, in DER.
    pub fn certificate(&self) -> Vec<u8> {
        STANDARD_NO_PAD
            .decode(self.field(6))
            .expect("base64 without padding")
    }

    /// Returns how this host connects.
    pub fn security(&self) -> Security {
        match &self.certificate {
            None => Security::Plain,
            Some(certificate) => Security::Tls(client_config(
                &self.certificate(),
                Some(certificate),
                rustls::ALL_VERSIONS,
            )),
        }
    }

    /// Opens a gRPC connection, as Terraform does.
    pub async fn connect(&self) -> Channel {
        within(connect_grpc(self.address(), self.security()))
            .await
            .expect("a connection")
    }

    /// Sends a signal to the process.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let id = self.child.id().expect("a process that lives");
        let id = rustix::process::Pid::from_raw(id.cast_signed()).expect("an id");
        rustix::process::kill_process(id, signal).expect("a signal can be sent");
    }

    /// Calls Shutdown, as Terraform does, and waits for the end of the process.
    pub async fn shutdown(self) -> Ended {
        let channel = self.connect().await;
        let reply = within(GrpcControllerClient::new(channel).shutdown(Empty {})).await;
        reply.expect("Shutdown is answered");
        self.ended().await
    }

    /// Waits for the end of the process.
    pub async fn ended(mut self) -> Ended {
        let status = within(self.child.wait()).await.expect("a status");
        let mut stdout = String::new();
        within(self.stdout.read_to_string(&mut stdout))
            .await
            .expect("UTF-8 text");
        Ended {
            status,
            stdout,
            stderr: within(self.stderr).await.expect("stderr"),
            temporary: self.temporary,
        }
    }

    /// Waits until its stderr is closed: by this process and by all that it has started. Returns the temporary directory.
    pub async fn stderr_closed(self) -> TempDir {
        within(self.stderr).await.expect("stderr");
        self.temporary
    }
}

/// The output of a process that has ended.
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// Its standard output after the handshake line.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    temporary: TempDir,
}

impl Ended {
    /// Asserts that it has succeeded, without output on stdout and without files in its temporary directory.
    ///
    /// # Panics
    ///
    /// Panics if it has not.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert_eq!(self.status.code(), Some(0), "{}", self.stderr);
        assert_eq!(self.stdout, "");
        assert_empty(self.temporary.path());
    }
}

/// Asserts that a directory is empty.
///
/// # Panics
///
/// Panics if it has an entry, or cannot be read.
#[track_caller]
pub fn assert_empty(directory: &Path) {
    let left: Vec<_> = std::fs::read_dir(directory)
        .expect("the directory")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert!(left.is_empty(), "left behind: {left:?}");
}
