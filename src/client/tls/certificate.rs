//! [`Facts`]: what a certificate says that webpki does not pass on or does not read.
//!
//! webpki knows of a trusted certificate its name and key alone, and ignores the key usage of all. Go
//! reads more of both (crypto/x509, verify.go: `isValid` and `CheckSignatureFrom`).

use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime};
use x509_cert::certificate::{CertificateInner, Raw, Version};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints};

use super::refusal::{Refusal, Whose};

const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ANY_PURPOSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");

/// The extensions that Go 1.23 processes (crypto/x509, parser.go: `processExtensions`).
const PROCESSED: [ObjectIdentifier; 8] = [
    ObjectIdentifier::new_unwrap("2.5.29.14"),
    ObjectIdentifier::new_unwrap("2.5.29.15"),
    ObjectIdentifier::new_unwrap("2.5.29.17"),
    ObjectIdentifier::new_unwrap("2.5.29.19"),
    ObjectIdentifier::new_unwrap("2.5.29.30"),
    ObjectIdentifier::new_unwrap("2.5.29.31"),
    ObjectIdentifier::new_unwrap("2.5.29.32"),
    ObjectIdentifier::new_unwrap("2.5.29.37"),
];

/// The extensions that webpki reads (webpki: cert.rs).
const READ_BY_WEBPKI: [ObjectIdentifier; 6] = [
    ObjectIdentifier::new_unwrap("2.5.29.15"),
    ObjectIdentifier::new_unwrap("2.5.29.17"),
    ObjectIdentifier::new_unwrap("2.5.29.19"),
    ObjectIdentifier::new_unwrap("2.5.29.30"),
    ObjectIdentifier::new_unwrap("2.5.29.31"),
    ObjectIdentifier::new_unwrap("2.5.29.37"),
];

/// A certificate as far as it is checked here.
pub(super) struct Facts(CertificateInner<Raw>);

impl Facts {
    /// Parses a certificate. Returns `None` if it is malformed.
    pub(super) fn parse(certificate: &CertificateDer<'_>) -> Option<Facts> {
        CertificateInner::from_der(certificate).ok().map(Facts)
    }

    /// Returns the public key.
    pub(super) fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'static>> {
        let key = self.0.tbs_certificate().subject_public_key_info();
        key.to_der().ok().map(SubjectPublicKeyInfoDer::from)
    }

    /// Whether it is an X.509 certificate without extensions.
    pub(super) fn is_version_1(&self) -> bool {
        self.0.tbs_certificate().version() == Version::V1
    }

    /// Returns a critical extension that webpki does not read.
    pub(super) fn unread_by_webpki(&self) -> Option<String> {
        let unread = self.critical().find(|one| !READ_BY_WEBPKI.contains(one));
        unread.map(|one| one.to_string())
    }

    /// Whether it limits what it signs by names of directories.
    pub(super) fn is_limited_by_directory(&self) -> bool {
        let constraints = self.0.tbs_certificate().get_extension::<NameConstraints>();
        constraints.ok().flatten().is_some_and(|(_, constraints)| {
            let subtrees = [
                constraints.permitted_subtrees,
                constraints.excluded_subtrees,
            ];
            let mut subtrees = subtrees.into_iter().flatten().flatten();
            subtrees.any(|subtree| matches!(subtree.base, GeneralName::DirectoryName(_)))
        })
    }

    /// Returns its name, such as `CN=tfe.example.com,O=Example`.
    pub(super) fn subject(&self) -> String {
        self.0.tbs_certificate().subject().to_string()
    }

    /// Returns the name of its issuer.
    pub(super) fn issuer(&self) -> String {
        self.0.tbs_certificate().issuer().to_string()
    }

    /// Whether its name is the issuer of the other.
    pub(super) fn is_issuer_of(&self, other: &Facts) -> bool {
        self.0.tbs_certificate().subject() == other.0.tbs_certificate().issuer()
    }

    /// Whether its key is RSA with fewer bits than our cryptography library accepts, 2048.
    pub(super) fn has_short_key(&self) -> bool {
        let key = self.0.tbs_certificate().subject_public_key_info();
        key.algorithm.oid == RSA && key.subject_public_key.raw_bytes().len() < 2048 / 8
    }

    /// Returns the critical extensions by their identifiers.
    fn critical(&self) -> impl Iterator<Item = ObjectIdentifier> {
        let extensions = self.0.tbs_certificate().extensions();
        let extensions = extensions.into_iter().flatten();
        extensions.filter(|one| one.critical).map(|one| one.extn_id)
    }

    /// Checks the dates.
    pub(super) fn check_dates(&self, whose: Whose, now: UnixTime) -> Result<(), Refusal> {
        let validity = self.0.tbs_certificate().validity();
        let time =
            |time: x509_cert::time::Time| UnixTime::since_unix_epoch(time.to_unix_duration());
        let (not_before, not_after) = (time(validity.not_before), time(validity.not_after));
        if now < not_before {
            return Err(Refusal::NotYetValid {
                whose,
                name: self.subject(),
                not_before,
                now,
            });
        }
        if now > not_after {
            return Err(Refusal::Expired {
                whose,
                name: self.subject(),
                not_after,
                now,
            });
        }
        Ok(())
    }

    /// Checks the dates, the critical extensions and the purposes, as Go does for a trusted certificate.
    pub(super) fn check(&self, whose: Whose, now: UnixTime) -> Result<(), Refusal> {
        self.check_dates(whose, now)?;
        if let Some(unknown) = self.critical().find(|one| !PROCESSED.contains(one)) {
            return Err(Refusal::CriticalExtension {
                whose,
                identifier: unknown.to_string(),
            });
        }
        let purposes = self.0.tbs_certificate().get_extension::<ExtendedKeyUsage>();
        match purposes {
            Ok(Some((_, ExtendedKeyUsage(purposes))))
                if !purposes.contains(&SERVER_AUTH) && !purposes.contains(&ANY_PURPOSE) =>
            {
                Err(Refusal::Purpose { whose })
            }
            Ok(_) => Ok(()),
            Err(_) => Err(Refusal::Malformed { whose }),
        }
    }

    /// Checks whether it may sign the certificate of another (RFC 5280, 4.2.1.3 and 4.2.1.9).
    pub(super) fn check_may_sign(
        &self,
        whose: Whose,
        authorities_below: usize,
    ) -> Result<(), Refusal> {
        let certificate = self.0.tbs_certificate();
        let malformed = |_| Refusal::Malformed { whose };
        if let Some((_, usage)) = certificate.get_extension::<KeyUsage>().map_err(malformed)?
            && !usage.key_cert_sign()
        {
            return Err(Refusal::MayNotSign { whose });
        }
        match certificate
            .get_extension::<BasicConstraints>()
            .map_err(malformed)?
        {
            Some((_, constraints)) if !constraints.ca => Err(Refusal::NoAuthority { whose }),
            Some((_, constraints)) => match constraints.path_len_constraint {
                Some(most) if authorities_below > most.into() => Err(Refusal::TooLong),
                _ => Ok(()),
            },
            // Version 1 has no extensions.
            None if certificate.version() == Version::V3 => Err(Refusal::NoAuthority { whose }),
            None => Ok(()),
        }
    }
}
