//! A host that is reached through a proxy only.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::workspace::checks::BASIC;
use crate::workspace::private_host::PrivateHost;

/// A name that no name server and no hosts file has.
const NAME: &str = "tfe.proxied.invalid";

#[test]
fn https_proxy_leads_to_a_host_without_an_address_and_its_password_is_in_no_log() {
    let mut host = PrivateHost::start(NAME);
    host.trust();
    let mut workspace = host.workspace;
    workspace.set("TFE_HOSTNAME", NAME);
    workspace.configure(BASIC);
    let proxy = Proxy::start(workspace.simulator.address());
    let url = format!("http://user:planted@{}", proxy.address);
    workspace.set("HTTPS_PROXY", &url);
    workspace.set("TF_LOG_PROVIDER", "TRACE");

    workspace.validate().succeeds();
    assert_eq!(proxy.requests(), [""; 0], "a validation sends nothing");

    let run = workspace.apply();
    workspace.holds_the_live_secret();
    run.prints("the API answered").does_not_print("planted");
    let requests = proxy.requests();
    let connect = format!("CONNECT {NAME}:443 HTTP/1.1");
    assert!(requests.iter().all(|one| *one == connect), "{requests:?}");
    // The service has no connection that did not go through the proxy.
    assert_eq!(workspace.simulator.connections(), requests.len());
}

/// A proxy for `user:planted` that connects every CONNECT to one service.
struct Proxy {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts it on threads of its own, for as long as the test process runs.
    fn start(service: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let record = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let record = Arc::clone(&record);
                thread::spawn(move || serve(stream, service, &record));
            }
        });
        Self { address, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
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
