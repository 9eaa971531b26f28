//! [`Verifier`]: which server certificates are accepted.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use super::roots::{Anchors, Roots};

/// webpki's error, which rustls passes on without its type.
pub(super) const CA_USED_AS_END_ENTITY: &str = "CaUsedAsEndEntity";

/// Which certificates are trusted. The server must hold the certificate's key in any case.
pub(super) enum Trust {
    /// Certificates with the right name that have a chain to a root certificate, or are one.
    ///
    /// Go accepts a server whose certificate is itself trusted (crypto/x509: `Verify`). `openssl req
    /// -x509` makes such a certificate: a self-signed certificate authority. rustls refuses it. The
    /// verifier accepts it if its bytes are those of a trusted certificate, and checks its dates and
    /// name.
    Roots(Box<Roots>),
    /// `ssl_skip_verify`: every certificate.
    Any,
}

/// Verifies the certificate of a server.
pub(super) struct Verifier {
    pub(super) trust: Trust,
    pub(super) provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn check_chain(
        &self,
        end_entity: &CertificateDer<'_>,
        certificate: &ParsedCertificate<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
        anchors: &Anchors,
    ) -> Result<(), Error> {
        let is_root = anchors.contains(end_entity);
        let chain = verify_server_cert_signed_by_trust_anchor(
            certificate,
            anchors.store(),
            // A root needs no chain.
            if is_root { &[] } else { intermediates },
            now,
            self.provider.signature_verification_algorithms.all,
        );
        match chain {
            // webpki checks the dates first, so they are valid here. A test checks this.
            Err(Error::InvalidCertificate(refusal))
                if is_root && (is_unknown_issuer(&refusal) || is_authority(&refusal)) =>
            {
                Ok(())
            }
            Err(Error::InvalidCertificate(refusal)) if is_unknown_issuer(&refusal) => {
                Err(other(UnknownAuthority {
                    sent: 1 + intermediates.len(),
                    problems: anchors.problems().to_vec(),
                }))
            }
            Err(Error::InvalidCertificate(CertificateError::BadSignature)) => Err(other(Forged)),
            verdict => verdict,
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Trust::Roots(roots) = &self.trust else {
            return Ok(ServerCertVerified::assertion());
        };
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let check =
            |anchors| self.check_chain(end_entity, &certificate, intermediates, now, anchors);
        // The directories are read only if the file is not enough.
        check(roots.of_file()).or_else(|_| check(roots.all()))?;
        verify_server_name(&certificate, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Verifier")
    }
}

fn is_unknown_issuer(refusal: &CertificateError) -> bool {
    *refusal == CertificateError::UnknownIssuer
}

fn is_authority(refusal: &CertificateError) -> bool {
    matches!(refusal, CertificateError::Other(other) if other.to_string() == CA_USED_AS_END_ENTITY)
}

/// The server's certificates have no chain to a trusted one.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the certificate leads to no trusted one")]
pub(super) struct UnknownAuthority {
    /// How many certificates the server sent.
    pub(super) sent: usize,
    /// Why files of `SSL_CERT_FILE` and `SSL_CERT_DIR` were not used.
    pub(super) problems: Vec<String>,
}

/// A certificate is not signed with the key of the authority that it names. rustls has the same error
/// for the signature of the handshake.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the certificate is not signed by the authority that it names")]
pub(super) struct Forged;

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    CertificateError::Other(OtherError(Arc::new(error))).into()
}
