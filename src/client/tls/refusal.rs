//! [`Refusal`] and [`Refused`]: why a certificate is refused; and [`explain`]: why a TLS handshake failed. In words, with
//! what to do about it.
//!
//! No text of a library is shown as it is: most are the names of its error types.

use std::fmt;

use chrono::{DateTime, SecondsFormat};
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

/// Whose certificate is the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Server,
    /// One that the server sends beside its own.
    Intermediate,
    /// One that is trusted here.
    Root,
    /// The server's or one that it sends.
    Sent,
}

/// Why a certificate is refused. `Display` is for practitioners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Expired {
        whose: Whose,
        name: String,
        not_after: UnixTime,
        now: UnixTime,
    },
    NotYetValid {
        whose: Whose,
        name: String,
        not_before: UnixTime,
        now: UnixTime,
    },
    /// The certificate is for these names and addresses.
    WrongName {
        expected: String,
        presented: Vec<String>,
    },
    /// No chain leads to a trusted certificate.
    UnknownAuthority {
        /// How many certificates the server sent.
        sent: usize,
        /// The name of the authority that issued the last of them.
        issuer: String,
    },
    /// The server's certificate is its own authority, and not trusted.
    SelfSigned {
        name: String,
    },
    /// A certificate is not signed with the key of the authority that it names.
    Forged,
    /// The server presents the certificate of an authority.
    AuthorityAsServer,
    NoAuthority {
        whose: Whose,
    },
    /// Its key usage does not allow signatures of certificates.
    MayNotSign {
        whose: Whose,
    },
    /// More authorities than a pathLenConstraint allows.
    TooLong,
    /// Its extended key usage is not that of a server.
    Purpose {
        whose: Whose,
    },
    /// Outside of the names to which an authority is limited.
    NameConstraint,
    /// An authority is limited by names of directories.
    DirectoryNameConstraint,
    /// Certificate policies that are critical.
    CriticalPolicies {
        whose: Whose,
    },
    CriticalExtension {
        whose: Whose,
        identifier: String,
    },
    /// A signature with an algorithm or a key that is not accepted.
    WeakSignature,
    Version1,
    Malformed {
        whose: Whose,
    },
    TooComplex,
}

/// A refusal, and what may have led to it here. `Display` is for practitioners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    /// Why files of `SSL_CERT_FILE` and `SSL_CERT_DIR` were not used.
    pub(super) problems: Vec<String>,
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.refusal)?;
        if !self.refusal.depends_on_trust() {
            return Ok(());
        }
        let mut problems = self.problems.iter();
        problems.try_for_each(|problem| write!(formatter, "; not used: {problem}"))
    }
}

