//! [`Files`]: the one place that reads files.
//!
//! Others may have put anything where the client reads: a pipe, a device, a huge file, a directory on a
//! file server that is gone. So files are read on another thread than the runtime's only one, within a
//! time limit; only regular files are read, and only up to a limit. [`FileSystem::with`] is the only way
//! to get a [`Files`].

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The timeout of one job. A local disk takes milliseconds.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The size of the largest file that is read. The largest bundles of certificates have about one MiB.
const MAX_SIZE: u64 = 16 * 1024 * 1024;

/// How much one job reads in all.
const MAX_TOTAL: u64 = 64 * 1024 * 1024;

/// How many entries of a directory are read.
const MAX_ENTRIES: usize = 10_000;

/// The files of the system, or others in memory.
#[derive(Clone, Default)]
pub(super) enum FileSystem {
    #[default]
    System,
    InMemory(Arc<InMemory>),
}

/// Files in memory, and a directory below which files are on the disk.
#[derive(Clone, Default)]
pub(super) struct InMemory {
    pub(super) files: BTreeMap<PathBuf, Vec<u8>>,
    pub(super) on_disk: Option<PathBuf>,
}

impl FileSystem {
    /// Runs `job` on another thread, where it may use files.
    ///
    /// # Errors
    ///
    /// It takes longer than [`TIMEOUT`]. The thread is then left alone: nothing can end it, and the
    /// process does not wait for it when it exits.
    pub(super) async fn with<T: Send + 'static>(
        self,
        job: impl FnOnce(&Files) -> T + Send + 'static,
    ) -> io::Result<T> {
        let job = tokio::task::spawn_blocking(move || job(&Files::new(self)));
        match tokio::time::timeout(TIMEOUT, job).await {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(error)) => Err(io::Error::other(error)),
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("it was not read within {} seconds", TIMEOUT.as_secs()),
            )),
        }
    }
}

/// The files, on a thread that may wait for them.
pub(crate) struct Files {
    system: FileSystem,
    /// How many bytes this job may still read.
    left: Cell<u64>,
}

impl Files {
    pub(super) fn new(system: FileSystem) -> Files {
        Files {
            system,
            left: Cell::new(MAX_TOTAL),
        }
    }

    /// Reads a regular file of at most 16 MiB.
    ///
    /// # Errors
    ///
    /// It cannot be read, is not a regular file, or is larger.
    pub(crate) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match &self.system {
            FileSystem::InMemory(memory) if !memory.is_on_disk(path) => {
                let contents = memory.files.get(path);
                contents.cloned().ok_or(io::ErrorKind::NotFound.into())
            }
            _ => self.read_from_disk(path),
        }
    }

    fn read_from_disk(&self, path: &Path) -> io::Result<Vec<u8>> {
        // Opening a pipe or a device may take forever or have an effect.
        let kind = std::fs::metadata(path)?;
        if kind.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !kind.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        let limit = MAX_SIZE.min(self.left.get());
        let mut contents = Vec::new();
        let file = std::fs::File::open(path)?;
        // The size in the metadata of a file of /proc is 0.
        file.take(limit + 1).read_to_end(&mut contents)?;
        let length = u64::try_from(contents.len()).unwrap_or(u64::MAX);
        if length > limit {
            return Err(io::Error::other(if limit < MAX_SIZE {
                format!("the files together are larger than {MAX_TOTAL} bytes")
            } else {
                format!("it is larger than {MAX_SIZE} bytes")
            }));
        }
        self.left.set(self.left.get() - length);
        Ok(contents)
    }

    /// Returns the paths of a directory's entries, in order of name.
    ///
    /// # Errors
    ///
    /// It cannot be read, or has more than 10,000 entries.
    pub(crate) fn list(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths = match &self.system {
            FileSystem::System => list_on_disk(directory)?,
            FileSystem::InMemory(memory) => {
                let mut paths: BTreeSet<PathBuf> = memory
                    .files
                    .keys()
                    .filter(|path| path.parent() == Some(directory))
                    .cloned()
                    .collect();
                if memory.reaches(directory) {
                    match list_on_disk(directory) {
                        Ok(more) => paths.extend(more),
                        Err(error) if paths.is_empty() => return Err(error),
                        Err(_) => {}
                    }
                } else if paths.is_empty() {
                    return Err(io::ErrorKind::NotFound.into());
                }
                paths.into_iter().collect()
            }
        };
        paths.sort();
        Ok(paths)
    }

    /// Whether there is something at this path.
    pub(crate) fn exists(&self, path: &Path) -> bool {
        match &self.system {
            FileSystem::InMemory(memory)
                if memory.files.keys().any(|file| file.starts_with(path)) =>
            {
                true
            }
            FileSystem::InMemory(memory) if !memory.reaches(path) => false,
            _ => std::fs::metadata(path).is_ok(),
        }
    }

    /// Whether there is a directory at this path.
    pub(crate) fn is_directory(&self, path: &Path) -> bool {
        match &self.system {
            FileSystem::InMemory(memory) if !memory.is_on_disk(path) => false,
            _ => std::fs::metadata(path).is_ok_and(|kind| kind.is_dir()),
        }
    }

    /// Returns the target of a link.
    pub(crate) fn link_target(&self, path: &Path) -> Option<PathBuf> {
        match &self.system {
            FileSystem::InMemory(memory) if !memory.is_on_disk(path) => None,
            _ => std::fs::read_link(path).ok(),
        }
    }
}

