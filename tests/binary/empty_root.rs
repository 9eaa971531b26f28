//! The executable alone in a root file system: no C library, no shell, no `/etc`, as in a container image made
//! from nothing.
//!
//! That needs a chroot, in a user namespace or as root. If the system allows neither, the tests say so on stderr, and
//! only the ELF header is checked (`linking`).

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use tempfile::TempDir;
use tokio::process::Command;
use tonic::transport::Channel;

use crate::EXECUTABLE;
use tfplugin::server::proto::get_provider_schema;
use tfplugin::server::proto::plugin::Empty;
use tfplugin::server::proto::plugin::grpc_controller_client::GrpcControllerClient;
use tfplugin::server::proto::provider_client::ProviderClient;
use tfplugin_testing::executable::{Plugin, Start, connect_grpc, within};

/// A root file system with the executable in it.
struct Root {
    change: &'static [&'static str],
    directory: TempDir,
}

impl Root {
    /// Returns none if the system does not allow another root.
    fn new() -> Option<Self> {
        let change = way_to_change_the_root()?;
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let executable = directory.path().join("plugin");
        // A debug build has a hundred megabytes.
        fs::hard_link(EXECUTABLE, &executable)
            .or_else(|_| fs::copy(EXECUTABLE, &executable).map(drop))
            .expect("the executable can be placed");
        Some(Self { change, directory })
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.directory.path().join(path.trim_start_matches('/'));
        let folder = path.parent().expect("a folder");
        fs::create_dir_all(folder).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Returns the command that starts the executable in this root. Its environment has only `PATH`, to find `chroot`.
    fn command(&self) -> Command {
        let mut command = Command::new(self.change[0]);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .args(&self.change[1..])
            .arg(self.directory.path())
            .arg("/plugin");
        command
    }

    fn start(&self) -> Start {
        Start::command(self.command()).with_tls().env("TMPDIR", "/")
    }

    /// Connects to the plugin from outside of its root.
    async fn connect(&self, plugin: &Plugin) -> Channel {
        // A socket's path has at most 108 bytes, and the root's own may be longer.
        let short = tempfile::tempdir().expect("a directory");
        let root = short.path().join("root");
        std::os::unix::fs::symlink(self.directory.path(), &root).expect("a link");
        let socket = plugin.socket().strip_prefix("/").expect("absolute");
        within(connect_grpc(&root.join(socket), plugin.security()))
            .await
            .expect("a connection")
    }

    fn entries(&self) -> Vec<PathBuf> {
        let mut entries: Vec<PathBuf> = fs::read_dir(self.directory.path())
            .expect("the root")
            .map(|entry| entry.expect("an entry").file_name().into())
            .collect();
        entries.sort();
        entries
    }
}

/// Returns the command that starts a program in another root. Reports it once, on stderr, even if output is captured.
fn way_to_change_the_root() -> Option<&'static [&'static str]> {
    const WAYS: [&[&str]; 2] = [&["unshare", "--map-root-user", "chroot"], &["chroot"]];
    static FOUND: OnceLock<Option<&[&str]>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let works = |way: &&&[&str]| {
            std::process::Command::new(way[0])
                .args(&way[1..])
                .args(["/", "true"])
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        };
        let found = WAYS.iter().find(works).copied();
        let report = match found {
            Some(way) => format!("the executable is started in an empty root by: {way:?}"),
            None => "the system allows neither a user namespace nor chroot: \
                     only the executable's ELF header is checked"
                .to_owned(),
        };
        let _ = writeln!(std::io::stderr(), "{report}");
        found
    })
}

#[tokio::test]
async fn it_prints_its_version() {
    let Some(root) = Root::new() else { return };
    let mut command = root.command();
    command.arg("--version");

    let output = within(command.output()).await.expect("a command");

    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert!(stdout.starts_with("terraform-provider-tfe "), "{stdout}");
    assert_eq!(stderr, "");
}

