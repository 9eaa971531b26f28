//! No core dump of a plugin: its memory holds API tokens, and those of the environment it was started with.

#[cfg(target_os = "linux")]
use rustix::process::{DumpableBehavior, set_dumpable_behavior};
#[cfg(unix)]
use rustix::process::{Resource, Rlimit, setrlimit};

/// Keeps the memory of this process from files and from other processes of the same user.
///
/// The size of a core dump becomes 0, also for programs that this process starts. On Linux the process cannot be
/// dumped at all: a limit of 0 does not stop a program that the kernel pipes dumps to (core(5)). That also refuses
/// debuggers, except those of root, and gives the process's files in `/proc` to root. The process still reads its
/// own, and those of its parent (ptrace(2), "Ptrace access mode checking").
///
/// A failure is ignored: it is no reason not to serve.
#[cfg(unix)]
pub(super) fn forbid() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// There is nothing to forbid.
#[cfg(not(unix))]
pub(super) fn forbid() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{dumpable_behavior, getrlimit};

    use super::*;

    /// A crash left the API token of the provider in a file, five times.
    #[test]
    fn the_process_cannot_be_dumped_and_still_reads_its_own_files() {
        forbid();
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        assert!(std::fs::read_link("/proc/self/exe").is_ok());
        let parent = rustix::process::getppid()
            .expect("a parent")
            .as_raw_nonzero();
        assert!(std::fs::read_link(format!("/proc/{parent}/exe")).is_ok());
    }
}
