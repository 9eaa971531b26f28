//! [`Error`]: why a plugin process could not start or ended early.

use std::io;

use rustls::pki_types::pem;

/// Why a plugin process could not start or ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("cannot start the runtime")]
    Runtime(#[source] io::Error),
    #[error("cannot handle signals")]
    Signals(#[source] io::Error),
    #[error("cannot listen for Terraform")]
    Listen(#[from] ListenError),
    #[error("PLUGIN_CLIENT_CERT, which Terraform sets, cannot be used")]
    ClientCertificate(#[source] ClientCertificateError),
    #[error("cannot make the key of this process")]
    Key,
    #[error("cannot make the certificate of this process")]
    Certificate(#[source] rcgen::Error),
    #[error("cannot prepare TLS")]
    Tls(#[source] rustls::Error),
    #[error("cannot write the handshake line to stdout")]
    Handshake(#[source] io::Error),
    #[error("the gRPC server stopped by itself")]
    Server(#[source] Option<tonic::transport::Error>),
}

/// Why the plugin cannot listen.
#[derive(Debug, thiserror::Error)]
pub(super) enum ListenError {
    #[cfg(unix)]
    #[error("no directory is fit for a socket (tried {tried})")]
    NoDirectory { tried: String },
    #[cfg(unix)]
    #[error(
        "a port without TLS would let every user of this computer call the provider: set TMPDIR to a directory for \
         a socket, or TFPLUGIN_NETWORK=tcp to use a port all the same"
    )]
    OnlyPlainPort(#[source] Box<ListenError>),
    #[cfg(unix)]
    #[error("cannot make a socket below {}", directory.display())]
    Directory {
        directory: std::path::PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("no port from {min} to {max} of 127.0.0.1 is free")]
    NoPort {
        min: u16,
        max: u16,
        #[source]
        source: io::Error,
    },
}

/// Why the host's certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientCertificateError {
    #[error("it is not PEM")]
    Pem(#[source] pem::Error),
    #[error("it holds {0} certificates instead of one")]
    Count(usize),
    #[error("it is not an X.509 certificate")]
    Der(#[source] rustls::Error),
}