impl Refusal {
    /// Whether the server would be accepted if another certificate were trusted.
    fn depends_on_trust(&self) -> bool {
        match self {
            Refusal::UnknownAuthority { .. }
            | Refusal::SelfSigned { .. }
            | Refusal::Forged
            | Refusal::AuthorityAsServer
            | Refusal::TooLong => true,
            Refusal::CriticalPolicies { whose } => *whose != Whose::Server,
            _ => false,
        }
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Whose::Server => "the server's certificate",
            Whose::Intermediate => "an intermediate certificate that the server sends",
            Whose::Root => "the trusted certificate of the authority",
            Whose::Sent => "a certificate that the server sends",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Expired { whose, name, not_after, now } => write!(
                formatter,
                "{whose} ({name}) expired on {} (here it is {}): it must be renewed",
                date(*not_after),
                date(*now)
            ),
            Refusal::NotYetValid { whose, name, not_before, now } => write!(
                formatter,
                "{whose} ({name}) is valid from {} only, and here it is {}: check the clocks of both \
                 machines",
                date(*not_before),
                date(*now)
            ),
            Refusal::WrongName { expected, presented } if presented.is_empty() => write!(
                formatter,
                "the server's certificate has no name or address in its subjectAltName, where \
                 {expected} must be; the common name is not used"
            ),
            Refusal::WrongName { expected, presented } => write!(
                formatter,
                "the server's certificate is for {}, not for {expected}: check the host name, or give \
                 the server a certificate whose subjectAltName has it",
                presented.join(", ")
            ),
            Refusal::UnknownAuthority { sent: 1, issuer } => write!(
                formatter,
                "the server's certificate leads to no trusted one: it was issued by {issuer}. If that is \
                 a private certificate authority, name its certificate with SSL_CERT_FILE; if it is \
                 trusted here, the server leaves out an intermediate certificate, for it sends its own \
                 only"
            ),
            Refusal::UnknownAuthority { sent, issuer } => write!(
                formatter,
                "the {sent} certificates that the server sends lead to no trusted one: name their \
                 certificate authority, {issuer}, with SSL_CERT_FILE"
            ),
            Refusal::SelfSigned { name } => write!(
                formatter,
                "the server's certificate ({name}) is signed by itself and not trusted here: name it with \
                 SSL_CERT_FILE"
            ),
            Refusal::Forged => formatter.write_str(
                "the issuer of the server's certificate is known by name, but has signed with another \
                 key: name the authority's present certificate with SSL_CERT_FILE",
            ),
            Refusal::AuthorityAsServer => formatter.write_str(
                "the server presents a certificate authority as its own certificate: give it one with \
                 basicConstraints CA:FALSE, or trust exactly this one with SSL_CERT_FILE",
            ),
            Refusal::NoAuthority { whose } => write!(
                formatter,
                "{whose} signed another, but is not that of a certificate authority (basicConstraints \
                 CA:TRUE): the authority must issue it anew"
            ),
            Refusal::MayNotSign { whose } => write!(
                formatter,
                "{whose} signed another, but its key usage does not allow that (keyCertSign): the \
                 authority must issue it anew"
            ),
            Refusal::TooLong => formatter.write_str(
                "the server's certificate has more authorities above it than one of them allows \
                 (pathLenConstraint): the authority must issue it anew, or name the nearest authority \
                 with SSL_CERT_FILE",
            ),
            Refusal::Purpose { whose } => write!(
                formatter,
                "{whose} is not for servers: its extended key usage must have serverAuth"
            ),
            Refusal::NameConstraint => formatter.write_str(
                "a certificate authority is limited to other names than those of the server's \
                 certificate (nameConstraints): the server needs a certificate of another authority",
            ),
            Refusal::DirectoryNameConstraint => formatter.write_str(
                "a certificate authority is limited by a directoryName (nameConstraints), which the \
                 provider cannot check: the server needs a certificate of an authority without it",
            ),
            Refusal::CriticalPolicies { whose: Whose::Server } => formatter.write_str(
                "the server's certificate has critical certificate policies (certificatePolicies), \
                 which the provider does not know: it must be issued anew with policies that are not \
                 critical",
            ),
            Refusal::CriticalPolicies { whose } => write!(
                formatter,
                "{whose} has critical certificate policies (certificatePolicies), which the provider \
                 does not know: put that intermediate certificate into the file that SSL_CERT_FILE \
                 names, so that it is trusted by itself"
            ),
            Refusal::CriticalExtension { whose, identifier } => write!(
                formatter,
                "{whose} has a critical extension that is not known here ({identifier}): it must be \
                 issued anew without it"
            ),
            Refusal::WeakSignature => formatter.write_str(
                "a certificate of the server is signed with an algorithm or a key that is too weak, such \
                 as SHA-1 or RSA with fewer than 2048 bits: it must be issued anew",
            ),
            Refusal::Version1 => formatter.write_str(
                "a certificate that the server sends is of X.509 version 1, which has no subjectAltName: \
                 it must be issued anew in version 3",
            ),
            Refusal::Malformed { whose } => write!(
                formatter,
                "{whose} is malformed: it must be issued anew"
            ),
            Refusal::TooComplex => formatter.write_str(
                "the server sends too many certificates to follow: it should send its own and the \
                 intermediate ones alone",
            ),
        }
    }
}

