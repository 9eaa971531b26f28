//! Certificates out of PEM (RFC 7468), for files of hundreds of them.
//!
//! The library's own reader decodes as for a private key, in the same time whatever the text is: of
//! a system's bundle that took two thirds of all instructions of a process. Certificates are public.

use std::io::BufRead;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rustls::pki_types::CertificateDer;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// As lenient as Go is (encoding/pem).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What stands where a certificate should.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Gives the certificates of a file to `take`, in their order; what is around them is comment.
pub(super) fn certificates(
    mut text: &[u8],
    mut take: impl FnMut(Result<CertificateDer<'static>, Malformed>),
) {
    let mut line = Vec::new();
    let mut body: Option<Vec<u8>> = None;
    loop {
        line.clear();
        // Memory cannot fail to be read.
        if text.read_until(b'\n', &mut line).unwrap_or_default() == 0 {
            break;
        }
        let line = line.trim_ascii();
        if line == BEGIN {
            if body.replace(Vec::new()).is_some() {
                take(Err(Malformed));
            }
        } else if line == END {
            if let Some(body) = body.take() {
                take(decode(&body));
            }
        } else if let Some(body) = &mut body {
            body.extend_from_slice(line);
        }
    }
    if body.is_some() {
        take(Err(Malformed));
    }
}

fn decode(body: &[u8]) -> Result<CertificateDer<'static>, Malformed> {
    BASE64
        .decode(body)
        .map(CertificateDer::from)
        .map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Result<&[u8], Malformed>]) {
        let mut found = Vec::new();
        certificates(text.as_bytes(), |one| found.push(one));
        let found: Vec<_> = found
            .iter()
            .map(|one| match one {
                Ok(der) => Ok(der.as_ref()),
                Err(Malformed) => Err(Malformed),
            })
            .collect();
        assert_eq!(found, expected);
    }

    fn wrap(body: &str) -> String {
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    }

    #[test]
    fn what_is_around_certificates_is_comment() {
        let (one, two) = (wrap("b25l"), wrap("dHdv"));
        check("", &[]);
        check("no PEM", &[]);
        check(&one, &[Ok(b"one")]);
        check(one.trim_end(), &[Ok(b"one")]);
        check(
            &format!("# one\n{one}\n\n# two\n{two}"),
            &[Ok(b"one"), Ok(b"two")],
        );
        check(&one.replace('\n', "\r\n"), &[Ok(b"one")]);
        check(&one.replace("CERTIFICATE", "PRIVATE KEY"), &[]);
    }

    #[test]
    fn lines_are_joined_wherever_they_end() {
        check(&wrap("b2\nVu\n  \nZQ==  "), &[Ok(b"oene")]);
        check(&wrap("b25lZ"), &[Err(Malformed)]);
        check(&wrap("b25l\nZQ"), &[Ok(b"onee")]);
    }

    #[test]
    fn one_that_is_cut_or_no_base64_does_not_cost_the_next() {
        let good = wrap("b25l");
        check(
            &format!("{}{good}", wrap("!?")),
            &[Err(Malformed), Ok(b"one")],
        );
        check(
            &format!("-----BEGIN CERTIFICATE-----\nb25l\n{good}"),
            &[Err(Malformed), Ok(b"one")],
        );
        check(
            &format!("{good}-----BEGIN CERTIFICATE-----\nb25l\n"),
            &[Ok(b"one"), Err(Malformed)],
        );
    }

    /// What the library reads is the measure.
    #[test]
    fn a_certificate_is_read_as_the_library_reads_it() {
        use rustls::pki_types::pem::PemObject as _;
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(certificate.der());
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        let text = wrap(&lines.join("\n"));
        let library: Vec<CertificateDer> = CertificateDer::pem_slice_iter(text.as_bytes())
            .map(Result::unwrap)
            .collect();
        let mut ours = Vec::new();
        certificates(text.as_bytes(), |one| ours.push(one.unwrap()));
        assert_eq!(ours, library);
        assert_eq!(ours, [certificate.der().clone()]);
    }
}
