//! [`Listener`] on Unix: a socket in a directory of its own that only the user can enter.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use super::ListenError;
use super::environment::Environment;
use super::handshake::Address;

/// One byte below the shorter of the systems' `sun_path` (104 on macOS and BSD, 108 on Linux).
const MAX_PATH: usize = 103;

/// A connection of a host.
pub(super) type Stream = UnixStream;

/// A Unix socket that hosts connect to.
pub(super) struct Listener(UnixListener);

/// The socket on disk. Dropping it removes the socket and its directory.
#[must_use]
pub(super) struct Place {
    directory: PathBuf,
    socket: PathBuf,
}

impl Listener {
    /// Listens. Wants the runtime.
    pub(super) fn bind(
        environment: &Environment,
        random: &mut fastrand::Rng,
    ) -> Result<(Self, Address, Place), ListenError> {
        let candidates = [
            environment.socket_dir.as_deref(),
            environment.temp_dir.as_deref(),
            environment.runtime_dir.as_deref(),
            Some(environment.last_dir.as_path()),
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

    /// The next connection.
    pub(super) async fn accept(&self) -> io::Result<Stream> {
        self.0.accept().await.map(|(stream, _)| stream)
    }
}

/// Listens below `base`, in a new directory with a random name: a process that was killed leaves its own
/// behind. None where the system or the handshake line could not hold the path.
fn listen(
    base: &Path,
    random: &mut fastrand::Rng,
) -> Option<io::Result<(Listener, Address, Place)>> {
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
            .map(|()| Place { directory, socket })
            .and_then(|place| {
                let listener = UnixListener::bind(&place.socket)?;
                Ok((Listener(listener), address, place))
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

impl Drop for Place {
    /// Errors are of no use to anybody here: the place may never have been made, or be gone.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.socket);
        let _ = fs::remove_dir(&self.directory);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn bind(variables: &[(&str, &str)]) -> Result<(Listener, Address, Place), ListenError> {
        Listener::bind(&Environment::of(variables), &mut fastrand::Rng::new())
    }

    #[tokio::test]
    async fn the_directory_is_the_users_alone_and_goes_with_the_place() {
        let base = tempfile::tempdir().unwrap();
        let (_listener, address, place) =
            bind(&[("TMPDIR", base.path().to_str().unwrap())]).unwrap();
        let mode = fs::metadata(&place.directory).unwrap().permissions().mode();

        assert_eq!(mode & 0o777, 0o700);
        assert!(Path::new(&address.address).starts_with(base.path()));
        drop(place);
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0);
    }

    /// Conformance: 5.
    #[tokio::test]
    async fn a_base_that_the_address_cannot_hold_is_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let long = root.path().join("x".repeat(120));
        let odd = root.path().join("a|b");
        let missing = root.path().join("missing");
        let good = root.path().join("good");
        for made in [&long, &odd, &good] {
            fs::create_dir(made).unwrap();
        }
        for bad in [&long, &odd, &missing] {
            let (_listener, address, _place) = bind(&[
                ("TMPDIR", bad.to_str().unwrap()),
                ("XDG_RUNTIME_DIR", good.to_str().unwrap()),
            ])
            .unwrap();
            assert!(Path::new(&address.address).starts_with(&good));
        }
    }

    #[tokio::test]
    async fn a_socket_directory_that_was_asked_for_and_does_not_exist_is_an_error() {
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
