//! The search for a token, in Terraform's order.
//!
//! It stops at the first place that has one. Each place that has none is remembered with its
//! reason, for the error that names them all.

use super::{SettingsError, TokenSource};
use crate::client::cli_config::CliConfig;
use crate::client::credentials_helper;
use crate::client::environment::Environment;
use crate::client::hostname::Hostname;
use crate::client::secret::Secret;

/// Finds the token of a host; `argument` is the provider block's.
pub(super) async fn find(
    argument: Option<Secret>,
    hostname: &Hostname,
    cli: &CliConfig,
    environment: &Environment,
) -> Result<(Secret, TokenSource), SettingsError> {
    let mut looked: Vec<(String, String)> = Vec::new();
    if let Some(token) = argument.and_then(|token| trimmed(token.expose())) {
        return Ok((checked(token, "token")?, TokenSource::Argument));
    }
    looked.push((
        "the provider's argument \"token\"".to_owned(),
        "is not set".to_owned(),
    ));

    let mut variables = vec!["TFE_TOKEN".to_owned()];
    let in_run = environment.has("TFC_AGENT_VERSION");
    if !in_run {
        variables.extend(
            environment
                .names_with("TF_TOKEN_")
                .into_iter()
                .filter(|name| {
                    Hostname::from_variable(&name["TF_TOKEN_".len()..]).as_ref() == Some(hostname)
                }),
        );
    }
    for name in &variables {
        if let Some(token) = environment.get(name).and_then(|value| trimmed(&value)) {
            return Ok((
                checked(token, name)?,
                TokenSource::Environment(name.clone()),
            ));
        }
        let why = if environment.has(name) {
            "is empty"
        } else {
            "is not set"
        };
        looked.push((format!("the environment variable {name}"), why.to_owned()));
    }
    if in_run {
        looked.push((
            "TF_TOKEN_* environment variables".to_owned(),
            "are not used inside an HCP Terraform run".to_owned(),
        ));
    } else if variables.len() == 1 {
        looked.push((
            "TF_TOKEN_* environment variables".to_owned(),
            format!("none is set for {hostname}"),
        ));
    }

    if let Some((token, path)) = cli.token(hostname, &mut looked) {
        return Ok((token, TokenSource::CliConfiguration(path)));
    }
    match cli.helper() {
        None => looked.push((
            "a credentials_helper block".to_owned(),
            "the CLI configuration has none".to_owned(),
        )),
        Some(helper) => {
            let place = format!("the credentials helper {:?}", helper.name);
            match credentials_helper::ask(helper, hostname, environment).await {
                Ok(text) => match trimmed(text.expose()) {
                    Some(token) if is_sendable(&token) => {
                        let source = TokenSource::CredentialsHelper(helper.name.clone());
                        return Ok((token, source));
                    }
                    Some(_) => {
                        looked.push((place, "its token contains a control character".to_owned()))
                    }
                    None => looked.push((place, "its token is empty".to_owned())),
                },
                Err(why) => looked.push((place, why)),
            }
        }
    }
    if let Some((token, path)) = cli.token_of_login(hostname, environment, &mut looked) {
        return Ok((token, TokenSource::CliConfiguration(path)));
    }
    Err(SettingsError::NoToken {
        hostname: hostname.clone(),
        looked,
        in_hcp_terraform_run: in_run,
    })
}

pub(crate) fn trimmed(token: &str) -> Option<Secret> {
    Some(token.trim())
        .filter(|token| !token.is_empty())
        .map(|token| Secret::new(token.to_owned()))
}

pub(crate) fn is_sendable(token: &Secret) -> bool {
    !token.expose().chars().any(char::is_control)
}

fn checked(token: Secret, place: &str) -> Result<Secret, SettingsError> {
    if is_sendable(&token) {
        Ok(token)
    } else {
        Err(SettingsError::InvalidToken {
            place: place.to_owned(),
        })
    }
}
