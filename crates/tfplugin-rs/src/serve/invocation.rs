//! [`Invocation`]: who started the executable and what for, and the words for a human who did.

use std::ffi::OsString;

use super::Plugin;
use super::environment::Environment;
use super::handshake::PROTOCOL;

/// What the process was started for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Invocation {
    /// By Terraform, as a plugin. Its arguments, of which Terraform gives none, do not matter.
    ByTerraform,
    /// By a human, who leads hosts to it: `-debug`, as all providers have it.
    ForDebugging,
    /// By a human who asks for the version.
    Version,
    /// By a human who asks what this is.
    Help,
    /// By a human who may take it for a program of its own.
    ByHand,
}

impl Invocation {
    pub(super) fn new(
        mut arguments: impl Iterator<Item = OsString>,
        environment: &Environment,
    ) -> Self {
        match arguments.next().as_ref().and_then(|first| first.to_str()) {
            Some("--version" | "-version" | "-V") => Self::Version,
            Some("--help" | "-help" | "-h") => Self::Help,
            Some("-debug" | "--debug") => Self::ForDebugging,
            _ if environment.cookie => Self::ByTerraform,
            _ => Self::ByHand,
        }
    }
}

/// Name, version and protocol in one line.
pub(super) fn version(plugin: &Plugin) -> String {
    format!(
        "{} {} (Terraform plugin protocol {PROTOCOL})\n",
        plugin.name, plugin.version
    )
}

/// What this is, why it does nothing by itself, and how to use it.
pub(super) fn help(plugin: &Plugin) -> String {
    let Plugin {
        name,
        version,
        about,
        source,
        documentation,
    } = plugin;
    let local_name = source.rsplit('/').next().unwrap_or(source);
    format!(
        r#"{name} {version} is a Terraform provider. {about}

Terraform (or OpenTofu) starts it by itself and talks to it through a socket; there is nothing to
run by hand. To use it, name it in a configuration and run `terraform init`:

  terraform {{
    required_providers {{
      {local_name} = {{
        source = "{source}"
      }}
    }}
  }}

To try this very file without installing it, name its directory in Terraform's CLI configuration
(~/.terraformrc, or the file that TF_CLI_CONFIG_FILE names), and leave `terraform init` out:

  provider_installation {{
    dev_overrides {{
      "{source}" = "/directory/of/this/file"
    }}
    direct {{}}
  }}

Documentation: {documentation}

Options:
  -debug     wait for Terraform, which TF_REATTACH_PROVIDERS leads here; print that variable
  --version  print name, version and protocol
  --help     print this text
"#
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::PLUGIN;
    use super::*;

    #[track_caller]
    fn check(arguments: &[&str], variables: &[(&str, &str)], expected: Invocation) {
        let arguments = arguments.iter().map(OsString::from);
        assert_eq!(
            Invocation::new(arguments, &Environment::of(variables)),
            expected
        );
    }

    #[test]
    fn the_cookie_tells_terraform_from_a_human() {
        let cookie = [(
            "TF_PLUGIN_MAGIC_COOKIE",
            "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
        )];
        check(&[], &cookie, Invocation::ByTerraform);
        check(&["anything"], &cookie, Invocation::ByTerraform);
        check(&[], &[], Invocation::ByHand);
        check(&["anything"], &[], Invocation::ByHand);
        check(&["--version"], &[], Invocation::Version);
        check(&["--version"], &cookie, Invocation::Version);
        check(&["-h"], &[], Invocation::Help);
        check(&["-debug"], &[], Invocation::ForDebugging);
        check(&["--debug"], &cookie, Invocation::ForDebugging);
    }

    #[test]
    fn the_help_names_what_a_reader_has_to_write() {
        let help = help(&PLUGIN);

        assert!(help.contains("      example = {"), "{help}");
        assert!(
            help.contains(r#"source = "registry.terraform.io/my-org-name/example""#),
            "{help}"
        );
        assert!(help.contains("https://example.com/docs"), "{help}");
    }
}
