//! What is scripted to go wrong, and when.
//!
//! Only the script; `failure` acts it out.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, StatusCode};

use super::Simulator;
use super::hold::Hold;
use super::request::Request;
use super::secret::Secret;

/// Something that goes wrong with a request: which requests it meets, whether the service makes
/// the change that they ask for, and what the client gets to see.
///
/// A request meets the first fault, in the order of
/// [`Simulator::inject`](super::Simulator::inject), that fits it and is not used up; so two
/// faults for the same request follow one another. Without [`times`](Self::times) or
/// [`always`](Self::always) a fault happens once.
///
/// A fault that replaces the answer ([`status`](Self::status), [`body`](Self::body) and its kin,
/// [`redirect`](Self::redirect), [`cut`](Self::cut)) also keeps the request from being executed,
/// unless [`after_change`](Self::after_change) or [`change_later`](Self::change_later) says
/// otherwise. One that only delays or damages the service's own answer lets it be executed.
///
/// ```
/// use std::time::Duration;
/// use tfe_simulator::{Fault, Method};
///
/// // The second and third POST are answered by a proxy, though the service executed them.
/// let proxy = Fault::on(Method::POST, "authentication-token")
///     .skip(1)
///     .times(2)
///     .after_change()
///     .status(502);
/// // The answer is lost at once; the new token appears five seconds later.
/// let late = Fault::on(Method::POST, "authentication-token")
///     .cut()
///     .change_later(Duration::from_secs(5));
/// // Another page stops half-way.
/// let half = Fault::on(Method::GET, "audit-trail").cut_body();
/// # let _ = (proxy, late, half);
/// ```
#[derive(Clone)]
pub struct Fault {
    method: Option<Method>,
    path: String,
    /// `None`: anybody.
    caller: Option<Secret>,
    /// Whether `path` is all that the request asks for, or a part of it.
    whole: bool,
    skip: usize,
    /// `None`: for ever.
    left: Option<usize>,
    pub(super) change: Option<Change>,
    pub(super) hold: Option<Hold>,
    pub(super) change_delay: Duration,
    pub(super) hold_answer: Option<Hold>,
    pub(super) answer_delay: Duration,
    pub(super) status: Option<StatusCode>,
    pub(super) content: Option<Content>,
    pub(super) cut: bool,
    pub(super) cut_body: bool,
    pub(super) truncated: bool,
    pub(super) refuse_next: bool,
    /// `None`: the header is removed.
    pub(super) headers: Vec<(String, Option<String>)>,
    pub(super) meanwhile: Option<Arc<Meanwhile>>,
}

type Meanwhile = dyn Fn(&Simulator) + Send + Sync;

/// Whether and when a request is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Made,
    NotMade,
    MadeLater(Duration),
}

/// What stands in the place of the service's own body.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Text { content_type: String, body: String },
    Html,
    Empty,
    WrongShape,
    NullData,
    Huge(usize),
}

impl Fault {
    /// A fault for requests with this method whose path and query, as sent, contain this text.
    pub fn on(method: Method, path_contains: &str) -> Self {
        Self {
            method: Some(method),
            ..Self::on_any(path_contains)
        }
    }

    /// A fault for requests with this method and exactly this path and query, as sent.
    pub fn on_exactly(method: Method, target: &str) -> Self {
        Self {
            whole: true,
            ..Self::on(method, target)
        }
    }

    /// A fault for requests of any method whose path and query, as sent, contain this text.
    pub fn on_any(path_contains: &str) -> Self {
        Self {
            method: None,
            path: path_contains.to_owned(),
            caller: None,
            whole: false,
            skip: 0,
            left: Some(1),
            change: None,
            hold: None,
            change_delay: Duration::ZERO,
            hold_answer: None,
            answer_delay: Duration::ZERO,
            status: None,
            content: None,
            cut: false,
            cut_body: false,
            truncated: false,
            refuse_next: false,
            headers: Vec::new(),
            meanwhile: None,
        }
    }

