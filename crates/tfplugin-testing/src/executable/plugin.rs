//! [`Plugin`]: a running plugin, and [`Ended`]: the output of one that has ended.

use std::path::Path;
use std::process::ExitStatus;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tempfile::TempDir;
use tfplugin::server::proto::plugin::Empty;
use tfplugin::server::proto::plugin::grpc_controller_client::GrpcControllerClient;
use tokio::io::{AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout};
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use super::certificate::HostCertificate;
use super::connection::{Address, Security, client_config, connect_grpc};
use super::timeout::within;

/// A running plugin. It is killed when this is dropped.
pub struct Plugin {
    /// The process.
    pub child: Child,
    pub(super) stdout: BufReader<ChildStdout>,
    pub(super) stderr: JoinHandle<String>,
    /// The handshake line with its line break.
    pub line: String,
    pub(super) certificate: Option<HostCertificate>,
    pub(super) temporary: TempDir,
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
    pub(super) temporary: TempDir,
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
