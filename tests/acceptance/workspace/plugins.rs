//! The executables of the provider and of the other providers in configurations.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tfplugin_testing::built_example;

#[path = "../../companions/time.rs"]
mod time;

/// The provider.
pub(crate) const TFE: &str = env!("CARGO_BIN_EXE_terraform-provider-tfe");

/// The source addresses that Terraform finds in the folder of [`link_into`].
pub(crate) const SOURCES: [&str; 5] = [
    "terraform-provider-tfe/tfe",
    "hashicorp/tfe",
    "terraform-provider-tfe/echo",
    "hashicorp/time",
    "hashicorp/vault",
];

/// Returns the plugin that stands in for hashicorp/time, hashicorp/vault and hashicorp/tfe.
pub(crate) fn stand_in() -> PathBuf {
    built_example("terraform-provider-tfe", "stand-in")
}

/// Links every plugin into a folder, under the name that Terraform expects.
pub(crate) fn link_into(folder: &Path) {
    let echo = built_example("tfplugin-rs", "terraform-provider-echo");
    for (name, executable) in [
        ("tfe", TFE.into()),
        ("echo", echo),
        ("time", stand_in()),
        ("vault", stand_in()),
    ] {
        symlink(
            &executable,
            folder.join(format!("terraform-provider-{name}")),
        )
        .unwrap();
    }
}

/// Replaces the stand-in for hashicorp/time in a folder by the real plugin.
///
/// Without Go to build the real one the stand-in stays, and stderr says so.
pub(crate) fn link_real_time_into(folder: &Path) {
    let Some(real) = time::hashicorp_time() else {
        let notice = "rotations are tested with a stand-in: hashicorp/time is not here, and no Go to build it";
        let _ = writeln!(std::io::stderr(), "{notice}");
        return;
    };
    let link = folder.join("terraform-provider-time");
    fs::remove_file(&link).unwrap();
    symlink(real, &link).unwrap();
}
