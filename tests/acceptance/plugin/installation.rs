//! Installed plugins that `terraform init` finds without a registry: what `make install` installs and
//! what `make dist` packs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tfplugin_testing::built_example;
use zip::ZipArchive;

use crate::host::{Product, host};
use crate::workspace::checks::{BASIC, sha256};
use crate::workspace::plugins::TFE;
use crate::workspace::{Workspace, repository};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const SOURCE: &str = "terraform-provider-tfe/tfe";

/// Runs a program, which has to succeed.
#[track_caller]
fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{stdout}{stderr}");
}

/// Returns a workspace in which nothing overrides where Terraform searches for providers.
fn workspace(source: &str) -> Workspace {
    // The default registry of OpenTofu is another one.
    let source = match host().product {
        Product::Terraform => source.to_owned(),
        Product::OpenTofu => format!("registry.terraform.io/{source}"),
    };
    let mut workspace = Workspace::new();
    find_providers(&mut workspace, "");
    workspace.write(
        "main.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    tfe = {{ source = {source:?} }}\n  }}\n}}\n{BASIC}"
        ),
    );
    workspace
}

/// Makes Terraform search for providers as these blocks say, in place of its folders and the registry.
fn find_providers(workspace: &mut Workspace, blocks: &str) {
    let services = workspace.services();
    workspace.cli_configuration_without_plugins(&format!("{blocks}{services}"));
}

/// Makes a mirror of the workspace the only place with providers. Returns its folder for this one.
fn mirror(workspace: &mut Workspace) -> PathBuf {
    let mirror = workspace.path("mirror");
    let block = format!("filesystem_mirror {{\n    path = {mirror:?}\n  }}");
    find_providers(
        workspace,
        &format!("provider_installation {{\n  {block}\n}}\n"),
    );
    let folder = mirror.join("registry.terraform.io").join(SOURCE);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs `make install` with the executable of the tests.
fn install(into: &Path, namespace: &str) {
    run(Command::new("make")
        .arg("install")
        .arg(format!("BUILT={TFE}"))
        .arg(format!("PLUGINS={}", into.display()))
        .arg(format!("NAMESPACE={namespace}"))
        .arg(format!("TF={}", host().executable.display()))
        .current_dir(repository("")));
}

/// Does what `make dist` does after the plugin is built.
fn pack(plugin: &Path, folder: &Path) {
    run(Command::new(built_example("terraform-provider-tfe", "package")).args([plugin, folder]));
}

/// Packs something that takes less time to pack than a plugin.
fn pack_bytes(bytes: &[u8], folder: &Path) {
    let plugin = tempfile::NamedTempFile::new().unwrap();
    fs::write(plugin.path(), bytes).unwrap();
    pack(plugin.path(), folder);
}

/// Returns the only archive of a folder.
fn archive(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder).unwrap();
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|one| one == "zip"));
    let [found] = <[PathBuf; 1]>::try_from(found).unwrap();
    found
}

/// Expects that init, lock, apply, an empty plan and destroy succeed.
#[track_caller]
fn check(workspace: &Workspace, mirror: &Path) {
    let init = ["init", "-no-color"];
    workspace
        .terraform(&init)
        .succeeds()
        .prints(&format!("v{VERSION}"));
    let from = format!("-fs-mirror={}", mirror.display());
    workspace
        .terraform(&["providers", "lock", "-no-color", &from])
        .succeeds();
    workspace.terraform(&init).succeeds();
    workspace.apply();
    workspace.holds_the_live_secret();
    workspace.destroy();
}

/// Conformance: 73.
#[test]
fn init_finds_the_plugin_that_make_install_installed() {
    let workspace = workspace("my-namespace/tfe");
    // Terraform searches this folder by default.
    let plugins = workspace.path("home/.terraform.d/plugins");
    install(&plugins, "my-namespace");
    check(&workspace, &plugins);
}

