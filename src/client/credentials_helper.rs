//! The program that a `credentials_helper` block names.
//!
//! Terraform runs `terraform-credentials-<name> <args…> get <host>` from its plugin directories and
//! reads a JSON object with `token` (terraform-svchost: auth/helper_program.go). Errors never contain
//! what the program writes to stdout, only what it writes to stderr when it fails.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt};
use zeroize::Zeroizing;

use super::cli_config::{CliConfigPaths, CredentialsHelper};
use super::environment::Environment;
use super::hostname::Hostname;
use super::plain_text::plain_text;
use super::secret::Secret;

/// Long enough to unlock a key ring.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How much of the output is kept.
const MAX_OUTPUT: u64 = 64 * 1024;

#[derive(Deserialize)]
struct Credentials {
    token: Option<Secret>,
}

/// Runs the helper and returns `hostname`'s token. The error says why there is none.
pub(crate) async fn run(
    helper: &CredentialsHelper,
    hostname: &Hostname,
    environment: &Environment,
) -> Result<Secret, String> {
    let program = find(&helper.name, environment)?;
    let mut child = tokio::process::Command::new(&program)
        .args(&helper.args)
        .arg("get")
        .arg(hostname.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let run = async {
        let (output, complaint) = tokio::join!(collect(stdout), collect(stderr));
        (child.wait().await, output, complaint)
    };
    let Ok((status, output, complaint)) = tokio::time::timeout(TIMEOUT, run).await else {
        return Err(format!(
            "it did not answer within {} seconds",
            TIMEOUT.as_secs()
        ));
    };
    let status = status.map_err(|error| format!("it cannot be waited for: {error}"))?;
    let answer = serde_json::from_slice::<Credentials>(&output);
    if !status.success() {
        let mut complaint = plain_text(&String::from_utf8_lossy(&complaint));
        // A script with `set -x` writes its output to stderr as well.
        if let Ok(Credentials { token: Some(token) }) = &answer
            && !token.expose().trim().is_empty()
        {
            complaint = complaint.replace(token.expose().trim(), "(sensitive value)");
        }
        return Err(if complaint.is_empty() {
            format!("it failed ({status})")
        } else {
            format!("it failed ({status}): {complaint}")
        });
    }
    let credentials =
        answer.map_err(|_| "its answer is not a JSON object with a text as token".to_owned())?;
    credentials
        .token
        .ok_or_else(|| format!("it has no token for {hostname}"))
}

/// Reads a stream to its end, and keeps at most [`MAX_OUTPUT`] bytes.
async fn collect(stream: Option<impl AsyncRead + Unpin>) -> Zeroizing<Vec<u8>> {
    let mut output = Zeroizing::new(Vec::new());
    if let Some(mut stream) = stream {
        // Output that a read error cuts off is not valid JSON.
        let _ = (&mut stream)
            .take(MAX_OUTPUT)
            .read_to_end(&mut output)
            .await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    }
    output
}

/// Finds the program in the directories that Terraform searches.
fn find(name: &str, environment: &Environment) -> Result<PathBuf, String> {
    if name.is_empty() || name.contains(['/', '\\']) {
        return Err("its name is not valid".to_owned());
    }
    let Some(paths) = CliConfigPaths::of(environment) else {
        return Err("the home directory is not known".to_owned());
    };
    let plugins = paths.directory.join("plugins");
    let exact = format!("terraform-credentials-{name}");
    let versioned = format!("{exact}_v");
    for directory in [plugins.clone(), plugins.join(platform())] {
        let found = environment
            .list(&directory)
            .unwrap_or_default()
            .into_iter()
            .rfind(|path| {
                let file = path
                    .file_name()
                    .and_then(|file| file.to_str())
                    .unwrap_or_default();
                let file = file.strip_suffix(".exe").unwrap_or(file);
                file == exact || file.starts_with(&versioned)
            });
        if let Some(found) = found {
            return Ok(found);
        }
    }
    Err(format!("there is no {exact} in {}", plugins.display()))
}

/// Returns the platform's name in Go.
fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{system}_{architecture}")
}
