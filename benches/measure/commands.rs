//! Measures Terraform's commands on configurations of one resource, and their plugin processes.
//!
//! Wall time is measured without an observer. Processor time and memory come from separate rounds, in which Terraform
//! starts the observer and the observer the plugin, and requests from one round against a service with HTTPS and
//! discovery.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use tempfile::TempDir;
use tfe_simulator::RecordedRequest;

use crate::contenders::Contenders;
use crate::report::{Result, print};
use crate::sample::Sample;
use crate::service::{ORGANIZATION, OWNER, Service};

/// The commands in the order of a resource's life, with their arguments.
pub(crate) const COMMANDS: [(&str, &[&str]); 5] = [
    ("validate", &["validate", "-no-color"]),
    ("plan", &["plan", "-no-color"]),
    ("apply", &["apply", "-no-color", "-auto-approve"]),
    (
        "plan, no change",
        &["plan", "-no-color", "-detailed-exitcode"],
    ),
    ("destroy", &["destroy", "-no-color", "-auto-approve"]),
];

/// Rounds with the observer, few because its counts vary little.
const OBSERVED: usize = 5;

const OUR_CONFIGURATION: &str = r#"resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

/// The measurements, by contender and command.
pub(crate) struct Commands {
    pub(crate) terraform: String,
    by_name: BTreeMap<String, BTreeMap<&'static str, Cost>>,
}

/// The cost of one command with one contender.
#[derive(Clone, Default)]
pub(crate) struct Cost {
    /// Milliseconds.
    pub(crate) time: Sample,
    /// Milliseconds of processor time, of each process.
    processor: Sample,
    /// The highest memory of a process, in MiB.
    pub(crate) peak: Sample,
    /// Plugin processes that were started.
    processes: Sample,
    /// The error of a peer that fails at this command.
    pub(crate) failure: Option<String>,
    /// The requests to the service: method, path and status.
    pub(crate) requests: Vec<String>,
}

impl Commands {
    pub(crate) fn get(&self, name: &str, command: &str) -> Cost {
        self.by_name
            .get(name)
            .and_then(|costs| costs.get(command))
            .cloned()
            .unwrap_or_default()
    }

    /// Returns the time of a command beyond that with `terraform_data` alone, in milliseconds.
    pub(crate) fn above_built_in(&self, name: &str, command: &str) -> Sample {
        let built_in = self.get(BUILT_IN, command);
        self.get(name, command).time.above(&built_in.time)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub(crate) fn json(&self) -> Value {
        let cost = |name: &str, command: &str, cost: &Cost| {
            json!({
                "ms": cost.time.json(),
                "ms_above_built_in": self.above_built_in(name, command).json(),
                "processor_ms_per_process": cost.processor.json(),
                "peak_mib": cost.peak.json(),
                "processes": cost.processes.json()["median"],
                "requests": cost.requests,
                "failure": cost.failure,
            })
        };
        let costs = |name: &str, costs: &BTreeMap<&'static str, Cost>| -> Value {
            costs
                .iter()
                .map(|(command, one)| ((*command).to_owned(), cost(name, command, one)))
                .collect()
        };
        self.by_name
            .iter()
            .map(|(name, all)| (name.clone(), costs(name, all)))
            .collect()
    }
}

pub(crate) const BUILT_IN: &str = "terraform_data";
const PEER: &str = "peer";

