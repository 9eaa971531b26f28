//! An HTTP client for raw requests: it writes a request to a socket, and reads until the connection ends.

use std::fmt;

use serde_json::{Value, json};
use tfe_simulator::{Method, Simulator};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const ORGANIZATION: &str = "my-org-name";
pub(crate) const OWNER: &str = "secret-of-the-owner";
pub(crate) const TRAIL_TOKEN: &str =
    "/api/v2/organizations/my-org-name/authentication-token?token=audit-trails";
pub(crate) const MAIN_TOKEN: &str = "/api/v2/organizations/my-org-name/authentication-token";
pub(crate) const TRAIL: &str = "/api/v2/organization/audit-trail";

/// A simulator with one organization and its owner.
pub(crate) async fn simulator() -> Simulator {
    let simulator = Simulator::start().await;
    populate(&simulator);
    simulator
}

pub(crate) fn populate(simulator: &Simulator) {
    simulator.add_organization(ORGANIZATION);
    simulator.add_owner_token(OWNER);
}

/// A response, perhaps without a part of its body.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        Some(Self {
            status: head.split(' ').nth(1)?.parse().ok()?,
            head: head.to_owned(),
            body: body.to_owned(),
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(present, _)| present.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        match serde_json::from_str(&self.body) {
            Ok(document) => document,
            Err(error) => panic!("{error} in {self:?}"),
        }
    }

    /// Returns a member of the JSON document.
    #[track_caller]
    pub(crate) fn at(&self, pointer: &str) -> Value {
        match self.json().pointer(pointer) {
            Some(value) => value.clone(),
            None => panic!("no {pointer} in {self:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn text_at(&self, pointer: &str) -> String {
        match self.at(pointer) {
            Value::String(text) => text,
            other => panic!("{pointer} is {other} in {self:?}"),
        }
    }

    /// Returns whether the body is as long as the head announced.
    pub(crate) fn is_whole(&self) -> bool {
        let announced = self.header("content-length").and_then(|n| n.parse().ok());
        announced.is_none_or(|length: usize| length == self.body.len())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}", self.head, self.body)
    }
}

/// Builds and sends a request.
pub(crate) struct Request<'a> {
    simulator: &'a Simulator,
    method: Method,
    target: &'a str,
    secret: Option<String>,
    content_type: Option<&'a str>,
    body: String,
}

pub(crate) fn get<'a>(simulator: &'a Simulator, target: &'a str) -> Request<'a> {
    Request {
        simulator,
        method: Method::GET,
        target,
        secret: Some(OWNER.to_owned()),
        content_type: None,
        body: String::new(),
    }
}

pub(crate) fn post<'a>(simulator: &'a Simulator, target: &'a str) -> Request<'a> {
    Request {
        method: Method::POST,
        content_type: Some("application/vnd.api+json"),
        ..get(simulator, target)
    }
    .expiry(Value::Null)
}

pub(crate) fn delete<'a>(simulator: &'a Simulator, target: &'a str) -> Request<'a> {
    Request {
        method: Method::DELETE,
        body: String::new(),
        ..post(simulator, target)
    }
}

impl<'a> Request<'a> {
    pub(crate) fn secret(mut self, secret: &str) -> Self {
        self.secret = Some(secret.to_owned());
        self
    }

    pub(crate) fn anonymous(mut self) -> Self {
        self.secret = None;
        self
    }

    pub(crate) fn content_type(mut self, value: impl Into<Option<&'a str>>) -> Self {
        self.content_type = value.into();
        self
    }

    pub(crate) fn body(mut self, body: impl fmt::Display) -> Self {
        self.body = body.to_string();
        self
    }

    pub(crate) fn expiry(self, expired_at: impl Into<Value>) -> Self {
        let attributes = json!({ "expired-at": expired_at.into() });
        self.body(json!({ "data": { "type": "authentication-token", "attributes": attributes } }))
    }

    /// Sends it, and returns the response; panics if there is none.
    pub(crate) async fn send(self) -> Answer {
        let target = self.target.to_owned();
        match self.try_send().await {
            Some(answer) => answer,
            None => panic!("{target}: the connection was cut before an answer"),
        }
    }

    /// Sends it, and returns the response; `None` if the connection ended without one.
    pub(crate) async fn try_send(self) -> Option<Answer> {
        let stream = TcpStream::connect(self.simulator.address()).await.unwrap();
        self.over(stream).await
    }

    /// Sends it over this connection.
    pub(crate) async fn over(
        self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
    ) -> Option<Answer> {
        stream.write_all(self.wire().as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // An error is a connection that was reset, which ends the response too.
        let _ = stream.read_to_end(&mut bytes).await;
        Answer::parse(&bytes)
    }

    /// Sends it, and hangs up without waiting for the response.
    pub(crate) async fn abandon(self) {
        let mut stream = TcpStream::connect(self.simulator.address()).await.unwrap();
        stream.write_all(self.wire().as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
    }

    fn wire(&self) -> String {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: simulator\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.method,
            self.target,
            self.body.len()
        );
        if let Some(secret) = &self.secret {
            head += &format!("Authorization: Bearer {secret}\r\n");
        }
        if let Some(content_type) = self.content_type {
            head += &format!("Content-Type: {content_type}\r\n");
        }
        format!("{head}\r\n{}", self.body)
    }
}
