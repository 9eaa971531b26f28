//! One request, before anything is sent, and its answer.

use reqwest::{Method, StatusCode};
use url::Url;
use zeroize::Zeroizing;

use crate::client::document::JSON_API;
use crate::client::secret::Secret;

/// One request.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Path below the service's URL, not encoded.
    pub(crate) path: Vec<String>,
    /// Query parameters, not encoded.
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) accept: &'static str,
    pub(crate) body: Option<Vec<u8>>,
    /// Another bearer than the settings'.
    pub(crate) bearer: Option<Secret>,
    pub(crate) urgency: Urgency,
}

/// What the wish to stop means for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// It is not sent any more, and a GET in flight is given up.
    Normal,
    /// It is sent once, because it tells what a change has done; it is not repeated.
    Essential,
}

/// An answer with status 2xx.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Whether it is HTML, which the API never sends.
    pub(crate) is_page: bool,
    /// Whether it came from elsewhere at the service.
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
            urgency: Urgency::Normal,
        }
    }

    pub(crate) fn is_essential(&self) -> bool {
        self.urgency == Urgency::Essential
    }

    /// How messages call this request: without its query.
    pub(crate) fn name(&self) -> String {
        format!("{} /{}", self.method, self.path.join("/"))
    }

    /// The whole URL, below the service's.
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
