//! [`Call`]: one request of the API; and [`Answer`].

use std::time::Duration;

use reqwest::{Method, StatusCode};
use url::Url;
use zeroize::Zeroizing;

use crate::client::document::{JSON, JSON_API};
use crate::client::secret::Secret;
use crate::client::timing::Timing;

/// The path of the document by which a host says where its API is.
const DISCOVERY: [&str; 2] = [".well-known", "terraform.json"];

/// One request of the API.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The path below the URL of the API, not encoded.
    pub(crate) path: Vec<String>,
    /// The query, not encoded.
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) accept: &'static str,
    pub(crate) body: Option<Vec<u8>>,
    /// The token to send; `None` for that of the settings.
    pub(crate) bearer: Option<Secret>,
    pub(crate) on_stop: OnStop,
}

/// What a stop request means for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnStop {
    /// It is not sent. A GET in flight is aborted.
    Abort,
    /// It is sent once and not retried, because it reads what a change has done.
    SendOnce,
}

/// An answer with status 2xx.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Whether it is HTML, which the API never sends.
    pub(crate) is_html: bool,
    /// Whether it names HCP Terraform.
    pub(crate) is_named: bool,
    /// Whether it came after a redirect.
    pub(crate) is_redirected: bool,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Call {
    pub(crate) fn new(method: Method, path: &[&str]) -> Call {
        Call {
            method,
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            query: Vec::new(),
            accept: JSON_API,
            body: None,
            bearer: None,
            on_stop: OnStop::Abort,
        }
    }

    /// Returns the request of discovery for a call that needs the URL of the API.
    pub(super) fn discovery(cause: &Call) -> Call {
        Call {
            accept: JSON,
            on_stop: cause.on_stop,
            ..Call::new(Method::GET, &DISCOVERY)
        }
    }

    /// Returns the timeout of one attempt.
    pub(super) fn timeout(&self, timing: &Timing) -> Duration {
        if self.path == DISCOVERY {
            timing.discovery_timeout
        } else if self.method == Method::GET {
            timing.read_timeout
        } else {
            timing.change_timeout
        }
    }

    pub(super) fn is_sent_after_stop(&self) -> bool {
        self.on_stop == OnStop::SendOnce
    }

    /// Returns method and path, for messages.
    pub(crate) fn name(&self) -> String {
        format!("{} /{}", self.method, self.path.join("/"))
    }

    /// Returns the whole URL.
    pub(super) fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&self.path);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}
