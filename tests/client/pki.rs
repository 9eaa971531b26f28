//! Certificate authorities, and servers with certificates of theirs or of others.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, RsaKeySize,
    date_time_ymd,
};
use rustls::crypto::aws_lc_rs::{default_provider, sign::any_supported_type};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{NamedGroup, ServerConfig, SupportedProtocolVersion};
use tokio_rustls::TlsAcceptor;

/// The name that servers have, unless a test says otherwise.
pub(crate) const NAME: &str = "tfe.example.com";

pub(crate) const ANY_VERSION: &[&SupportedProtocolVersion] =
    &[&rustls::version::TLS13, &rustls::version::TLS12];

/// The algorithm of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    P256,
    P384,
    Rsa,
}

impl Kind {
    fn key(self) -> KeyPair {
        match self {
            Kind::P256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
            Kind::P384 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
            Kind::Rsa => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048),
        }
        .unwrap()
    }
}

/// A certificate authority.
pub(crate) struct Authority {
    params: CertificateParams,
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl Authority {
    pub(crate) fn new(kind: Kind) -> Authority {
        let (params, key) = (Authority::params(), kind.key());
        let certificate = params.self_signed(&key).unwrap();
        Authority::of(params, key, &certificate)
    }

    /// Makes an intermediate authority, whose certificate this one signs.
    pub(crate) fn intermediate(&self) -> Authority {
        let (params, key) = (Authority::params(), Kind::P256.key());
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Authority::of(params, key, &certificate)
    }

    /// Returns this authority, and one of the same name with another key.
    pub(crate) fn renewed(self) -> (Authority, Authority) {
        let (params, key) = (self.params.clone(), Kind::P256.key());
        let certificate = params.self_signed(&key).unwrap();
        let renewed = Authority::of(params, key, &certificate);
        (self, renewed)
    }

    fn params() -> CertificateParams {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        // With the same name, one authority's certificate would be tried in place of the other's.
        let name = format!("authority {}", fastrand::u64(..));
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    }

    fn of(params: CertificateParams, key: KeyPair, certificate: &Certificate) -> Authority {
        Authority {
            params: params.clone(),
            issuer: Issuer::new(params, key),
            certificate: certificate.der().clone(),
        }
    }

    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        self.certificate.clone()
    }

    pub(crate) fn pem(&self) -> String {
        pem(&self.certificate)
    }

    /// Makes a server with a certificate of this authority.
    pub(crate) fn server(&self, kind: Kind, params: CertificateParams) -> Server {
        let key = kind.key();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Server::of(kind, &key, &certificate)
    }
}

/// A server's certificate, the certificates that it sends with it, and its key.
pub(crate) struct Server {
    kind: Kind,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Server {
    /// Makes a server whose certificate is self-signed.
    pub(crate) fn self_signed(params: &CertificateParams) -> Server {
        let key = Kind::P256.key();
        Server::of(Kind::P256, &key, &params.self_signed(&key).unwrap())
    }

    fn of(kind: Kind, key: &KeyPair, certificate: &Certificate) -> Server {
        Server {
            kind,
            chain: vec![certificate.der().clone()],
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        }
    }

    /// Sends this certificate as well.
    pub(crate) fn sending(mut self, certificate: CertificateDer<'static>) -> Server {
        self.chain.push(certificate);
        self
    }

    /// Presents another's certificate, whose key it does not hold.
    pub(crate) fn presenting(mut self, other: &Server) -> Server {
        self.chain = other.chain.clone();
        self
    }

    pub(crate) fn pem(&self) -> String {
        pem(&self.chain[0])
    }

    /// Accepts TLS of these versions, and over it these protocols, the preferred first.
    pub(crate) fn acceptor(
        self,
        versions: &[&'static SupportedProtocolVersion],
        protocols: &[&str],
    ) -> TlsAcceptor {
        let key = CertifiedKey::new(self.chain, any_supported_type(&self.key).unwrap());
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Strict {
                curve: match self.kind {
                    Kind::P256 => Some(NamedGroup::secp256r1),
                    Kind::P384 => Some(NamedGroup::secp384r1),
                    Kind::Rsa => None,
                },
                key: Arc::new(key),
            }));
        config.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Refuses clients that do not offer the curve of its certificate. OpenSSL does so under TLS 1.2, and
/// rustls does not.
#[derive(Debug)]
struct Strict {
    curve: Option<NamedGroup>,
    key: Arc<CertifiedKey>,
}

impl ResolvesServerCert for Strict {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let offered = hello.named_groups().unwrap_or_default();
        self.curve
            .is_none_or(|curve| offered.contains(&curve))
            .then(|| Arc::clone(&self.key))
    }
}

/// Returns the parameters of a certificate for these names and addresses.
pub(crate) fn named(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    CertificateParams::new(names).unwrap()
}

/// Returns the same for a certificate authority, as `openssl req -x509` makes it.
pub(crate) fn named_authority(names: &[&str]) -> CertificateParams {
    let mut params = named(names);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

/// Limits a certificate to the time from one year to another.
pub(crate) fn valid(mut params: CertificateParams, from: i32, to: i32) -> CertificateParams {
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    params
}

pub(crate) fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}
