//! The URL of a host's API, by Terraform's remote service discovery.
//!
//! `GET https://<host>/.well-known/terraform.json`, without the token: the document is public, and a
//! redirect may lead to another host (terraform-svchost: disco/disco.go). A `host` block in the CLI
//! configuration replaces it. Discovery happens at the first call of the API.

use std::collections::BTreeMap;

use reqwest::StatusCode;
use reqwest::header::{ACCEPT, LOCATION};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use url::{Host, Url};

use super::answer::content_type;
use super::call::Call;
use super::connection::Transport;
use crate::client::document::{self, JSON};
use crate::client::error::{Error, Kind};
use crate::client::hostname::Hostname;
use crate::client::plain_text::plain_text;

/// The names of the API, the one that hashicorp/tfe uses first. All mean the same API today.
const SERVICES: [&str; 3] = ["tfe.v2.2", "tfe.v2.1", "tfe.v2"];

/// How many redirects Terraform follows.
const MAX_REDIRECTS: u32 = 3;

/// The size of the largest document that Terraform reads.
const MAX_BODY: usize = 1024 * 1024;

/// Returns the URL of the API, whose path ends with a slash. `cause` is the call that needs it.
pub(super) async fn api_url(
    transport: &Transport,
    cause: &Call,
    stop: &CancellationToken,
) -> Result<Url, Error> {
    let hostname = &transport.settings.hostname;
    let call = Call::discovery(cause);
    let refuse = |detail: String| transport.error(Kind::Discovery, &call).with_detail(detail);
    let origin = url(hostname).map_err(|error| refuse(error.to_string()))?;
    let (name, url, from) = match &transport.settings.services {
        Some(services) => {
            let (name, url) = choose(services.iter(), &origin)
                .map_err(|why| refuse(format!("the host block of the CLI configuration {why}")))?;
            let file = services.file.display();
            let from = format!("the host block for {hostname} in {file}");
            (name, url, from)
        }
        None => {
            let (document, address) = transport
                .retry(&call, &origin, stop, || fetch(transport, &call, &origin))
                .await?;
            let services = document
                .iter()
                .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
            let (name, url) = choose(services, &address)
                .map_err(|why| refuse(format!("its discovery document {why}")))?;
            (
                name,
                url,
                format!("the discovery document {}", bare(address)),
            )
        }
    };
    if !is_private(&url) {
        return Err(transport
            .error(Kind::ClearText, &call)
            .with_detail(format!("{from} says that {name} is {url}")));
    }
    Ok(url)
}

/// Returns the URL of a host's document.
pub(super) fn url(hostname: &Hostname) -> Result<Url, url::ParseError> {
    Url::parse(&format!("https://{hostname}/.well-known/terraform.json"))
}

