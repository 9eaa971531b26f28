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
    let mut roots = Roots::none();
    if cfg!(any(target_os = "macos", windows)) {
        // There Go asks the platform and reads no variable.
        roots.add(rustls_native_certs::load_native_certs().certs);
    } else {
        roots.search(environment);
    }
    tracing::debug!(
        certificates = roots.0.len(),
        "read the trusted root certificates"
    );
    roots.0
}

/// Roots, each once: where systems keep them in a bundle, they have most of them in files, too.
struct Roots(RootCertStore);

impl Roots {
    fn none() -> Self {
        Self(RootCertStore::empty())
    }

    /// Go's search on Unix: a file that cannot be read is passed over without a word.
    fn search(&mut self, environment: &Environment) {
        let files = match environment.get("SSL_CERT_FILE") {
            Some(file) => vec![PathBuf::from(file)],
            None => CERTIFICATE_FILES.iter().map(PathBuf::from).collect(),
        };
        let directories: Vec<PathBuf> = match environment.get("SSL_CERT_DIR") {
            Some(list) => list.split(':').map(PathBuf::from).collect(),
            None => CERTIFICATE_DIRECTORIES.iter().map(PathBuf::from).collect(),
        };
        let bundle = files.iter().find(|file| self.read(file, environment));
        for directory in directories {
            for file in environment.list(&directory).unwrap_or_default() {
                if Some(&file) != bundle && !is_alias(&file) {
                    self.read(&file, environment);
                }
            }
        }
    }

    /// Adds the certificates of a file, and says whether it could be read. One file at a time is
    /// held in memory.
    fn read(&mut self, file: &Path, environment: &Environment) -> bool {
        let Ok(contents) = environment.read(file) else {
            return false;
        };
        self.add(CertificateDer::pem_slice_iter(&contents).filter_map(Result::ok));
        true
    }

    fn add(&mut self, certificates: impl IntoIterator<Item = CertificateDer<'static>>) {
        for certificate in certificates {
            let known = self.0.len();
            // One bad certificate in a bundle must not cost the others.
            if self.0.add(certificate).is_ok() {
                let (known, new) = self.0.roots.split_at(known);
                if new.iter().all(|new| known.contains(new)) {
                    self.0.roots.pop();
                }
            }
        }
    }
}

/// Whether it is another name of a file beside it, as OpenSSL's hashes are (Go: crypto/x509,
/// root_unix.go).
fn is_alias(file: &Path) -> bool {
    std::fs::read_link(file).is_ok_and(|target| target.parent() == Some(Path::new("")))
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

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn pem(name: &str) -> String {
        use base64::Engine as _;
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let der = params.self_signed(&key).unwrap();
        let text = base64::engine::general_purpose::STANDARD.encode(der.der());
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    }

    #[track_caller]
    fn check(environment: &Environment, expected: usize) {
        let mut roots = Roots::none();
        roots.search(environment);
        assert_eq!(roots.0.len(), expected);
    }

    /// 140 roots, four times each, took most of the memory of a plan.
    #[test]
    fn a_root_that_is_there_several_times_counts_once() {
        let (one, two, three) = (pem("one"), pem("two"), pem("three"));
        let environment = Environment::for_test()
            .file("/etc/ssl/certs/ca-certificates.crt", format!("{one}{two}"))
            .file("/etc/ssl/certs/one.pem", one.as_str())
            .file("/etc/ssl/certs/three.pem", three.as_str())
            .file("/etc/pki/tls/certs/ca-bundle.crt", format!("{two}{one}"));
        check(&environment, 3);
    }

    #[test]
    fn what_cannot_be_read_costs_nothing_else() {
        let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let environment = Environment::for_test()
            .file("/etc/ssl/certs/a.pem", bad)
            .file("/etc/ssl/certs/b.pem", "no PEM")
            .file("/etc/ssl/certs/c.pem", format!("{bad}{}", pem("one")));
        check(&environment, 1);
    }

    #[test]
    fn an_alias_is_a_link_to_a_file_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| folder.path().join(name);
        std::fs::write(path("one.pem"), pem("one")).unwrap();
        for (target, link, expected) in [
            (PathBuf::from("one.pem"), "12345678.0", true),
            (path("one.pem"), "linked.pem", false),
        ] {
            std::os::unix::fs::symlink(target, path(link)).unwrap();
            assert_eq!(is_alias(&path(link)), expected);
        }
        assert!(!is_alias(&path("one.pem")));
    }
}
