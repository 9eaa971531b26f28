//! A service with one organization, which misbehaves as a test says: it hangs up, acts without
//! answering, acts late, or does not answer. It speaks HTTP/1.1 on a socket of its own,
//! one request for each connection.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};
use terraform_provider_tfe::client::{
    Arguments, AuditTrailToken, Client, Environment, Secret, Timing, resolve,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

pub(crate) const ORGANIZATION: &str = "my-org-name";
pub(crate) const HOSTNAME: &str = "tfe.example.com";
pub(crate) const TOKEN: &str = "callers-token";

/// What the service does with one request to the token endpoint.
#[derive(Clone, Debug)]
pub(crate) enum Conduct {
    /// Breaks the connection without doing anything.
    HangUp,
    /// Does what was asked and breaks the connection.
    ActAndHangUp,
    /// Breaks the connection, and does what was asked after it has answered this number of other
    /// requests.
    ActAfter(u32),
    /// Does what was asked and sends this answer instead.
    ActAndAnswer(u16, &'static str),
    /// Answers without doing anything.
    Answer(u16, &'static str),
    /// Answers without doing anything, with a header.
    AnswerWith(u16, &'static str, &'static str),
    /// Answers without doing anything, while another caller changes the token to this one.
    AnswerWhile(u16, Option<u32>),
    /// Does what was asked and never answers.
    ActAndDoNotAnswer,
    /// Does what was asked and answers when the test releases it.
    ActAndHold,
    /// Never answers.
    DoNotAnswer,
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

#[derive(Default)]
pub(crate) struct State {
    /// Number of the current token.
    pub(crate) token: Option<u32>,
    pub(crate) generated: u32,
    pub(crate) expired_at: Value,
    pub(crate) requests: Vec<Request>,
    /// What happens to the next requests of a method at the token endpoint.
    pub(crate) script: BTreeMap<String, VecDeque<Conduct>>,
    /// After how many answers the token changes, and to which; `None` deletes it.
    late: Option<(u32, Option<u32>)>,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) organization: (u16, Value),
    pub(crate) entitlements: (u16, Value),
    pub(crate) trail: (u16, Value),
    /// Status, content type and body of the discovery document.
    pub(crate) discovery: (u16, &'static str, &'static str),
    /// How often discovery is redirected, and to where.
    pub(crate) redirect: Option<(u32, String)>,
    pub(crate) connections: u32,
    /// Another caller generates a token right after the client.
    pub(crate) rival: bool,
}

#[derive(Clone)]
pub(crate) struct Service {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    release: Arc<Notify>,
    tls: Option<TlsAcceptor>,
}

impl Service {
    pub(crate) async fn start() -> Service {
        Service::listen(None).await
    }

    /// Starts a service with TLS, which answers discovery with its own API.
    pub(crate) async fn start_with_tls(acceptor: TlsAcceptor) -> Service {
        let service = Service::listen(Some(acceptor)).await;
        service.state().discovery = (200, "application/json", r#"{"tfe.v2":"/api/v2/"}"#);
        service
    }

    async fn listen(tls: Option<TlsAcceptor>) -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = State {
            headers: vec![("TFP-AppName", "HCP Terraform")],
            organization: (200, organization(json!({"can-update-api-token": true}))),
            entitlements: (200, entitlements(json!(true))),
            trail: (200, json!({"data": [], "pagination": {}})),
            ..State::default()
        };
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(state));
        let service = Service {
            address,
            state,
            release: Arc::default(),
            tls,
        };
        let served = service.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = served.clone();
                service.state().connections += 1;
                tokio::spawn(async move {
                    match &service.tls {
                        None => service.serve(stream).await,
                        // The tests of TLS check why a client breaks off the handshake.
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                service.serve(stream).await;
                            }
                        }
                    }
                });
            }
        });
        service
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Gives the organization a token.
    pub(crate) fn with_token(self) -> Service {
        self.state().generate();
        self
    }

    /// Says what happens to the next request of a method at the token endpoint.
    pub(crate) fn next(&self, method: &str, conduct: Conduct) {
        self.state()
            .script
            .entry(method.to_owned())
            .or_default()
            .push_back(conduct);
    }

    /// Returns the environment of a practitioner who uses this service.
    pub(crate) fn environment(&self) -> Environment {
        environment_of(&format!("http://{}/api/v2", self.address))
    }

    pub(crate) async fn client(&self) -> Client {
        self.client_with(timing()).await
    }

    pub(crate) async fn client_with(&self, timing: Timing) -> Client {
        let settings = resolve(arguments(), &self.environment()).await;
        Client::new(settings.unwrap(), timing, "1.2.3")
    }

    /// Returns the requests so far, in short: `GET token`, `POST token`, `GET organization`.
    pub(crate) fn log(&self) -> Vec<String> {
        self.state()
            .requests
            .iter()
            .map(|request| format!("{} {}", request.method, place(&request.target)))
            .collect()
    }

    pub(crate) fn last_request(&self) -> Request {
        self.state().requests.last().unwrap().clone()
    }

    /// Waits until this number of requests has arrived.
    pub(crate) async fn requests(&self, count: usize) {
        let arrived = async {
            while self.state().requests.len() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), arrived)
            .await
            .unwrap_or_else(|_| panic!("request {count} never came: {:?}", self.log()));
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Releases held answers.
    pub(crate) fn release(&self) {
        self.release.notify_one();
    }

    async fn serve(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let Some(request) = receive(&mut stream).await else {
            return;
        };
        let reply = self.state().handle(request);
        let reply = match reply {
            Reply::Held(reply) => {
                self.release.notified().await;
                *reply
            }
            other => other,
        };
        match reply {
            Reply::Held(_) => unreachable!("an answer is held once"),
            Reply::HangUp => {}
            Reply::Silence => {
                // Until the other side gives up.
                let _ = stream.read(&mut [0]).await;
            }
            Reply::Answer(status, headers, body) => {
                let mut text = format!("HTTP/1.1 {status} -\r\nconnection: close\r\n");
                for (name, value) in headers {
                    text.push_str(&format!("{name}: {value}\r\n"));
                }
                text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
                // The client may have hung up.
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        }
    }
}