/// Whether nobody on the network can read what is sent to this URL. It is the URL of the API, and a
/// redirect of the API is followed only within it.
fn is_private(url: &Url) -> bool {
    if url.scheme() == "https" {
        return true;
    }
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // No name server is asked about this name, nor is a proxy.
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Returns a URL without what may be secret in it, and without its fragment.
fn bare(mut url: Url) -> Url {
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// Reads the document. Returns it and its URL after redirects.
async fn fetch(
    transport: &Transport,
    call: &Call,
    origin: &Url,
) -> Result<(BTreeMap<String, Value>, Url), Error> {
    let refuse = |status: StatusCode, detail: &str| {
        transport
            .error(Kind::Discovery, call)
            .with_status(status)
            .with_detail(detail)
    };
    let mut url = origin.clone();
    for _ in 0..=MAX_REDIRECTS {
        let response = transport
            .http(call, &url)
            .await?
            .get(url.clone())
            .timeout(call.timeout(&transport.timing))
            .header(ACCEPT, JSON)
            .send()
            .await
            .map_err(|error| transport.transport_error(call, &url, error))?;
        let status = response.status();
        if status.is_redirection() {
            url = response
                .headers()
                .get(LOCATION)
                .and_then(|location| url.join(location.to_str().ok()?).ok())
                .ok_or_else(|| refuse(status, "it redirects to no valid location"))?;
            if url.scheme() != "https" {
                let (scheme, host) = (url.scheme(), url.host_str().unwrap_or_default());
                let target = plain_text(&format!("{scheme}://{host}"));
                return Err(refuse(
                    status,
                    &format!("it redirects to {target}, without TLS"),
                ));
            }
            continue;
        }
        if status == StatusCode::NOT_FOUND {
            return Err(refuse(status, "it has no discovery document"));
        }
        if status != StatusCode::OK {
            return Err(refuse(status, "it does not send its discovery document"));
        }
        let kind = content_type(response.headers()).to_owned();
        if kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
            != JSON
        {
            let kind = plain_text(&kind);
            return Err(refuse(
                status,
                &format!("its discovery document has the content type {kind:?}"),
            ));
        }
        let body = transport.body(call, response, MAX_BODY).await?;
        let document = document::parse(&body).map_err(|why| {
            refuse(
                status,
                &format!("its discovery document is unusable: {why}"),
            )
        })?;
        return Ok((document, url));
    }
    Err(transport
        .error(Kind::Discovery, call)
        .with_detail("it redirects too often"))
}

/// Chooses the API among the services, and returns its name and URL. A relative URL is relative to the
/// document's.
fn choose<'a>(
    services: impl Iterator<Item = (&'a str, &'a str)>,
    from: &Url,
) -> Result<(&'static str, Url), String> {
    let services: BTreeMap<&str, &str> = services.collect();
    let Some((name, text)) = SERVICES
        .into_iter()
        .find_map(|name| Some((name, services.get(name)?)))
    else {
        return Err("names no HCP Terraform API (tfe.v2.2, tfe.v2.1 or tfe.v2)".to_owned());
    };
    let mut url = from
        .join(text)
        .map_err(|_| format!("has an invalid URL for {name}"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(format!(
            "has a URL for {name} that is neither http nor https"
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("has a URL for {name} with credentials in it"));
    }
    url = bare(url);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok((name, url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(services: &[(&str, &str)], expected: Result<&str, &str>) {
        let from = Url::parse("https://host:8443/.well-known/terraform.json").unwrap();
        let found = choose(services.iter().copied(), &from).map(|(_, url)| String::from(url));
        assert_eq!(
            found.as_deref().map_err(String::as_str),
            expected,
            "{services:?}"
        );
    }

    #[test]
    fn the_newest_name_wins_and_the_path_is_kept() {
        check(
            &[("tfe.v2", "/a/"), ("tfe.v2.2", "/c/"), ("tfe.v2.1", "/b/")],
            Ok("https://host:8443/c/"),
        );
        check(
            &[("tfe.v2", "/a/"), ("tfe.v2.1", "/b/")],
            Ok("https://host:8443/b/"),
        );
        check(&[("tfe.v2", "/api/v2")], Ok("https://host:8443/api/v2/"));
        check(
            &[("tfe.v2", "https://other/deep/api/v2/#x")],
            Ok("https://other/deep/api/v2/"),
        );
        check(
            &[("tfe.v2", "api/v2/")],
            Ok("https://host:8443/.well-known/api/v2/"),
        );
        check(
            &[("tfe.v2", "http://127.0.0.1:80/api/")],
            Ok("http://127.0.0.1/api/"),
        );
    }

    #[test]
    fn refuses_a_url_that_cannot_be_an_api() {
        let none = Err("names no HCP Terraform API (tfe.v2.2, tfe.v2.1 or tfe.v2)");
        check(&[], none);
        check(&[("modules.v1", "/m/")], none);
        check(
            &[("tfe.v2", "ftp://x/")],
            Err("has a URL for tfe.v2 that is neither http nor https"),
        );
        check(
            &[("tfe.v2", "https://a:b@x/")],
            Err("has a URL for tfe.v2 with credentials in it"),
        );
        check(
            &[("tfe.v2", "https://")],
            Err("has an invalid URL for tfe.v2"),
        );
    }
}
