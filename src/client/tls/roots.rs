//! [`Roots`]: the trusted certificates, by Go's rules on Linux.
//!
//! One file of the system, or `SSL_CERT_FILE`; and every file in the system's directories, or in those
//! of `SSL_CERT_DIR` (Go: crypto/x509, root_unix.go). With a private authority in `SSL_CERT_FILE` public
//! hosts are still trusted, because of the directories. To trust only the private one, set both. A file
//! that cannot be read is skipped. If a variable names it, that is logged, and a failed verification
//! names it.

use std::path::PathBuf;
use std::sync::OnceLock;

use rustls::pki_types::CertificateDer;

use super::anchors::Anchors;
use super::sources::{DIRECTORIES, FILE, Sources};
use crate::client::environment::Environment;

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

/// The platform's certificates, where Go uses them and reads no variable.
#[cfg(any(target_os = "macos", windows))]
fn of_the_platform() -> Option<Vec<CertificateDer<'static>>> {
    Some(rustls_native_certs::load_native_certs().certs)
}

#[cfg(not(any(target_os = "macos", windows)))]
fn of_the_platform() -> Option<Vec<CertificateDer<'static>>> {
    None
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};
    use rustls::pki_types::pem::PemObject as _;

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
