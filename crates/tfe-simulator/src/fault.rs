//! [`Fault`]: the script of what goes wrong with a request.
//!
//! `fault_injection` does what it says.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, StatusCode};

use crate::breakpoint::Breakpoint;
use crate::request::Request;
use crate::secret::Secret;
use crate::service::Service;

/// What goes wrong with a request: which requests it meets, whether the service executes them, and what the client
/// receives.
///
/// A request meets the first matching fault in the order of [`Simulator::inject`](crate::Simulator::inject). A fault
/// happens once, or as [`times`](Self::times) and [`always`](Self::always) say; so two faults for the same request
/// happen one after the other.
///
/// A fault that replaces the response ([`status`](Self::status), [`body`](Self::body), [`html`](Self::html) and
/// other bodies, [`redirect`](Self::redirect), [`cut`](Self::cut), [`reset`](Self::reset),
/// [`go_away`](Self::go_away)) also keeps the service from executing the request,
/// unless it has [`after_change`](Self::after_change) or [`change_later`](Self::change_later). A fault that only
/// delays or damages the service's own response does not.
///
/// ```
/// use std::time::Duration;
/// use tfe_simulator::{Fault, Method};
///
/// // The service executes the second and third POST, and a proxy answers 502.
/// let proxy = Fault::on(Method::POST, "authentication-token")
///     .skip(1)
///     .times(2)
///     .after_change()
///     .status(502);
/// // The response is lost at once; the new token appears five seconds later.
/// let late = Fault::on(Method::POST, "authentication-token")
///     .cut()
///     .change_later(Duration::from_secs(5));
/// // The body of a page of events ends half-way.
/// let half = Fault::on(Method::GET, "audit-trail").cut_body();
/// # let _ = (proxy, late, half);
/// ```
#[derive(Clone)]
pub struct Fault {
    method: Option<Method>,
    path: String,
    /// `None`: anybody.
    caller: Option<Secret>,
    /// Whether the request's path and query must equal `path`, or contain it.
    exact: bool,
    skip: usize,
    /// How many requests it still meets; `None`: all.
    left: Option<usize>,
    pub(crate) change: Option<Change>,
    pub(crate) pause_request: Option<Breakpoint>,
    pub(crate) change_delay: Duration,
    pub(crate) pause_response: Option<Breakpoint>,
    pub(crate) response_delay: Duration,
    pub(crate) status: Option<StatusCode>,
    pub(crate) content: Option<Content>,
    pub(crate) cut: bool,
    pub(crate) reset: Option<Reset>,
    pub(crate) go_away: bool,
    pub(crate) cut_body: bool,
    pub(crate) truncated: bool,
    pub(crate) then_refuse_connections: bool,
    /// `None`: the header is removed.
    pub(crate) headers: Vec<(String, Option<String>)>,
    pub(crate) meanwhile: Option<Arc<Meanwhile>>,
}

type Meanwhile = dyn Fn(&Service) + Send + Sync;

/// Whether and when a request is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Made,
    NotMade,
    MadeLater(Duration),
}

/// Why a stream of HTTP/2 is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// REFUSED_STREAM: the request was not executed, and may be sent again (RFC 9113, 8.7).
    Refused,
    /// CANCEL: the response is not needed any more.
    Cancelled,
    /// INTERNAL_ERROR, as hyper and most proxies send it.
    InternalError,
}

/// A body in place of the service's own.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Text { content_type: String, body: String },
    Html,
    Empty,
    WrongShape,
    NullData,
    Huge(usize),
}

impl Fault {
    /// Creates a fault for requests with this method whose path and query, as sent, contain this text.
    pub fn on(method: Method, path_contains: &str) -> Self {
        Self {
            method: Some(method),
            ..Self::on_any(path_contains)
        }
    }

    /// Creates a fault for requests with this method and exactly this path and query, as sent.
    pub fn on_exactly(method: Method, target: &str) -> Self {
        Self {
            exact: true,
            ..Self::on(method, target)
        }
    }

    /// Creates a fault for requests of any method whose path and query, as sent, contain this text.
    pub fn on_any(path_contains: &str) -> Self {
        Self {
            method: None,
            path: path_contains.to_owned(),
            caller: None,
            exact: false,
            skip: 0,
            left: Some(1),
            change: None,
            pause_request: None,
            change_delay: Duration::ZERO,
            pause_response: None,
            response_delay: Duration::ZERO,
            status: None,
            content: None,
            cut: false,
            reset: None,
            go_away: false,
            cut_body: false,
            truncated: false,
            then_refuse_connections: false,
            headers: Vec::new(),
            meanwhile: None,
        }
    }

    /// Limits it to the requests of the caller with this secret.
    pub fn by(mut self, caller: &str) -> Self {
        self.caller = Some(Secret::from(caller));
        self
    }

    /// Makes it happen to this number of requests.
    pub fn times(mut self, count: usize) -> Self {
        self.left = Some(count);
        self
    }

    /// Makes it happen to every request.
    pub fn always(mut self) -> Self {
        self.left = None;
        self
    }

    /// Lets this number of matching requests pass first.
    pub fn skip(mut self, count: usize) -> Self {
        self.skip = count;
        self
    }

    /// Executes the request although its response is replaced: the change happens, and the client does not see it.
    pub fn after_change(mut self) -> Self {
        self.change = Some(Change::Made);
        self
    }

    /// Answers first, and executes the request this much later. Unless something replaces the response, the connection
    /// is cut.
    pub fn change_later(mut self, by: Duration) -> Self {
        self.change = Some(Change::MadeLater(by));
        self
    }

    /// Makes the request wait at a breakpoint before it is executed.
    pub fn pause_request(mut self, breakpoint: &Breakpoint) -> Self {
        self.pause_request = Some(breakpoint.clone());
        self
    }

