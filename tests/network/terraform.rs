//! What Terraform and the provider's client say of a server.

use std::process::Stdio;
use std::time::Duration;

use terraform_provider_tfe::client::{Arguments, Client, Environment, Secret, Timing, resolve};
use tokio::process::Command;

/// Longer than a run of Terraform takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// A host, and the variables with which it is to be reached.
pub(crate) struct Case {
    /// Host and port.
    pub(crate) host: String,
    pub(crate) skip_verify: bool,
    pub(crate) variables: Vec<(&'static str, String)>,
}

/// How the host was reached, or why not.
pub(crate) type Verdict = Result<&'static str, String>;

const REACHED: &str = "reached";

impl Case {
    /// Runs `terraform init` with an `http` backend at the host.
    pub(crate) async fn terraform(&self) -> Verdict {
        let folder = tempfile::tempdir().unwrap();
        let Case {
            host, skip_verify, ..
        } = self;
        let configuration = format!(
            "terraform {{\n  backend \"http\" {{\n    address = \"https://{host}/state\"\n    \
             retry_max = 0\n    skip_cert_verification = {skip_verify}\n  }}\n}}\n"
        );
        std::fs::write(folder.path().join("main.tf"), configuration).unwrap();
        std::fs::write(folder.path().join("terraform.rc"), "").unwrap();
        let program = std::env::var("TF").unwrap_or_else(|_| "terraform".to_owned());
        let run = Command::new(program)
            .args(["init", "-no-color", "-input=false"])
            .current_dir(folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", folder.path())
            .env("TF_CLI_CONFIG_FILE", folder.path().join("terraform.rc"))
            .env("CHECKPOINT_DISABLE", "1")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let run = tokio::time::timeout(LIMIT, run)
            .await
            .expect("Terraform ends")
            .expect("this needs terraform, which is not on PATH");
        if run.status.success() {
            return Ok(REACHED);
        }
        let text = String::from_utf8_lossy(&run.stderr).replace('\n', " ");
        // The last part is Go's own.
        let text = text.split("/state\": ").last().unwrap_or_default().trim();
        Err(text.to_owned())
    }

    /// Reads an organization with the client.
    pub(crate) async fn client(&self) -> Verdict {
        // All files are those of the disk, as for Terraform.
        let environment = Environment::in_memory().home("/");
        let environment = self
            .variables
            .iter()
            .fold(environment, |environment, (name, value)| {
                environment.variable(name, value)
            });
        let arguments = Arguments {
            hostname: Some(self.host.clone()),
            token: Some(Secret::new("callers-token".to_owned())),
            ssl_skip_verify: Some(self.skip_verify),
        };
        let settings = resolve(arguments, &environment).await.unwrap();
        let timing = Timing {
            attempts: 1,
            ..Timing::default()
        };
        let client = Client::new(settings, timing, "1.2.3");
        match client.organizations().read("my-org-name").await {
            Err(error) if error.is_connect() || error.is_timeout() => {
                Err(format!("{error}\n{}", error.reasons().join("\n")))
            }
            _ => Ok(REACHED),
        }
    }
}
