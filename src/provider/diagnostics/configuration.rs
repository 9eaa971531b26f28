//! About the provider block, and which organization an object belongs to.

use std::fmt::Display;
use std::path::Path as FilePath;

use super::quoted;
use crate::client::{Hostname, SettingsError};
use tfplugin::{Diagnostic, Path};

/// An argument whose value cannot be a hostname.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InvalidArgument<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
}

pub(crate) fn invalid_hostname(argument: InvalidArgument<'_>, why: impl Display) -> Diagnostic {
    let InvalidArgument { name, value } = argument;
    let shown = Hostname::without_credentials(value);
    let advice = match Hostname::meant_by(value) {
        Some(meant) => format!("Write {:?}.", meant.to_string()),
        None => "Write it as app.terraform.io is written.".to_owned(),
    };
    Diagnostic::error(
        "Invalid Hostname",
        format!("Invalid hostname {}: {why}. {advice}", quoted(&shown)),
    )
    .at(Path::of(name))
}

pub(crate) fn unusable_token(place: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid API Token",
        format!(
            "The API token in {place} contains a control character, such as a line break in its \
             middle, and cannot be sent. It is not shown here. Copy the token again."
        ),
    )
    .at(Path::of("token"))
}

pub(crate) fn invalid_sealing_key(place: &str, why: impl Display) -> Diagnostic {
    Diagnostic::error(
        "Invalid Sealing Key",
        format!(
            "What {place} holds is no sealing key: {why}. It is not shown here. A sealing key is \
             32 bytes in base64, as \"openssl rand -base64 32\" writes them."
        ),
    )
    .at(Path::of("sealing_key"))
}

pub(crate) fn no_settings(error: &SettingsError) -> Diagnostic {
    match error {
        SettingsError::InvalidHostname {
            place,
            value,
            source,
        } => {
            let problem = invalid_hostname(
                InvalidArgument {
                    name: "hostname",
                    value,
                },
                source,
            );
            let detail = format!("{} It was found in {place}.", problem.detail());
            at_attribute(Diagnostic::error(problem.summary(), detail), error)
        }
        SettingsError::InvalidToken { place } => unusable_token(place),
        SettingsError::NoToken {
            hostname,
            searched,
            in_hcp_terraform_run,
        } => {
            let searched: Vec<String> = searched
                .iter()
                .map(|(place, why)| format!("  - {place}: {why}"))
                .collect();
            let searched = searched.join("\n");
            if *in_hcp_terraform_run {
                no_api_token_in_run(hostname, &searched)
            } else {
                no_api_token(hostname, &searched)
            }
        }
        SettingsError::NotUtf8 { name } => at_attribute(not_utf8(name), error),
        other => at_attribute(
            Diagnostic::error("Invalid Provider Configuration", format!("{other}.")),
            error,
        ),
    }
}

/// A stop was requested while the provider was configured.
pub(crate) fn configuration_interrupted() -> Diagnostic {
    Diagnostic::error(
        "The Configuration of the Provider Was Interrupted",
        "The run was interrupted while the provider read Terraform's CLI configuration, or waited for \
         its credentials helper. No request was sent. Run it again.",
    )
}

fn at_attribute(problem: Diagnostic, error: &SettingsError) -> Diagnostic {
    match error.attribute() {
        Some(name) => problem.at(Path::of(name)),
        None => problem,
    }
}

fn not_utf8(variable: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid Environment Variable",
        format!(
            "The environment variable {variable} is not valid UTF-8. The provider does not use a \
             default in its place, which may be another host, organization or token. The value is \
             not shown here. Set the variable again, for instance in a UTF-8 locale, or unset it."
        ),
    )
}

/// A file of CLI configuration cannot be parsed, and its `host` block does not count.
pub(crate) fn broken_host_block(file: &FilePath, why: &str, hostname: &Hostname) -> Diagnostic {
    Diagnostic::warning(
        "Host Block in the CLI Configuration Is Not Used",
        format!(
            "The file {} seems to have a \"host\" block for {hostname}, but {why}. Requests go to \
             the services that {hostname} itself announces, and not to those of the block. If the \
             block is there to send them elsewhere, correct the file before you apply.",
            file.display()
        ),
    )
    .at(Path::of("hostname"))
}

pub(crate) fn no_api_token(hostname: &Hostname, searched: &str) -> Diagnostic {
    Diagnostic::error(
        "Required Token Could Not Be Found",
        format!(
            "The required token for {hostname} could not be found. Please set the token using an \
             input variable in the provider configuration block or by using the TFE_TOKEN \
             environment variable, or run \"terraform login\".\n\nThese places were looked \
             at:\n{searched}"
        ),
    )
    .at(Path::of("token"))
}

