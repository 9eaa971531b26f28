//! Certificates of every kind, also wrong ones.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SigningKey as _,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A certificate and its key.
pub(crate) struct Node {
    pub(crate) certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// Returns the parameters of a certificate authority.
pub(crate) fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// Returns the parameters of a server's certificate.
pub(crate) fn server(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Example");
    params.is_ca = IsCa::ExplicitNoCa;
    params
}

impl Node {
    pub(crate) fn self_signed(params: CertificateParams) -> Node {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Node {
            certificate,
            issuer: Issuer::new(params, key),
        }
    }

    /// Issues a certificate with a new key.
    pub(crate) fn issue(&self, params: CertificateParams) -> Node {
        self.issue_for(params, KeyPair::generate().unwrap())
    }

    pub(crate) fn issue_for(&self, params: CertificateParams, key: KeyPair) -> Node {
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        Node {
            certificate,
            issuer: Issuer::new(params, key),
        }
    }

    /// Returns the same in X.509 version 1, signed by `signer`.
    pub(crate) fn in_version_1(mut self, signer: Option<&Node>) -> Node {
        let (_, whole, _) = element(&self.certificate);
        let (_, body, rest) = element(whole);
        let (_, algorithm, _) = element(rest);
        let mut fields = Vec::new();
        let mut remaining = body;
        while !remaining.is_empty() {
            let (tag, _, next) = element(remaining);
            // The version and the extensions.
            if tag != 0xa0 && tag != 0xa3 {
                fields.extend_from_slice(&remaining[..remaining.len() - next.len()]);
            }
            remaining = next;
        }
        let body = tagged(0x30, &fields);
        let key = signer.unwrap_or(&self).issuer.key();
        let mut signature = vec![0];
        signature.extend(key.sign(&body).unwrap());
        let whole = [body, tagged(0x30, algorithm), tagged(0x03, &signature)].concat();
        self.certificate = tagged(0x30, &whole).into();
        self
    }

    pub(crate) fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.issuer.key().serialize_der()).into()
    }
}

/// Splits DER into the tag and the contents of its first element, and the rest.
fn element(der: &[u8]) -> (u8, &[u8], &[u8]) {
    let (header, length) = match der[1] {
        short @ 0..=0x7f => (2, short.into()),
        0x81 => (3, der[2].into()),
        _ => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
    };
    (
        der[0],
        &der[header..header + length],
        &der[header + length..],
    )
}

/// Makes an element of DER.
pub(crate) fn tagged(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut der = match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => vec![tag, short],
        Ok(long) => vec![tag, 0x81, long],
        Err(_) => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    der.extend_from_slice(contents);
    der
}

/// certificatePolicies with the policy 1.2.3.4.
pub(crate) fn policies(critical: bool) -> CustomExtension {
    let policy = tagged(0x30, &tagged(0x30, &tagged(0x06, &[0x2a, 3, 4])));
    extension(&[2, 5, 29, 32], policy, critical)
}

/// nameConstraints that permit directories with this organization.
pub(crate) fn directory(organization: &str, critical: bool) -> CustomExtension {
    let attribute = [
        tagged(0x06, &[0x55, 4, 10]),
        tagged(0x0c, organization.as_bytes()),
    ];
    let name = tagged(0x30, &tagged(0x31, &tagged(0x30, &attribute.concat())));
    let subtree = tagged(0x30, &tagged(0xa4, &name));
    extension(
        &[2, 5, 29, 30],
        tagged(0x30, &tagged(0xa0, &subtree)),
        critical,
    )
}

/// An extension that nobody knows.
pub(crate) fn unknown(critical: bool) -> CustomExtension {
    extension(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0], critical)
}

/// extendedKeyUsage with `anyExtendedKeyUsage` alone.
pub(crate) fn any_purpose() -> CustomExtension {
    let any = tagged(0x06, &[0x55, 0x1d, 0x25, 0]);
    extension(&[2, 5, 29, 37], tagged(0x30, &any), false)
}

fn extension(identifier: &[u64], contents: Vec<u8>, critical: bool) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(identifier, contents);
    extension.set_criticality(critical);
    extension
}

/// Reads the server's certificate, the trusted one and the key of a file: what rcgen does not make.
pub(crate) fn fixture(
    pem: &str,
) -> (
    CertificateDer<'static>,
    CertificateDer<'static>,
    PrivateKeyDer<'static>,
) {
    let mut certificates = CertificateDer::pem_slice_iter(pem.as_bytes());
    let server = certificates.next().unwrap().unwrap();
    let root = certificates.next().unwrap().unwrap();
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    (server, root, key)
}

pub(crate) fn pem(certificate: &CertificateDer<'_>) -> String {
    let text = STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}
