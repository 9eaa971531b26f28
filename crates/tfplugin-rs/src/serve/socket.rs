//! Listens on a Unix socket, in a directory of its own that only the user can enter.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

use super::environment::Environment;
use super::error::ListenError;
use super::handshake::Address;

/// One byte below the shorter of the systems' `sun_path` (104 on macOS and BSD, 108 on Linux).
const MAX_PATH: usize = 103;

/// The socket on disk. Dropping this removes the socket and its directory.
#[must_use]
pub(super) struct SocketGuard {
    directory: PathBuf,
    socket: PathBuf,
}

/// Listens in the first directory that is fit for a socket. Must be called inside the runtime.
pub(super) fn bind(
    environment: &Environment,
    random: &mut fastrand::Rng,
) -> Result<(UnixListener, Address, SocketGuard), ListenError> {
    let candidates = [
        environment.socket_dir.as_deref(),
        environment.temp_dir.as_deref(),
        environment.runtime_dir.as_deref(),
        Some(environment.fallback_dir.as_path()),
    ];
    let mut tried = Vec::new();
    for base in candidates.into_iter().flatten() {
        tried.push(base.display().to_string());
        match listen(base, random) {
            None => tracing::debug!(directory = %base.display(), "no name for a socket here"),
            Some(Ok(bound)) => return Ok(bound),
            Some(Err(source)) if environment.socket_dir.as_deref() == Some(base) => {
                return Err(ListenError::Directory {
                    directory: base.to_owned(),
                    source,
                });
            }
            Some(Err(error)) => {
                tracing::debug!(directory = %base.display(), %error, "no socket here");
            }
        }
    }
    Err(ListenError::NoDirectory {
        tried: tried.join(", "),
    })
}

/// Listens below `base`, in a new directory. Its name is random, because a process that was killed leaves its
/// directory behind. Returns `None` if the path is too long for the system or has a character that the handshake
/// line cannot hold.
fn listen(
    base: &Path,
    random: &mut fastrand::Rng,
) -> Option<io::Result<(UnixListener, Address, SocketGuard)>> {
    let name: String = std::iter::repeat_with(|| random.alphanumeric())
        .take(12)
        .collect();
    let directory = base.join(format!("tfplugin-{name}"));
    let socket = directory.join("socket");
    let address = address(&socket)?;
    Some(
        DirBuilder::new()
            .mode(0o700)
            .create(&directory)
            // From here on there is something to remove.
            .map(|()| SocketGuard { directory, socket })
            .and_then(|guard| {
                let listener = UnixListener::bind(&guard.socket)?;
                Ok((listener, address, guard))
            }),
    )
}

fn address(socket: &Path) -> Option<Address> {
    let path = socket.to_str()?;
    let fits = path.len() <= MAX_PATH && !path.contains(['|', '\n', '\r']);
    fits.then(|| Address {
        network: "unix",
        address: path.to_owned(),
    })
}

impl Drop for SocketGuard {
    /// Ignores errors: binding may have failed, or somebody else may have removed the directory.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.socket);
        let _ = fs::remove_dir(&self.directory);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn bind(
        variables: &[(&str, &str)],
    ) -> Result<(UnixListener, Address, SocketGuard), ListenError> {
        super::bind(&Environment::of(variables), &mut fastrand::Rng::new())
    }

    #[tokio::test]
    async fn only_the_user_can_enter_the_directory_and_the_guard_removes_it() {
        let base = tempfile::tempdir().unwrap();
        let (_listener, address, guard) =
            bind(&[("TMPDIR", base.path().to_str().unwrap())]).unwrap();
        let mode = fs::metadata(&guard.directory).unwrap().permissions().mode();

        assert_eq!(mode & 0o777, 0o700);
        assert!(Path::new(&address.address).starts_with(base.path()));
        drop(guard);
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0);
    }

    /// Conformance: 5.
    #[tokio::test]
    async fn a_directory_whose_path_cannot_be_an_address_is_skipped() {
        let root = tempfile::tempdir().unwrap();
        let long = root.path().join("x".repeat(120));
        let odd = root.path().join("a|b");
        let missing = root.path().join("missing");
        let good = root.path().join("good");
        for made in [&long, &odd, &good] {
            fs::create_dir(made).unwrap();
        }
        for bad in [&long, &odd, &missing] {
            let (_listener, address, _guard) = bind(&[
                ("TMPDIR", bad.to_str().unwrap()),
                ("XDG_RUNTIME_DIR", good.to_str().unwrap()),
            ])
            .unwrap();
            assert!(Path::new(&address.address).starts_with(&good));
        }
    }

    #[tokio::test]
    async fn a_configured_socket_directory_that_does_not_exist_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let missing = root.path().join("missing");

        let error = bind(&[("PLUGIN_UNIX_SOCKET_DIR", missing.to_str().unwrap())])
            .err()
            .expect("an error");

        assert_eq!(
            error.to_string(),
            format!("cannot make a socket below {}", missing.display())
        );
    }
}