pub(crate) fn measure(contenders: &Contenders, rounds: usize) -> Result<Commands> {
    let terraform = terraform()?;
    let mut commands = Commands {
        terraform: version(&terraform)?,
        by_name: BTreeMap::new(),
    };
    let mut workspaces = workspaces(contenders, &terraform)?;

    print(&format!(
        "Running {rounds} rounds of terraform with {} …",
        workspaces
            .iter()
            .map(|one| one.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    ));
    for round in 0..=rounds {
        for workspace in &workspaces {
            for (command, arguments) in COMMANDS {
                let ran = workspace.terraform(arguments);
                let cost = commands.cost(&workspace.name, command);
                match ran {
                    // The first round only fills caches.
                    Ok(milliseconds) if round > 0 => cost.time.push(milliseconds),
                    Ok(_) => {}
                    Err(error) => cost.failure = Some(workspace.clean_up_after_peer(error)?),
                }
            }
        }
    }
    for workspace in &mut workspaces {
        workspace.observe(contenders, &mut commands)?;
    }
    for mut workspace in workspaces {
        workspace.count_requests(&mut commands)?;
    }
    Ok(commands)
}

impl Commands {
    fn cost(&mut self, name: &str, command: &'static str) -> &mut Cost {
        let costs = self.by_name.entry(name.to_owned()).or_default();
        costs.entry(command).or_default()
    }
}

/// The folder in which Terraform runs with one contender.
pub(crate) struct Workspace {
    name: String,
    terraform: PathBuf,
    folder: TempDir,
    /// The provider, if there is one.
    plugin: Option<Plugin>,
    environment: BTreeMap<&'static str, String>,
    /// The pretend HCP Terraform, for providers that need one.
    service: Option<Service>,
}

/// The cost of one process of a plugin.
pub(crate) struct Observed {
    /// Processor time.
    pub(crate) milliseconds: f64,
    /// The highest memory.
    pub(crate) mebibytes: f64,
}

struct Plugin {
    executable: PathBuf,
    /// The path at which Terraform finds it.
    link: PathBuf,
}

fn workspaces(contenders: &Contenders, terraform: &Path) -> Result<Vec<Workspace>> {
    let mut all = vec![
        Workspace::new(BUILT_IN, terraform)?
            .configure("resource \"terraform_data\" \"example\" {\n  input = \"hello\"\n}\n")?,
        Workspace::new("ours", terraform)?
            .plugin(&contenders.ours, "terraform-provider-tfe", "tfe")?
            .configure(OUR_CONFIGURATION)?
            .with_service()?,
        Workspace::new("echo", terraform)?
            .plugin(&contenders.echo, "terraform-provider-tfe", "echo")?
            .configure("resource \"echo_value\" \"example\" {\n  plain = \"hello\"\n}\n")?,
    ];
    if let Some(peer) = &contenders.peer {
        let workspace =
            Workspace::new(PEER, terraform)?.plugin(&peer.executable, "hashicorp", &peer.name)?;
        all.push(match &peer.configuration {
            Some(configuration) => workspace.configure(configuration)?,
            None if peer.name == "tfe" => workspace.configure(OUR_CONFIGURATION)?.with_service()?,
            None => return Err("PEER_CONFIGURATION must name a .tf file for this PEER".into()),
        });
    }
    Ok(all)
}

impl Workspace {
    pub(crate) fn new(name: &str, terraform: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        for part in ["home", "plugins", "configuration", "temporary"] {
            fs::create_dir(folder.path().join(part))?;
        }
        let path = |part: &str| folder.path().join(part).display().to_string();
        fs::write(folder.path().join("terraform.rc"), "")?;
        let environment = BTreeMap::from([
            ("HOME", path("home")),
            ("TMPDIR", path("temporary")),
            ("TF_CLI_CONFIG_FILE", path("terraform.rc")),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
            ("TF_IN_AUTOMATION", "1".to_owned()),
            ("TF_INPUT", "0".to_owned()),
        ]);
        Ok(Self {
            name: name.to_owned(),
            terraform: terraform.to_owned(),
            folder,
            plugin: None,
            environment,
            service: None,
        })
    }

    pub(crate) fn plugin(mut self, executable: &Path, namespace: &str, name: &str) -> Result<Self> {
        let plugins = self.folder.path().join("plugins");
        fs::write(
            self.folder.path().join("configuration/providers.tf"),
            format!(
                "terraform {{\n  required_providers {{\n    \
                 {name} = {{ source = \"{namespace}/{name}\" }}\n  }}\n}}\n"
            ),
        )?;
        let overrides = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"{namespace}/{name}\" = {plugins:?}\n  }}\n}}\n"
        );
        fs::write(self.folder.path().join("terraform.rc"), overrides)?;
        let plugin = Plugin {
            executable: executable.to_owned(),
            link: plugins.join(format!("terraform-provider-{name}")),
        };
        plugin.link_to(executable)?;
        self.plugin = Some(plugin);
        Ok(self)
    }

    pub(crate) fn configure(self, text: &str) -> Result<Self> {
        fs::write(self.folder.path().join("configuration/main.tf"), text)?;
        Ok(self)
    }

    /// Starts a service that the CLI configuration names as app.terraform.io.
    fn with_service(mut self) -> Result<Self> {
        let service = Service::start(None)?;
        let url = service.simulator.api_url();
        self.service = Some(service);
        self.served_at(&url, OWNER)
    }

    /// Names a running service as app.terraform.io in the CLI configuration.
    pub(crate) fn served_at(mut self, url: &str, token: &str) -> Result<Self> {
        let path = self.folder.path().join("terraform.rc");
        let services: String = ["tfe.v2", "tfe.v2.1", "tfe.v2.2"]
            .iter()
            .map(|name| format!("    \"{name}\" = {url:?}\n"))
            .collect();
        let text = fs::read_to_string(&path)?;
        fs::write(
            &path,
            format!("{text}host \"app.terraform.io\" {{\n  services = {{\n{services}  }}\n}}\n"),
        )?;
        self.environment.insert("TFE_TOKEN", token.to_owned());
        Ok(self)
    }

    /// Runs a command, which must succeed, and returns its time in milliseconds.
    pub(crate) fn terraform(&self, arguments: &[&str]) -> Result<f64> {
        let mut command = Command::new(&self.terraform);
        command
            .args(arguments)
            .current_dir(self.folder.path().join("configuration"))
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::null());
        let before = Instant::now();
        let output = command.output()?;
        let milliseconds = before.elapsed().as_secs_f64() * 1000.0;
        if !output.status.success() {
            return Err(format!(
                "terraform {} failed with {}:\n{}{}",
                arguments.join(" "),
                self.name,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
            .into());
        }
        Ok(milliseconds)
    }

    /// Returns the error of a peer as text, and removes its state and token before the next round. Only a peer may fail.
    fn clean_up_after_peer(&self, failed: Box<dyn Error>) -> Result<String> {
        if self.name != PEER {
            return Err(failed);
        }
        // There is none if an earlier command failed.
        let _ = fs::remove_file(self.folder.path().join("configuration/terraform.tfstate"));
        if let Some(service) = &self.service {
            service.simulator.revoke_elsewhere(ORGANIZATION);
        }
        let text = failed.to_string();
        let summary = text.lines().find_map(|line| line.strip_prefix("Error: "));
        Ok(summary.unwrap_or(&text).to_owned())
    }

    /// Runs rounds with the observer in the plugin's place.
    fn observe(&mut self, contenders: &Contenders, commands: &mut Commands) -> Result<()> {
        if self.plugin.is_none() {
            return Ok(());
        }
        for _ in 0..OBSERVED {
            for (command, arguments) in COMMANDS {
                let observed = match self.observed(contenders, arguments) {
                    Ok(observed) => observed,
                    Err(error) => {
                        self.clean_up_after_peer(error)?;
                        continue;
                    }
                };
                let cost = commands.cost(&self.name, command);
                #[expect(clippy::cast_precision_loss, reason = "a handful")]
                cost.processes.push(observed.len() as f64);
                for process in observed {
                    cost.processor.push(process.milliseconds);
                    cost.peak.push(process.mebibytes);
                }
            }
        }
        Ok(())
    }

    /// Runs a command with the observer in the plugin's place, and returns the cost of each process.
    pub(crate) fn observed(
        &mut self,
        contenders: &Contenders,
        arguments: &[&str],
    ) -> Result<Vec<Observed>> {
        let plugin = self.plugin.as_ref().ok_or("no plugin to observe")?;
        let observations = self.folder.path().join("observations");
        fs::write(&observations, "")?;
        plugin.link_to(&contenders.observer)?;
        let path = |path: &Path| path.display().to_string();
        self.environment
            .insert("OBSERVED", path(&plugin.executable));
        self.environment.insert("OBSERVATIONS", path(&observations));
        let ran = self.terraform(arguments);
        plugin.link_to(&plugin.executable)?;
        ran?;
        fs::read_to_string(&observations)?
            .lines()
            .map(|line| {
                let (microseconds, kibibytes) = line.split_once(' ').ok_or("no observation")?;
                Ok(Observed {
                    milliseconds: microseconds.parse::<f64>()? / 1000.0,
                    mebibytes: kibibytes.parse::<f64>()? / 1024.0,
                })
            })
            .collect()
    }

    /// Starts a service over HTTPS, which the provider has to discover and to trust first.
    fn use_https(&mut self) -> Result<Service> {
        let authority = self.folder.path().join("authority.pem");
        let service = Service::start(Some(&authority))?;
        self.environment.insert("TFE_HOSTNAME", service.host());
        self.environment.insert("TFE_TOKEN", OWNER.to_owned());
        self.environment
            .insert("SSL_CERT_FILE", authority.display().to_string());
        Ok(service)
    }

    /// Runs one round against such a service.
    fn count_requests(&mut self, commands: &mut Commands) -> Result<()> {
        if self.service.is_none() {
            return Ok(());
        }
        let service = self.use_https()?;
        for (command, arguments) in COMMANDS {
            let before = service.simulator.requests().len();
            if let Err(error) = self.terraform(arguments) {
                self.clean_up_after_peer(error)?;
            }
            commands.cost(&self.name, command).requests = service.simulator.requests()[before..]
                .iter()
                .map(RecordedRequest::summary)
                .collect();
        }
        Ok(())
    }
}

