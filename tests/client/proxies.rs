//! Proxies: which requests go through one, with which credentials, and the errors.
//!
//! The host is called [`NAME`], which only the proxy resolves. The entries of `NO_PROXY` have their own
//! tests.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use terraform_provider_tfe::client::{Client, Environment, Error, resolve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::pki::{ANY_VERSION, Authority, Kind, NAME, named};
use crate::service::{ClosedPort, ORGANIZATION, Service, arguments, timing};

/// `user:p@ss` in base64.
const CREDENTIALS: &str = "Basic dXNlcjpwQHNz";

/// What a proxy does with a request.
#[derive(Clone, Copy)]
enum Conduct {
    /// Connects every client to the service, whatever host the client names.
    Forward,
    /// Connects only clients that send [`CREDENTIALS`].
    ForwardWithCredentials,
    /// Sends this answer.
    Refuse(&'static str),
    HangUp,
}

/// A proxy on this machine.
struct Proxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start(conduct: Conduct, service: SocketAddr) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // The error of a connection that ends is ignored.
                tokio::spawn(serve(stream, conduct, service, Arc::clone(&seen)));
            }
        });
        Proxy { address, heads }
    }

    /// Returns the first line of each request.
    fn asked(&self) -> Vec<String> {
        let first = |head: &String| head.lines().next().unwrap().to_owned();
        self.heads.lock().unwrap().iter().map(first).collect()
    }
}

async fn serve(
    mut stream: TcpStream,
    conduct: Conduct,
    service: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head).unwrap();
    seen.lock().unwrap().push(head.clone());
    let has_credentials = head
        .to_lowercase()
        .contains(&format!("proxy-authorization: {CREDENTIALS}").to_lowercase());
    match conduct {
        Conduct::HangUp => return Ok(()),
        Conduct::Refuse(answer) => return stream.write_all(answer.as_bytes()).await,
        Conduct::ForwardWithCredentials if !has_credentials => {
            let answer = "HTTP/1.1 407 -\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n";
            return stream.write_all(answer.as_bytes()).await;
        }
        Conduct::Forward | Conduct::ForwardWithCredentials => {}
    }
    let mut service = TcpStream::connect(service).await?;
    assert!(head.starts_with("CONNECT "), "without TLS: {head}");
    stream.write_all(b"HTTP/1.1 200 -\r\n\r\n").await?;
    tokio::io::copy_bidirectional(&mut stream, &mut service).await?;
    Ok(())
}

/// A service called [`NAME`], and an environment that trusts it.
async fn start() -> (Service, Environment) {
    let authority = Authority::new(Kind::P256);
    let server = authority.server(Kind::P256, named(&[NAME]));
    let service = Service::start_with_tls(server.acceptor(ANY_VERSION, &[])).await;
    let environment = Environment::in_memory()
        .variable("SSL_CERT_FILE", "/authority.pem")
        .file("/authority.pem", authority.pem())
        .file("/etc/resolv.conf", "nameserver 127.99.99.99\n");
    (service, environment)
}

async fn read(environment: &Environment) -> Result<(), Error> {
    let settings = resolve(arguments(), environment).await.unwrap();
    let client = Client::new(settings, timing(), "1.2.3");
    client.organizations().read(ORGANIZATION).await.map(drop)
}

/// The same by the URL of a proxy.
async fn read_through(proxy: &str, environment: Environment) -> Result<(), Error> {
    read(&environment.variable("HTTPS_PROXY", proxy)).await
}

#[tokio::test]
async fn discovery_and_api_go_through_the_proxy() {
    for variable in ["HTTPS_PROXY", "https_proxy"] {
        let (service, environment) = start().await;
        let proxy = Proxy::start(Conduct::Forward, service.address()).await;
        let address = proxy.address;
        read(&environment.variable(variable, format!("http://{address}")))
            .await
            .unwrap();
        assert_eq!(
            service.log(),
            ["GET /.well-known/terraform.json", "GET organization"]
        );
        let connect = format!("CONNECT {NAME}:443 HTTP/1.1");
        assert_eq!(proxy.asked(), [connect.clone(), connect]);
    }
}

/// Only the proxy has to know the host's name; the proxy's own name is ours to resolve.
#[tokio::test]
async fn the_client_resolves_the_name_of_a_proxy() {
    let (service, environment) = start().await;
    let proxy = Proxy::start(Conduct::Forward, service.address()).await;
    let environment = environment.file("/etc/hosts", "127.0.0.1 proxy.example.com");
    let url = format!("http://proxy.example.com:{}", proxy.address.port());
    read_through(&url, environment).await.unwrap();
}

