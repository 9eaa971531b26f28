//! The search for a token, in Terraform's order.
//!
//! It stops at the first place that has one. The error names every place that was searched.

use super::error::SettingsError;
use crate::client::cli_config::CliConfig;
use crate::client::credentials_helper;
use crate::client::environment::Environment;
use crate::client::hostname::Hostname;
use crate::client::secret::Secret;
use crate::client::token_source::TokenSource;

/// The variable of a token for any host.
pub(super) const VARIABLE: &str = "TFE_TOKEN";

/// Finds the token of a host. `argument` is the provider block's.
pub(super) async fn find(
    argument: Option<Secret>,
    hostname: &Hostname,
    cli: &CliConfig,
    environment: &Environment,
) -> Result<(Secret, TokenSource), SettingsError> {
    let mut searched: Vec<(String, String)> = Vec::new();
    if let Some(token) = argument
        .as_ref()
        .and_then(|token| Secret::trimmed(token.expose()))
    {
        return Ok((checked(token, "token")?, TokenSource::Argument));
    }
    searched.push((
        "the provider's argument \"token\"".to_owned(),
        absence(argument.as_ref().map(Secret::expose)).to_owned(),
    ));

    let mut variables = vec![VARIABLE.to_owned()];
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
        if let Some(token) = environment.text(name)?.map(Secret::new) {
            return Ok((
                checked(token, name)?,
                TokenSource::Environment(name.clone()),
            ));
        }
        let value = environment.value(name);
        let why = absence(value.as_ref().and_then(|value| value.to_str()));
        searched.push((format!("the environment variable {name}"), why.to_owned()));
    }
    if in_run {
        searched.push((
            "TF_TOKEN_* environment variables".to_owned(),
            "are not used inside an HCP Terraform run".to_owned(),
        ));
    } else if variables.len() == 1 {
        searched.push((
            "TF_TOKEN_* environment variables".to_owned(),
            format!("none is set for {hostname}"),
        ));
    }

    if let Some((token, path)) = cli.token(hostname, &mut searched) {
        return Ok((token, TokenSource::CliConfiguration(path)));
    }
    match cli.helper() {
        None => searched.push((
            "a credentials_helper block".to_owned(),
            "the CLI configuration has none".to_owned(),
        )),
        Some((helper, directories)) => {
            let place = format!("the credentials helper {:?}", helper.name);
            match credentials_helper::run(helper, hostname, directories, environment).await {
                Ok(text) => match Secret::trimmed(text.expose()) {
                    Some(token) if token.is_sendable() => {
                        let source = TokenSource::CredentialsHelper(helper.name.clone());
                        return Ok((token, source));
                    }
                    Some(_) => {
                        searched.push((place, "its token contains a control character".to_owned()))
                    }
                    None => searched.push((place, "its token is empty".to_owned())),
                },
                Err(why) => searched.push((place, why)),
            }
        }
    }
    if let Some((token, path)) = cli.later_token(hostname, &mut searched) {
        return Ok((token, TokenSource::CliConfiguration(path)));
    }
    Err(SettingsError::NoToken {
        hostname: hostname.clone(),
        searched,
        in_hcp_terraform_run: in_run,
    })
}

/// Says why a text, which is unset or blank, is no token.
fn absence(text: Option<&str>) -> &'static str {
    match text {
        None => "is not set",
        Some("") => "is set to an empty string",
        Some(_) => "is set to white space",
    }
}

fn checked(token: Secret, place: &str) -> Result<Secret, SettingsError> {
    if token.is_sendable() {
        Ok(token)
    } else {
        Err(SettingsError::InvalidToken {
            place: place.to_owned(),
        })
    }
}
