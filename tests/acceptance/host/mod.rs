//! [`Host`]: the program that runs the plugins, and which features it has.
//!
//! A test of a [`Feature`] that some hosts lack begins with
//! `if host::lacks(Feature::…) { return; }`. The notice of it goes to stderr, which libtest does not
//! capture, and to the results that `make test-hosts` collects: nothing is skipped silently.

mod feature;
mod probe;
mod table;

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub(crate) use self::feature::{Feature, Product};

/// The variable with the file in which `make test-hosts` reads which test is about which feature.
const RESULTS: &str = "HOST_RESULTS";

/// Terraform, or another program that speaks its protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host {
    pub(crate) product: Product,
    /// Such as `1.16.0-rc2`.
    pub(crate) version: String,
    pub(crate) executable: PathBuf,
}

/// Returns the host under test: the variable `TF`, else `terraform` on `PATH`.
pub(crate) fn host() -> &'static Host {
    static FOUND: OnceLock<Host> = OnceLock::new();
    FOUND.get_or_init(|| {
        let executable = find();
        let host = Host::of(&executable);
        assert!(
            host.number() >= (1, 11),
            "These tests need Terraform 1.11 or newer; found {host}: {}.",
            executable.display()
        );
        host
    })
}

/// Returns whether the host lacks a feature, and records that the calling test is about it.
#[must_use = "a test of what the host lacks has to end"]
pub(crate) fn lacks(feature: Feature) -> bool {
    let host = host();
    let lacks = !host.has(feature);
    record(feature, !lacks);
    if lacks {
        report_absent(&feature.to_string());
    }
    lacks
}

/// Reports on stderr what the calling test does not try, because this host lacks it.
pub(crate) fn report_absent(what: &str) {
    let notice = format!("{}: not in this host ({}): {what}", test(), host());
    let _ = writeln!(std::io::stderr(), "{notice}");
}

/// Records the features that the calling test is about by its name.
pub(crate) fn record_features_of_this_test() {
    let test = test();
    for feature in Feature::ALL {
        if feature.shown_by().iter().any(|name| test.starts_with(name)) {
            record(*feature, true);
        }
    }
}

/// Returns the name of the test that runs on this thread.
fn test() -> String {
    let thread = std::thread::current();
    thread.name().unwrap_or_default().to_owned()
}

/// Appends a line to the results: host, feature, `shown` or `absent`, test.
fn record(feature: Feature, is_there: bool) {
    let Some(path) = std::env::var_os(RESULTS) else {
        return;
    };
    let there = if is_there { "shown" } else { "absent" };
    let line = format!("{}\t{feature}\t{there}\t{}\n", host(), test());
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

impl Host {
    /// Reads the product and the version that the executable prints: `Terraform v1.11.4`.
    fn of(executable: &Path) -> Self {
        let output = Command::new(executable)
            .arg("version")
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_CLI_CONFIG_FILE", "/dev/null")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let (product, version) = product_and_version(&printed).unwrap_or_else(|| {
            panic!(
                "{} prints no known version: {printed:?}",
                executable.display()
            )
        });
        Self {
            product,
            version,
            executable: executable.to_owned(),
        }
    }

    /// Returns whether the host has a feature.
    pub(crate) fn has(&self, feature: Feature) -> bool {
        feature
            .since(self.product)
            .is_some_and(|since| self.number() >= since)
    }

    /// Returns the exit code of a plan without changes where a data source depends on an ephemeral
    /// resource. OpenTofu 1.11 takes the opening for a change and defers the read to apply.
    pub(crate) fn exit_code_of_an_empty_plan_behind_an_ephemeral(&self) -> i32 {
        let reads_again = self.product == Product::OpenTofu && self.number() < (1, 12);
        if reads_again { 2 } else { 0 }
    }

    /// Returns whether an apply opens an ephemeral resource to which nothing refers. OpenTofu does
    /// not from 1.12 on.
    pub(crate) fn opens_unused_ephemerals(&self) -> bool {
        self.product == Product::Terraform || self.number() < (1, 12)
    }

    /// Returns whether the host hands a plan's private data on to the apply, as Terraform does from 1.16 on.
    pub(crate) fn binds_an_apply_to_its_plan(&self) -> bool {
        self.product == Product::Terraform && self.number() >= (1, 16)
    }

    /// Returns whether a stop request reaches a provider that is being configured. OpenTofu 1.12 holds the lock on its
    /// providers meanwhile (`providerManager.NewConfiguredProvider`), and sends the request afterwards.
    pub(crate) fn stops_a_provider_that_it_configures(&self) -> bool {
        self.product == Product::Terraform || self.number() < (1, 12)
    }

    /// Returns whether `destroy` fails if it leaves an object alive, because of `destroy = false`. OpenTofu fails unless it
    /// gets `-suppress-forget-errors`.
    pub(crate) fn fails_to_destroy_what_it_forgets(&self) -> bool {
        self.product == Product::OpenTofu
    }

    /// Returns whether the host fails on a stored identity when the provider has no identity schema,
    /// as Terraform 1.12 and 1.13 do.
    pub(crate) fn fails_on_an_identity_without_a_schema(&self) -> bool {
        self.product == Product::Terraform && matches!(self.number(), (1, 12..=13))
    }

    /// Returns the major and the minor version.
    fn number(&self) -> (u32, u32) {
        let mut numbers = self
            .version
            .split(['.', '-'])
            .map(|part| part.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        (next(), next())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.product, self.version)
    }
}

/// Reads `Terraform v1.11.4` or `OpenTofu v1.12.6`.
fn product_and_version(printed: &str) -> Option<(Product, String)> {
    let line = printed.lines().find(|line| line.contains(" v"))?;
    let (name, version) = line.split_once(" v")?;
    let product = match name {
        "Terraform" => Product::Terraform,
        "OpenTofu" => Product::OpenTofu,
        _ => return None,
    };
    Some((product, version.trim().to_owned()))
}

fn find() -> PathBuf {
    let name = std::env::var_os("TF").unwrap_or_else(|| "terraform".into());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut candidates = vec![PathBuf::from(&name)];
    if candidates[0].components().count() == 1 {
        candidates = std::env::split_paths(&path)
            .map(|folder| folder.join(&name))
            .collect();
    }
    candidates
        .into_iter()
        .find(|candidate| candidate.is_file())
        .and_then(|found| found.canonicalize().ok())
        .unwrap_or_else(|| {
            panic!(
                "These tests need terraform, 1.11 or newer: install it from \
                 https://developer.hashicorp.com/terraform/install, or set TF to its executable \
                 (now {}).",
                Path::new(&name).display()
            )
        })
}

#[test]
fn a_host_is_recognised_by_what_it_prints() {
    let host = |printed: &str| {
        product_and_version(printed).map(|(product, version)| Host {
            product,
            version,
            executable: PathBuf::new(),
        })
    };
    for (printed, name, number) in [
        (
            "Terraform v1.5.7\non linux_amd64\n",
            "Terraform 1.5.7",
            (1, 5),
        ),
        ("Terraform v1.16.0-rc2\n", "Terraform 1.16.0-rc2", (1, 16)),
        (
            "OpenTofu v1.12.6\non linux_amd64\n",
            "OpenTofu 1.12.6",
            (1, 12),
        ),
        ("Terraform v2.0.0\n", "Terraform 2.0.0", (2, 0)),
    ] {
        let host = host(printed).unwrap();
        assert_eq!((host.to_string().as_str(), host.number()), (name, number));
    }
    assert_eq!(host("Packer v1.11.0\n"), None);
    assert_eq!(host(""), None);
}