#[tokio::test]
async fn a_proxy_does_not_see_the_api_token_with_tls() {
    let (service, environment) = start().await;
    let proxy = Proxy::start(Conduct::Forward, service.address()).await;
    read_through(&proxy.address.to_string(), environment)
        .await
        .unwrap();
    let heads = proxy.heads.lock().unwrap().concat().to_lowercase();
    assert!(!heads.contains("authorization"), "{heads}");
}

#[tokio::test]
async fn only_the_proxy_gets_the_credentials_of_its_url() {
    let (service, environment) = start().await;
    let proxy = Proxy::start(Conduct::ForwardWithCredentials, service.address()).await;
    let url = format!("http://user:p%40ss@{}", proxy.address);
    read_through(&url, environment).await.unwrap();
    for request in &service.state().requests {
        assert!(!request.headers.contains_key("proxy-authorization"));
    }
}

/// Checks the error of a read through a proxy, and how many requests the proxy received.
async fn check_failure(conduct: Conduct, user: &str, times: usize, words: &str) {
    let (service, environment) = start().await;
    let proxy = Proxy::start(conduct, service.address()).await;
    let url = format!("http://{user}{}", proxy.address);
    let error = read_through(&url, environment).await.unwrap_err();
    let words = words.replace("<proxy>", &proxy.address.to_string());
    let text = error.to_string();
    assert!(error.is_connect() && text.contains(&words), "{text}");
    let shown = format!("{text} {error:?}");
    assert!(
        !shown.contains("p%40ss") && !shown.contains("p@ss"),
        "{shown}"
    );
    assert_eq!(proxy.asked().len(), times, "{text}");
}

#[tokio::test]
async fn a_407_is_reported_without_a_retry() {
    check_failure(
        Conduct::ForwardWithCredentials,
        "",
        1,
        "the proxy <proxy> asks for a user and a password (407): put them into the URL of HTTPS_PROXY",
    )
    .await;
    check_failure(
        Conduct::Refuse("HTTP/1.1 407 -\r\n\r\n"),
        "user:p%40ss@",
        1,
        "the proxy <proxy> does not accept the user and password in the URL of HTTPS_PROXY",
    )
    .await;
}

#[tokio::test]
async fn a_proxy_that_fails_is_named_without_its_credentials() {
    check_failure(
        Conduct::Refuse("HTTP/1.1 403 Forbidden\r\n\r\n"),
        "user:p%40ss@",
        5,
        "the proxy <proxy> of HTTPS_PROXY does not connect to tfe.example.com",
    )
    .await;
    check_failure(
        Conduct::HangUp,
        "user:p%40ss@",
        5,
        "through the proxy <proxy> of HTTPS_PROXY: the other side closed the connection",
    )
    .await;
    check_failure(
        Conduct::Refuse("HTTP/1.1 200 -\r\n\r\n"),
        "user:p%40ss@",
        5,
        "through the proxy <proxy> of HTTPS_PROXY: the other side closed the connection",
    )
    .await;
}

#[tokio::test]
async fn an_unreachable_proxy_is_named_without_its_credentials() {
    let (_, environment) = start().await;
    let closed = ClosedPort::bind();
    let url = format!("http://user:planted@{}", closed.address());
    let error = read_through(&url, environment).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    let words = format!("through the proxy {} of HTTPS_PROXY: ", closed.address());
    assert!(
        shown.contains(&words) && shown.contains("refused"),
        "{shown}"
    );
    assert!(!shown.contains("planted"), "{shown}");
}

/// A proxy that intercepts TLS, with a certificate authority that is not trusted.
#[tokio::test]
async fn an_intercepting_proxy_is_named_in_the_error_of_its_certificate() {
    let (_, environment) = start().await;
    let (interceptor, _) = start().await;
    let proxy = Proxy::start(Conduct::Forward, interceptor.address()).await;
    let error = read_through(&proxy.address.to_string(), environment)
        .await
        .unwrap_err()
        .to_string();
    let words = format!("through the proxy {} of HTTPS_PROXY: ", proxy.address);
    assert!(error.contains(&words), "{error}");
    assert!(error.contains("SSL_CERT_FILE"), "{error}");
}

