//! Measures the time from exec to the handshake line, and the memory at that point.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use crate::contenders::Contenders;
use crate::report::{Result, print};
use crate::sample::Sample;
use tfplugin_testing::executable::HostCertificate;

/// The number of turns that only fill caches.
const WARM_UP: usize = 5;

#[derive(Default)]
pub(crate) struct Starts(BTreeMap<&'static str, Start>);

/// The starts of one contender.
#[derive(Clone, Default)]
pub(crate) struct Start {
    /// Milliseconds, with this program's own spawn and read.
    pub(crate) time: Sample,
    /// Resident, in MiB.
    pub(crate) resident: Sample,
    /// Proportional set size, in MiB: shared pages count in part.
    proportional: Sample,
    /// The highest resident memory, in MiB.
    peak: Sample,
    /// Page faults.
    faults: Sample,
}

impl Starts {
    pub(crate) fn get(&self, name: &str) -> Start {
        self.0.get(name).cloned().unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        let hello = self.get("tokio hello");
        self.0
            .iter()
            .map(|(name, start)| {
                let value = json!({
                    "ms": start.time.json(),
                    "ratio_to_tokio_hello": start.time.ratio(&hello.time).json(),
                    "resident_mib": start.resident.json(),
                    "proportional_mib": start.proportional.json(),
                    "peak_mib": start.peak.json(),
                    "page_faults": start.faults.json(),
                });
                ((*name).to_owned(), value)
            })
            .collect()
    }
}

pub(crate) fn measure(contenders: &Contenders, turns: usize) -> Result<Starts> {
    print(&format!("Starting every executable {turns} times …"));
    let temporary = tempfile::tempdir()?;
    let certificate = HostCertificate::generate();
    let mut starts = Starts::default();
    for turn in 0..WARM_UP + turns {
        for (name, executable) in contenders.starters() {
            let (milliseconds, child) = start(executable, temporary.path(), &certificate)?;
            let memory = Memory::of(&child);
            end(child)?;
            if turn < WARM_UP {
                continue;
            }
            let memory = memory?;
            let start = starts.0.entry(name).or_default();
            start.time.push(milliseconds);
            start.resident.push(memory.resident);
            start.proportional.push(memory.proportional);
            start.peak.push(memory.peak);
            start.faults.push(memory.faults);
        }
    }
    Ok(starts)
}

/// Starts it as Terraform does, and stops it when its line has arrived.
fn start(
    executable: &Path,
    temporary: &Path,
    certificate: &HostCertificate,
) -> Result<(f64, Child)> {
    let mut command = Command::new(executable);
    command
        .env_clear()
        .env(
            "TF_PLUGIN_MAGIC_COOKIE",
            "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
        )
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000")
        .env("PLUGIN_CLIENT_CERT", &certificate.pem)
        .env("TMPDIR", temporary)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let before = Instant::now();
    let mut child = command.spawn()?;
    let mut line = String::new();
    if let Some(stdout) = child.stdout.as_mut() {
        BufReader::with_capacity(4096, stdout).read_line(&mut line)?;
    }
    let milliseconds = before.elapsed().as_secs_f64() * 1000.0;
    // The plugin's later work runs while Terraform connects.
    if let Some(id) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        rustix::process::kill_process(id, rustix::process::Signal::STOP)?;
    }
    if !line.starts_with("1|") {
        end(child)?;
        return Err(format!("{} said no handshake line: {line:?}", executable.display()).into());
    }
    Ok((milliseconds, child))
}

fn end(mut child: Child) -> Result<()> {
    child.kill()?;
    child.wait()?;
    Ok(())
}

struct Memory {
    resident: f64,
    proportional: f64,
    peak: f64,
    faults: f64,
}

impl Memory {
    fn of(child: &Child) -> Result<Self> {
        let process = Path::new("/proc").join(child.id().to_string());
        // A plugin that forbids core dumps has its memory map read by root only.
        let maps = fs::read_to_string(process.join("smaps_rollup"))
            .map_err(|error| format!("the memory of a plugin, which root can read: {error}"))?;
        let status = fs::read_to_string(process.join("status"))?;
        let stat = fs::read_to_string(process.join("stat"))?;
        // After the name, which may hold spaces: state is field 3, minflt field 10 (proc(5)).
        let faults = stat
            .rsplit(") ")
            .next()
            .and_then(|rest| rest.split(' ').nth(7))
            .ok_or("no count of page faults")?;
        Ok(Self {
            resident: mebibytes(&maps, "Rss:")?,
            proportional: mebibytes(&maps, "Pss:")?,
            peak: mebibytes(&status, "VmHWM:")?,
            faults: faults.parse()?,
        })
    }
}

fn mebibytes(text: &str, name: &str) -> Result<f64> {
    let kibibytes: f64 = text
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .ok_or_else(|| format!("the kernel reports no {name}"))?
        .parse()?;
    Ok(kibibytes / 1024.0)
}

pub(crate) fn table(starts: &Starts, contenders: &Contenders) -> String {
    let mut table = format!(
        "\n{:<12} {:>18} {:>20} {:>9} {:>9} {:>7} {:>10}\n",
        "start", "ms (p10–p90)", "÷ tokio hello", "RSS MiB", "PSS MiB", "faults", "bytes"
    );
    let hello = starts.get("tokio hello");
    for (name, _) in contenders.starters() {
        let start = starts.get(name);
        table.push_str(&format!(
            "{name:<12} {:>18} {:>20} {:>9.2} {:>9.2} {:>7.0} {:>10}\n",
            start.time.text(2),
            start.time.ratio(&hello.time).text(2),
            start.resident.median(),
            start.proportional.median(),
            start.faults.median(),
            contenders.size(name),
        ));
    }
    table
}