/// Explains a failed handshake, and says whether a retry may help.
pub(crate) fn explain(error: &Error) -> (String, bool) {
    let fixed = |text: String| (text, false);
    match error {
        Error::InvalidCertificate(CertificateError::BadSignature) => fixed(
            "the server does not hold the key of the certificate that it presents: something else may \
             stand in between"
                .to_owned(),
        ),
        Error::InvalidCertificate(CertificateError::Other(other)) if other.0.is::<Refused>() => {
            fixed(other.to_string())
        }
        Error::InvalidCertificate(other) => fixed(format!(
            "the server's certificate is refused: {}",
            words(&other.to_string())
        )),
        Error::AlertReceived(
            AlertDescription::HandshakeFailure
            | AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity,
        )
        | Error::PeerIncompatible(_) => fixed(
            "the provider and the server have no version or cipher of TLS in common: the server must \
             offer TLS 1.3, or TLS 1.2 with ECDHE"
                .to_owned(),
        ),
        Error::AlertReceived(
            AlertDescription::CertificateRequired | AlertDescription::BadCertificate,
        ) => fixed(
            "the server asks for a certificate of the client, which the provider cannot give".to_owned(),
        ),
        Error::AlertReceived(AlertDescription::UnrecognisedName) => fixed(
            "the server does not know the host name: check it, or the server's configuration".to_owned(),
        ),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => fixed(
            "what answers there does not speak TLS: check the port".to_owned(),
        ),
        other => (
            format!("the TLS handshake failed: {}", words(&other.to_string())),
            true,
        ),
    }
}

/// Turns the names of types, as in `received fatal alert: InternalError`, into words.
fn words(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut before = ' ';
    for next in text.chars() {
        if next.is_ascii_uppercase() && before.is_ascii_lowercase() {
            result.push(' ');
            result.push(next.to_ascii_lowercase());
        } else if next.is_ascii_uppercase() && !before.is_ascii_uppercase() {
            result.push(next.to_ascii_lowercase());
        } else if matches!(next, '(' | '{') {
            result.push_str(": ");
        } else if !matches!(next, ')' | '}') {
            result.push(next);
        }
        before = next;
    }
    result
}

fn date(time: UnixTime) -> String {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map_or_else(
            || format!("second {} of the epoch", time.as_secs()),
            |date| date.to_rfc3339_opts(SecondsFormat::Secs, true),
        )
}

#[cfg(test)]
mod tests {
    use rustls::{PeerIncompatible, PeerMisbehaved};

    use super::*;

    /// `received fatal alert: InternalError` was shown.
    #[test]
    fn no_name_of_a_type_is_shown() {
        for (error, expected) in [
            (
                Error::AlertReceived(AlertDescription::InternalError),
                "the TLS handshake failed: received fatal alert: internal error",
            ),
            (
                Error::InvalidMessage(InvalidMessage::HandshakePayloadTooLarge),
                "the TLS handshake failed: received corrupt message of type handshake payload too large",
            ),
        ] {
            assert_eq!(explain(&error).0, expected);
        }
        for error in [
            Error::InvalidCertificate(CertificateError::UnhandledCriticalExtension),
            Error::InvalidCertificate(CertificateError::BadEncoding),
            Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon),
            Error::PeerMisbehaved(PeerMisbehaved::TooManyRenegotiationRequests),
            Error::InvalidMessage(InvalidMessage::InvalidContentType),
            Error::NoCertificatesPresented,
            Error::DecryptError,
            Error::General("x".to_owned()),
        ] {
            let text = explain(&error).0;
            assert!(!has_type_name(&text), "{text}");
        }
    }

    /// Whether a word looks like the name of a type: `InvalidContentType`, `Other(…)`.
    fn has_type_name(text: &str) -> bool {
        text.split(|next: char| !next.is_ascii_alphanumeric())
            .any(|word| {
                word.starts_with(|first: char| first.is_ascii_uppercase())
                    && word.chars().any(|next| next.is_ascii_lowercase())
            })
    }
}
