//! The home directory in `/etc/passwd`, for a process without `HOME`.
//!
//! Cron, systemd and containers start processes without it. Terraform's release reads the file, too,
//! without NSS (Go: os/user, lookup_stubs.go and lookup_unix.go).

use std::path::{Path, PathBuf};

use super::files::Files;

const PASSWD: &str = "/etc/passwd";

/// Returns the home directory of the user who runs this process.
#[cfg(unix)]
pub(super) fn home_directory(files: &Files) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    let user = rustix::process::getuid().as_raw();
    let home = home_of(user, &files.read(Path::new(PASSWD)).ok()?)?;
    Some(PathBuf::from(std::ffi::OsString::from_vec(home)))
}

/// There is no such file.
#[cfg(not(unix))]
pub(super) fn home_directory(_: &Files) -> Option<PathBuf> {
    None
}

/// Returns the home directory of a user: the sixth field of the first line whose third is the number.
fn home_of(user: u32, passwd: &[u8]) -> Option<Vec<u8>> {
    let user = user.to_string();
    passwd.split(|byte| *byte == b'\n').find_map(|line| {
        let fields: Vec<&[u8]> = line.trim_ascii().split(|byte| *byte == b':').collect();
        let [name, _, number, _, _, home, _, ..] = fields[..] else {
            return None;
        };
        // Lines that start with these signs are those of NIS.
        let is_user = !name.is_empty() && !name.starts_with(b"+") && !name.starts_with(b"-");
        (is_user && number == user.as_bytes() && !home.is_empty()).then(|| home.to_vec())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_directory_is_that_of_the_first_line_with_the_number() {
        let passwd = b"# users\n\
            +nis:x:7:7::/home/me:/bin/sh\n\
            short:x:7:7:/homes/short\n\
            me:x:7:7:Caf\xe9:/homes/caf\xe9:/bin/sh\n\
            again:x:7:7::/homes/again:/bin/sh\n\
            root:x:0:0::/root:/bin/sh";
        assert_eq!(home_of(7, passwd).unwrap(), b"/homes/caf\xe9");
        assert_eq!(home_of(0, passwd).unwrap(), b"/root");
        assert_eq!(home_of(70, passwd), None);
    }
}