    /// Happens only to requests of the caller with this secret.
    pub fn by(mut self, caller: &str) -> Self {
        self.caller = Some(Secret::from(caller));
        self
    }

    /// Happens to so many requests.
    pub fn times(mut self, count: usize) -> Self {
        self.left = Some(count);
        self
    }

    /// Happens to every request from now on.
    pub fn always(mut self) -> Self {
        self.left = None;
        self
    }

    /// Spares the first so many requests that it would meet.
    pub fn skip(mut self, count: usize) -> Self {
        self.skip = count;
        self
    }

    /// The request is executed although its answer is replaced: the change happens, the client
    /// does not learn of it.
    pub fn after_change(mut self) -> Self {
        self.change = Some(Change::Made);
        self
    }

    /// The client is answered (or cut off) first; the request is executed this much later.
    /// Without anything that replaces the answer, the connection is cut.
    pub fn change_later(mut self, by: Duration) -> Self {
        self.change = Some(Change::MadeLater(by));
        self
    }

    /// The request waits here before it is executed.
    pub fn hold(mut self, hold: &Hold) -> Self {
        self.hold = Some(hold.clone());
        self
    }

    /// The answer waits here; what the request changes is changed before.
    pub fn hold_answer(mut self, hold: &Hold) -> Self {
        self.hold_answer = Some(hold.clone());
        self
    }

    /// The request is executed only this long after it arrived, even if the client gives up
    /// waiting.
    pub fn delay_change(mut self, by: Duration) -> Self {
        self.change_delay = by;
        self
    }

    /// The answer comes this late; what the request changes is changed before.
    pub fn delay(mut self, by: Duration) -> Self {
        self.answer_delay = by;
        self
    }

    /// Answers with this status and the usual body for it: an error document below 500 (429's
    /// own with `X-RateLimit-Reset: 1.000`), a proxy's HTML page from 500 on.
    ///
    /// # Panics
    ///
    /// If the number is no HTTP status.
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

    /// Answers with a well-formed JSON document of at least so many bytes.
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

    /// Cuts the connection in the middle of the answer's body; instead of the answer, if it has
    /// none.
    pub fn cut_body(mut self) -> Self {
        self.cut_body = true;
        self
    }

    /// Sends only the first half of the answer's body, as if it were all.
    pub fn truncated(mut self) -> Self {
        self.truncated = true;
        self
    }

    /// Answers, and refuses connections from then on, as
    /// [`Simulator::refuse_connections`](super::Simulator::refuse_connections) does.
    pub fn refuse_next(mut self) -> Self {
        self.refuse_next = true;
        self
    }

    /// Sends the answer with another content type.
    #[track_caller]
    pub fn content_type(self, value: &str) -> Self {
        self.header("content-type", value)
    }

    /// Sets a header of the answer.
    ///
    /// # Panics
    ///
    /// If name or value cannot stand in a header.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        HeaderName::from_bytes(name.as_bytes()).expect("name of a header");
        HeaderValue::from_str(value).expect("value of a header");
        self.headers.push((name.to_owned(), Some(value.to_owned())));
        self
    }

    /// Removes a header of the answer, such as `TFP-AppName`.
    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.push((name.to_owned(), None));
        self
    }

    /// Does something to the simulator after the request was executed (or not) and before it is
    /// answered: what somebody else does between two requests of a client.
    pub fn meanwhile(mut self, act: impl Fn(&Simulator) + Send + Sync + 'static) -> Self {
        self.meanwhile = Some(Arc::new(act));
        self
    }

    fn content(mut self, content: Content) -> Self {
        self.content = Some(content);
        self
    }

    /// Whether the service's own answer is replaced.
    pub(super) fn replaces(&self) -> bool {
        self.cut || self.status.is_some() || self.content.is_some()
    }

    /// Whether it happens to this request; counts it.
    pub(super) fn meets(&mut self, request: &Request) -> bool {
        let target = request.target();
        let is_there = if self.whole {
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

    pub(super) fn is_used_up(&self) -> bool {
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
