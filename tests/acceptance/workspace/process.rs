//! [`Process`]: a process that is not a child of this one, as Linux shows it.

use std::fs;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// A process that was alive when it was found.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    /// A pidfd. It becomes readable when the process ends, and never refers to a later process.
    end: OwnedFd,
}

impl Process {
    /// Returns the living processes of a group.
    pub(crate) fn of_group(group: Pid) -> Vec<Self> {
        let processes = fs::read_dir("/proc").unwrap();
        processes
            .filter_map(|entry| {
                let id = entry.ok()?.file_name().to_str()?.parse().ok()?;
                Self::in_group(Pid::from_raw(id)?, group)
            })
            .collect()
    }

    /// Returns the only process of a group whose executable has this name.
    #[track_caller]
    pub(crate) fn named(name: &str, group: Pid) -> Self {
        let mut found = Self::of_group(group);
        found.retain(|process| process.name == name);
        let [process] = <[Self; 1]>::try_from(found)
            .unwrap_or_else(|found| panic!("not one process {name}: {found:?}"));
        process
    }

    fn in_group(id: Pid, group: Pid) -> Option<Self> {
        let end = pidfd_open(id, PidfdFlags::empty()).ok()?;
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // After the name, which may contain anything: state, parent, group (proc(5)).
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        let is_alive = !matches!(fields.next()?, "Z" | "X");
        let in_group = fields.nth(1)?.parse() == Ok(group.as_raw_pid());
        let arguments = fs::read_to_string(format!("/proc/{id}/cmdline")).ok()?;
        let path = arguments.split('\0').next()?;
        let name = path.rsplit('/').next()?.to_owned();
        (is_alive && in_group).then(|| Self { name, end })
    }

    pub(crate) fn signal(&self, signal: Signal) {
        pidfd_send_signal(&self.end, signal).unwrap();
    }

    pub(crate) fn is_alive(&self) -> bool {
        !self.ends_within(Duration::ZERO)
    }

    /// Waits until the process has ended, at most this long. Returns whether it has.
    pub(crate) fn ends_within(&self, limit: Duration) -> bool {
        let limit = Timespec::try_from(limit).unwrap();
        let mut ends = [PollFd::new(&self.end, PollFlags::IN)];
        poll(&mut ends, Some(&limit)).unwrap() == 1
    }
}
