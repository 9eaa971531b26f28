//! [`Verifier`]: which server certificates are accepted.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, verify_tls12_signature, verify_tls13_signature,
    verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use webpki::{
    EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, RawPublicKeyEntity, VerifiedPath,
};

use super::anchors::Anchors;
use super::certificate::Facts;
use super::refusal::{Refusal, Refused, Whose};
use super::roots::Roots;

/// certificatePolicies (RFC 5280, 4.2.1.4).
const POLICIES: &str = "2.5.29.32";

/// Which certificates are trusted. The server must hold the certificate's key in any case.
pub(super) enum Trust {
    /// Certificates with the right name that have a chain to a root certificate, or are one.
    ///
    /// Go accepts a server whose certificate is itself trusted (crypto/x509: `Verify`). `openssl req
    /// -x509` makes such a certificate: a self-signed certificate authority. The verifier accepts it if
    /// its bytes are those of a trusted certificate, and checks its dates, purposes and name.
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
    fn check(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
        anchors: &Anchors,
    ) -> Result<(), Refusal> {
        let facts = Facts::parse(end_entity).ok_or(Refusal::Malformed {
            whose: Whose::Server,
        })?;
        let certificate = match EndEntityCert::try_from(end_entity) {
            Ok(certificate) => certificate,
            Err(error) => return Err(unreadable(Whose::Server, &facts, &error)),
        };
        if anchors.contains(end_entity) {
            facts.check(Whose::Server, now)?;
        } else {
            self.check_chain(&certificate, intermediates, now, anchors)?;
        }
        match certificate.verify_is_valid_for_subject_name(name) {
            Ok(()) => Ok(()),
            Err(webpki::Error::CertNotValidForName(context)) => Err(Refusal::WrongName {
                expected: name.to_str().into_owned(),
                presented: context
                    .presented
                    .iter()
                    .map(|name| presented(name))
                    .collect(),
            }),
            Err(_) => Err(Refusal::Malformed {
                whose: Whose::Server,
            }),
        }
    }

    fn check_chain(
        &self,
        certificate: &EndEntityCert<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
        anchors: &Anchors,
    ) -> Result<(), Refusal> {
        // The reason for which a chain was refused that webpki accepts.
        let stricter = RefCell::new(None);
        let check_path = |path: &VerifiedPath<'_>| {
            check_path(path, now, anchors).map_err(|refusal| {
                stricter.borrow_mut().get_or_insert(refusal);
                webpki::Error::UnknownIssuer
            })
        };
        let verdict = certificate.verify_for_usage(
            self.provider.signature_verification_algorithms.all,
            anchors.trusted(),
            intermediates,
            now,
            Server,
            None,
            Some(&check_path),
        );
        let Err(error) = verdict else {
            return Ok(());
        };
        if let Some(refusal) = stricter.take() {
            return Err(refusal);
        }
        Err(match error {
            webpki::Error::UnknownIssuer => untrusted(certificate, intermediates),
            webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. } => {
                let whose =
                    std::iter::once(Whose::Server).chain(std::iter::repeat(Whose::Intermediate));
                let dates = facts_of(certificate, intermediates)
                    .into_iter()
                    .zip(whose)
                    .find_map(|(facts, whose)| facts.check_dates(whose, now).err());
                dates.unwrap_or(Refusal::Malformed { whose: Whose::Sent })
            }
            webpki::Error::UnsupportedCriticalExtension | webpki::Error::UnsupportedCertVersion => {
                let whose = Whose::Intermediate;
                let malformed = Refusal::Malformed { whose };
                let unreadable = intermediates
                    .iter()
                    .filter_map(Facts::parse)
                    .map(|facts| unreadable(whose, &facts, &error))
                    .find(|refusal| *refusal != malformed);
                unreadable.unwrap_or(malformed)
            }
            webpki::Error::NameConstraintViolation => {
                let sent = intermediates.iter().filter_map(Facts::parse);
                let trusted = anchors.certificates().filter_map(Facts::parse);
                let is_by_directory = sent
                    .chain(trusted)
                    .any(|facts| facts.is_limited_by_directory());
                if is_by_directory {
                    Refusal::DirectoryNameConstraint
                } else {
                    Refusal::NameConstraint
                }
            }
            webpki::Error::InvalidSignatureForPublicKey
                if is_key_short(intermediates, certificate, anchors) =>
            {
                Refusal::WeakSignature
            }
            other => refusal(&other),
        })
    }

    fn verify_unparsed(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let bad = || Error::from(CertificateError::BadSignature);
        let key = public_key(certificate)?;
        let entity = RawPublicKeyEntity::try_from(&key).map_err(|_| bad())?;
        let algorithms = &self.provider.signature_verification_algorithms;
        let of_scheme = algorithms
            .mapping
            .iter()
            .filter(|(scheme, _)| *scheme == signature.scheme);
        of_scheme
            .flat_map(|(_, algorithms)| *algorithms)
            .any(|algorithm| {
                let verdict = entity.verify_signature(*algorithm, message, signature.signature());
                verdict.is_ok()
            })
            .then(HandshakeSignatureValid::assertion)
            .ok_or_else(bad)
    }
}

