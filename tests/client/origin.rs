//! [`Origin`]: a service that keeps its connections, over HTTP/1.1 or HTTP/2, and counts them.
//!
//! It only answers reads. Services that misbehave are in `service`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::service::organization;

/// One request: the number of its connection, its version of HTTP, and its path.
pub(crate) type Seen = (u32, Version, String);

pub(crate) struct Origin {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Origin {
    pub(crate) async fn start(tls: TlsAcceptor) -> Origin {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let record = Arc::clone(&seen);
        tokio::spawn(async move {
            for connection in 1.. {
                let (stream, _) = listener.accept().await.unwrap();
                let (tls, record) = (tls.clone(), Arc::clone(&record));
                tokio::spawn(async move {
                    let stream = tls.accept(stream).await.unwrap();
                    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                    let stream = TokioIo::new(stream);
                    let service = service_fn(move |request: Request<Incoming>| {
                        let path = request.uri().path().to_owned();
                        let answer = answer(&path);
                        let seen = (connection, request.version(), path);
                        record.lock().unwrap().push(seen);
                        async { Ok::<_, Infallible>(answer) }
                    });
                    // The error of a connection that the client ends is ignored.
                    if is_http2 {
                        let server = http2::Builder::new(TokioExecutor::new());
                        let _ = server.serve_connection(stream, service).await;
                    } else {
                        let server = http1::Builder::new();
                        let _ = server.serve_connection(stream, service).await;
                    }
                });
            }
        });
        Origin { address, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn answer(path: &str) -> Response<Full<Bytes>> {
    let (kind, body) = if path == "/.well-known/terraform.json" {
        ("application/json", json!({ "tfe.v2": "/api/v2/" }))
    } else {
        ("application/vnd.api+json", organization(json!({})))
    };
    Response::builder()
        .header("content-type", kind)
        .header("tfp-appname", "HCP Terraform")
        .body(Full::from(body.to_string()))
        .unwrap()
}