/// Conformance: 73.
#[test]
fn init_finds_a_release_in_a_mirror() {
    let mut workspace = workspace(SOURCE);
    let folder = mirror(&mut workspace);
    pack(Path::new(TFE), &folder);
    check(&workspace, &workspace.path("mirror"));
}

/// The lock file of one form accepts the other.
///
/// Conformance: 73.
#[test]
fn a_lock_file_of_the_installed_plugin_accepts_the_packed_one() {
    let mut workspace = workspace(SOURCE);
    let folder = mirror(&mut workspace);
    install(&workspace.path("mirror"), "terraform-provider-tfe");
    workspace.terraform(&["init", "-no-color"]).succeeds();
    let lock = workspace.read(".terraform.lock.hcl");

    fs::remove_dir_all(folder.join(VERSION)).unwrap();
    fs::remove_dir_all(workspace.path("configuration/.terraform")).unwrap();
    pack(Path::new(TFE), &folder);
    workspace.terraform(&["init", "-no-color"]).succeeds();
    assert!(lock.contains("h1:"), "{lock}");
    workspace.apply();
}

/// Conformance: 73.
#[test]
fn an_archive_that_is_not_the_locked_one_is_refused() {
    let mut workspace = workspace(SOURCE);
    let folder = mirror(&mut workspace);
    pack_bytes(b"a plugin", &folder);
    workspace.terraform(&["init", "-no-color"]).succeeds();
    fs::remove_dir_all(workspace.path("configuration/.terraform")).unwrap();

    pack_bytes(b"b plugin", &folder);
    let refused = workspace.terraform(&["init", "-no-color"]).fails();
    refused.prints("match any of the checksums");
}

/// Conformance: 73, 74.
#[test]
fn a_release_has_the_files_that_the_registry_expects() {
    let folder = tempfile::tempdir().unwrap();
    pack_bytes(b"a plugin", folder.path());

    let path = archive(folder.path());
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let release = format!("terraform-provider-tfe_{VERSION}");
    let platform = name
        .strip_prefix(&format!("{release}_"))
        .and_then(|rest| rest.strip_suffix(".zip"));
    let (os, arch) = platform.and_then(|it| it.split_once('_')).unwrap();
    assert!(["linux", "darwin"].contains(&os), "{name}");
    assert!(["amd64", "arm64", "386"].contains(&arch), "{name}");

    let mut zip = ZipArchive::new(File::open(&path).unwrap()).unwrap();
    assert_eq!(zip.len(), 1);
    let plugin = zip.by_index(0).unwrap();
    assert_eq!(
        plugin.name().unwrap(),
        format!("terraform-provider-tfe_v{VERSION}")
    );
    // A regular file that every user may execute.
    assert_eq!(plugin.unix_mode(), Some(0o100_755));
    assert_eq!(std::io::read_to_string(plugin).unwrap(), "a plugin");

    let manifest = format!("{release}_manifest.json");
    let text = fs::read_to_string(folder.path().join(&manifest)).unwrap();
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    let expected = serde_json::json!({"version": 1, "metadata": {"protocol_versions": ["6.0"]}});
    assert_eq!(found, expected);

    let sums = fs::read_to_string(folder.path().join(format!("{release}_SHA256SUMS"))).unwrap();
    let expected: String = [&name, &manifest]
        .map(|name| {
            format!(
                "{}  {name}\n",
                sha256(fs::read(folder.path().join(name)).unwrap())
            )
        })
        .concat();
    assert_eq!(sums, expected);
}

/// Neither the time nor the folder nor the user changes a byte.
#[test]
fn the_same_executable_makes_the_same_release() {
    let [first, second] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let archives = [&first, &second].map(|folder| {
        pack_bytes(b"a plugin", folder.path());
        fs::read(archive(folder.path())).unwrap()
    });
    assert!(archives[0] == archives[1], "the archives differ");
}