/// Checks what Go checks of a chain and webpki does not: each authority may sign, and the trusted one is
/// valid itself.
fn check_path(path: &VerifiedPath<'_>, now: UnixTime, anchors: &Anchors) -> Result<(), Refusal> {
    let mut below = 0;
    for intermediate in path.intermediate_certificates() {
        if let Some(facts) = Facts::parse(&intermediate.der()) {
            facts.check_may_sign(Whose::Intermediate, below)?;
        }
        below += 1;
    }
    let mut verdict = Ok(());
    for facts in anchors
        .certificates_of(path.anchor())
        .filter_map(Facts::parse)
    {
        verdict = facts
            .check_may_sign(Whose::Root, below)
            .and_then(|()| facts.check(Whose::Root, now));
        // A renewed certificate may have the same name and key.
        if verdict.is_ok() {
            break;
        }
    }
    verdict
}

/// Parses what the server sends, its own certificate first.
fn facts_of(certificate: &EndEntityCert<'_>, intermediates: &[CertificateDer<'_>]) -> Vec<Facts> {
    let server = certificate.der();
    let sent = std::iter::once(&server).chain(intermediates);
    sent.filter_map(|certificate| Facts::parse(certificate))
        .collect()
}

/// Says which authority is not trusted.
fn untrusted(certificate: &EndEntityCert<'_>, intermediates: &[CertificateDer<'_>]) -> Refusal {
    let sent = facts_of(certificate, intermediates);
    let Some((server, others)) = sent.split_first() else {
        return Refusal::Malformed {
            whose: Whose::Server,
        };
    };
    if server.is_issuer_of(server) {
        let name = server.subject();
        return Refusal::SelfSigned { name };
    }
    let (mut last, mut others) = (server, others.iter().collect::<Vec<_>>());
    while let Some(position) = others.iter().position(|other| other.is_issuer_of(last)) {
        last = others.swap_remove(position);
    }
    Refusal::UnknownAuthority {
        sent: 1 + intermediates.len(),
        issuer: last.issuer(),
    }
}

