//! [`Roots`]: the trusted certificates, by Go's rules on Linux.
//!
//! One file of the system, or `SSL_CERT_FILE`; and every file in the system's directories, or in those
//! of `SSL_CERT_DIR` (Go: crypto/x509, root_unix.go). With a private authority in `SSL_CERT_FILE` public
//! hosts are still trusted, because of the directories. To trust only the private one, set both. A file
//! that cannot be read is skipped. If a variable names it, that is logged, and a failed verification
//! names it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, TrustAnchor};

use crate::client::environment::Environment;
use crate::client::files::Files;

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
/// The files are read before the first connection, on another thread, and parsed when a server sends its
/// certificate. The directories are parsed only if the file is not enough: most systems have the same
/// certificates in both.
pub(super) struct Roots {
    file: Sources,
    directories: Sources,
    of_file: OnceLock<Anchors>,
    all: OnceLock<Anchors>,
}

/// What was read from one place, in order.
#[derive(Debug, Default)]
struct Sources(Vec<Source>);

/// A file, or a directory that cannot be read.
#[derive(Debug)]
struct Source {
    path: PathBuf,
    /// The variable that names it, so that problems with it are reported.
    variable: Option<&'static str>,
    contents: io::Result<Vec<u8>>,
}

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

impl Roots {
    /// Reads the files. A file or directory that cannot be read, or not in time, is a problem of the
    /// roots and no error: the others may be enough.
    pub(super) async fn read(environment: &Environment) -> Self {
        let roots = |file, directories| Self {
            file,
            directories,
            of_file: OnceLock::new(),
            all: OnceLock::new(),
        };
        if cfg!(any(target_os = "macos", windows)) {
            return roots(Sources::default(), Sources::default());
        }
        let (file, directories) = (environment.path(FILE), environment.value(DIRECTORIES));
        let known = file.clone();
        let file = environment
            .with_files(move |files| Sources::of_file(files, known))
            .await
            .unwrap_or_else(|error| Sources::unread(FILE, file, error));
        let list = directories.filter(|list| !list.is_empty());
        let (known, named) = (file.path(), list.clone());
        // Separate from the file, so that a directory that hangs costs only itself.
        let directories = environment
            .with_files(move |files| Sources::of_directories(files, named, known.as_deref()))
            .await
            .unwrap_or_else(|error| Sources::unread(DIRECTORIES, list.map(PathBuf::from), error));
        roots(file, directories)
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
                None => anchors.parse(&self.file),
            }
            anchors.log();
            anchors
        })
    }

    /// Returns the certificates of the file and of the directories.
    pub(super) fn all(&self) -> &Anchors {
        self.all.get_or_init(|| {
            let mut anchors = self.of_file().clone();
            anchors.parse(&self.directories);
            anchors.log();
            anchors
        })
    }
}

impl Sources {
    /// Reads the file that the variable names, or else the first of the system's.
    fn of_file(files: &Files, named: Option<PathBuf>) -> Self {
        let source = match named {
            Some(path) => Some(Source {
                contents: files.read(&path),
                variable: Some(FILE),
                path,
            }),
            None => CERTIFICATE_FILES.into_iter().find_map(|path| {
                let path = PathBuf::from(path);
                Some(Source {
                    contents: Ok(files.read(&path).ok()?),
                    variable: None,
                    path,
                })
            }),
        };
        Self(source.into_iter().collect())
    }

    /// Reads all files of the directories that the variable names, or else of the system's. Does not read
    /// `known` again.
    fn of_directories(files: &Files, named: Option<OsString>, known: Option<&Path>) -> Self {
        let variable = named.is_some().then_some(DIRECTORIES);
        let directories: Vec<PathBuf> = match &named {
            Some(list) => std::env::split_paths(list).collect(),
            None => CERTIFICATE_DIRECTORIES.map(PathBuf::from).to_vec(),
        };
        let mut sources = Vec::new();
        let mut add = |path, contents: io::Result<Vec<u8>>| {
            // A practitioner has not named the system's files.
            if variable.is_some() || contents.is_ok() {
                sources.push(Source {
                    path,
                    variable,
                    contents,
                });
            }
        };
        for directory in directories {
            match files.list(&directory) {
                Err(error) => add(directory, Err(error)),
                Ok(paths) => {
                    for path in paths {
                        if known == Some(&path) || is_alias(&path, files) {
                            continue;
                        }
                        match files.read(&path) {
                            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {}
                            contents => add(path, contents),
                        }
                    }
                }
            }
        }
        Self(sources)
    }

    /// The place that could not be read in time.
    fn unread(variable: &'static str, path: Option<PathBuf>, error: io::Error) -> Self {
        Self(vec![Source {
            path: path.unwrap_or_else(|| "the system's certificates".into()),
            variable: Some(variable),
            contents: Err(error),
        }])
    }

    /// Returns the path of the only file.
    fn path(&self) -> Option<PathBuf> {
        self.0.first().map(|source| source.path.clone())
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

    fn log(&self) {
        tracing::debug!(
            certificates = self.store.len(),
            "read the trusted root certificates"
        );
    }

    /// Adds the certificates of files.
    fn parse(&mut self, sources: &Sources) {
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
    fn add(&mut self, certificate: CertificateDer<'static>) -> bool {
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

/// Whether it is a link to a file in the same directory, like OpenSSL's hashes (Go: crypto/x509,
/// root_unix.go).
fn is_alias(file: &Path, files: &Files) -> bool {
    files
        .link_target(file)
        .is_some_and(|target| target.parent() == Some(Path::new("")))
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

    fn roots(environment: &Environment) -> Roots {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(Roots::read(environment))
    }

    fn read_all(environment: &Environment) -> Anchors {
        roots(environment).all().clone()
    }

    #[track_caller]
    fn check(environment: &Environment, expected: usize, problems: &[&str]) {
        let roots = read_all(environment);
        assert_eq!(roots.trusted().len(), expected);
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
    fn the_directories_are_parsed_only_when_needed() {
        let roots = roots(
            &Environment::in_memory()
                .file("/etc/ssl/certs/ca-certificates.crt", pem("one"))
                .file("/etc/ssl/certs/two.pem", pem("two")),
        );
        assert_eq!(roots.of_file().trusted().len(), 1);
        assert!(roots.all.get().is_none());
        assert_eq!(roots.all().trusted().len(), 2);
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
        let files = Environment::system().files();
        let path = |name| folder.path().join(name);
        std::fs::write(path("one.pem"), pem("one")).unwrap();
        for (target, link, expected) in [
            (PathBuf::from("one.pem"), "12345678.0", true),
            (path("one.pem"), "linked.pem", false),
        ] {
            std::os::unix::fs::symlink(target, path(link)).unwrap();
            assert_eq!(is_alias(&path(link), &files), expected);
        }
        assert!(!is_alias(&path("one.pem"), &files));
    }

    /// A pipe in `SSL_CERT_DIR` used to stop the whole process.
    #[cfg(unix)]
    #[test]
    fn a_pipe_is_reported_and_the_other_files_are_read() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
        std::fs::create_dir(&odd).unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        std::fs::write(folder.path().join("one.pem"), pem("one")).unwrap();
        std::fs::write(odd.join("two.pem"), pem("two")).unwrap();
        let list = std::env::join_paths([folder.path(), &odd]).unwrap();
        let environment = Environment::in_memory()
            .home(folder.path())
            .variable(DIRECTORIES, list);
        let problem = format!("SSL_CERT_DIR: {}: it is not a regular file", pipe.display());
        check(&environment, 2, &[&problem]);
    }
}
