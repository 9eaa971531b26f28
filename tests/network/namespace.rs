//! Runs a test again in network and mount namespaces of its own: only localhost, and files of its own in
//! `/etc`.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Set in the namespaces.
const INSIDE: &str = "INSIDE_A_NETWORK_NAMESPACE";

/// Whether this process is in the namespaces. Otherwise the test of this name is run there, and this one
/// has nothing else to do. Where the kernel does not permit them, the test is skipped, which is printed.
///
/// `etc` has the contents of `/etc/hosts` and `/etc/resolv.conf`.
#[track_caller]
pub(crate) fn enter(test: &str, etc: [&str; 2]) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--net", "--mount", "sh", "-c"]);
        command
    };
    let setup = "ip link set lo up";
    let permitted = unshare()
        .arg(setup)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !permitted {
        let notice = format!("SKIPPED: {test} needs unshare, ip and the right to make namespaces");
        // libtest captures what `eprintln!` prints.
        let _ = writeln!(std::io::stderr(), "{notice}");
        return false;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, contents| {
        let path = folder.path().join(name);
        std::fs::write(&path, contents).unwrap();
        path.display().to_string()
    };
    let (hosts, resolv_conf) = (file("hosts", etc[0]), file("resolv.conf", etc[1]));
    let script = format!(
        "{setup} && mount --bind {hosts} /etc/hosts && mount --bind {resolv_conf} /etc/resolv.conf && \
         exec timeout 300 \"$0\" --exact {test} --nocapture"
    );
    let status = unshare()
        .arg(script)
        .arg(std::env::current_exe().unwrap())
        .env(INSIDE, "1")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .status()
        .unwrap();
    assert!(status.success(), "{test} failed in its namespaces");
    false
}