/// The same in a run of HCP Terraform, where "terraform login" is not possible.
pub(crate) fn no_api_token_in_run(hostname: &Hostname, searched: &str) -> Diagnostic {
    Diagnostic::error(
        "Required Token Could Not Be Found",
        format!(
            "The required token for {hostname} could not be found. This is a run of HCP Terraform, \
             where only what the workspace knows is there: set TFE_TOKEN as a sensitive environment \
             variable of the workspace or of a variable set, or set the token using an input \
             variable in the provider configuration block.\n\nThese places were looked \
             at:\n{searched}"
        ),
    )
    .at(Path::of("token"))
}

pub(crate) fn run_credentials() -> Diagnostic {
    Diagnostic::warning(
        "Authentication method has limited TFE provider permissions",
        "The provider uses the token that HCP Terraform generated for this run and put into the \
         CLI configuration. It has few permissions, and what it may not see is answered with \
         \"not found\". Use the token argument of the provider block or the environment variable \
         TFE_TOKEN instead.",
    )
    .at(Path::of("token"))
}

/// TFE_TOKEN goes to a host that nothing but the configuration names.
pub(crate) fn token_of_any_host(hostname: &Hostname, in_hcp_terraform_run: bool) -> Diagnostic {
    // A run ignores the variables of single hosts.
    let variable = hostname.token_variable().filter(|_| !in_hcp_terraform_run);
    let bound = match variable {
        Some(variable) => format!(
            "Set the token as {variable} instead of TFE_TOKEN: it is sent to {hostname} only. If \
             TFE_TOKEN is meant for {hostname}, set TFE_HOSTNAME to that name beside it."
        ),
        None => format!(
            "If TFE_TOKEN is meant for {hostname}, set TFE_HOSTNAME to that name beside it."
        ),
    };
    Diagnostic::warning(
        "TFE_TOKEN Is Sent to a Host That Only the Configuration Names",
        format!(
            "The API token in the environment variable TFE_TOKEN is sent to {hostname}, because the \
             argument \"hostname\" says so. TFE_TOKEN is not bound to a host: everybody who can \
             change the configuration can have it sent to a host of their own. {bound}"
        ),
    )
    .at(Path::of("hostname"))
}

/// `ssl_skip_verify` is true.
pub(crate) fn certificates_not_verified(hostname: &Hostname) -> Diagnostic {
    Diagnostic::warning(
        "Certificates Are Not Verified",
        format!(
            "The provider accepts any certificate for {hostname}, because the argument \
             \"ssl_skip_verify\" or the environment variable TFE_SSL_SKIP_VERIFY is true. \
             Everybody between this computer and {hostname} can read the API token and the tokens \
             that are generated. To trust a certificate authority of your own, set SSL_CERT_FILE to \
             its certificate instead."
        ),
    )
    .at(Path::of("ssl_skip_verify"))
}

/// A request is needed while an argument of the provider is not known.
pub(crate) fn unknown_configuration(argument: &'static str) -> Diagnostic {
    Diagnostic::error(
        "Provider Configuration Not Known Yet",
        format!(
            "The provider's argument {argument:?} depends on something that is not known before \
             it is applied, so no request can be sent. Apply what it depends on first, for \
             instance with -target, or set it from a value that is known while planning."
        ),
    )
}

/// The same for a data source, which Terraform can read later.
pub(crate) fn unknown_configuration_of_data_source(argument: &'static str) -> Diagnostic {
    Diagnostic::error(
        "Provider Configuration Not Known Yet",
        format!(
            "The provider's argument {argument:?} depends on something that is not known before \
             it is applied, so the data source cannot be read while planning. Let the data source \
             wait for it with depends_on, naming the resource that the argument comes from, or set \
             the argument from a value that is known while planning."
        ),
    )
}

pub(crate) fn no_organization() -> Diagnostic {
    Diagnostic::error(
        "No organization was specified on the resource or provider",
        "Set the argument \"organization\" here or in the provider block, or the environment \
         variable TFE_ORGANIZATION.",
    )
    .at(Path::of("organization"))
}

pub(crate) fn invalid_organization(name: &str, why: impl Display) -> Diagnostic {
    Diagnostic::error(
        "Invalid Organization Name",
        format!("{} cannot be an organization: {why}.", quoted(name)),
    )
    .at(Path::of("organization"))
}

pub(crate) fn no_organization_in_state() -> Diagnostic {
    Diagnostic::error(
        "No Organization in the State",
        "The object in the state names no organization, neither in \"organization\" nor in \"id\", \
         which no version of the provider writes. Remove it with \"terraform state rm\" and import \
         it again.",
    )
}