/// An address without a listener, bound so that no other test can listen there.
pub(crate) struct ClosedPort(TcpSocket);

impl ClosedPort {
    pub(crate) fn bind() -> ClosedPort {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        ClosedPort(socket)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }
}

/// Short waits between requests, and the timeouts that ship.
pub(crate) fn timing() -> Timing {
    Timing {
        first_wait: Duration::from_millis(1),
        max_wait: Duration::from_millis(4),
        max_requested_wait: Duration::from_millis(5),
        consistency_wait: Duration::from_millis(1),
        ..Timing::default()
    }
}

/// The same with short timeouts, but long enough for a busy machine, for a service that does not answer.
pub(crate) fn short_timeouts() -> Timing {
    Timing {
        discovery_timeout: Duration::from_millis(500),
        change_timeout: Duration::from_secs(4),
        ..timing()
    }
}

enum Reply {
    Answer(u16, Vec<(String, String)>, String),
    Held(Box<Reply>),
    HangUp,
    Silence,
}

impl State {
    pub(crate) fn generate(&mut self) {
        self.generated += 1;
        self.token = Some(self.generated);
    }

    fn handle(&mut self, request: Request) -> Reply {
        self.requests.push(request.clone());
        let reply = match place(&request.target) {
            "token" => self.handle_token(&request),
            "organization" => self.answer(self.organization.0, self.organization.1.to_string()),
            "entitlements" => self.answer(self.entitlements.0, self.entitlements.1.to_string()),
            "trail" => self.answer(self.trail.0, self.trail.1.to_string()),
            "/.well-known/terraform.json" => self.discover(),
            _ => self.answer(404, not_found()),
        };
        if let Reply::Answer(..) = reply
            && let Some((count, token)) = self.late.take()
        {
            if count <= 1 {
                self.token = token;
            } else {
                self.late = Some((count - 1, token));
            }
        }
        reply
    }

    fn discover(&mut self) -> Reply {
        if let Some((count, location)) = self.redirect.take() {
            if count > 1 {
                self.redirect = Some((count - 1, location.clone()));
            }
            return Reply::Answer(302, vec![("location".to_owned(), location)], String::new());
        }
        let (status, kind, body) = self.discovery;
        Reply::Answer(
            status,
            vec![("content-type".to_owned(), kind.to_owned())],
            body.to_owned(),
        )
    }

    fn handle_token(&mut self, request: &Request) -> Reply {
        let conduct = self
            .script
            .get_mut(&request.method)
            .and_then(VecDeque::pop_front);
        match conduct {
            None => {
                let (status, body) = self.act(request);
                self.answer(status, body)
            }
            Some(Conduct::HangUp) => Reply::HangUp,
            Some(Conduct::DoNotAnswer) => Reply::Silence,
            Some(Conduct::ActAndHangUp) => {
                self.act(request);
                Reply::HangUp
            }
            Some(Conduct::ActAndHold) => {
                let (status, body) = self.act(request);
                Reply::Held(Box::new(self.answer(status, body)))
            }
            Some(Conduct::ActAndDoNotAnswer) => {
                self.act(request);
                Reply::Silence
            }
            Some(Conduct::ActAfter(count)) => {
                let token = (request.method == "POST").then(|| {
                    self.generated += 1;
                    self.generated
                });
                self.late = Some((count, token));
                Reply::HangUp
            }
            Some(Conduct::ActAndAnswer(status, body)) => {
                self.act(request);
                self.answer(status, body.to_owned())
            }
            Some(Conduct::Answer(status, body)) => self.answer(status, body.to_owned()),
            Some(Conduct::AnswerWhile(status, token)) => {
                self.token = token;
                self.answer(status, String::new())
            }
            Some(Conduct::AnswerWith(status, name, value)) => {
                let Reply::Answer(_, mut headers, body) = self.answer(status, String::new()) else {
                    unreachable!("an answer is an answer");
                };
                headers.push((name.to_owned(), value.to_owned()));
                Reply::Answer(status, headers, body)
            }
        }
    }

