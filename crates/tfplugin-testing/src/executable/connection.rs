//! Connections to a plugin: in plain text or TLS, as a gRPC channel or as a stream of bytes.

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

use super::certificate::HostCertificate;

/// The address that a plugin listens on.
#[derive(Clone, Debug)]
pub enum Address {
    /// The path of a Unix socket.
    Socket(PathBuf),
    /// Host and port of a TCP listener.
    Port(String),
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Address {
    fn from(path: &P) -> Self {
        Self::Socket(path.as_ref().to_owned())
    }
}

/// A connection without TLS.
pub type Stream = Box<dyn Io>;

/// How connections are secured.
#[derive(Clone)]
pub enum Security {
    /// In plain text.
    Plain,
    /// With TLS.
    Tls(Arc<ClientConfig>),
}

/// Returns a host's TLS configuration: it trusts only `plugin`, the certificate of the handshake line, shows the
/// certificate `host` if there is one, and offers h2.
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
        // Not the usual constructor: it refuses a key that does not belong to the certificate, which a test uses.
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

/// Opens a gRPC channel over one connection.
///
/// # Errors
///
/// Returns an error if the plugin cannot be reached or refuses the connection.
pub async fn connect_grpc(
    address: impl Into<Address>,
    security: Security,
) -> Result<Channel, tonic::transport::Error> {
    let address = address.into();
    Endpoint::from_static("http://localhost")
        .connect_with_connector(service_fn(move |_| {
            let (address, security) = (address.clone(), security.clone());
            async move {
                let stream: Stream = match security {
                    Security::Plain => connect(address).await?,
                    Security::Tls(config) => Box::new(connect_tls(address, config).await?),
                };
                io::Result::Ok(TokioIo::new(stream))
            }
        }))
        .await
}

/// Connects without TLS.
///
/// # Errors
///
/// Returns an error if nothing listens there.
pub async fn connect(address: impl Into<Address>) -> io::Result<Stream> {
    Ok(match address.into() {
        Address::Socket(path) => Box::new(UnixStream::connect(path).await?),
        Address::Port(address) => Box::new(TcpStream::connect(address).await?),
    })
}

/// Connects with TLS. With TLS 1.3 the plugin may refuse the host's certificate after this.
///
/// # Errors
///
/// Returns an error if nothing listens there, or if the TLS handshake fails.
pub async fn connect_tls(
    address: impl Into<Address>,
    config: Arc<ClientConfig>,
) -> io::Result<TlsStream<Stream>> {
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(config)
        .connect(name, connect(address).await?)
        .await
}

/// Sends the HTTP/2 preface and reads the plugin's settings.
///
/// # Errors
///
/// Returns an error if the plugin refuses the connection.
pub async fn exchange_settings(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
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

#[doc(hidden)]
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}