fn list_on_disk(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        if paths.len() == MAX_ENTRIES {
            return Err(io::Error::other(format!(
                "it has more than {MAX_ENTRIES} entries"
            )));
        }
        paths.push(entry?.path());
    }
    Ok(paths)
}

impl InMemory {
    /// Whether a path is read from the disk.
    fn is_on_disk(&self, path: &Path) -> bool {
        !self.files.contains_key(path) && self.reaches(path)
    }

    fn reaches(&self, path: &Path) -> bool {
        self.on_disk
            .as_deref()
            .is_some_and(|folder| path.starts_with(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        Files::new(FileSystem::System)
    }

    fn pipe(path: &Path) {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_up_to_the_limit_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| folder.path().join(name);
        let sized = |name, size| {
            let file = std::fs::File::create(path(name)).unwrap();
            file.set_len(size).unwrap();
            path(name)
        };
        pipe(&path("pipe"));
        std::os::unix::fs::symlink(path("pipe"), path("link")).unwrap();
        for (path, why) in [
            (path("pipe"), "it is not a regular file"),
            (path("link"), "it is not a regular file"),
            ("/dev/zero".into(), "it is not a regular file"),
            (folder.path().into(), "is a directory"),
            (path("none"), "No such file or directory (os error 2)"),
            (
                sized("large", MAX_SIZE + 1),
                "it is larger than 16777216 bytes",
            ),
        ] {
            let error = files().read(&path).unwrap_err().to_string();
            assert_eq!(error, why, "{}", path.display());
        }
        let whole = files().read(&sized("whole", MAX_SIZE)).unwrap();
        assert_eq!(u64::try_from(whole.len()).unwrap(), MAX_SIZE);
        assert!(!files().read(Path::new("/proc/version")).unwrap().is_empty());
    }

    #[test]
    fn one_job_reads_a_limited_amount_in_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(MAX_SIZE).unwrap();
        let files = files();
        for _ in 0..MAX_TOTAL / MAX_SIZE {
            files.read(&path).unwrap();
        }
        let error = files.read(&path).unwrap_err().to_string();
        assert_eq!(error, "the files together are larger than 67108864 bytes");
    }

    /// What a file server that is gone does: the thread waits, and the runtime goes on.
    #[cfg(unix)]
    #[tokio::test(start_paused = true)]
    async fn a_job_that_hangs_ends_after_the_timeout_and_the_runtime_goes_on() {
        let (release, released) = std::sync::mpsc::channel::<()>();
        let job = FileSystem::System.with(move |_| released.recv().is_ok());
        let other = async {
            tokio::task::yield_now().await;
            tokio::time::advance(TIMEOUT).await;
        };
        let (result, ()) = tokio::join!(job, other);
        assert_eq!(
            result.unwrap_err().to_string(),
            "it was not read within 5 seconds"
        );
        drop(release);
    }

    #[test]
    fn files_in_memory_are_the_only_ones_except_below_the_folder_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b"), "disk").unwrap();
        let of = |on_disk: Option<&Path>| {
            Files::new(FileSystem::InMemory(Arc::new(InMemory {
                files: BTreeMap::from([
                    (folder.path().join("a"), b"1".to_vec()),
                    ("/a/b/two".into(), b"2".to_vec()),
                ]),
                on_disk: on_disk.map(Path::to_owned),
            })))
        };
        let memory = of(None);
        assert_eq!(memory.read(&folder.path().join("a")).unwrap(), b"1");
        assert!(memory.read(&folder.path().join("b")).is_err());
        assert!(memory.read(Path::new("/etc/passwd")).is_err());
        assert_eq!(
            memory.list(folder.path()).unwrap(),
            [folder.path().join("a")]
        );
        assert!(memory.exists(Path::new("/a/b")) && !memory.exists(Path::new("/etc")));
        let disk = of(Some(folder.path()));
        assert_eq!(disk.read(&folder.path().join("b")).unwrap(), b"disk");
        assert_eq!(disk.list(folder.path()).unwrap().len(), 2);
        assert!(disk.exists(&folder.path().join("b")));
    }
}
