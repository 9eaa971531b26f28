//! [`Machine`]: the machine of a measurement, and its load.

use std::fmt;
use std::fs;

use serde_json::{Value, json};

use crate::report::Result;

pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    kernel: String,
    /// The averages of one, five and fifteen minutes.
    pub(crate) load: String,
}

impl Machine {
    pub(crate) fn now() -> Result<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo")?;
        let processor = processors
            .lines()
            .find_map(|line| line.strip_prefix("model name"))
            .map(|rest| rest.trim_start_matches([' ', '\t', ':']))
            .unwrap_or("unknown processor");
        let load = fs::read_to_string("/proc/loadavg")?;
        Ok(Self {
            processor: processor.to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?
                .trim()
                .to_owned(),
            load: load.split(' ').take(3).collect::<Vec<_>>().join(" "),
        })
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "processor": self.processor,
            "cores": self.cores,
            "kernel": self.kernel,
            "load": self.load,
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            processor,
            cores,
            kernel,
            load,
        } = self;
        write!(
            f,
            "{processor}, {cores} cores, Linux {kernel}, load average {load}"
        )
    }
}