impl Plugin {
    fn link_to(&self, executable: &Path) -> Result<()> {
        // There is none before the first command.
        let _ = fs::remove_file(&self.link);
        Ok(std::os::unix::fs::symlink(executable, &self.link)?)
    }
}

/// Terraform's executable: the variable `TF`, else `terraform` on `PATH`.
pub(crate) fn terraform() -> Result<PathBuf> {
    let name = std::env::var_os("TF").unwrap_or_else(|| "terraform".into());
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(PathBuf::from(&name))
        .chain(std::env::split_paths(&path).map(|folder| folder.join(&name)))
        .find(|candidate| candidate.is_file())
        .and_then(|found| found.canonicalize().ok())
        .ok_or_else(|| "terraform is neither on PATH nor named by TF".into())
}

fn version(terraform: &Path) -> Result<String> {
    let output = Command::new(terraform)
        .args(["version", "-json"])
        .env("CHECKPOINT_DISABLE", "1")
        .output()?;
    let version: Value = serde_json::from_slice(&output.stdout)?;
    Ok(version["terraform_version"]
        .as_str()
        .unwrap_or("unknown")
        .to_owned())
}

pub(crate) fn table(commands: &Commands) -> String {
    let mut table = format!(
        "\n{:<16} {:<15} {:>20} {:>20} {:>9} {:>7} {:>9} {:>8}\n",
        "command",
        "contender",
        "ms (p10–p90)",
        "above built-in",
        "processes",
        "CPU ms",
        "peak MiB",
        "requests"
    );
    for (command, _) in COMMANDS {
        for name in commands.names() {
            let cost = commands.get(name, command);
            if let Some(failure) = &cost.failure {
                table.push_str(&format!("{command:<16} {name:<15} fails: {failure}\n"));
                continue;
            }
            table.push_str(&format!(
                "{command:<16} {name:<15} {:>20} {:>20}",
                cost.time.text(1),
                commands.above_built_in(name, command).text(1)
            ));
            if name != BUILT_IN {
                table.push_str(&format!(
                    " {:>9} {:>7.2} {:>9.2} {:>8}",
                    cost.processes.median(),
                    cost.processor.median(),
                    cost.peak.quantile(1.0),
                    cost.requests.len()
                ));
            }
            table.push('\n');
        }
    }
    table
}
