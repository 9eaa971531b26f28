//! [`AutoMtls`]: host and plugin each make a certificate for this one process, and accept only the other's.
//!
//! The host sends its certificate as PEM in `PLUGIN_CLIENT_CERT`, the plugin in the handshake line. Terraform's
//! is an ECDSA P-521 certificate with CA:TRUE (go-plugin: mtls.go), which ordinary verifiers refuse as a client's,
//! so [`OnlyThisHost`] compares it byte for byte and lets the library verify only the signature.

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyUsagePurpose, date_time_ymd};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ParsedCertificate};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
};
use tokio_rustls::TlsAcceptor;

use super::error::{ClientCertificateError, Error};
use super::key::Key;

/// Allows for a host whose clock was set back since it started the plugin.
const BACKDATED: Duration = Duration::from_secs(60 * 60);
/// As go-plugin's own: 30 years, longer than any debugging session.
const VALID_FOR: Duration = Duration::from_secs(262_980 * 60 * 60);

/// The plugin's side of AutoMTLS.
pub(super) struct AutoMtls {
    /// Accepts connections of this host only.
    pub(super) acceptor: TlsAcceptor,
    /// The certificate that the acceptor presents; it is in the handshake line.
    pub(super) certificate: CertificateDer<'static>,
}

impl AutoMtls {
    /// Makes a new key and certificate, for the host that shows the certificate in `client_pem`.
    pub(super) fn new(client_pem: &OsStr, now: SystemTime) -> Result<Self, Error> {
        let host = host_certificate(client_pem).map_err(Error::ClientCertificate)?;
        let key = Key::generate().map_err(|_| Error::Key)?;
        let certificate = certificate(&key, now).map_err(Error::Certificate)?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(Error::Tls)?
            .with_client_cert_verifier(Arc::new(OnlyThisHost { host, provider }))
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(CertifiedKey::new(
                vec![certificate.clone()],
                Arc::new(key),
            ))));
        // grpc-go since 1.67 refuses a server that selects no protocol.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // A resumed session would not show a certificate; hosts do not resume.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            certificate,
        })
    }
}

fn host_certificate(pem: &OsStr) -> Result<CertificateDer<'static>, ClientCertificateError> {
    let mut certificates = CertificateDer::pem_slice_iter(pem.as_encoded_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(ClientCertificateError::Pem)?;
    match (certificates.len(), certificates.pop()) {
        (1, Some(certificate)) => {
            ParsedCertificate::try_from(&certificate).map_err(ClientCertificateError::Der)?;
            Ok(certificate)
        }
        (count, _) => Err(ClientCertificateError::Count(count)),
    }
}

/// Makes a certificate for `localhost`, the name that hosts verify for every address.
fn certificate(key: &Key, now: SystemTime) -> Result<CertificateDer<'static>, rcgen::Error> {
    let since_epoch = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let epoch = date_time_ymd(1970, 1, 1);
    let mut params = CertificateParams::new(vec!["localhost".to_owned()])?;
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = epoch + since_epoch.saturating_sub(BACKDATED);
    params.not_after = epoch + since_epoch + VALID_FOR;
    Ok(params.self_signed(key)?.into())
}

/// Accepts only the certificate of the host that started the plugin, with proof that the client has its key.
#[derive(Debug)]
struct OnlyThisHost {
    host: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for OnlyThisHost {
    fn client_auth_mandatory(&self) -> bool {
        true
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *end_entity == self.host {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::UnknownIssuer.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use x509_parser::prelude::{FromDer as _, X509Certificate};

    use super::*;

    #[track_caller]
    fn check_refused(pem: &str, expected: &str) {
        let error = AutoMtls::new(OsStr::new(pem), SystemTime::UNIX_EPOCH)
            .err()
            .expect("refused");
        let cause = error.source().expect("a cause").to_string();
        assert_eq!(cause, expected);
    }

    #[test]
    fn a_bad_client_certificate_is_refused_with_the_reason() {
        check_refused("no PEM at all", "it holds 0 certificates instead of one");
        check_refused("-----BEGIN CERTIFICATE-----\nAAAA\n", "it is not PEM");
        check_refused(
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "it is not an X.509 certificate",
        );
    }

    #[test]
    fn the_certificate_is_valid_from_an_hour_ago_for_thirty_years() {
        let key = Key::generate().unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);

        let der = certificate(&key, now).unwrap();

        let (_, parsed) = X509Certificate::from_der(&der).unwrap();
        let validity = parsed.validity();
        assert_eq!(validity.not_before.timestamp(), 1_800_000_000 - 3_600);
        assert_eq!(validity.not_after.timestamp(), 1_800_000_000 + 946_728_000);
    }
}
