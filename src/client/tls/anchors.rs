//! [`Anchors`]: the trusted certificates, parsed.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, TrustAnchor};

use super::sources::{FILE, Sources};

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Trusted certificates, without duplicates.
#[derive(Clone)]
pub(super) struct Anchors {
    store: RootCertStore,
    /// Each certificate, and the position of its name and key in the store.
    certificates: Vec<(usize, CertificateDer<'static>)>,
    problems: Vec<String>,
}

/// How many certificates a file has.
#[derive(Default)]
struct Found {
    usable: usize,
    malformed: usize,
}

impl Anchors {
    pub(super) fn none() -> Self {
        Self {
            store: RootCertStore::empty(),
            certificates: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Returns the names and keys that end a chain.
    pub(super) fn trusted(&self) -> &[TrustAnchor<'static>] {
        &self.store.roots
    }

    /// Whether a certificate with the same bytes is trusted.
    pub(super) fn contains(&self, certificate: &CertificateDer<'_>) -> bool {
        self.certificates().any(|known| known == certificate)
    }

    /// Returns all trusted certificates.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &CertificateDer<'static>> {
        self.certificates.iter().map(|(_, certificate)| certificate)
    }

    /// Returns the trusted certificates with this name and key.
    pub(super) fn certificates_of(
        &self,
        anchor: &TrustAnchor<'_>,
    ) -> impl Iterator<Item = &CertificateDer<'static>> {
        let position = self.trusted().iter().position(|known| known == anchor);
        let certificates = self.certificates.iter();
        certificates
            .filter_map(move |(of, certificate)| (Some(*of) == position).then_some(certificate))
    }

    /// Returns why files of the variables were not used.
    pub(super) fn problems(&self) -> &[String] {
        &self.problems
    }

    pub(super) fn log(&self) {
        tracing::debug!(
            certificates = self.store.len(),
            "read the trusted root certificates"
        );
    }

    /// Adds the certificates of files.
    pub(super) fn parse(&mut self, sources: &Sources) {
        for source in &sources.0 {
            let found = match &source.contents {
                Err(error) => Err(error.to_string()),
                Ok(contents) => Ok(self.read(contents)),
            };
            let Some(variable) = source.variable else {
                continue;
            };
            match found {
                Err(why) => self.warn(variable, &source.path, &why),
                Ok(found) if found.malformed > 0 => {
                    let what = format!("malformed certificates in it: {}", found.malformed);
                    self.warn(variable, &source.path, &what);
                }
                // A directory may have other files.
                Ok(found) if found.usable == 0 && variable == FILE => {
                    self.warn(variable, &source.path, "it has no certificate in PEM");
                }
                Ok(_) => {}
            }
        }
    }

    fn warn(&mut self, variable: &'static str, path: &Path, why: &str) {
        tracing::warn!(
            variable,
            path = %path.display(),
            why,
            "passed over certificates that were to be trusted"
        );
        let problem = format!("{variable}: {}: {why}", path.display());
        self.problems.push(problem);
    }

    /// Adds the certificates of a file's contents.
    fn read(&mut self, contents: &[u8]) -> Found {
        let mut found = Found::default();
        for section in sections(contents) {
            // One malformed certificate in a bundle must not prevent the use of the others.
            let certificate = CertificateDer::from_pem_slice(&section);
            if certificate.is_ok_and(|certificate| self.add(certificate)) {
                found.usable += 1;
            } else {
                found.malformed += 1;
            }
        }
        found
    }

    /// Adds a certificate. Returns `false` if it cannot be used.
    pub(super) fn add(&mut self, certificate: CertificateDer<'static>) -> bool {
        if self.contains(&certificate) {
            return true;
        }
        if self.store.add(certificate.clone()).is_err() {
            return false;
        }
        // A second certificate with the same name and key adds nothing to the store.
        let roots = &mut self.store.roots;
        let last = roots.len() - 1;
        let new = &roots[last];
        let position = roots.iter().position(|known| known == new).unwrap_or(last);
        if position < last {
            roots.pop();
        }
        self.certificates.push((position, certificate));
        true
    }
}

/// Splits a file in PEM before each certificate, and removes the white space around its lines.
///
/// rustls-pki-types reads on to the next `END` when the end of a section is missing, and would lose
/// the certificate that follows. It does not find sections that are indented, as those copied from
/// YAML are.
fn sections(text: &[u8]) -> Vec<Vec<u8>> {
    let mut sections: Vec<Vec<u8>> = Vec::new();
    for line in text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
        if line == BEGIN {
            sections.push(Vec::new());
        }
        if let Some(section) = sections.last_mut() {
            section.extend_from_slice(line);
            section.push(b'\n');
        }
    }
    sections
}
