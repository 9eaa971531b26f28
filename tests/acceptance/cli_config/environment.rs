//! Where Terraform and the provider find CLI configuration and helpers in unusual environments.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use terraform_provider_tfe::client::Environment;

use super::Home;
use crate::host::{Product, host};
use crate::workspace::Workspace;
use crate::workspace::checks::BASIC;
use crate::workspace::commands::pid_namespaces_are_allowed;
use crate::workspace::simulator::OWNER;

const HOST: &str = "a.example.com";

fn home() -> Home {
    Home::new([HOST.to_owned()])
}

fn block(token: &str) -> String {
    format!("credentials \"{HOST}\" {{ token = \"{token}\" }}\n")
}

/// Expects that Terraform and the provider find the same token.
#[track_caller]
fn check(home: &Home, command: Option<&mut Command>, expected: &str) {
    let (tokens, run) = match command {
        Some(command) => home.tokens_sent_by(command),
        None => home.tokens_of_terraform(),
    };
    let expected = expected.to_owned();
    assert_eq!(
        tokens.get(HOST),
        Some(&Some(expected.clone())),
        "terraform\n{run}"
    );
    assert_eq!(home.token_of_the_provider(HOST), Ok(expected));
}

/// Makes a program that prints a token.
fn write_helper(path: &Path, token: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let script = format!("#!/bin/sh\necho '{{\"token\": \"{token}\"}}'\n");
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_relative_named_file_belongs_to_the_directory_before_chdir() {
    let mut home = home();
    home.write("named.rc", block("before") + &home.blocks());
    home.write("configuration/named.rc", block("after") + &home.blocks());
    home.set("TF_CLI_CONFIG_FILE", "named.rc");
    let started = home.folder.path().to_owned();
    home.set("PWD", started);
    let mut command = Command::new(&host().executable);
    command
        .args(["-chdir=configuration", "init", "-no-color"])
        .current_dir(home.folder.path());
    check(&home, Some(&mut command), "before");
}

/// The whole way: the provider starts after Terraform has changed the directory.
#[test]
fn the_provider_finds_a_relative_named_file_although_terraform_has_changed_the_directory() {
    let mut workspace = Workspace::new();
    workspace.unset("TFE_TOKEN");
    let credentials = format!("credentials \"app.terraform.io\" {{ token = \"{OWNER}\" }}\n");
    let blocks = workspace.services() + &credentials;
    workspace.cli_configuration(&blocks);
    workspace.set("TF_CLI_CONFIG_FILE", "terraform.rc");
    workspace.configure(BASIC);
    let script = "cd .. && export PWD && exec \"$0\" -chdir=configuration plan -no-color";
    let terraform = host().executable.display().to_string();
    workspace
        .start_program("/bin/sh", &["-c", script, &terraform])
        .finishes()
        .succeeds()
        .prints("1 to add");
}

#[test]
fn the_path_of_a_named_file_may_be_any_bytes() {
    let mut home = home();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.rc");
    let path = home.folder.path().join(name);
    fs::write(&path, block("latin1") + &home.blocks()).unwrap();
    home.set("TF_CLI_CONFIG_FILE", path);
    check(&home, None, "latin1");
}

#[test]
fn the_newest_version_of_a_helper_in_all_directories_is_run() {
    let home = home();
    home.write(
        ".terraformrc",
        format!("credentials_helper \"x\" {{}}\n{}", home.blocks()),
    );
    let plugins = home.folder.path().join(".terraform.d/plugins");
    let platform = format!(
        "linux_{}",
        match std::env::consts::ARCH {
            "aarch64" => "arm64",
            _ => "amd64",
        }
    );
    // Each is newer than those before it.
    for name in [
        "terraform-credentials-x",
        "terraform-credentials-x_v1.9.0",
        "terraform-credentials-x_v1.10.0-rc1",
        "terraform-credentials-x_v1.10.0_x4",
        &format!("{platform}/terraform-credentials-x_v1.10.1"),
    ] {
        write_helper(&plugins.join(name), name);
        write_helper(&plugins.join("terraform-credentials-xy_v9.0.0"), "other");
        check(&home, None, name);
    }
}

/// Cron, systemd and some containers set no `HOME`.
#[test]
fn without_home_the_home_directory_is_that_of_etc_passwd() {
    if !pid_namespaces_are_allowed() {
        return;
    }
    let home = home();
    home.write(".terraformrc", block("passwd") + &home.blocks());
    // The user of the namespace is number 0.
    let line = |number: u32| {
        let folder = home.folder.path().display();
        format!("me:x:{number}:{number}::{folder}:/bin/sh\n")
    };
    home.write("passwd", line(0));
    let script = format!(
        "mount --bind {}/passwd /etc/passwd && unset HOME && exec \"$0\" init -no-color -backend=false",
        home.folder.path().display()
    );
    let mut command = Command::new("/usr/bin/unshare");
    command
        .args(["--map-root-user", "--mount", "/bin/sh", "-c", &script])
        .arg(&host().executable)
        .current_dir(home.folder.path().join("configuration"));
    let (tokens, run) = home.tokens_sent_by(&mut command);
    let expected = "passwd".to_owned();
    assert_eq!(tokens.get(HOST), Some(&Some(expected.clone())), "{run}");
    let main = home.folder.path().join(".terraformrc");
    let environment = Environment::in_memory()
        .file("/etc/passwd", line(rustix::process::getuid().as_raw()))
        .file(&main, fs::read(&main).unwrap());
    assert_eq!(home.token_found_in(environment, HOST), Ok(expected));
}

/// Terraform and OpenTofu each read their own main file and directory.
#[test]
fn the_files_are_those_of_the_program_that_runs_the_provider() {
    let mut home = home();
    let place = |name: &str, token| {
        let path = home.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, block(token) + &home.blocks()).unwrap();
    };
    place(".terraformrc", "terraformrc");
    place(".tofurc", "tofurc");
    home.set("XDG_CONFIG_HOME", home.folder.path().join("xdg"));
    let expected = match host().product {
        Product::Terraform => "terraformrc",
        Product::OpenTofu => "tofurc",
    };
    let (tokens, run) = home.tokens_of_terraform();
    assert_eq!(tokens[HOST].as_deref(), Some(expected), "{run}");
    let environment = Environment::in_memory()
        .home(home.folder.path())
        .parent(&host().executable);
    let ours = home.token_found_in(environment, HOST);
    assert_eq!(ours.as_deref(), Ok(expected));
}

