//! [`Environment`]: environment variables, the home directory and files.
//!
//! The client reads all of them through here, so that a caller can set them. The clock and the network
//! belong to the runtime.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Environment variables, the home directory and files: those of the process, or others in memory.
#[derive(Clone, Debug)]
pub struct Environment(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    InMemory(Arc<InMemory>),
}

#[derive(Clone, Default)]
struct InMemory {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl std::fmt::Debug for InMemory {
    // Values may be tokens.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("InMemory")
            .field("variables", &self.variables.keys())
            .field("home", &self.home)
            .field("files", &self.files.keys())
            .finish()
    }
}

impl Environment {
    /// Returns the environment and file system of the process.
    pub fn system() -> Environment {
        Environment(Source::System)
    }

    /// Returns an environment in memory: at first without variables, home directory or files.
    ///
    /// ```
    /// use terraform_provider_tfe::client::Environment;
    /// let environment = Environment::in_memory()
    ///     .home("/home/me")
    ///     .variable("TFE_HOSTNAME", "example.com")
    ///     .file("/home/me/.terraformrc", "");
    /// ```
    pub fn in_memory() -> Environment {
        Environment(Source::InMemory(Arc::default()))
    }

    /// Sets a variable of an environment in memory.
    pub fn variable(self, name: &str, value: &str) -> Environment {
        self.with(|memory| {
            memory.variables.insert(name.to_owned(), value.to_owned());
        })
    }

    /// Sets the home directory of an environment in memory. Files below it are read from the disk.
    pub fn home(self, path: impl Into<PathBuf>) -> Environment {
        let path = path.into();
        self.with(|memory| memory.home = Some(path))
    }

    /// Adds a file to an environment in memory.
    pub fn file(self, path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) -> Environment {
        let (path, contents) = (path.into(), contents.into());
        self.with(|memory| {
            memory.files.insert(path, contents);
        })
    }

    /// Changes an environment in memory. The environment of the process stays as it is.
    fn with(mut self, change: impl FnOnce(&mut InMemory)) -> Environment {
        if let Source::InMemory(memory) = &mut self.0 {
            change(Arc::make_mut(memory));
        }
        self
    }

    /// Returns a variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        match &self.0 {
            Source::System => std::env::var(name).ok(),
            Source::InMemory(memory) => memory.variables.get(name).cloned(),
        }
        .filter(|value| !value.is_empty())
    }

    /// Whether a variable is set, to any value.
    pub(crate) fn has(&self, name: &str) -> bool {
        match &self.0 {
            Source::System => std::env::var_os(name).is_some(),
            Source::InMemory(memory) => memory.variables.contains_key(name),
        }
    }

    /// Returns the names of all variables that start with `prefix`, in order.
    pub(crate) fn names_with(&self, prefix: &str) -> Vec<String> {
        let mut names: Vec<String> = match &self.0 {
            Source::System => std::env::vars_os()
                .filter_map(|(name, _)| name.into_string().ok())
                .collect(),
            Source::InMemory(memory) => memory.variables.keys().cloned().collect(),
        };
        names.retain(|name| name.starts_with(prefix));
        names.sort();
        names
    }

    /// Returns the home directory from `HOME` alone: the password database needs NSS, which a static
    /// binary does not have.
    pub(crate) fn home_directory(&self) -> Option<PathBuf> {
        match &self.0 {
            Source::System => self.get("HOME").map(PathBuf::from),
            Source::InMemory(memory) => memory.home.clone(),
        }
    }

    /// Reads a file.
    pub(crate) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match &self.0 {
            Source::System => std::fs::read(path),
            Source::InMemory(memory) => match memory.files.get(path) {
                Some(contents) => Ok(contents.clone()),
                None if memory.reaches(path) => std::fs::read(path),
                None => Err(io::ErrorKind::NotFound.into()),
            },
        }
    }

    /// Reads a regular file of at most `limit` bytes. A pipe is not opened, because that may take
    /// forever.
    ///
    /// # Errors
    ///
    /// It cannot be read, is not a regular file, or is larger.
    pub(crate) fn read_at_most(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let contents = match &self.0 {
            Source::InMemory(memory) if !memory.is_on_disk(path) => self.read(path)?,
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

    /// Returns the paths of a directory's entries, in order of name.
    pub(crate) fn list(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        let on_disk = || -> io::Result<Vec<PathBuf>> {
            std::fs::read_dir(directory)?
                .map(|entry| Ok(entry?.path()))
                .collect()
        };
        let mut paths = match &self.0 {
            Source::System => on_disk()?,
            Source::InMemory(memory) => {
                let mut paths: Vec<PathBuf> = memory
                    .files
                    .keys()
                    .filter(|path| path.parent() == Some(directory))
                    .cloned()
                    .collect();
                if memory.reaches(directory) {
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

impl InMemory {
    /// Whether a path is read from the disk.
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
    fn an_empty_variable_is_unset_for_get_and_set_for_has() {
        let environment = Environment::in_memory().variable("EMPTY", "");
        assert_eq!(environment.get("EMPTY"), None);
        assert!(environment.has("EMPTY"));
        assert!(!environment.has("ABSENT"));
    }

    #[test]
    fn an_environment_in_memory_has_only_its_own_files() {
        let environment = Environment::in_memory()
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
        let environment = Environment::in_memory()
            .variable("TFE_TOKEN", "planted")
            .file("/f", "planted");
        assert!(!format!("{environment:?}").contains("planted"));
    }
}
