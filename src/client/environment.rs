//! Where variables, the home directory and files come from.
//!
//! Everything that the client takes from its surroundings passes through here, so that a test can
//! say what they are. The clock and the network are not surroundings: they come with the runtime.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The surroundings of the process, or of a test.
#[derive(Clone, Debug)]
pub struct Environment(Surroundings);

#[derive(Clone, Debug)]
enum Surroundings {
    System,
    Test(Arc<Invented>),
}

#[derive(Clone, Default)]
struct Invented {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl std::fmt::Debug for Invented {
    // Values may be tokens.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Invented")
            .field("variables", &self.variables.keys())
            .field("home", &self.home)
            .field("files", &self.files.keys())
            .finish()
    }
}

impl Environment {
    /// The process's own environment and file system.
    pub fn system() -> Environment {
        Environment(Surroundings::System)
    }

    /// An environment with nothing in it: no variable, no home directory, no file, no proxy.
    ///
    /// ```
    /// use terraform_provider_tfe::client::Environment;
    /// let environment = Environment::for_test()
    ///     .home("/home/me")
    ///     .variable("TFE_HOSTNAME", "example.com")
    ///     .file("/home/me/.terraformrc", "");
    /// ```
    pub fn for_test() -> Environment {
        Environment(Surroundings::Test(Arc::default()))
    }

    /// Sets a variable of a test's environment.
    pub fn variable(self, name: &str, value: &str) -> Environment {
        self.with(|invented| {
            invented.variables.insert(name.to_owned(), value.to_owned());
        })
    }

    /// Sets the home directory of a test's environment; what lies below it on the disk is seen too.
    pub fn home(self, path: impl Into<PathBuf>) -> Environment {
        let path = path.into();
        self.with(|invented| invented.home = Some(path))
    }

    /// Puts a file into a test's environment.
    pub fn file(self, path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) -> Environment {
        let (path, contents) = (path.into(), contents.into());
        self.with(|invented| {
            invented.files.insert(path, contents);
        })
    }

    /// Applies a change to a test's environment; the system's cannot be changed and stays as it is.
    fn with(mut self, change: impl FnOnce(&mut Invented)) -> Environment {
        if let Surroundings::Test(invented) = &mut self.0 {
            change(Arc::make_mut(invented));
        }
        self
    }

    /// A variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        match &self.0 {
            Surroundings::System => std::env::var(name).ok(),
            Surroundings::Test(invented) => invented.variables.get(name).cloned(),
        }
        .filter(|value| !value.is_empty())
    }

    /// Whether a variable is there, with any value.
    pub(crate) fn has(&self, name: &str) -> bool {
        match &self.0 {
            Surroundings::System => std::env::var_os(name).is_some(),
            Surroundings::Test(invented) => invented.variables.contains_key(name),
        }
    }

    /// The names of all variables that start with `prefix`, in order.
    pub(crate) fn names_with(&self, prefix: &str) -> Vec<String> {
        let mut names: Vec<String> = match &self.0 {
            Surroundings::System => std::env::vars_os()
                .filter_map(|(name, _)| name.into_string().ok())
                .collect(),
            Surroundings::Test(invented) => invented.variables.keys().cloned().collect(),
        };
        names.retain(|name| name.starts_with(prefix));
        names.sort();
        names
    }

    /// The home directory, from `HOME` alone: the password database needs NSS, which a static
    /// binary does not have.
    pub(crate) fn home_directory(&self) -> Option<PathBuf> {
        match &self.0 {
            Surroundings::System => self.get("HOME").map(PathBuf::from),
            Surroundings::Test(invented) => invented.home.clone(),
        }
    }

    /// A file's contents.
    pub(crate) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match &self.0 {
            Surroundings::System => std::fs::read(path),
            Surroundings::Test(invented) => match invented.files.get(path) {
                Some(contents) => Ok(contents.clone()),
                None if invented.reaches(path) => std::fs::read(path),
                None => Err(io::ErrorKind::NotFound.into()),
            },
        }
    }

    /// The contents of a regular file that has no more than `limit` bytes. Of a larger one, or of a
    /// device that never ends, nothing is kept; a pipe is not opened, because that may take forever.
    pub(crate) fn read_at_most(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let contents = match &self.0 {
            Surroundings::Test(invented) if !invented.is_on_disk(path) => self.read(path)?,
            _ => {
                if !std::fs::metadata(path)?.is_file() {
                    return Err(io::Error::other("it is not a regular file"));
                }
                let mut contents = Vec::new();
                std::fs::File::open(path)?
                    .take(limit + 1)
                    .read_to_end(&mut contents)?;
                contents
            }
        };
        if u64::try_from(contents.len()).is_ok_and(|length| length <= limit) {
            Ok(contents)
        } else {
            Err(io::Error::other(format!("it is larger than {limit} bytes")))
        }
    }

    /// The paths of a directory's entries, in order of name.
    pub(crate) fn list(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        let on_disk = || -> io::Result<Vec<PathBuf>> {
            std::fs::read_dir(directory)?
                .map(|entry| Ok(entry?.path()))
                .collect()
        };
        let mut paths = match &self.0 {
            Surroundings::System => on_disk()?,
            Surroundings::Test(invented) => {
                let mut paths: Vec<PathBuf> = invented
                    .files
                    .keys()
                    .filter(|path| path.parent() == Some(directory))
                    .cloned()
                    .collect();
                if invented.reaches(directory) {
                    match on_disk() {
                        Ok(more) => paths.extend(more),
                        Err(error) if paths.is_empty() => return Err(error),
                        Err(_) => {}
                    }
                } else if paths.is_empty() {
                    return Err(io::ErrorKind::NotFound.into());
                }
                paths
            }
        };
        paths.sort();
        paths.dedup();
        Ok(paths)
    }
}

impl Invented {
    /// Whether a path that no test has made up may be on the disk.
    fn is_on_disk(&self, path: &Path) -> bool {
        !self.files.contains_key(path) && self.reaches(path)
    }

    fn reaches(&self, path: &Path) -> bool {
        self.home
            .as_deref()
            .is_some_and(|home| path.starts_with(home))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_unset_but_as_present() {
        let environment = Environment::for_test().variable("EMPTY", "");
        assert_eq!(environment.get("EMPTY"), None);
        assert!(environment.has("EMPTY"));
        assert!(!environment.has("ABSENT"));
    }

    #[test]
    fn a_test_sees_only_its_own_files() {
        let environment = Environment::for_test()
            .file("/a/one", "1")
            .file("/a/b/two", "2");
        assert_eq!(environment.read(Path::new("/a/one")).unwrap(), b"1");
        assert_eq!(
            environment.list(Path::new("/a")).unwrap(),
            [PathBuf::from("/a/one")]
        );
        assert!(environment.read(Path::new("/etc/passwd")).is_err());
    }

    #[test]
    fn debug_shows_no_value() {
        let environment = Environment::for_test()
            .variable("TFE_TOKEN", "planted")
            .file("/f", "planted");
        assert!(!format!("{environment:?}").contains("planted"));
    }
}