    /// Makes the response wait at a breakpoint; the request is executed before.
    pub fn pause_response(mut self, breakpoint: &Breakpoint) -> Self {
        self.pause_response = Some(breakpoint.clone());
        self
    }

    /// Executes the request this long after it arrived, even if the client hangs up before.
    pub fn delay_change(mut self, by: Duration) -> Self {
        self.change_delay = by;
        self
    }

    /// Delays the response; the request is executed before.
    pub fn delay(mut self, by: Duration) -> Self {
        self.response_delay = by;
        self
    }

    /// Answers with this status and its usual body: an error document below 500 (that of 429 with
    /// `X-RateLimit-Reset: 1.000`), a proxy's HTML page from 500 on.
    ///
    /// # Panics
    ///
    /// If the number is not an HTTP status.
    #[track_caller]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(StatusCode::from_u16(status).expect("an HTTP status"));
        self
    }

    /// Answers with this body; with status 200 unless [`status`](Self::status) says otherwise.
    pub fn body(mut self, content_type: &str, body: &str) -> Self {
        let (content_type, body) = (content_type.to_owned(), body.to_owned());
        self.content = Some(Content::Text { content_type, body });
        self
    }

    /// Answers with an HTML page, as a proxy or a login page would.
    pub fn html(self) -> Self {
        self.content(Content::Html)
    }

    /// Answers without a body.
    pub fn empty(self) -> Self {
        self.content(Content::Empty)
    }

    /// Answers with a JSON document that has the right content type and the wrong shape.
    pub fn wrong_shape(self) -> Self {
        self.content(Content::WrongShape)
    }

    /// Answers with `{"data":null}`.
    pub fn null_data(self) -> Self {
        self.content(Content::NullData)
    }

    /// Answers with a well-formed JSON document of at least this number of bytes.
    pub fn huge(self, bytes: usize) -> Self {
        self.content(Content::Huge(bytes))
    }

    /// Answers with a redirect (307 unless [`status`](Self::status) says otherwise).
    #[track_caller]
    pub fn redirect(self, url: &str) -> Self {
        let status = self.status.unwrap_or(StatusCode::TEMPORARY_REDIRECT);
        self.empty().status(status.as_u16()).header("location", url)
    }

    /// Cuts the connection instead of answering.
    pub fn cut(mut self) -> Self {
        self.cut = true;
        self
    }

    /// Resets the request's stream instead of answering (HTTP/2: RST_STREAM). Over HTTP/1.1 the connection is cut.
    ///
    /// A server that keeps to the protocol refuses a stream only if it has not executed the request. With
    /// [`after_change`](Self::after_change) this one does not keep to it.
    pub fn reset(mut self, reason: Reset) -> Self {
        self.reset = Some(reason);
        self
    }

    /// Ends the connection instead of answering (HTTP/2: GOAWAY). The frame says whether the request was executed. Over
    /// HTTP/1.1 the connection is cut.
    pub fn go_away(mut self) -> Self {
        self.go_away = true;
        self
    }

    /// Cuts the connection in the middle of the response's body; before the response if it has no body.
    pub fn cut_body(mut self) -> Self {
        self.cut_body = true;
        self
    }

    /// Sends only the first half of the response's body, with the length of that half.
    pub fn truncated(mut self) -> Self {
        self.truncated = true;
        self
    }

    /// Refuses connections after this response, as
    /// [`Simulator::refuse_connections`](crate::Simulator::refuse_connections) does.
    pub fn then_refuse_connections(mut self) -> Self {
        self.then_refuse_connections = true;
        self
    }

    /// Replaces the response's content type.
    #[track_caller]
    pub fn content_type(self, value: &str) -> Self {
        self.header("content-type", value)
    }

    /// Sets a header of the response.
    ///
    /// # Panics
    ///
    /// If the name or the value is not valid in a header.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        HeaderName::from_bytes(name.as_bytes()).expect("name of a header");
        HeaderValue::from_str(value).expect("value of a header");
        self.headers.push((name.to_owned(), Some(value.to_owned())));
        self
    }

    /// Removes a header of the response, such as `TFP-AppName`.
    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.push((name.to_owned(), None));
        self
    }

    /// Changes the service after the request was executed (or not) and before it is answered, as another user would
    /// between two requests of the client.
    pub fn meanwhile(mut self, act: impl Fn(&Service) + Send + Sync + 'static) -> Self {
        self.meanwhile = Some(Arc::new(act));
        self
    }

    fn content(mut self, content: Content) -> Self {
        self.content = Some(content);
        self
    }

    /// Returns whether it replaces the service's own response.
    pub(crate) fn replaces(&self) -> bool {
        self.cut
            || self.go_away
            || self.reset.is_some()
            || self.status.is_some()
            || self.content.is_some()
    }

    /// Returns whether the service's own response arrives whole. Headers may differ.
    pub(crate) fn is_faithful(&self) -> bool {
        !self.replaces() && !self.truncated && !self.cut_body
    }

    /// Returns whether it happens to this request, and counts the request.
    pub(crate) fn meets(&mut self, request: &Request) -> bool {
        let target = request.target();
        let is_there = if self.exact {
            target == self.path
        } else {
            target.contains(&self.path)
        };
        let fits = is_there
            && self
                .method
                .as_ref()
                .is_none_or(|wanted| *wanted == request.method)
            && (self.caller.is_none() || self.caller == request.bearer());
        if !fits || self.is_used_up() {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.left = self.left.map(|left| left - 1);
        true
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.left == Some(0)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("skip", &self.skip)
            .field("left", &self.left)
            .field("change", &self.change)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
