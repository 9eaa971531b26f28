//! [`Contenders`]: the executables that are measured. Those of this repository are built here.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::report::{Result, print};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/contenders");
/// A folder of this program, kept between runs.
pub(crate) const FOLDER: &str = env!("CARGO_TARGET_TMPDIR");

/// The dependencies of the tokio hello-world; the versions are those of our own lock file.
const HELLO_MANIFEST: &str = r#"[package]
name = "hello"
version = "0.0.0"
edition = "2024"

[[bin]]
name = "hello"
path = "hello.rs"

[dependencies]
tokio = { version = "1", default-features = false, features = ["rt", "net"] }

[profile.release]
lto = "fat"
codegen-units = 1
strip = true

[workspace]
"#;

/// The executables that are measured.
pub(crate) struct Contenders {
    /// The floor for any process.
    pub(crate) static_c: PathBuf,
    /// The floor for an asynchronous program, as Cargo links it by default.
    pub(crate) tokio_hello: PathBuf,
    pub(crate) ours: PathBuf,
    /// A second provider on the same SDK, without a service.
    pub(crate) echo: PathBuf,
    pub(crate) peer: Option<Peer>,
    /// Runs another executable and writes down its cost.
    pub(crate) observer: PathBuf,
}

/// Another provider, which is measured beside ours.
pub(crate) struct Peer {
    pub(crate) executable: PathBuf,
    /// Its local name: `tfe` of `terraform-provider-tfe_v0.80.0`.
    pub(crate) name: String,
    /// A configuration for it, where it does not manage what ours does.
    pub(crate) configuration: Option<String>,
}

impl Contenders {
    pub(crate) fn build() -> Result<Self> {
        print("Building the release executables; fat LTO takes minutes …");
        Ok(Self {
            static_c: compile_c("hello.c", "hello-static-c")?,
            observer: compile_c("observe.c", "observe")?,
            tokio_hello: tokio_hello()?,
            ours: match named("OURS") {
                Some(path) => path,
                None => cargo(&["build", "--release", "--bin", "terraform-provider-tfe"])?,
            },
            echo: match named("ECHO") {
                Some(path) => path,
                None => cargo(&[
                    "build",
                    "--release",
                    "--package=tfplugin-rs",
                    "--example=terraform-provider-echo",
                ])?,
            },
            peer: named("PEER").map(Peer::new).transpose()?,
        })
    }

    /// Returns the executables whose start is measured by name, the floor first.
    pub(crate) fn starters(&self) -> Vec<(&'static str, &Path)> {
        let mut all = vec![
            ("static C", self.static_c.as_path()),
            ("tokio hello", &self.tokio_hello),
            ("ours", &self.ours),
            ("echo", &self.echo),
        ];
        all.extend(
            self.peer
                .as_ref()
                .map(|peer| ("peer", peer.executable.as_path())),
        );
        all
    }

    pub(crate) fn size(&self, name: &str) -> u64 {
        self.sizes().get(name).copied().unwrap_or_default()
    }

    /// Returns the sizes on disk in bytes, by name.
    pub(crate) fn sizes(&self) -> BTreeMap<&'static str, u64> {
        self.starters()
            .into_iter()
            .filter_map(|(name, path)| Some((name, fs::metadata(path).ok()?.len())))
            .collect()
    }
}

impl Peer {
    fn new(path: PathBuf) -> Result<Self> {
        let executable = path
            .canonicalize()
            .map_err(|error| format!("PEER={}: {error}", path.display()))?;
        let file = executable.file_name().and_then(OsStr::to_str);
        let name = file
            .and_then(|file| file.strip_prefix("terraform-provider-"))
            .and_then(|rest| rest.split('_').next())
            .ok_or("PEER names no file called terraform-provider-NAME")?
            .to_owned();
        let configuration = named("PEER_CONFIGURATION")
            .map(fs::read_to_string)
            .transpose()?;
        Ok(Self {
            executable,
            name,
            configuration,
        })
    }
}

fn compile_c(source: &str, name: &str) -> Result<PathBuf> {
    let target = Path::new(FOLDER).join(name);
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let status = Command::new(&compiler)
        .args(["-O2", "-static", "-s", "-o"])
        .arg(&target)
        .arg(Path::new(SOURCES).join(source))
        .status()
        .map_err(|error| {
            format!(
                "{} does not start ({error}): install a C compiler, or name one by CC",
                Path::new(&compiler).display()
            )
        })?;
    if !status.success() {
        return Err(format!(
            "{source} does not compile; -static needs the C library as an archive (libc.a), which some \
             systems have in a package of its own (glibc-static)"
        )
        .into());
    }
    Ok(target)
}

/// Builds it from outside of this repository, whose `.cargo/config.toml` would make it static.
fn tokio_hello() -> Result<PathBuf> {
    let package = Path::new(FOLDER).join("hello");
    fs::create_dir_all(&package)?;
    let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");
    keep(&package.join("Cargo.toml"), HELLO_MANIFEST)?;
    keep(
        &package.join("hello.rs"),
        include_str!("../contenders/hello.rs"),
    )?;
    if !package.join("Cargo.lock").exists() {
        fs::copy(lock, package.join("Cargo.lock"))?;
    }
    let manifest = package.join("Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command.current_dir("/").arg("build").args(MESSAGES);
    command.args(["--release", "--manifest-path"]).arg(manifest);
    executable(command.arg("--target-dir").arg(package.join("target")))
}

/// Writes a file unless it has this text already, because Cargo would build it again.
fn keep(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    Ok(fs::write(path, text)?)
}

/// Returns the file that a variable names, such as an executable of another build.
pub(crate) fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

pub(crate) fn cargo(arguments: &[&str]) -> Result<PathBuf> {
    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments.iter().take(1))
        .args(MESSAGES)
        .args(arguments.iter().skip(1));
    executable(&mut command)
}

/// Makes Cargo print the paths of what it builds. Stands behind the subcommand and before `--`.
const MESSAGES: [&str; 2] = ["--message-format", "json-render-diagnostics"];

/// Runs Cargo with [`MESSAGES`], and returns the executable that it names last.
fn executable(command: &mut Command) -> Result<PathBuf> {
    // Cargo set these for this program, not for the one that it builds now.
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_"))
        {
            command.env_remove(name);
        }
    }
    let build = command.stderr(Stdio::inherit()).output()?;
    if !build.status.success() {
        return Err(format!("{command:?} failed").into());
    }
    String::from_utf8(build.stdout)?
        .lines()
        .filter_map(|line| {
            let message: Value = serde_json::from_str(line).ok()?;
            Some(PathBuf::from(message["executable"].as_str()?))
        })
        .next_back()
        .ok_or_else(|| "Cargo named no executable".into())
}
