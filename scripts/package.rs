//! Packs the plugin as a release for the Terraform Registry: `package EXECUTABLE FOLDER`.
//!
//! It writes the archive for this platform, the manifest, and the checksums of all archives of this version in the
//! folder. For several platforms, collect their archives in one folder, and run it there last. The same executable
//! gives the same bytes.
//!
//! Not here: the signature `…_SHA256SUMS.sig`, which the publisher makes.

use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use aws_lc_rs::digest::{SHA256, digest};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Says which protocol the plugin speaks, for the Registry (Terraform's documentation: Publish providers, Manifest file).
const MANIFEST: &str = include_str!("../terraform-registry-manifest.json");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [executable, folder] = arguments.as_slice() else {
        eprintln!("Usage: package EXECUTABLE FOLDER");
        return ExitCode::from(2);
    };
    match package(Path::new(executable), Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("package: {error}");
            ExitCode::FAILURE
        }
    }
}

fn package(executable: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let release = format!("terraform-provider-tfe_{VERSION}");
    let plugin = fs::read(executable)
        .map_err(|error| format!("cannot read {}: {error}", executable.display()))?;
    fs::create_dir_all(folder)?;
    archive(
        &plugin,
        &folder.join(format!("{release}_{}.zip", platform())),
    )?;
    fs::write(folder.join(format!("{release}_manifest.json")), MANIFEST)?;

    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let belongs = name.ends_with(".zip") || name.ends_with("_manifest.json");
        if belongs && name.starts_with(&format!("{release}_")) {
            names.push(name);
        }
    }
    names.sort();
    let mut sums = String::new();
    for name in &names {
        let contents = fs::read(folder.join(name))?;
        sums.push_str(&format!("{}  {name}\n", sha256(&contents)));
    }
    fs::write(folder.join(format!("{release}_SHA256SUMS")), &sums)?;

    let report = format!("{}:\n{sums}", folder.display());
    io::stdout().write_all(report.as_bytes())?;
    Ok(())
}

/// Writes an archive of the plugin alone, under the name that Terraform expects. Its bytes do not depend on the time and
/// the user.
fn archive(plugin: &[u8], path: &Path) -> Result<(), Box<dyn Error>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(File::create(path)?);
    zip.start_file(
        format!("terraform-provider-tfe_v{VERSION}{EXE_SUFFIX}"),
        options,
    )?;
    zip.write_all(plugin)?;
    zip.finish()?;
    Ok(())
}

/// Returns the platform by Go's names, such as `linux_amd64`.
fn platform() -> String {
    let os = match OS {
        "macos" => "darwin",
        other => other,
    };
    let arch = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{os}_{arch}")
}

fn sha256(contents: &[u8]) -> String {
    let digest = digest(&SHA256, contents);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
