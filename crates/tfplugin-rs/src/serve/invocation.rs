//! [`Invocation`]: who started the executable and what for, and the texts for a person who did.

use std::ffi::OsString;

use super::environment::Environment;
use super::handshake::PROTOCOL;
use super::plugin::Plugin;

/// What the process was started for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Invocation {
    /// To serve a host.
    Serve(Mode),
    /// To print the version.
    Version,
    /// To print the help.
    Help,
    /// By a person who may take it for a program of its own.
    ByHand,
}

/// How a plugin and its host find each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The host started the process, as its child. It gives no arguments; any that there are do not matter.
    Plugin,
    /// A practitioner started the process with `-debug`, as all providers have it; hosts come and go.
    Debug,
}

impl Invocation {
    pub(super) fn new(
        mut arguments: impl Iterator<Item = OsString>,
        environment: &Environment,
    ) -> Self {
        match arguments.next().as_ref().and_then(|first| first.to_str()) {
            Some("--version" | "-version" | "-V") => Self::Version,
            Some("--help" | "-help" | "-h") => Self::Help,
            Some("-debug" | "--debug") => Self::Serve(Mode::Debug),
            _ if environment.cookie => Self::Serve(Mode::Plugin),
            _ => Self::ByHand,
        }
    }
}

/// Returns name, version and protocol in one line.
pub(super) fn version(plugin: &Plugin) -> String {
    format!(
        "{} {} (Terraform plugin protocol {PROTOCOL})\n",
        plugin.name, plugin.version
    )
}

/// Returns what the executable is, why it does nothing by itself, and how to use it.
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
    use super::super::plugin::PLUGIN;
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
    fn a_start_with_the_cookie_is_terraforms() {
        let cookie = [(
            "TF_PLUGIN_MAGIC_COOKIE",
            "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
        )];
        check(&[], &cookie, Invocation::Serve(Mode::Plugin));
        check(&["anything"], &cookie, Invocation::Serve(Mode::Plugin));
        check(&[], &[], Invocation::ByHand);
        check(&["anything"], &[], Invocation::ByHand);
        check(&["--version"], &[], Invocation::Version);
        check(&["--version"], &cookie, Invocation::Version);
        check(&["-h"], &[], Invocation::Help);
        check(&["-debug"], &[], Invocation::Serve(Mode::Debug));
        check(&["--debug"], &cookie, Invocation::Serve(Mode::Debug));
    }

    #[test]
    fn the_help_shows_the_source_address_and_the_local_name() {
        let help = help(&PLUGIN);

        assert!(help.contains("      example = {"), "{help}");
        assert!(
            help.contains(r#"source = "registry.terraform.io/my-org-name/example""#),
            "{help}"
        );
        assert!(help.contains("https://example.com/docs"), "{help}");
    }
}
