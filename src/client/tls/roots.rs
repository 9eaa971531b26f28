//! [`Roots`]: the trusted certificates, by Go's rules on Linux.
//!
//! One file of the system, or `SSL_CERT_FILE`; and every file in the system's directories, or in those
//! of `SSL_CERT_DIR` (Go: crypto/x509, root_unix.go). With a private authority in `SSL_CERT_FILE` public
//! hosts are still trusted, because of the directories. To trust only the private one, set both. A file
//! that cannot be read is skipped. If a variable names it, that is logged, and a failed verification
//! names it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::client::environment::Environment;

const FILE: &str = "SSL_CERT_FILE";
const DIRECTORIES: &str = "SSL_CERT_DIR";

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The first that can be read is used (Go: crypto/x509, root_linux.go).
const CERTIFICATE_FILES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// All are read (Go: the same file).
const CERTIFICATE_DIRECTORIES: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// The trusted certificates.
///
/// The file is read when a server sends its certificate. The directories are read only if the file is
/// not enough: most systems have the same certificates in both.
pub(super) struct Roots {
    environment: Environment,
    of_file: OnceLock<Anchors>,
    all: OnceLock<Anchors>,
}

/// Trusted certificates, without duplicates.
#[derive(Clone)]
pub(super) struct Anchors {
    store: RootCertStore,
    /// SHA-256 of each certificate.
    digests: Vec<[u8; 32]>,
    problems: Vec<String>,
    /// The file that was read, so that the directories do not read it again.
    file: Option<PathBuf>,
}

/// How many certificates a file has.
#[derive(Default)]
struct Found {
    usable: usize,
    malformed: usize,
}

impl Roots {
    /// Makes the roots without reading any.
    pub(super) fn new(environment: &Environment) -> Self {
        Self {
            environment: environment.clone(),
            of_file: OnceLock::new(),
            all: OnceLock::new(),
        }
    }

    /// Returns the certificates of the file, which are enough for nearly every server.
    pub(super) fn of_file(&self) -> &Anchors {
        self.of_file.get_or_init(|| {
            let mut anchors = Anchors::none();
            match of_the_platform() {
                Some(certificates) => {
                    for certificate in certificates {
                        anchors.add(certificate);
                    }
                }
                None => anchors.read_file(&self.environment),
            }
            anchors.log();
            anchors
        })
    }

    /// Returns the certificates of the file and of the directories.
    pub(super) fn all(&self) -> &Anchors {
        self.all.get_or_init(|| {
            let mut anchors = self.of_file().clone();
            if cfg!(not(any(target_os = "macos", windows))) {
                anchors.read_directories(&self.environment);
                anchors.log();
            }
            anchors
        })
    }
}

/// The platform's certificates, where Go uses them and reads no variable.
#[cfg(any(target_os = "macos", windows))]
fn of_the_platform() -> Option<Vec<CertificateDer<'static>>> {
    Some(rustls_native_certs::load_native_certs().certs)
}

#[cfg(not(any(target_os = "macos", windows)))]
fn of_the_platform() -> Option<Vec<CertificateDer<'static>>> {
    None
}

impl Anchors {
    fn none() -> Self {
        Self {
            store: RootCertStore::empty(),
            digests: Vec::new(),
            problems: Vec::new(),
            file: None,
        }
    }

    /// Returns the certificates that end a chain.
    pub(super) fn store(&self) -> &RootCertStore {
        &self.store
    }

    /// Whether a certificate with the same bytes is trusted.
    pub(super) fn contains(&self, certificate: &CertificateDer<'_>) -> bool {
        self.digests.contains(&fingerprint(certificate))
    }

    /// Returns why files of the variables were not used.
    pub(super) fn problems(&self) -> &[String] {
        &self.problems
    }

    fn log(&self) {
        tracing::debug!(
            certificates = self.store.len(),
            "read the trusted root certificates"
        );
    }

    fn read_file(&mut self, environment: &Environment) {
        self.file = match environment.get(FILE).map(PathBuf::from) {
            Some(file) => {
                self.read_named(FILE, &file, environment);
                Some(file)
            }
            None => CERTIFICATE_FILES
                .into_iter()
                .map(PathBuf::from)
                .find(|file| self.read(file, environment).is_ok()),
        };
    }