/// `http://${PROXY_HOST}:3128` was passed over, and the request went out directly.
#[tokio::test]
async fn a_proxy_that_cannot_be_used_is_an_error_and_nothing_is_sent() {
    let (service, environment) = start().await;
    let port = service.address().port();
    let environment = environment.file("/etc/hosts", format!("127.0.0.1 {NAME}"));
    for value in [
        "http://user:planted@proxy:port",
        "http://user:planted@${PROXY_HOST}:3128",
        "http://${PROXY_HOST}:3128",
        "${PROXY_HOST}:3128",
        "{{ proxy }}:3128",
        "http://<proxy>:3128",
        "http://pro\"xy:3128",
        "http://pro xy:3128",
        "http://user:pla#nted@proxy:3128",
        "http://[fe80::1%25eth0]:3128",
        "http://proxy:99999",
        "http://:3128",
        "http:///proxy:3128/",
        "http://DOMAIN\\user:planted@proxy:3128",
        "http://user:pla/nted@proxy:3128",
        "http://user:12/planted@proxy:3128",
        "http://user:12#planted@proxy:3128",
        "http://user:12?planted@proxy:3128",
        "PROXY proxy:3128; DIRECT",
        "pac+http://proxy/proxy.pac",
        "file:///proxy.pac",
        "socks4://proxy:1080",
        "ftp://proxy",
        "proxy:",
        "://proxy",
        "   ",
        "*",
    ] {
        let mut arguments = arguments();
        arguments.hostname = Some(format!("{NAME}:{port}"));
        let environment = environment.clone().variable("HTTPS_PROXY", value);
        let settings = resolve(arguments, &environment).await.unwrap();
        let client = Client::new(settings, timing(), "1.2.3");
        let error = client.organizations().read(ORGANIZATION).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert_eq!(service.state().connections, 0, "{value}: {shown}");
        assert!(error.is_connect(), "{value}: {shown}");
        // The error of a value that may be a host's name says what became of that host.
        let is_refused =
            shown.contains("HTTPS_PROXY is not the URL of an http, https or socks5 proxy");
        let is_used = shown.contains("of HTTPS_PROXY: cannot resolve");
        assert!(is_refused || is_used, "{value}: {shown}");
        assert!(
            !is_refused || !shown.contains("through the proxy"),
            "{value}: {shown}"
        );
        assert!(!shown.contains("planted"), "{shown}");
    }
}

/// Starts a proxy that speaks SOCKS 5 (RFC 1928, 1929) and connects every client to the service. Returns its
/// address and what it receives: user, password, and the host's name.
async fn socks(service: SocketAddr) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let received = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&received);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let received = Arc::clone(&seen);
            tokio::spawn(async move {
                let (_version, count) = (stream.read_u8().await?, stream.read_u8().await?);
                stream.read_exact(&mut vec![0; count.into()]).await?;
                // The method is user and password.
                stream.write_all(&[5, 2]).await?;
                let _version = stream.read_u8().await?;
                let (user, password) = (text(&mut stream).await?, text(&mut stream).await?);
                stream.write_all(&[1, 0]).await?;
                // The command is CONNECT, and the address is a name.
                let mut request = [0; 4];
                stream.read_exact(&mut request).await?;
                assert_eq!(request, [5, 1, 0, 3]);
                let host = text(&mut stream).await?;
                let _port = stream.read_u16().await?;
                received.lock().unwrap().extend([user, password, host]);
                stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
                let mut service = TcpStream::connect(service).await?;
                tokio::io::copy_bidirectional(&mut stream, &mut service).await
            });
        }
    });
    (address, received)
}

async fn text(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut text = vec![0; stream.read_u8().await?.into()];
    stream.read_exact(&mut text).await?;
    Ok(String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn a_proxy_may_speak_socks_and_resolves_the_name_itself() {
    for scheme in ["socks5", "socks5h"] {
        let (service, environment) = start().await;
        let (proxy, received) = socks(service.address()).await;
        let url = format!("{scheme}://user:p%40ss@{proxy}");
        read_through(&url, environment).await.unwrap();
        assert_eq!(
            received.lock().unwrap()[..3],
            ["user", "p@ss", NAME],
            "{scheme}"
        );
    }
}

#[tokio::test]
async fn hosts_of_no_proxy_are_reached_without_one() {
    let (service, environment) = start().await;
    let proxy = Proxy::start(Conduct::Refuse("HTTP/1.1 500 -\r\n\r\n"), service.address()).await;
    let straight = environment
        .variable("NO_PROXY", "other.example,.example.com")
        .file("/etc/hosts", format!("127.0.0.1 {NAME}"));
    // The service does not listen on port 443.
    let mut arguments = arguments();
    arguments.hostname = Some(format!("{NAME}:{}", service.address().port()));
    let straight = straight.variable("HTTPS_PROXY", proxy.address.to_string());
    let settings = resolve(arguments, &straight).await.unwrap();
    let client = Client::new(settings, timing(), "1.2.3");
    client.organizations().read(ORGANIZATION).await.unwrap();
    assert_eq!(proxy.asked(), [""; 0]);
    assert_eq!(service.log().len(), 2);
}

/// Go does the same, whatever the variables say.
#[tokio::test]
async fn no_proxy_is_used_for_localhost() {
    let service = Service::start().await;
    let proxy = Proxy::start(Conduct::Refuse("HTTP/1.1 500 -\r\n\r\n"), service.address()).await;
    let environment = service
        .environment()
        .variable("HTTP_PROXY", proxy.address.to_string());
    read(&environment).await.unwrap();
    assert_eq!(proxy.asked(), [""; 0]);
}
