//! [`Places`]: where Terraform and OpenTofu look for CLI configuration.
//!
//! Terraform: internal/command/cliconfig (config_unix.go, config_windows.go, plugins.go). OpenTofu: the
//! same files; it prefers a name of its own, and a new installation follows the XDG specification.

use std::path::{Path, PathBuf};

use crate::client::environment::Environment;
use crate::client::files::Files;

/// The files and directories of one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) main: PathBuf,
    pub(super) directory: PathBuf,
    /// Where credentials helpers are, the directory that wins first.
    pub(super) plugins: Vec<PathBuf>,
}

/// The program that runs the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    Terraform,
    OpenTofu,
    /// A debugger, a test, or a platform that does not say. Terraform's places come first.
    Unknown,
}

impl Program {
    /// Recognises the program by its executable. Nothing that it sends to a provider differs at this time
    /// (see the SDK's `Host`).
    pub(super) fn of(environment: &Environment, files: &Files) -> Program {
        let executable = environment.parent_executable(files);
        let name = executable
            .as_deref()
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        if name.contains("tofu") {
            Program::OpenTofu
        } else if name.contains("terraform") {
            Program::Terraform
        } else {
            Program::Unknown
        }
    }
}

impl Places {
    /// Returns Terraform's places, if the home directory is known.
    pub(super) fn of_terraform(environment: &Environment, files: &Files) -> Option<Places> {
        let (main, directory) = if cfg!(windows) {
            let roaming = environment.path("APPDATA")?;
            (roaming.join("terraform.rc"), roaming.join("terraform.d"))
        } else {
            let home = environment.home_directory(files)?;
            (home.join(".terraformrc"), home.join(".terraform.d"))
        };
        Some(Places {
            plugins: plugins(&directory),
            main,
            directory,
        })
    }

    /// Returns OpenTofu's places, if the home directory is known.
    pub(super) fn of_opentofu(environment: &Environment, files: &Files) -> Option<Places> {
        let older = Places::of_terraform(environment, files)?;
        if cfg!(windows) {
            let main = older.main.with_file_name("tofu.rc");
            return Some(match files.exists(&main) || !files.exists(&older.main) {
                true => Places { main, ..older },
                false => older,
            });
        }
        let xdg = |variable| Some(environment.path(variable)?.join("opentofu"));
        let configuration = xdg("XDG_CONFIG_HOME");
        let own = older.main.with_file_name(".tofurc");
        let main = if files.exists(&own) {
            own
        } else if files.exists(&older.main) {
            older.main
        } else {
            match &configuration {
                Some(folder) => folder.join("tofurc"),
                None => own,
            }
        };
        let mut plugins = older.plugins;
        if let Some(data) = xdg("XDG_DATA_HOME") {
            plugins.extend(self::plugins(&data));
        }
        let directory = match configuration {
            Some(folder) if !files.exists(&older.directory) => folder,
            _ => older.directory,
        };
        Some(Places {
            main,
            directory,
            plugins,
        })
    }
}

/// Returns the directories of helpers below a directory.
fn plugins(directory: &Path) -> Vec<PathBuf> {
    let plugins = directory.join("plugins");
    let of_platform = plugins.join(platform());
    vec![plugins, of_platform]
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

/// Returns the file that a variable names.
///
/// Terraform resolves a relative path before its option `-chdir` changes the directory (main.go), and the
/// provider starts after that. The shell's `PWD` still has the directory before. A program that starts
/// Terraform without a shell may leave an older one there, so it counts only if it has the file.
pub(super) fn named_file(environment: &Environment, files: &Files) -> Option<PathBuf> {
    let path = ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"]
        .into_iter()
        .find_map(|name| environment.path(name))?;
    if path.is_absolute() {
        return Some(path);
    }
    let before = environment
        .path("PWD")
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&path))
        .filter(|path| files.exists(path));
    Some(before.unwrap_or(path))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn home() -> Environment {
        Environment::in_memory().home("/home/me")
    }

    /// OpenTofu: internal/command/cliconfig/config_unix.go.
    #[test]
    fn opentofu_prefers_its_own_names_and_a_new_installation_follows_xdg() {
        let xdg = || {
            home()
                .variable("XDG_CONFIG_HOME", "/xdg")
                .variable("XDG_DATA_HOME", "/data")
        };
        let (tofurc, terraformrc) = ("/home/me/.tofurc", "/home/me/.terraformrc");
        let (folder, new) = ("/home/me/.terraform.d", "/xdg/opentofu");
        let old = "/home/me/.terraform.d/old.tfrc";
        for (environment, main, directory) in [
            (home(), tofurc, folder),
            (home().file(terraformrc, ""), terraformrc, folder),
            (
                home().file(terraformrc, "").file(tofurc, ""),
                tofurc,
                folder,
            ),
            (xdg(), "/xdg/opentofu/tofurc", new),
            (xdg().file(tofurc, ""), tofurc, new),
            (xdg().file(terraformrc, ""), terraformrc, new),
            (xdg().file(old, ""), "/xdg/opentofu/tofurc", folder),
        ] {
            let places = Places::of_opentofu(&environment, &environment.files()).unwrap();
            assert_eq!(places.main, Path::new(main), "{environment:?}");
            assert_eq!(places.directory, Path::new(directory), "{environment:?}");
        }
        let places = Places::of_opentofu(&xdg(), &xdg().files()).unwrap();
        assert_eq!(places.plugins.len(), 4);
        assert_eq!(places.plugins[2], Path::new("/data/opentofu/plugins"));
    }

    #[test]
    fn the_program_is_recognised_by_its_executable() {
        for (executable, program) in [
            ("/usr/local/bin/terraform", Program::Terraform),
            ("/opt/terraform-1.14", Program::Terraform),
            ("/usr/local/bin/tofu", Program::OpenTofu),
            ("/opt/tofu-1.12.6", Program::OpenTofu),
            ("/bin/bash", Program::Unknown),
        ] {
            let environment = home().parent(executable);
            let found = Program::of(&environment, &environment.files());
            assert_eq!(found, program, "{executable}");
        }
        assert_eq!(Program::of(&home(), &home().files()), Program::Unknown);
    }

    #[test]
    fn a_relative_file_is_searched_for_where_terraform_was_started() {
        let named = |environment: Environment| {
            let environment = environment.variable("TF_CLI_CONFIG_FILE", "a/b.rc");
            named_file(&environment, &environment.files()).unwrap()
        };
        let started = || home().variable("PWD", "/started");
        assert_eq!(
            named(started().file("/started/a/b.rc", "")),
            Path::new("/started/a/b.rc")
        );
        assert_eq!(named(started()), Path::new("a/b.rc"));
        let relative = home().variable("PWD", "x").file("x/a/b.rc", "");
        assert_eq!(named(relative), Path::new("a/b.rc"));
    }
}