    fn read_directories(&mut self, environment: &Environment) {
        let known = self.file.clone();
        let is_other = |file: &PathBuf| Some(file) != known.as_ref() && !is_alias(file);
        match environment.get(DIRECTORIES) {
            Some(list) => {
                for directory in list.split(':').map(Path::new) {
                    match environment.list(directory) {
                        Ok(files) => {
                            for file in files.into_iter().filter(is_other) {
                                self.read_named(DIRECTORIES, &file, environment);
                            }
                        }
                        Err(error) => self.warn(DIRECTORIES, directory, &error.to_string()),
                    }
                }
            }
            None => {
                for directory in CERTIFICATE_DIRECTORIES.map(Path::new) {
                    let files = environment.list(directory).unwrap_or_default();
                    for file in files.into_iter().filter(is_other) {
                        // The practitioner has not named these files.
                        let _ = self.read(&file, environment);
                    }
                }
            }
        }
    }

    /// Reads a file of `SSL_CERT_FILE`, or of a directory of `SSL_CERT_DIR`, which may have other files.
    fn read_named(&mut self, variable: &'static str, file: &Path, environment: &Environment) {
        match self.read(file, environment) {
            Err(error)
                if variable == DIRECTORIES && error.kind() == io::ErrorKind::IsADirectory => {}
            Err(error) => self.warn(variable, file, &error.to_string()),
            Ok(found) if found.malformed > 0 => {
                let what = format!("malformed certificates in it: {}", found.malformed);
                self.warn(variable, file, &what);
            }
            Ok(found) if found.usable == 0 && variable == FILE => {
                self.warn(variable, file, "it has no certificate in PEM");
            }
            Ok(_) => {}
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

    /// Adds the certificates of a file.
    fn read(&mut self, file: &Path, environment: &Environment) -> io::Result<Found> {
        let contents = environment.read(file)?;
        let mut found = Found::default();
        for section in sections(&contents) {
            // One malformed certificate in a bundle must not prevent the use of the others.
            let certificate = CertificateDer::from_pem_slice(&section);
            if certificate.is_ok_and(|certificate| self.add(certificate)) {
                found.usable += 1;
            } else {
                found.malformed += 1;
            }
        }
        Ok(found)
    }

    /// Adds a certificate. Returns `false` if it cannot be used.
    fn add(&mut self, certificate: CertificateDer<'static>) -> bool {
        let fingerprint = fingerprint(&certificate);
        if self.digests.contains(&fingerprint) {
            return true;
        }
        let known = self.store.len();
        if self.store.add(certificate).is_err() {
            return false;
        }
        // A second certificate with the same name and key adds nothing.
        let (known, new) = self.store.roots.split_at(known);
        if new.iter().all(|new| known.contains(new)) {
            self.store.roots.pop();
        }
        self.digests.push(fingerprint);
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

fn fingerprint(certificate: &CertificateDer<'_>) -> [u8; 32] {
    digest(&SHA256, certificate)
        .as_ref()
        .try_into()
        .expect("SHA-256 has 32 bytes")
}

/// Whether it is a link to a file in the same directory, like OpenSSL's hashes (Go: crypto/x509,
/// root_unix.go).
fn is_alias(file: &Path) -> bool {
    std::fs::read_link(file).is_ok_and(|target| target.parent() == Some(Path::new("")))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn pem(name: &str) -> String {
        use base64::Engine as _;
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let der = params.self_signed(&key).unwrap();
        let text = base64::engine::general_purpose::STANDARD.encode(der.der());
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    }

    const JUNK: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const NO_END: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n";
    const NO_BASE64: &str = "-----BEGIN CERTIFICATE-----\n!?\n-----END CERTIFICATE-----\n";

    fn read_all(environment: &Environment) -> Anchors {
        Roots::new(environment).all().clone()
    }

    #[track_caller]
    fn check(environment: &Environment, expected: usize, problems: &[&str]) {
        let roots = read_all(environment);
        assert_eq!(roots.store().len(), expected);
        assert_eq!(roots.problems(), problems);
    }

    #[test]
    fn a_certificate_in_several_files_is_kept_once() {
        let (one, two, three) = (pem("one"), pem("two"), pem("three"));
        let environment = Environment::in_memory()
            .file("/etc/ssl/certs/ca-certificates.crt", format!("{one}{two}"))
            .file("/etc/ssl/certs/one.pem", one.as_str())
            .file("/etc/ssl/certs/three.pem", three.as_str())
            .file("/etc/pki/tls/certs/ca-bundle.crt", format!("{two}{one}"));
        check(&environment, 3, &[]);
    }

    #[test]
    fn the_directories_are_read_only_when_needed() {
        let roots = Roots::new(
            &Environment::in_memory()
                .file("/etc/ssl/certs/ca-certificates.crt", pem("one"))
                .file("/etc/ssl/certs/two.pem", pem("two")),
        );
        assert_eq!(roots.of_file().store().len(), 1);
        assert!(roots.all.get().is_none());
        assert_eq!(roots.all().store().len(), 2);
    }

    #[test]
    fn a_certificate_is_recognised_by_its_bytes() {
        let (one, other) = (pem("one"), pem("one"));
        let roots = read_all(&Environment::in_memory().file("/etc/ssl/cert.pem", one.as_str()));
        let der = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        assert!(roots.contains(&der(&one)));
        assert!(!roots.contains(&der(&other)));
    }

    #[test]
    fn a_malformed_certificate_does_not_prevent_the_use_of_others() {
        let environment = Environment::in_memory()
            .file("/etc/ssl/certs/a.pem", JUNK)
            .file("/etc/ssl/certs/b.pem", "no PEM")
            .file(
                "/etc/ssl/certs/c.pem",
                format!("{JUNK}{NO_BASE64}{NO_END}{}{NO_END}", pem("one")),
            )
            .file(
                "/etc/ssl/certs/d.pem",
                format!("# two\r\n{}", pem("two").replace('\n', "\r\n")),
            );
        check(&environment, 2, &[]);
    }

    #[test]
    fn white_space_around_the_lines_of_a_certificate_is_ignored() {
        let environment = Environment::in_memory()
            .file(
                "/etc/ssl/certs/a.pem",
                pem("indented").replace('\n', "\n  ").trim(),
            )
            .file(
                "/etc/ssl/certs/b.pem",
                format!("  {}", pem("from YAML").replace('\n', "\n  ")),
            )
            .file(
                "/etc/ssl/certs/c.pem",
                pem("trailing").replace('\n', " \t\n"),
            )
            .file(
                "/etc/ssl/certs/d.pem",
                pem("after a blank line").replacen('\n', "\n\n", 1),
            );
        check(&environment, 4, &[]);
    }

    #[test]
    fn a_file_of_a_variable_that_is_not_used_is_reported() {
        let system = || Environment::in_memory().file("/etc/ssl/certs/a.pem", pem("public"));
        let file = |contents: &str| {
            let environment = system().variable(FILE, "/mine.pem");
            environment.file("/mine.pem", contents)
        };
        check(
            &system().variable(FILE, "/none.pem"),
            1,
            &["SSL_CERT_FILE: /none.pem: entity not found"],
        );
        check(
            &file("no PEM"),
            1,
            &["SSL_CERT_FILE: /mine.pem: it has no certificate in PEM"],
        );
        check(
            &file(&format!("{JUNK}{NO_BASE64}{NO_END}{}{NO_END}", pem("mine"))),
            2,
            &["SSL_CERT_FILE: /mine.pem: malformed certificates in it: 4"],
        );
        check(&file(&pem("mine")), 2, &[]);
        check(
            &system()
                .variable(DIRECTORIES, "/none:/some")
                .file("/some/a.pem", pem("mine"))
                .file("/some/README", "no PEM")
                .file("/some/b.pem", JUNK),
            1,
            &[
                "SSL_CERT_DIR: /none: entity not found",
                "SSL_CERT_DIR: /some/b.pem: malformed certificates in it: 1",
            ],
        );
    }

    #[test]
    fn an_alias_is_a_link_to_a_file_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| folder.path().join(name);
        std::fs::write(path("one.pem"), pem("one")).unwrap();
        for (target, link, expected) in [
            (PathBuf::from("one.pem"), "12345678.0", true),
            (path("one.pem"), "linked.pem", false),
        ] {
            std::os::unix::fs::symlink(target, path(link)).unwrap();
            assert_eq!(is_alias(&path(link)), expected);
        }
        assert!(!is_alias(&path("one.pem")));
    }
}
