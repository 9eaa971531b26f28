//! The program that a `credentials_helper` block names.
//!
//! Terraform runs `terraform-credentials-<name> <args…> get <host>` from its plugin directories and
//! reads a JSON object with `token` (terraform-svchost: auth/helper_program.go). What the program
//! prints is never part of a message, only what it says on stderr when it fails.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt};
use zeroize::Zeroizing;

use super::cli_config::{Helper, Places};
use super::document::plain;
use super::environment::Environment;
use super::hostname::Hostname;
use super::secret::Secret;

/// Time enough to unlock a key ring, but not to hang a plan.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// More than any token needs.
const OUTPUT_LIMIT: u64 = 64 * 1024;

#[derive(Deserialize)]
struct Credentials {
    token: Option<Secret>,
}

/// Asks the helper for `hostname`'s token; the error says why there is none.
pub(crate) async fn ask(
    helper: &Helper,
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
    let Ok((status, output, complaint)) = tokio::time::timeout(TIME_LIMIT, run).await else {
        return Err(format!(
            "it did not answer within {} seconds",
            TIME_LIMIT.as_secs()
        ));
    };
    let status = status.map_err(|error| format!("it cannot be waited for: {error}"))?;
    let answer = serde_json::from_slice::<Credentials>(&output);
    if !status.success() {
        let mut complaint = plain(&String::from_utf8_lossy(&complaint));
        // A script that traces itself complains of everything it prints.
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

/// Reads to the end of a stream, keeping no more than the limit.
async fn collect(stream: Option<impl AsyncRead + Unpin>) -> Zeroizing<Vec<u8>> {
    let mut output = Zeroizing::new(Vec::new());
    if let Some(mut stream) = stream {
        // What a broken pipe cut off shows as an unreadable answer.
        let _ = (&mut stream)
            .take(OUTPUT_LIMIT)
            .read_to_end(&mut output)
            .await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    }
    output
}

/// Looks where Terraform looks for plugins of its own command line.
fn find(name: &str, environment: &Environment) -> Result<PathBuf, String> {
    if name.is_empty() || name.contains(['/', '\\']) {
        return Err("its name is not valid".to_owned());
    }
    let Some(places) = Places::of(environment) else {
        return Err("the home directory is not known".to_owned());
    };
    let plugins = places.directory.join("plugins");
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

/// The platform as Go names it.
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
