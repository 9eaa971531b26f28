//! [`Environment`]: environment variables, the home directory and files.
//!
//! The client reads all of them through here, so that a caller can set them. The clock and the network
//! belong to the runtime.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::account;
use super::files::{FileSystem, Files, InMemory};

/// Environment variables, the home directory and files: those of the process, or others in memory.
#[derive(Clone, Debug)]
pub struct Environment(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    InMemory(Arc<Memory>),
}

#[derive(Clone, Default)]
struct Memory {
    variables: BTreeMap<String, OsString>,
    home: Option<PathBuf>,
    parent_executable: Option<PathBuf>,
    files: Arc<InMemory>,
}

impl std::fmt::Debug for Memory {
    // Values may be tokens.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("InMemory")
            .field("variables", &self.variables.keys())
            .field("home", &self.home)
            .field("parent_executable", &self.parent_executable)
            .field("files", &self.files.files.keys())
            .finish()
    }
}

/// A variable whose value is not UTF-8. Its value is not kept, because it may be a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {name} is not valid UTF-8")]
pub(crate) struct NotUtf8 {
    pub(crate) name: String,
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

    /// Sets a variable of an environment in memory, to any bytes.
    pub fn variable(self, name: &str, value: impl AsRef<OsStr>) -> Environment {
        self.with(|memory| {
            let value = value.as_ref().to_owned();
            memory.variables.insert(name.to_owned(), value);
        })
    }

    /// Sets the home directory of an environment in memory. Files below it are read from the disk.
    pub fn home(self, path: impl Into<PathBuf>) -> Environment {
        let path = path.into();
        self.with(|memory| {
            memory.home = Some(path.clone());
            Arc::make_mut(&mut memory.files).on_disk = Some(path);
        })
    }

    /// Sets the executable that runs the provider, in an environment in memory.
    pub fn parent(self, path: impl Into<PathBuf>) -> Environment {
        let path = path.into();
        self.with(|memory| memory.parent_executable = Some(path))
    }

    /// Adds a file to an environment in memory.
    pub fn file(self, path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) -> Environment {
        let (path, contents) = (path.into(), contents.into());
        self.with(|memory| {
            Arc::make_mut(&mut memory.files)
                .files
                .insert(path, contents);
        })
    }

    /// Changes an environment in memory. The environment of the process stays as it is.
    fn with(mut self, change: impl FnOnce(&mut Memory)) -> Environment {
        if let Source::InMemory(memory) = &mut self.0 {
            change(Arc::make_mut(memory));
        }
        self
    }

    /// Returns the text of a variable without the white space around it, unless nothing is left.
    ///
    /// # Errors
    ///
    /// The value is not UTF-8. Such a variable must not count as unset: the provider would use another
    /// host or another token than the one that was meant.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, NotUtf8> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let value = value.into_string().map_err(|_| NotUtf8 {
            name: name.to_owned(),
        })?;
        let text = value.trim();
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// Returns the path in a variable that is set and not empty. A path may be any bytes.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        let value = self.value(name)?;
        (!value.is_empty()).then(|| PathBuf::from(value))
    }

    /// Returns the value of a variable as it is.
    pub(crate) fn value(&self, name: &str) -> Option<OsString> {
        match &self.0 {
            Source::System => std::env::var_os(name),
            Source::InMemory(memory) => memory.variables.get(name).cloned(),
        }
    }

    /// Whether a variable is set, to any value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
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

    /// Returns the home directory: `HOME`, or else that of `/etc/passwd`, as Terraform does.
    pub(crate) fn home_directory(&self, files: &Files) -> Option<PathBuf> {
        if let Source::InMemory(memory) = &self.0
            && memory.home.is_some()
        {
            return memory.home.clone();
        }
        self.path("HOME").or_else(|| account::home_directory(files))
    }

    /// Returns the executable that runs the provider, where the platform says so.
    pub(crate) fn parent_executable(&self, files: &Files) -> Option<PathBuf> {
        match &self.0 {
            #[cfg(target_os = "linux")]
            Source::System => {
                let parent = std::os::unix::process::parent_id();
                files.link_target(&PathBuf::from(format!("/proc/{parent}/exe")))
            }
            #[cfg(not(target_os = "linux"))]
            Source::System => None,
            Source::InMemory(memory) => memory.parent_executable.clone(),
        }
    }

    /// Runs `job` on another thread, where it may use files.
    ///
    /// # Errors
    ///
    /// It takes longer than a few seconds.
    pub(crate) async fn with_files<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Files) -> T + Send + 'static,
    ) -> io::Result<T> {
        self.file_system().with(job).await
    }

    fn file_system(&self) -> FileSystem {
        match &self.0 {
            Source::System => FileSystem::System,
            Source::InMemory(memory) => FileSystem::InMemory(Arc::clone(&memory.files)),
        }
    }

    /// Returns the files for a test, which may wait for them.
    #[cfg(test)]
    pub(crate) fn files(&self) -> Files {
        Files::new(self.file_system())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_an_empty_one_is_unset() {
        let environment = Environment::in_memory()
            .variable("TEXT", " a b\n")
            .variable("EMPTY", "")
            .variable("BLANK", " \n");
        assert_eq!(environment.text("TEXT"), Ok(Some("a b".to_owned())));
        assert_eq!(environment.text("EMPTY"), Ok(None));
        assert_eq!(environment.text("BLANK"), Ok(None));
        assert!(environment.has("EMPTY") && !environment.has("ABSENT"));
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_utf_8_are_a_path_and_no_text() {
        use std::os::unix::ffi::OsStrExt as _;
        let bytes = OsStr::from_bytes(b"/caf\xe9");
        let environment = Environment::in_memory().variable("NAME", bytes);
        assert_eq!(environment.path("NAME"), Some(PathBuf::from(bytes)));
        let error = environment.text("NAME").unwrap_err().to_string();
        assert_eq!(error, "the environment variable NAME is not valid UTF-8");
    }

    #[test]
    fn debug_shows_no_value() {
        let environment = Environment::in_memory()
            .variable("TFE_TOKEN", "planted")
            .file("/f", "planted");
        assert!(!format!("{environment:?}").contains("planted"));
    }
}
