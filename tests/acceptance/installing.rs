//! Found by `terraform init` without a registry: as `make install` puts the plugin, and packed as `make dist` does.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aws_lc_rs::digest::{SHA256, digest};
use zip::ZipArchive;

use crate::host::{Product, host};
use crate::workspace::{Workspace, repository};
use tfplugin_testing::built_example;

const PLUGIN: &str = env!("CARGO_BIN_EXE_terraform-provider-tfe");
const VERSION: &str = env!("CARGO_PKG_VERSION");
const SOURCE: &str = "terraform-provider-tfe/tfe";

/// A program that has to succeed; what it printed.
#[track_caller]
fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{told}{failed}");
    told
}

/// A workspace in which nothing overrides where Terraform looks for providers.
fn workspace(source: &str) -> Workspace {
    // OpenTofu takes another registry for granted.
    let source = match host().product {
        Product::Terraform => source.to_owned(),
        Product::OpenTofu => format!("registry.terraform.io/{source}"),
    };
    let workspace = Workspace::new();
    find_providers(&workspace, "");
    workspace.write(
        "main.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    tfe = {{ source = {source:?} }}\n  }}\n}}\n\n\
             resource \"tfe_audit_trail_token\" \"example\" {{\n  organization = \"my-org-name\"\n}}\n"
        ),
    );
    workspace
}

/// Where Terraform looks for providers: these blocks instead of its own folders and the registry.
fn find_providers(workspace: &Workspace, blocks: &str) {
    let services = format!(
        "services = {{ \"tfe.v2.2\" = {:?} }}",
        workspace.simulator.api_url()
    );
    let host = format!("host \"app.terraform.io\" {{\n  {services}\n}}\n");
    fs::write(workspace.path("terraform.rc"), format!("{blocks}{host}")).unwrap();
}

/// Only the mirror of the workspace has providers; its folder for ours.
fn mirror(workspace: &Workspace) -> PathBuf {
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

/// `make install`, with the executable of the tests.
fn install(into: &Path, namespace: &str) {
    run(Command::new("make")
        .arg("install")
        .arg(format!("BUILT={PLUGIN}"))
        .arg(format!("PLUGINS={}", into.display()))
        .arg(format!("NAMESPACE={namespace}"))
        .arg(format!("TF={}", host().executable.display()))
        .current_dir(repository("")));
}

/// What `make dist` does once the plugin is built.
fn pack(plugin: &Path, folder: &Path) {
    run(Command::new(built_example("terraform-provider-tfe", "package")).args([plugin, folder]));
}

/// The same with something that is quicker to pack than a plugin.
fn pack_bytes(bytes: &[u8], folder: &Path) {
    let plugin = tempfile::NamedTempFile::new().unwrap();
    fs::write(plugin.path(), bytes).unwrap();
    pack(plugin.path(), folder);
}

/// The only archive of a folder.
fn archive(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder).unwrap();
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|one| one == "zip"));
    let [found] = <[PathBuf; 1]>::try_from(found).unwrap();
    found
}

/// Init, lock, apply, nothing to do, destroy.
#[track_caller]
fn check(workspace: &Workspace, mirror: &Path) {
    let init = ["init", "-no-color"];
    workspace
        .terraform(&init)
        .succeeds()
        .says(&format!("v{VERSION}"));
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
fn init_finds_what_make_install_has_installed() {
    let workspace = workspace("my-namespace/tfe");
    // One of the folders in which Terraform looks without being told.
    let plugins = workspace.path("home/.terraform.d/plugins");
    install(&plugins, "my-namespace");
    check(&workspace, &plugins);
}

/// Conformance: 73.
#[test]
fn init_finds_a_release_in_a_mirror() {
    let workspace = workspace(SOURCE);
    let folder = mirror(&workspace);
    pack(Path::new(PLUGIN), &folder);
    check(&workspace, &workspace.path("mirror"));
}

/// Whoever has locked one form can take the other.
///
/// Conformance: 73.
#[test]
fn installed_and_packed_are_the_same_to_a_lock() {
    let workspace = workspace(SOURCE);
    let folder = mirror(&workspace);
    install(&workspace.path("mirror"), "terraform-provider-tfe");
    workspace.terraform(&["init", "-no-color"]).succeeds();
    let lock = workspace.read(".terraform.lock.hcl");

    fs::remove_dir_all(folder.join(VERSION)).unwrap();
    fs::remove_dir_all(workspace.path("configuration/.terraform")).unwrap();
    pack(Path::new(PLUGIN), &folder);
    workspace.terraform(&["init", "-no-color"]).succeeds();
    assert!(lock.contains("h1:"), "{lock}");
    workspace.apply();
}

/// Conformance: 73.
#[test]
fn another_archive_than_the_locked_one_is_refused() {
    let workspace = workspace(SOURCE);
    let folder = mirror(&workspace);
    pack_bytes(b"a plugin", &folder);
    workspace.terraform(&["init", "-no-color"]).succeeds();
    fs::remove_dir_all(workspace.path("configuration/.terraform")).unwrap();

    pack_bytes(b"b plugin", &folder);
    let refused = workspace.terraform(&["init", "-no-color"]).fails();
    refused.says("match any of the checksums");
}

/// Conformance: 73, 74.
#[test]
fn a_release_is_what_the_registry_takes() {
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
    // A regular file that everybody may run.
    assert_eq!(plugin.unix_mode(), Some(0o100_755));
    assert_eq!(std::io::read_to_string(plugin).unwrap(), "a plugin");

    let manifest = format!("{release}_manifest.json");
    let told = fs::read_to_string(folder.path().join(&manifest)).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let expected = serde_json::json!({"version": 1, "metadata": {"protocol_versions": ["6.0"]}});
    assert_eq!(told, expected);

    let sums = fs::read_to_string(folder.path().join(format!("{release}_SHA256SUMS"))).unwrap();
    let expected: String = [&name, &manifest]
        .map(|name| {
            format!(
                "{}  {name}\n",
                sha256(&fs::read(folder.path().join(name)).unwrap())
            )
        })
        .concat();
    assert_eq!(sums, expected);
}

fn sha256(contents: &[u8]) -> String {
    let digest = digest(&SHA256, contents);
    let bytes = digest.as_ref().iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// Time, folder and user leave no trace.
#[test]
fn the_same_executable_is_the_same_release() {
    let [first, second] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let archives = [&first, &second].map(|folder| {
        pack_bytes(b"a plugin", folder.path());
        fs::read(archive(folder.path())).unwrap()
    });
    assert!(archives[0] == archives[1], "the archives differ");
}
