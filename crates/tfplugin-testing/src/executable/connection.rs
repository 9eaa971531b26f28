//! Connections to a plugin: plain or TLS, as a gRPC channel or as raw bytes.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use super::HostCertificate;

/// Where a plugin listens.
#[derive(Clone)]
pub enum Place {
    Socket(PathBuf),
    Port(String),
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Place {
    fn from(path: &P) -> Self {
        Self::Socket(path.as_ref().to_owned())
    }
}

/// A connection before TLS.
pub type Stream = Box<dyn Io>;

/// How to talk to the plugin's socket.
#[derive(Clone)]
pub enum Security {
    Plain,
    Tls(Arc<ClientConfig>),
}

/// A host's TLS: trusts exactly the certificate of the handshake line, shows its own, speaks h2.
pub fn client_config(
    plugin: &[u8],
    host: Option<&HostCertificate>,
    versions: &[&'static SupportedProtocolVersion],
) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots
        .add(plugin.to_vec().into())
        .expect("a certificate that can be trusted");
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .expect("versions of TLS")
        .with_root_certificates(roots);
    let mut config = match host {
        None => builder.with_no_client_auth(),
        // Without the check that key and certificate fit: a thief would not make it.
        Some(host) => {
            let key = PrivatePkcs8KeyDer::from(host.key.serialize_der()).into();
            let key = aws_lc_rs::sign::any_supported_type(&key).expect("a key");
            let identity = CertifiedKey::new(vec![host.der.clone()], key);
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity)))
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config.resumption = Resumption::disabled();
    Arc::new(config)
}

/// A gRPC channel over one connection.
pub async fn dial(
    place: impl Into<Place>,
    security: Security,
) -> Result<Channel, tonic::transport::Error> {
    let place = place.into();
    Endpoint::from_static("http://localhost")
        .connect_with_connector(service_fn(move |_| {
            let (place, security) = (place.clone(), security.clone());
            async move {
                let stream: Stream = match security {
                    Security::Plain => plain(place).await?,
                    Security::Tls(config) => Box::new(open(place, config).await?),
                };
                io::Result::Ok(TokioIo::new(stream))
            }
        }))
        .await
}

pub async fn plain(place: impl Into<Place>) -> io::Result<Stream> {
    Ok(match place.into() {
        Place::Socket(path) => Box::new(UnixStream::connect(path).await?),
        Place::Port(address) => Box::new(TcpStream::connect(address).await?),
    })
}

/// A TLS connection. With TLS 1.3 it is not yet sure that the plugin accepts it.
pub async fn open(
    place: impl Into<Place>,
    config: Arc<ClientConfig>,
) -> io::Result<TlsStream<Stream>> {
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(config)
        .connect(name, plain(place).await?)
        .await
}

/// Says hello in HTTP/2 and waits for the answer: an error where the plugin refuses the connection.
pub async fn greet(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    // The preface with empty settings (RFC 9113, 3.4).
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await?;
    stream.flush().await?;
    let mut header = [0; 9];
    stream.read_exact(&mut header).await?;
    // The plugin's own settings come first.
    match header[3] {
        4 => Ok(()),
        kind => Err(io::Error::other(format!("an HTTP/2 frame of type {kind}"))),
    }
}

pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}
