//! [`Sources`]: the files with trusted certificates, read by Go's rules on Linux (crypto/x509, root_unix.go).

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::client::files::Files;

pub(super) const FILE: &str = "SSL_CERT_FILE";
pub(super) const DIRECTORIES: &str = "SSL_CERT_DIR";

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

/// What was read from one place, in order.
#[derive(Debug, Default)]
pub(super) struct Sources(pub(super) Vec<Source>);

/// A file, or a directory that cannot be read.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// The variable that names it, so that problems with it are reported.
    pub(super) variable: Option<&'static str>,
    pub(super) contents: io::Result<Vec<u8>>,
}

impl Sources {
    /// Reads the file that the variable names, or else the first of the system's.
    pub(super) fn of_file(files: &Files, named: Option<PathBuf>) -> Self {
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
    pub(super) fn of_directories(
        files: &Files,
        named: Option<OsString>,
        known: Option<&Path>,
    ) -> Self {
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
    pub(super) fn unread(variable: &'static str, path: Option<PathBuf>, error: io::Error) -> Self {
        Self(vec![Source {
            path: path.unwrap_or_else(|| "the system's certificates".into()),
            variable: Some(variable),
            contents: Err(error),
        }])
    }

    /// Returns the path of the only file.
    pub(super) fn path(&self) -> Option<PathBuf> {
        self.0.first().map(|source| source.path.clone())
    }
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
    #[cfg(unix)]
    use super::*;

    #[cfg(unix)]
    #[test]
    fn an_alias_is_a_link_to_a_file_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let files = crate::client::environment::Environment::system().files();
        let path = |name| folder.path().join(name);
        std::fs::write(path("one.pem"), "one").unwrap();
        for (target, link, expected) in [
            (PathBuf::from("one.pem"), "12345678.0", true),
            (path("one.pem"), "linked.pem", false),
        ] {
            std::os::unix::fs::symlink(target, path(link)).unwrap();
            assert_eq!(is_alias(&path(link), &files), expected);
        }
        assert!(!is_alias(&path("one.pem"), &files));
    }
}