/// Whether an authority of these certificates has a key that is too short to verify with.
fn is_key_short(
    intermediates: &[CertificateDer<'_>],
    certificate: &EndEntityCert<'_>,
    anchors: &Anchors,
) -> bool {
    let sent = facts_of(certificate, intermediates);
    let is_issuer = |facts: &Facts| sent.iter().any(|other| facts.is_issuer_of(other));
    let trusted = anchors.certificates().filter_map(Facts::parse);
    let mut authorities = trusted.filter(|facts| is_issuer(facts));
    sent.iter().any(Facts::has_short_key) || authorities.any(|facts| facts.has_short_key())
}

/// The purposes of a server, by Go's rules: `serverAuth`, any, or none named.
struct Server;

impl ExtendedKeyUsageValidator for Server {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        let mut present = Vec::new();
        for purpose in purposes {
            present.push(purpose?.to_decoded_oid());
        }
        let is_server = |oid: &Vec<usize>| {
            oid == webpki::KeyUsage::SERVER_AUTH_REPR || oid == &[2, 5, 29, 37, 0]
        };
        if present.is_empty() || present.iter().any(is_server) {
            return Ok(());
        }
        let required = webpki::KeyUsage::server_auth();
        let context = webpki::RequiredEkuNotFoundContext { required, present };
        Err(webpki::Error::RequiredEkuNotFoundContext(context))
    }
}

/// The reason why webpki does not read a certificate.
fn unreadable(whose: Whose, facts: &Facts, error: &webpki::Error) -> Refusal {
    match error {
        webpki::Error::UnsupportedCertVersion if facts.is_version_1() => Refusal::Version1,
        webpki::Error::UnsupportedCriticalExtension => match facts.unread_by_webpki() {
            Some(identifier) if identifier == POLICIES => Refusal::CriticalPolicies { whose },
            Some(identifier) => Refusal::CriticalExtension { whose, identifier },
            None => Refusal::Malformed { whose },
        },
        _ => Refusal::Malformed { whose },
    }
}

/// Returns the words for an error of webpki.
fn refusal(error: &webpki::Error) -> Refusal {
    use webpki::Error as E;
    let whose = Whose::Sent;
    match error {
        E::InvalidSignatureForPublicKey => Refusal::Forged,
        E::CaUsedAsEndEntity => Refusal::AuthorityAsServer,
        E::EndEntityUsedAsCa => Refusal::NoAuthority {
            whose: Whose::Intermediate,
        },
        E::PathLenConstraintViolated => Refusal::TooLong,
        E::RequiredEkuNotFoundContext(_) | E::EmptyEkuExtension => Refusal::Purpose { whose },
        E::NameConstraintViolation => Refusal::NameConstraint,
        E::UnsupportedSignatureAlgorithmContext(_)
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => Refusal::WeakSignature,
        E::MaximumNameConstraintComparisonsExceeded
        | E::MaximumPathBuildCallsExceeded
        | E::MaximumPathDepthExceeded
        | E::MaximumSignatureChecksExceeded => Refusal::TooComplex,
        _ => Refusal::Malformed { whose },
    }
}

/// Returns a name as a practitioner knows it: webpki has `DnsName("host")` and `IpAddress(127.0.0.1)`.
fn presented(name: &str) -> String {
    let inner = name.split_once('(').map_or(name, |(_, inner)| inner);
    inner.trim_end_matches(')').trim_matches('"').to_owned()
}

fn public_key(
    certificate: &CertificateDer<'_>,
) -> Result<rustls::pki_types::SubjectPublicKeyInfoDer<'static>, Error> {
    let key = Facts::parse(certificate).and_then(|facts| facts.public_key());
    key.ok_or_else(|| CertificateError::BadEncoding.into())
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
        let check = |anchors| self.check(end_entity, intermediates, server_name, now, anchors);
        // The directories are parsed only if the file is not enough.
        check(roots.of_file())
            .or_else(|_| check(roots.all()))
            .map_err(|refusal| {
                let problems = roots.all().problems().to_vec();
                let refused = Refused { refusal, problems };
                CertificateError::Other(OtherError(Arc::new(refused)))
            })?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if ParsedCertificate::try_from(certificate).is_err() {
            return self.verify_unparsed(message, certificate, signature);
        }
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
        if ParsedCertificate::try_from(certificate).is_err() {
            let key = public_key(certificate)?;
            return verify_tls13_signature_with_raw_key(message, &key, signature, algorithms);
        }
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
