//! [`Workspace`]: a folder, an environment and a service, for one test.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tfe_simulator::{Builder, Simulator};

use crate::host::{self, host};
use crate::plugins;
use crate::run::Run;
use crate::running::Running;
use crate::service::{self, OWNER};
use crate::time::hashicorp_time;

const REQUIRED_PROVIDERS: &str = r#"terraform {
  required_providers {
    tfe  = { source = "terraform-provider-tfe/tfe" }
    echo = { source = "terraform-provider-tfe/echo" }
  }
}
"#;

/// The command that applies without a question.
pub(crate) const APPLY: &[&str] = &["apply", "-no-color", "-auto-approve"];

/// Arguments of `unshare` that make a program the first process of a PID namespace.
#[cfg(target_os = "linux")]
const FIRST_PROCESS: &[&str] = &["--map-root-user", "--pid", "--fork", "--mount-proc"];

/// Where one test runs terraform.
pub(crate) struct Workspace {
    folder: TempDir,
    environment: BTreeMap<String, String>,
    pub(crate) simulator: Simulator,
}

impl Workspace {
    /// With a simulator in the place of app.terraform.io, and its owner's token as `TFE_TOKEN`.
    pub(crate) fn new() -> Self {
        Self::beside(service::start(|builder| builder))
    }

    /// The same with a simulator that is built otherwise.
    pub(crate) fn with(build: impl FnOnce(Builder) -> Builder) -> Self {
        Self::beside(service::start(build))
    }

    /// Another folder and environment for the same service.
    pub(crate) fn beside(simulator: Simulator) -> Self {
        host::shown_by_this_test();
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "plugins", "configuration", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        plugins::link_into(&folder.path().join("plugins"));
        let mut workspace = Self {
            folder,
            environment: BTreeMap::new(),
            simulator,
        };
        let url = workspace.simulator.api_url();
        workspace.cli_configuration(&format!(
            "host \"app.terraform.io\" {{\n  services = {{ \"tfe.v2.2\" = \"{url}\" }}\n}}\n"
        ));
        let home = workspace.path("home").display().to_string();
        workspace.set("HOME", &home);
        let temporary = workspace.path("tmp").display().to_string();
        workspace.set("TMPDIR", &temporary);
        workspace.set("CHECKPOINT_DISABLE", "1");
        workspace.set("TF_IN_AUTOMATION", "1");
        workspace.set("TF_INPUT", "0");
        workspace.set("TFE_TOKEN", OWNER);
        workspace
    }

    /// A file or folder of the workspace; the configuration is in `configuration`.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the CLI configuration: the plugins, and these blocks.
    pub(crate) fn cli_configuration(&mut self, blocks: &str) {
        let plugins = self.path("plugins");
        let overrides: String = plugins::SOURCES
            .iter()
            .map(|source| format!("    {source:?} = {plugins:?}\n"))
            .collect();
        self.write_cli_configuration(&format!(
            "provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n}}\n{blocks}"
        ));
    }

    /// Writes the CLI configuration with these blocks alone: no plugin is found.
    pub(crate) fn write_cli_configuration(&mut self, text: &str) {
        let path = self.path("terraform.rc");
        fs::write(&path, text).unwrap();
        self.set("TF_CLI_CONFIG_FILE", &path.display().to_string());
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Unsets a variable of the environment.
    pub(crate) fn unset(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// Writes the configuration, whose providers are declared beside it.
    pub(crate) fn configure(&self, text: &str) {
        self.write("providers.tf", REQUIRED_PROVIDERS);
        self.write("main.tf", text);
    }

    /// Writes a file into the folder of the configuration.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path("configuration").join(name), text).unwrap();
    }

    /// Puts the real hashicorp/time into the place of its stand-in, which stays, and says so, where there is no Go to
    /// build it.
    pub(crate) fn real_time(&self) {
        let Some(real) = hashicorp_time() else {
            let told = "rotations are tried with a stand-in: hashicorp/time is not here, nor Go to build it";
            let _ = writeln!(std::io::stderr(), "{told}");
            return;
        };
        let link = self.path("plugins").join("terraform-provider-time");
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink(real, &link).unwrap();
    }

    /// Reads a file of the folder of the configuration; empty if there is none.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("configuration").join(name)).unwrap_or_default()
    }

    /// Runs terraform in the folder of the configuration.
    #[track_caller]
    pub(crate) fn terraform(&self, arguments: &[&str]) -> Run {
        self.start(arguments).ends()
    }

