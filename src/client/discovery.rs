//! Where a host's API is, by Terraform's remote service discovery.
//!
//! `GET https://<host>/.well-known/terraform.json`, without a token: the document is public, and
//! a redirect could carry the token away (terraform-svchost: disco/disco.go). A `host` block in
//! the CLI configuration replaces it. Nothing is asked before the first API call.

use std::collections::BTreeMap;

use reqwest::header::{ACCEPT, LOCATION};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use super::document::{self, JSON};
use super::error::{Error, Kind};
use super::retry::Stop;
use super::transport::{Call, Transport, content_type};

/// Names of the API, the one that hashicorp/tfe uses first. All mean the same API today.
const SERVICES: [&str; 3] = ["tfe.v2.2", "tfe.v2.1", "tfe.v2"];

/// Terraform's own limits; that of time is the pace's.
const REDIRECT_LIMIT: u32 = 3;
const BODY_LIMIT: usize = 1024 * 1024;

/// The API's URL; its path ends with a slash.
pub(crate) async fn service_url(
    transport: &Transport,
    cause: &Call,
    stop: &Stop,
) -> Result<Url, Error> {
    let hostname = &transport.settings.hostname;
    let call = Call {
        accept: JSON,
        urgency: cause.urgency,
        ..Call::new(Method::GET, &[".well-known", "terraform.json"])
    };
    let refuse = |detail: String| transport.error(Kind::Discovery, &call).with_detail(detail);
    let origin = Url::parse(&format!("https://{hostname}/.well-known/terraform.json"))
        .map_err(|error| refuse(error.to_string()))?;
    if let Some(services) = &transport.settings.services {
        return choose(
            services
                .iter()
                .map(|(name, url)| (name.as_str(), url.as_str())),
            &origin,
        )
        .map_err(|why| refuse(format!("the host block of the CLI configuration {why}")));
    }
    let (document, from) = transport
        .repeat(&call, stop, || async {
            tokio::select! {
                biased;
                () = stop.requested(), if !call.is_essential() => {
                    Err(transport.error(Kind::Stopped, &call))
                }
                result = fetch(transport, &call, origin.clone()) => result,
            }
        })
        .await?;
    let url = choose(
        document
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))),
        &from,
    )
    .map_err(|why| refuse(format!("its discovery document {why}")))?;
    if url.scheme() == "http" {
        tracing::warn!(host = %hostname, "the host announces an API without TLS");
    }
    Ok(url)
}

/// The document, and the URL it came from after redirects.
async fn fetch(
    transport: &Transport,
    call: &Call,
    mut url: Url,
) -> Result<(BTreeMap<String, Value>, Url), Error> {
    let refuse = |status: StatusCode, detail: &str| {
        transport
            .error(Kind::Discovery, call)
            .with_status(status)
            .with_detail(detail)
    };
    for _ in 0..=REDIRECT_LIMIT {
        let response = transport
            .http(call, &url)?
            .get(url.clone())
            .timeout(transport.settings.pace.discovery_limit)
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
                .filter(|target| target.scheme() == "https")
                .ok_or_else(|| refuse(status, "it redirects to no valid https location"))?;
            continue;
        }
        if status == StatusCode::NOT_FOUND {
            return Err(refuse(status, "it has no discovery document"));
        }
        if status != StatusCode::OK {
            return Err(refuse(status, "its discovery document cannot be had"));
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
            let kind = document::plain(&kind);
            return Err(refuse(
                status,
                &format!("its discovery document has the content type {kind:?}"),
            ));
        }
        let body = transport.body(call, response, BODY_LIMIT).await?;
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

/// Picks the API among the services; a relative URL starts from the document's.
fn choose<'a>(
    services: impl Iterator<Item = (&'a str, &'a str)>,
    from: &Url,
) -> Result<Url, String> {
    let services: BTreeMap<&str, &str> = services.collect();
    let Some((name, text)) = SERVICES
        .iter()
        .find_map(|name| services.get_key_value(name))
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
    url.set_fragment(None);
    url.set_query(None);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(services: &[(&str, &str)], expected: Result<&str, &str>) {
        let from = Url::parse("https://host:8443/.well-known/terraform.json").unwrap();
        let found = choose(services.iter().copied(), &from).map(String::from);
        assert_eq!(
            found.as_deref().map_err(String::as_str),
            expected,
            "{services:?}"
        );
    }

    #[test]
    fn takes_the_newest_name_and_keeps_the_path() {
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
    fn refuses_what_is_no_api() {
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