/// Terraform gives the whole environment to its helpers, and its plugins get more than that.
#[cfg(target_os = "linux")]
#[test]
fn a_helper_that_the_provider_runs_inherits_no_secret_of_the_provider() {
    let mut workspace = Workspace::new();
    workspace.unset("TFE_TOKEN");
    workspace.set(
        "TFE_SEALING_KEY",
        "cGxhbnRlZCBrZXksIG5ldmVyIHRvIGJlIHNlZW4hISE=",
    );
    workspace.set("PATH", "/usr/bin:/bin");
    let blocks = workspace.services() + "credentials_helper \"x\" {}\n";
    workspace.cli_configuration(&blocks);
    let helper = workspace.path("home/.terraform.d/plugins/terraform-credentials-x");
    let seen = workspace.path("seen");
    write_helper(&helper, OWNER);
    let script = fs::read_to_string(&helper).unwrap();
    fs::write(&helper, format!("{script}env > {}\n", seen.display())).unwrap();
    workspace.configure(BASIC);
    workspace.terraform(&["plan", "-no-color"]).succeeds();
    let seen = fs::read_to_string(seen).expect("the helper was run");
    assert!(seen.contains("CHECKPOINT_DISABLE=1"), "{seen}");
    for name in [
        "TFE_SEALING_KEY",
        "TF_PLUGIN_MAGIC_COOKIE",
        "PLUGIN_",
        "CERTIFICATE",
    ] {
        assert!(!seen.contains(name), "{name}: {seen}");
    }
}

/// A variable in another encoding used to count as unset, and the token went to app.terraform.io.
#[test]
fn a_hostname_that_is_not_utf_8_sends_no_request() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    let script = "TFE_HOSTNAME=$(printf 'caf\\351.example'); export TFE_HOSTNAME; exec \"$0\" plan -no-color";
    let terraform = host().executable.display().to_string();
    workspace
        .start_program("/bin/sh", &["-c", script, &terraform])
        .finishes()
        .fails()
        .prints("Invalid Environment Variable")
        .prints("The environment variable TFE_HOSTNAME is not valid UTF-8");
    assert_eq!(workspace.count("GET"), 0);
}
