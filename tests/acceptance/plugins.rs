//! Where the plugins are: the provider, and its companions in configurations.

use std::path::Path;

use tfplugin_testing::built_example;

/// The provider.
pub(crate) const TFE: &str = env!("CARGO_BIN_EXE_terraform-provider-tfe");

/// Puts every plugin into a folder under the name by which Terraform looks for it.
pub(crate) fn link_into(folder: &Path) {
    let links = [
        ("tfe", TFE.into()),
        (
            "echo",
            built_example("tfplugin-rs", "terraform-provider-echo"),
        ),
        ("time", built_example("terraform-provider-tfe", "stand-in")),
        ("vault", built_example("terraform-provider-tfe", "stand-in")),
    ];
    for (name, executable) in links {
        let link = folder.join(format!("terraform-provider-{name}"));
        std::os::unix::fs::symlink(&executable, &link).unwrap();
    }
}

/// The source addresses that are served from that folder.
pub(crate) const SOURCES: [&str; 5] = [
    "terraform-provider-tfe/tfe",
    "hashicorp/tfe",
    "terraform-provider-tfe/echo",
    "hashicorp/time",
    "hashicorp/vault",
];
