//! Which servers are trusted, by Go's rules, so that what works for Terraform works here.
//!
//! The configuration is built at the first call, never before: loading the roots costs
//! milliseconds. The cryptography provider is always named, because a default that somebody else
//! installed would decide otherwise.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::environment::Environment;

/// The first that can be read is used, unless `SSL_CERT_FILE` is set (Go: crypto/x509,
/// root_linux.go).
const CERTIFICATE_FILES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// All are read, unless `SSL_CERT_DIR` is set (the same).
const CERTIFICATE_DIRECTORIES: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// TLS 1.2 or newer, HTTP/2 offered.
pub(crate) fn client_config(
    skip_verify: bool,
    environment: &Environment,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?;
    let mut config = if skip_verify {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAny(provider)))
            .with_no_client_auth()
    } else {
        builder
            .with_root_certificates(roots(environment))
            .with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn roots(environment: &Environment) -> RootCertStore {
    let mut store = RootCertStore::empty();
    if cfg!(any(target_os = "macos", windows)) {
        // There Go asks the platform and reads no variable.
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    } else {
        for certificates in sources(environment) {
            // One bad certificate in a bundle must not cost the others.
            store.add_parsable_certificates(certificates);
        }
    }
    tracing::debug!(
        certificates = store.len(),
        "read the trusted root certificates"
    );
    store
}

/// Go's search on Unix: a file that cannot be read is passed over without a word.
fn sources(environment: &Environment) -> Vec<Vec<CertificateDer<'static>>> {
    let files = match environment.get("SSL_CERT_FILE") {
        Some(file) => vec![PathBuf::from(file)],
        None => CERTIFICATE_FILES.iter().map(PathBuf::from).collect(),
    };
    let directories: Vec<PathBuf> = match environment.get("SSL_CERT_DIR") {
        Some(list) => list.split(':').map(PathBuf::from).collect(),
        None => CERTIFICATE_DIRECTORIES.iter().map(PathBuf::from).collect(),
    };
    let mut sources = Vec::new();
    sources.extend(
        files
            .iter()
            .find_map(|file| certificates(file, environment)),
    );
    for directory in directories {
        for file in environment.list(&directory).unwrap_or_default() {
            sources.extend(certificates(&file, environment));
        }
    }
    sources
}

fn certificates(file: &Path, environment: &Environment) -> Option<Vec<CertificateDer<'static>>> {
    let contents = environment.read(file).ok()?;
    Some(
        CertificateDer::pem_slice_iter(&contents)
            .filter_map(Result::ok)
            .collect(),
    )
}

/// `ssl_skip_verify`: any certificate will do, but whoever presents it must hold its key.
#[derive(Debug)]
struct AcceptAny(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAny {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
