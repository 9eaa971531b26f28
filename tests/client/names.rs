//! Hosts with several addresses, or none. The resolver has its own tests.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use terraform_provider_tfe::client::{Client, Environment, Error, resolve};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::pki::NAME;
use crate::service::{ORGANIZATION, Service, arguments, environment_of, timing};

/// An address that neither accepts nor refuses connections, as behind a firewall.
struct Unresponsive {
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl Unresponsive {
    async fn bind(address: SocketAddr) -> Unresponsive {
        let socket = TcpSocket::new_v6().unwrap();
        socket.bind(address).unwrap();
        let listener = socket.listen(0).unwrap();
        let mut waiting = Vec::new();
        // Connections that are not accepted fill the backlog.
        while let Ok(stream) =
            timeout(Duration::from_millis(100), TcpStream::connect(address)).await
        {
            waiting.push(stream.unwrap());
        }
        Unresponsive {
            _listener: listener,
            _waiting: waiting,
        }
    }
}

async fn read(environment: &Environment) -> Result<(), Error> {
    let settings = resolve(arguments(), environment).await.unwrap();
    let client = Client::new(settings, timing(), "1.2.3");
    client.organizations().read(ORGANIZATION).await.map(drop)
}

#[tokio::test]
async fn a_host_without_working_ipv6_is_reached_at_once() {
    let service = Service::start().await;
    let port = service.address().port();
    let _unresponsive =
        Unresponsive::bind(SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], port))).await;
    let environment = environment_of(&format!("http://localhost:{port}/api/v2"))
        .file("/etc/hosts", "::1 localhost\n127.0.0.1 localhost\n");
    let start = Instant::now();
    read(&environment).await.unwrap();
    // Each of the two addresses has a timeout of half the time for a connection.
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(service.state().connections, 1);
}

#[tokio::test]
async fn a_host_that_refuses_on_one_address_is_reached_on_another() {
    let service = Service::start().await;
    let port = service.address().port();
    let environment = environment_of(&format!("http://localhost:{port}/api/v2")).file(
        "/etc/hosts",
        "127.0.0.2 localhost\n127.0.0.3 localhost\n127.0.0.1 localhost\n",
    );
    read(&environment).await.unwrap();
}

#[tokio::test]
async fn the_error_of_a_name_without_an_address_names_the_servers() {
    let environment = environment_of(&format!("https://{NAME}/api/v2"))
        .file("/etc/resolv.conf", "nameserver 127.99.99.99\n");
    let error = read(&environment).await.unwrap_err();
    let words = format!(
        "cannot resolve {NAME}: /etc/hosts does not name it, 127.99.99.99 could not be asked"
    );
    assert!(
        error.is_connect() && error.to_string().contains(&words),
        "{error}"
    );
}
