//! [`Verifier`]: who may be the server.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use super::roots::{Anchors, Roots};

/// webpki's own error, which rustls hands through without its type.
pub(super) const CA_USED_AS_END_ENTITY: &str = "CaUsedAsEndEntity";

/// Whose certificate will do. Whoever presents one must hold its key.
pub(super) enum Trust {
    /// One that has the right name and leads to a root, or is one.
    ///
    /// The second is Go's (crypto/x509: `Verify`), and what `openssl req -x509` makes of a server:
    /// a certificate authority that vouches for itself. rustls refuses it, whatever is trusted.
    /// Here it is accepted if it is, byte for byte, among the trusted certificates, which nobody
    /// puts there but to say just that; its dates and its name count as everybody's.
    Roots(Box<Roots>),
    /// `ssl_skip_verify`: any.
    Anyone,
}

/// Verifies a server by a [`Trust`].
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
        let is_root = anchors.contain(end_entity);
        let chain = verify_server_cert_signed_by_trust_anchor(
            certificate,
            anchors.store(),
            // What leads elsewhere does not count against a root.
            if is_root { &[] } else { intermediates },
            now,
            self.provider.signature_verification_algorithms.all,
        );
        match chain {
            // Both are said only of a certificate whose dates are valid: these come first, and a
            // test holds webpki to it.
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
        // A chain that ends among a few ends among all of them.
        check(roots.nearest()).or_else(|_| check(roots.all()))?;
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

/// No certificate of the server leads to a trusted one.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the certificate leads to no trusted one")]
pub(super) struct UnknownAuthority {
    /// How many certificates the server sent, its own included.
    pub(super) sent: usize,
    /// What `SSL_CERT_FILE` and `SSL_CERT_DIR` name in vain, in words.
    pub(super) problems: Vec<String>,
}

/// A certificate was not signed with the key of the authority that it names. Of the handshake
/// itself the same is said in rustls's own words.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the certificate is not signed by the authority that it names")]
pub(super) struct Forged;

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    CertificateError::Other(OtherError(Arc::new(error))).into()
}
