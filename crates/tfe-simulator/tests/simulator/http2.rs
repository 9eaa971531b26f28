//! HTTP/2 over TLS, and the frames of its faults, seen by a client that repeats nothing.

use std::sync::Arc;

use h2::Reason;
use h2::client::SendRequest;
use hyper::body::Bytes;
use hyper::{Method, Request, Version};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use tfe_simulator::{Fault, Reset, Simulator};
use tokio::net::TcpStream;

use crate::http::{ORGANIZATION, OWNER, TRAIL_TOKEN, populate};

struct Client {
    simulator: Simulator,
    requests: SendRequest<Bytes>,
    /// Why the connection ended.
    ended: tokio::task::JoinHandle<Result<(), h2::Error>>,
}

impl Client {
    async fn connect() -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let builder = Simulator::builder().tls(vec![cert.der().clone()], key);
        let simulator = builder.start().await.unwrap();
        populate(&simulator);
        let mut roots = rustls::RootCertStore::empty();
        roots.add(cert.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stream = TcpStream::connect(simulator.address()).await.unwrap();
        let stream = tokio_rustls::TlsConnector::from(Arc::new(config))
            .connect(ServerName::try_from("localhost").unwrap(), stream)
            .await
            .unwrap();
        let (requests, connection) = h2::client::handshake(stream).await.unwrap();
        Self {
            simulator,
            requests,
            ended: tokio::spawn(connection),
        }
    }

    /// Sends a request to the token endpoint. Returns its status.
    async fn send(&mut self, method: Method) -> Result<u16, h2::Error> {
        let is_post = method == Method::POST;
        let request = Request::builder()
            .method(method)
            .uri(format!("https://localhost{TRAIL_TOKEN}"))
            .header("authorization", format!("Bearer {OWNER}"))
            .header("content-type", "application/vnd.api+json")
            .body(())
            .unwrap();
        std::future::poll_fn(|cx| self.requests.poll_ready(cx)).await?;
        let (response, mut body) = self.requests.send_request(request, false)?;
        let document = match is_post {
            true => r#"{"data":{"type":"authentication-token","attributes":{}}}"#,
            false => "",
        };
        body.send_data(document.into(), true)?;
        Ok(response.await?.status().as_u16())
    }

    fn has_token(&self) -> bool {
        self.simulator.audit_trail_token(ORGANIZATION).is_some()
    }
}

#[tokio::test]
async fn requests_of_one_connection_are_answered() {
    let mut client = Client::connect().await;
    assert_eq!(client.send(Method::GET).await.unwrap(), 404);
    assert_eq!(client.send(Method::POST).await.unwrap(), 201);
    assert_eq!(client.send(Method::GET).await.unwrap(), 200);
    for request in client.simulator.requests() {
        assert_eq!(request.version, Version::HTTP_2);
    }
    assert!(client.has_token());
}

#[tokio::test]
async fn a_reset_stream_has_its_reason_and_the_connection_goes_on() {
    for (reset, reason) in [
        (Reset::Refused, Reason::REFUSED_STREAM),
        (Reset::Cancelled, Reason::CANCEL),
        (Reset::InternalError, Reason::INTERNAL_ERROR),
    ] {
        let mut client = Client::connect().await;
        let fault = Fault::on(Method::POST, "token").reset(reset);
        client.simulator.inject(fault.clone());
        client.simulator.inject(fault.after_change());
        for executed in [false, true] {
            let error = client.send(Method::POST).await.unwrap_err();
            assert!(error.is_reset() && error.is_remote(), "{error}");
            assert_eq!(
                (error.reason(), client.has_token()),
                (Some(reason), executed)
            );
        }
        assert_eq!(client.send(Method::GET).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn go_away_takes_back_only_a_request_that_was_not_executed() {
    for executed in [false, true] {
        let mut client = Client::connect().await;
        assert_eq!(client.send(Method::GET).await.unwrap(), 404);
        let fault = Fault::on(Method::POST, "token").go_away();
        client.simulator.inject(match executed {
            true => fault.after_change(),
            false => fault,
        });
        let error = client.send(Method::POST).await.unwrap_err();
        assert_eq!(client.has_token(), executed);
        // The frame ends a stream that it does not name as processed. The others wait for the end of the connection.
        assert_eq!(error.is_go_away(), !executed, "{error}");
        assert!(client.send(Method::GET).await.is_err());
        assert!(client.ended.await.is_ok());
    }
}