    /// Starts terraform in a process group of its own, as a shell does.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let name = format!("terraform {}", arguments.join(" "));
        Running::start(name, &mut self.command(&host().executable, arguments))
    }

    /// Starts another program with the same environment.
    pub(crate) fn start_program(&self, program: &str, arguments: &[&str]) -> Running {
        let name = format!("{program} {}", arguments.join(" "));
        Running::start(name, &mut self.command(program, arguments))
    }

    /// Starts terraform as the first process of a new PID namespace, as in a container.
    #[cfg(target_os = "linux")]
    pub(crate) fn start_as_first(&self, arguments: &[&str]) -> Running {
        let mut command = self.command("unshare", FIRST_PROCESS);
        command.arg(&host().executable).args(arguments);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let name = format!("(as process 1) terraform {}", arguments.join(" "));
        Running::start(name, &mut command)
    }

    /// Whether the system lets us make PID namespaces. If it does not, that is told on stderr, past
    /// the capture of tests.
    #[cfg(target_os = "linux")]
    pub(crate) fn can_be_first() -> bool {
        let works = Command::new("unshare")
            .args(FIRST_PROCESS)
            .arg("true")
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !works {
            let told = "the system allows no PID namespace: terraform is not run as process 1";
            let _ = writeln!(std::io::stderr(), "{told}");
        }
        works
    }

    fn command(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.path("configuration"))
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::null());
        command
    }

    /// `terraform validate`.
    pub(crate) fn validate(&self) -> Run {
        self.terraform(&["validate", "-no-color"])
    }

    /// `terraform plan`: 0 without changes, 2 with.
    pub(crate) fn plan(&self) -> Run {
        self.terraform(&["plan", "-no-color", "-detailed-exitcode"])
    }

    /// `terraform apply`, come what may.
    pub(crate) fn try_apply(&self) -> Run {
        self.terraform(APPLY)
    }

    /// `terraform apply`, which must succeed and leave nothing to do.
    #[track_caller]
    pub(crate) fn apply(&self) -> Run {
        let run = self.try_apply().succeeds();
        self.plan().exits(0);
        run
    }

    /// `terraform destroy`, which must succeed and leave nothing in the state.
    #[track_caller]
    pub(crate) fn destroy(&self) -> Run {
        let run = self
            .terraform(&["destroy", "-no-color", "-auto-approve"])
            .succeeds();
        assert_eq!(self.state()["resources"], Value::Array(Vec::new()));
        run
    }

    /// The state file; null if there is none.
    pub(crate) fn state(&self) -> Value {
        serde_json::from_str(&self.read("terraform.tfstate")).unwrap_or_default()
    }

    /// The attributes in state of a managed resource called `example`; null if there is none.
    pub(crate) fn example(&self, resource: &str) -> Value {
        self.object(resource, "managed", "example")
    }

    /// The attributes in state of an object.
    pub(crate) fn object(&self, of_type: &str, mode: &str, name: &str) -> Value {
        let state = self.state();
        let resources = state["resources"].as_array().cloned().unwrap_or_default();
        resources
            .iter()
            .find(|one| one["type"] == of_type && one["mode"] == mode && one["name"] == name)
            .map_or(Value::Null, |one| one["instances"][0]["attributes"].clone())
    }

    /// How many requests of a method the token endpoint has answered.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.simulator
            .requests()
            .iter()
            .filter(|one| one.method == method && one.path.contains("/authentication-token"))
            .count()
    }

    /// The id of the audit trail token that `my-org-name` has.
    #[track_caller]
    pub(crate) fn current_id(&self) -> String {
        let token = self.simulator.audit_trail_token("my-org-name");
        token.expect("my-org-name has an audit trail token").id
    }
}

/// What became of a token.
impl Workspace {
    /// The state holds the secret of the token that the organization has.
    #[track_caller]
    pub(crate) fn holds_the_live_secret(&self) {
        let token = self.simulator.audit_trail_token("my-org-name");
        let token = token.expect("my-org-name has an audit trail token");
        let object = self.example("tfe_audit_trail_token");
        assert_eq!(object["token_id"], token.id);
        assert_eq!(object["token"], token.secret.expose());
        assert_eq!(object["status"], "current");
    }

    /// Neither terraform nor a plugin has left a file in the temporary directory.
    #[track_caller]
    pub(crate) fn left_nothing(&self) {
        let left = fs::read_dir(self.path("tmp")).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().path()).collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }

    /// The organization has a token of which the state knows nothing, and the configuration, which
    /// has one block for it, creates one. The plan tells of it, apply refuses to kill it and names
    /// the ways out, and force is one.
    #[track_caller]
    pub(crate) fn is_told_of_a_token_that_nobody_manages(&self) {
        let (id, posts) = (self.current_id(), self.count("POST"));
        self.plan().exits(2).says(&id);
        let refused = self.try_apply().fails();
        refused
            .says("An audit trail token already exists")
            .says(&id)
            .says("force_regenerate = true")
            .says("import");
        assert_eq!((self.current_id(), self.count("POST")), (id, posts));

        self.force();
        self.apply();
        self.holds_the_live_secret();
    }

    /// The organization has another token than the state. The plan says so, apply refuses to kill
    /// it and names the ways out, and force that becomes true is one.
    #[track_caller]
    pub(crate) fn is_told_of_a_replaced_token(&self) {
        let (id, posts) = (self.current_id(), self.count("POST"));
        let plan = self.plan().exits(2);
        plan.says("The Audit Trail Token Was Replaced").says(&id);
        let refused = self.try_apply().fails();
        refused
            .says("The Audit Trail Token Is Not Managed by This Resource")
            .says(&id)
            .says("force_regenerate");
        assert_eq!((self.current_id(), self.count("POST")), (id, posts));
        assert_eq!(self.example("tfe_audit_trail_token")["status"], "replaced");

        self.force();
        self.apply();
        self.holds_the_live_secret();
    }

    /// Sets `force_regenerate` in the only block about `my-org-name`.
    fn force(&self) {
        let name = "\"my-org-name\"";
        let forced = format!("{name}\n  force_regenerate = true");
        self.write("main.tf", &self.read("main.tf").replace(name, &forced));
    }
}

/// A file of this repository.
pub(crate) fn repository(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
