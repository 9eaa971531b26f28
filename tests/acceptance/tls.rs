//! A host behind a proxy, or with a certificate that only a practitioner vouches for.
//!
//! A private authority and `TFE_SSL_SKIP_VERIFY` are `service_discovery`'s.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;

use crate::workspace::Workspace;

/// A host that has this name in its certificate and in no file or name server.
const NAME: &str = "tfe.proxied.invalid";

/// A workspace whose host has a certificate of its own, as `openssl req -x509` makes it: an
/// authority that vouches for itself, and its name.
fn workspace(name: &str, hostname: impl FnOnce(SocketAddr) -> String) -> Workspace {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap().der().clone();
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(&certificate)
    );
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let mut workspace = Workspace::with(|builder| builder.tls(vec![certificate], key));
    // No `host` block: the services are what the host itself says.
    workspace.cli_configuration("");
    fs::write(workspace.path("host.pem"), pem).unwrap();
    let hostname = hostname(workspace.simulator.address());
    workspace.set("TFE_HOSTNAME", &hostname);
    workspace.configure(RESOURCE);
    workspace
}

const RESOURCE: &str = "resource \"tfe_audit_trail_token\" \"example\" {\n  organization = \
                        \"my-org-name\"\n}\n";

fn trust(workspace: &mut Workspace) {
    let file = workspace.path("host.pem").display().to_string();
    workspace.set("SSL_CERT_FILE", &file);
}

#[test]
fn a_certificate_that_vouches_for_itself_is_trusted_through_ssl_cert_file() {
    let mut workspace = workspace("localhost", |at| format!("localhost:{}", at.port()));
    trust(&mut workspace);
    workspace.apply();
    let object = workspace.example("tfe_audit_trail_token");
    assert_eq!(object["token_id"], workspace.current_id());
    workspace.destroy();
}

#[test]
fn an_explicit_false_verifies_whatever_the_environment_says() {
    let mut workspace = workspace("localhost", |at| format!("localhost:{}", at.port()));
    workspace.set("TFE_SSL_SKIP_VERIFY", "true");
    workspace.apply();
    let explicit = format!("provider \"tfe\" {{\n  ssl_skip_verify = false\n}}\n{RESOURCE}");
    workspace.configure(&explicit);
    let run = workspace.try_apply().fails();
    run.says("SSL_CERT_FILE").says("basicConstraints CA:FALSE");
}

/// Each process has one connection, through which discovery goes too.
#[test]
fn https_proxy_is_the_only_way_to_a_host_that_nobody_can_name() {
    let mut workspace = workspace(NAME, |_| NAME.to_owned());
    trust(&mut workspace);
    let proxy = Proxy::start(workspace.simulator.address());
    let url = format!("http://user:planted@{}", proxy.address);
    workspace.set("HTTPS_PROXY", &url);
    workspace.set("TF_LOG_PROVIDER", "TRACE");

    workspace.validate().succeeds();
    assert_eq!(proxy.asked(), [""; 0], "a validation sends nothing");

    let run = workspace.apply();
    assert_eq!(
        workspace.example("tfe_audit_trail_token")["token_id"],
        workspace.current_id()
    );
    assert!(
        run.stderr.contains("discovery") || run.stderr.contains("the API answered"),
        "{run}"
    );
    run.does_not_say("planted");

    let before = proxy.asked().len();
    workspace.simulator.clear_requests();
    workspace.plan().exits(0).does_not_say("planted");
    let asked = proxy.asked();
    assert_eq!(asked[before..], [format!("CONNECT {NAME}:443 HTTP/1.1")]);
    let requests: Vec<String> = workspace
        .simulator
        .requests()
        .iter()
        .map(|one| format!("{} {}", one.method, one.path))
        .collect();
    assert_eq!(requests.len(), 2, "discovery and the token: {requests:?}");
    // What the service saw came through the proxy.
    assert_eq!(workspace.simulator.connections(), asked.len());
}

#[test]
fn a_proxy_that_refuses_is_named_without_its_credentials() {
    let mut workspace = workspace(NAME, |_| NAME.to_owned());
    trust(&mut workspace);
    let proxy = Proxy::start(workspace.simulator.address());
    // Without the user that it asks for.
    let address = proxy.address;
    workspace.set("https_proxy", &format!("http://other:planted@{address}"));
    let run = workspace.try_apply().fails();
    run.says(&format!(
        "the proxy {address} does not accept the user and password"
    ));
    run.does_not_say("planted").does_not_say("other:");
    assert_eq!(workspace.simulator.connections(), 0);
}

/// A proxy for `user:planted` that leads every CONNECT to one service.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// It runs as long as the process, on threads of its own.
    fn start(service: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let record = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let record = Arc::clone(&record);
                thread::spawn(move || serve(stream, service, &record));
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    mut client: TcpStream,
    service: SocketAddr,
    record: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut next = [0];
        client.read_exact(&mut next)?;
        head.push(next[0]);
    }
    let head = String::from_utf8(head).unwrap();
    record
        .lock()
        .unwrap()
        .extend(head.lines().next().map(str::to_owned));
    let credentials = format!("Basic {}", STANDARD.encode("user:planted"));
    if !head.contains(&credentials) {
        return client.write_all(b"HTTP/1.1 407 -\r\ncontent-length: 0\r\n\r\n");
    }
    client.write_all(b"HTTP/1.1 200 -\r\n\r\n")?;
    let mut service = TcpStream::connect(service)?;
    let (mut back, mut forth) = (service.try_clone()?, client.try_clone()?);
    let answers = thread::spawn(move || {
        let _ = std::io::copy(&mut back, &mut forth);
        let _ = forth.shutdown(Shutdown::Write);
    });
    let _ = std::io::copy(&mut client, &mut service);
    let _ = service.shutdown(Shutdown::Write);
    answers.join().expect("copying does not panic");
    Ok(())
}