#[tokio::test]
async fn it_serves_and_leaves_no_file() {
    let Some(root) = Root::new() else { return };
    let plugin = root.start().handshake().await;
    let channel = root.connect(&plugin).await;

    let reply = within(
        ProviderClient::new(channel.clone()).get_provider_schema(get_provider_schema::Request {}),
    )
    .await
    .expect("an answer")
    .into_inner();

    assert!(reply.diagnostics.is_empty(), "{:?}", reply.diagnostics);
    within(GrpcControllerClient::new(channel).shutdown(Empty {}))
        .await
        .expect("Shutdown is answered");
    let ended = plugin.ended().await;
    assert_eq!(ended.stdout, "");
    assert_eq!(root.entries(), [Path::new("plugin")]);
}

/// Three small files suffice to find a service by name, to trust it and to read from it.
mod with_a_service {
    use rcgen::{CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
    use serde_json::json;
    use tfe_simulator::Simulator;
    use tfplugin::server::proto::{DynamicValue, configure_provider, read_data_source};

    use super::*;
    use tfplugin_testing::executable::pem;

    const NAME: &str = "tfe.example.com";
    const ORGANIZATION: &str = "my-org-name";
    const OWNER: &str = "owner-token-in-an-empty-root";

    /// Returns a service with a certificate for [`NAME`], and the certificate of its issuer.
    async fn service() -> (Simulator, String) {
        let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
        authority.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key"))
                .expect("a certificate");
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(vec![NAME.to_owned()])
            .expect("a host name")
            .signed_by(&key, &authority)
            .expect("a certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let simulator = Simulator::builder()
            .tls(vec![certificate.der().clone()], key)
            .start()
            .await
            .expect("a simulator");
        simulator.add_organization(ORGANIZATION);
        simulator.add_owner_token(OWNER);
        (simulator, pem(authority.der()))
    }

    fn json(value: serde_json::Value) -> Option<DynamicValue> {
        Some(DynamicValue {
            json: value.to_string().into(),
            ..DynamicValue::default()
        })
    }

    async fn read_token(channel: Channel, port: &str) -> read_data_source::Response {
        let mut provider = ProviderClient::new(channel);
        let configured = within(provider.configure_provider(configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config: json(json!({
                "hostname": format!("{NAME}:{port}"),
                "token": OWNER,
                "organization": ORGANIZATION,
                "ssl_skip_verify": null,
                "sealing_key": null,
            })),
            ..Default::default()
        }))
        .await
        .expect("an answer")
        .into_inner();
        assert!(
            configured.diagnostics.is_empty(),
            "{:?}",
            configured.diagnostics
        );
        within(provider.read_data_source(read_data_source::Request {
            type_name: "tfe_audit_trail_token".to_owned(),
            config: json(json!({
                "organization": null, "token_id": null, "description": null, "created_at": null,
                "last_used_at": null, "expired_at": null, "created_by_id": null,
                "created_by_type": null,
            })),
            ..Default::default()
        }))
        .await
        .expect("an answer")
        .into_inner()
    }

    #[tokio::test]
    async fn it_finds_trusts_and_reads_a_service() {
        let Some(root) = Root::new() else { return };
        let (service, authority) = service().await;
        let token = service.regenerate_elsewhere(ORGANIZATION);
        let url = service.url();
        let port = url.rsplit(':').next().expect("a port");
        root.write("/etc/hosts", &format!("127.0.0.1 {NAME}\n"));
        root.write("/etc/ssl/certs/ca-certificates.crt", &authority);

        let plugin = root.start().handshake().await;
        let read = read_token(root.connect(&plugin).await, port).await;

        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        let state = read.state.expect("a state").msgpack;
        let id = token.id.as_bytes();
        assert!(state.windows(id.len()).any(|window| window == id));
    }

    /// No certificates are compiled in.
    #[tokio::test]
    async fn it_trusts_no_service_without_a_file_of_certificates() {
        let Some(root) = Root::new() else { return };
        let (service, _authority) = service().await;
        let url = service.url();
        let port = url.rsplit(':').next().expect("a port");
        root.write("/etc/hosts", &format!("127.0.0.1 {NAME}\n"));

        let plugin = root.start().handshake().await;
        let read = read_token(root.connect(&plugin).await, port).await;

        let [problem] = read.diagnostics.as_slice() else {
            panic!("one problem: {:?}", read.diagnostics)
        };
        assert!(
            problem.detail.contains("SSL_CERT_FILE"),
            "{}",
            problem.detail
        );
    }
}