    fn act(&mut self, request: &Request) -> (u16, String) {
        match (request.method.as_str(), self.token) {
            ("POST", _) => {
                let body: Value = serde_json::from_str(&request.body).unwrap();
                self.expired_at = body["data"]["attributes"]["expired-at"].clone();
                self.generate();
                let document = self.document(self.generated, true);
                if self.rival {
                    self.generate();
                }
                (201, document)
            }
            (_, None) => (404, not_found()),
            ("DELETE", Some(_)) => {
                self.token = None;
                (204, String::new())
            }
            (_, Some(number)) => (200, self.document(number, false)),
        }
    }

    fn answer(&self, status: u16, body: String) -> Reply {
        let mut headers = vec![(
            "content-type".to_owned(),
            "application/vnd.api+json".to_owned(),
        )];
        headers.extend(
            self.headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Reply::Answer(status, headers, body)
    }

    fn document(&self, number: u32, with_secret: bool) -> String {
        json!({"data": {
            "id": format!("at-{number}"),
            "type": "authentication-tokens",
            "attributes": {
                "created-at": format!("2026-01-01T00:00:{number:02}.123Z"),
                "last-used-at": null,
                "description": null,
                "token": with_secret.then(|| secret(number)),
                "expired-at": self.expired_at,
            },
            "relationships": {"created-by": {"data": {"id": "user-1", "type": "users"}}},
        }})
        .to_string()
    }
}

async fn receive(stream: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut lines = head.lines();
    let mut start = lines.next()?.split(' ').map(str::to_owned);
    let (method, target) = (start.next()?, start.next()?);
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8(bytes[head_end..].to_vec()).unwrap();
    Some(Request {
        method,
        target,
        headers,
        body,
    })
}

fn place(target: &str) -> &str {
    match target {
        "/api/v2/organizations/my-org-name/authentication-token?token=audit-trails" => "token",
        "/api/v2/organizations/my-org-name" => "organization",
        "/api/v2/organizations/my-org-name/entitlement-set" => "entitlements",
        _ if target.starts_with("/api/v2/organization/audit-trail?") => "trail",
        other => other,
    }
}

/// The environment of a practitioner whose CLI configuration says where the API is.
pub(crate) fn environment_of(url: &str) -> Environment {
    Environment::in_memory().home("/home/me").file(
        "/home/me/.terraformrc",
        format!("host \"{HOSTNAME}\" {{ services = {{ \"tfe.v2.2\" = \"{url}\" }} }}"),
    )
}

pub(crate) fn arguments() -> Arguments {
    Arguments {
        hostname: Some(HOSTNAME.to_owned()),
        token: Some(Secret::new(TOKEN.to_owned())),
        ..Arguments::default()
    }
}

pub(crate) fn organization(permissions: Value) -> Value {
    json!({"data": {
        "id": ORGANIZATION,
        "type": "organizations",
        "attributes": {
            "name": ORGANIZATION,
            "external-id": "org-1",
            "permissions": permissions,
        },
    }})
}

pub(crate) fn entitlements(audit_logging: Value) -> Value {
    json!({"data": {
        "id": "org-1",
        "type": "entitlement-sets",
        "attributes": {"audit-logging": audit_logging},
    }})
}

pub(crate) fn not_found() -> String {
    json!({"errors": [{"status": "404", "title": "not found"}]}).to_string()
}

pub(crate) fn secret(number: u32) -> String {
    format!("secret-{number}.atlasv1.x")
}

/// The token of that number, as the client should read it.
pub(crate) fn token(number: u32) -> AuditTrailToken {
    AuditTrailToken {
        id: format!("at-{number}"),
        created_at: format!("2026-01-01T00:00:{number:02}.123Z")
            .parse()
            .unwrap(),
        last_used_at: None,
        description: None,
        expired_at: None,
        created_by: Some(terraform_provider_tfe::client::CreatedBy {
            id: "user-1".to_owned(),
            kind: "users".to_owned(),
        }),
    }
}
