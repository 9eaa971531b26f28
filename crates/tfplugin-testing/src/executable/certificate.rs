//! [`HostCertificate`]: a host's certificate, as go-plugin makes one for every plugin that it starts (mtls.go).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P521_SHA512,
};
use rustls::pki_types::CertificateDer;

/// A host's certificate: ECDSA P-521, self-signed, CA:TRUE, for `localhost`.
pub struct HostCertificate {
    /// Its private key.
    pub key: KeyPair,
    /// The certificate in DER.
    pub der: CertificateDer<'static>,
    /// The certificate in PEM, for `PLUGIN_CLIENT_CERT`.
    pub pem: String,
}

impl HostCertificate {
    /// Generates a key and its certificate.
    pub fn generate() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).expect("a key");
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a host name");
        params
            .distinguished_name
            .push(DnType::CommonName, "localhost");
        params
            .distinguished_name
            .push(DnType::OrganizationName, "HashiCorp");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ClientAuth,
            ExtendedKeyUsagePurpose::ServerAuth,
        ];
        let der: CertificateDer<'static> = params.self_signed(&key).expect("a certificate").into();
        let pem = pem(&der);
        Self { key, der, pem }
    }
}

/// Encodes a certificate in PEM, with lines of Go's length.
pub fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, next) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = next;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}
