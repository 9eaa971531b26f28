//! The program that a `credentials_helper` block names.
//!
//! Terraform runs `terraform-credentials-<name> <args…> get <host>` from its plugin directories and
//! reads a JSON object with `token` (terraform-svchost: auth/helper_program.go). Errors never contain
//! what the program writes to stdout, only what it writes to stderr when it fails.

mod version;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt};
use zeroize::Zeroizing;

use self::version::Version;
use super::cli_config::CredentialsHelper;
use super::environment::Environment;
use super::files::Files;
use super::hostname::Hostname;
use super::plain_text::plain_text;
use super::secret::Secret;

/// Long enough to unlock a key ring.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How much of the output is kept.
const MAX_OUTPUT: u64 = 64 * 1024;

/// What a helper does not inherit: the sealing key, and what Terraform starts a plugin with (go-plugin:
/// client.go).
const NOT_INHERITED: [&str; 9] = [
    "TFE_SEALING_KEY",
    "TF_PLUGIN_MAGIC_COOKIE",
    "PLUGIN_CLIENT_CERT",
    "PLUGIN_PROTOCOL_VERSIONS",
    "PLUGIN_MIN_PORT",
    "PLUGIN_MAX_PORT",
    "PLUGIN_MULTIPLEX_GRPC",
    "PLUGIN_UNIX_SOCKET_DIR",
    "PLUGIN_UNIX_SOCKET_GROUP",
];

#[derive(Deserialize)]
struct Credentials {
    token: Option<Secret>,
}

/// Runs the helper and returns `hostname`'s token. The error says why there is none.
pub(crate) async fn run(
    helper: &CredentialsHelper,
    hostname: &Hostname,
    directories: &[PathBuf],
    environment: &Environment,
) -> Result<Secret, String> {
    let (name, directories) = (helper.name.clone(), directories.to_vec());
    let program = environment
        .with_files(move |files| find(&name, &directories, files))
        .await
        .map_err(|error| error.to_string())??;
    let mut command = tokio::process::Command::new(&program);
    // Secrets of the provider that Terraform does not give to a helper.
    for variable in NOT_INHERITED {
        command.env_remove(variable);
    }
    let mut child = command
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

/// Finds the program in the directories that Terraform searches: the newest version, and of one version the
/// one in the first directory (Terraform: internal/plugin/discovery).
fn find(name: &str, directories: &[PathBuf], files: &Files) -> Result<PathBuf, String> {
    if name.is_empty() || name.contains(['/', '\\']) {
        return Err("its name is not valid".to_owned());
    }
    let Some(first) = directories.first() else {
        return Err("the home directory is not known".to_owned());
    };
    let exact = format!("terraform-credentials-{name}");
    let mut newest: Option<(Version, PathBuf)> = None;
    for path in directories
        .iter()
        .flat_map(|directory| files.list(directory).unwrap_or_default())
    {
        let Some(version) = version_of(&path, &exact) else {
            continue;
        };
        if files.is_directory(&path) {
            continue;
        }
        if newest.as_ref().is_none_or(|(known, _)| version > *known) {
            newest = Some((version, path));
        }
    }
    newest
        .map(|(_, path)| path)
        .ok_or_else(|| format!("there is no {exact} in {}", first.display()))
}

/// Returns the version of a helper with that name. A file without one has 0.0.0.
fn version_of(path: &Path, exact: &str) -> Option<Version> {
    let file = path.file_name()?.to_str()?.to_lowercase();
    let file = file.strip_suffix(".exe").unwrap_or(&file);
    let rest = file.strip_prefix(&exact.to_lowercase())?;
    match rest.strip_prefix("_v") {
        None => rest.is_empty().then(Version::default),
        Some(version) => {
            // Terraform once appended the version of the plugin protocol.
            let (version, _) = version.split_once("_x").unwrap_or((version, ""));
            Version::parse(version)
        }
    }
}
