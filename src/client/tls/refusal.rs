//! Why the TLS handshake failed, and what to do about it.

use chrono::{DateTime, SecondsFormat};
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, OtherError};

use super::verifier::{CA_USED_AS_END_ENTITY, Forged, UnknownAuthority};

/// Explains a failed handshake. Returns `None` where rustls's text is enough. A retry does not help
/// against the explained errors.
pub(crate) fn explain(error: &Error) -> Option<String> {
    match error {
        Error::InvalidCertificate(refusal) => Some(explain_refusal(refusal)),
        Error::AlertReceived(
            AlertDescription::HandshakeFailure
            | AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity,
        )
        | Error::PeerIncompatible(_) => Some(format!(
            "{error}; the provider and the server have no way to speak TLS in common: the server \
             must offer TLS 1.3, or TLS 1.2 with ECDHE"
        )),
        Error::AlertReceived(
            AlertDescription::CertificateRequired | AlertDescription::BadCertificate,
        ) => Some(format!(
            "{error}; the server asks for a certificate of the client, which the provider cannot \
             give"
        )),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => Some(format!(
            "{error}; what answers there does not speak TLS: check the port"
        )),
        _ => None,
    }
}

fn explain_refusal(refusal: &CertificateError) -> String {
    match refusal {
        CertificateError::ExpiredContext { time, not_after } => format!(
            "a certificate of the server expired on {} (here it is {}): it has to be renewed there",
            date(*not_after),
            date(*time)
        ),
        CertificateError::NotValidYetContext { time, not_before } => format!(
            "a certificate of the server is valid from {} only, and here it is {}: check the clocks \
             of both machines",
            date(*not_before),
            date(*time)
        ),
        CertificateError::NotValidForNameContext { .. } => format!(
            "{refusal}: check the host name, or give the server a certificate whose subjectAltName \
             has it"
        ),
        CertificateError::BadSignature => {
            "the server does not hold the key of the certificate that it presents: something else \
             may stand in between"
                .to_owned()
        }
        CertificateError::Other(other) => explain_other(other),
        _ => refusal.to_string(),
    }
}

fn explain_other(other: &OtherError) -> String {
    if let Some(unknown) = other.0.downcast_ref::<UnknownAuthority>() {
        explain_unknown_authority(unknown)
    } else if other.0.is::<Forged>() {
        "the issuer of the server's certificate is known by name, but has signed with another key: \
         name the authority's present certificate with SSL_CERT_FILE"
            .to_owned()
    } else if other.to_string() == CA_USED_AS_END_ENTITY {
        "the server presents a certificate authority as its own certificate: give it one with \
         basicConstraints CA:FALSE, or trust exactly this one with SSL_CERT_FILE"
            .to_owned()
    } else {
        other.to_string()
    }
}

fn explain_unknown_authority(unknown: &UnknownAuthority) -> String {
    let mut words = match unknown.sent {
        1 => "the server's certificate leads to no trusted one: if a private certificate authority \
              issued it, name that with SSL_CERT_FILE; if the authority is trusted here, the server \
              leaves out an intermediate certificate, for it sends its own only"
            .to_owned(),
        sent => format!(
            "the {sent} certificates that the server sends lead to no trusted one: name their \
             certificate authority with SSL_CERT_FILE"
        ),
    };
    for problem in &unknown.problems {
        words.push_str("; ");
        words.push_str(problem);
    }
    words
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
