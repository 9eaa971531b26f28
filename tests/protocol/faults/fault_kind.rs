//! [`FaultKind`]: a kind of fault at a request, and the table of all kinds.

use std::time::Duration;

use tfe_simulator::{Fault, Method};

/// More bytes than the client reads of an answer.
const TOO_LONG: usize = 8 * 1024 * 1024 + 1;
/// The timeout of a provider that runs into one.
pub(super) const TIMEOUT: Duration = Duration::from_millis(800);
/// A time after the timeout.
const TOO_LATE: Duration = Duration::from_millis(1300);
/// A time before the timeout.
const SLOW: Duration = Duration::from_millis(20);

/// A kind of fault at a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct FaultKind {
    pub(super) name: &'static str,
    pub(super) applies_to: AppliesTo,
    /// Whether the request takes effect after the client has given it up.
    pub(super) late: bool,
    /// Whether the client runs into its timeout.
    pub(super) times_out: bool,
    pub(super) script: fn(Fault) -> Fault,
}

/// The requests at which a kind of fault is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AppliesTo {
    EveryRequest,
    /// POST and DELETE only.
    Changes,
    /// Every connection. The fault is scripted at the request before, because no request arrives on a refused
    /// connection. For the same reason nothing can count the refused connections: the fault lasts until it is cleared.
    Connections,
}

pub(super) const fn any(name: &'static str, script: fn(Fault) -> Fault) -> FaultKind {
    FaultKind {
        name,
        applies_to: AppliesTo::EveryRequest,
        late: false,
        times_out: false,
        script,
    }
}

pub(super) const fn change(name: &'static str, script: fn(Fault) -> Fault) -> FaultKind {
    FaultKind {
        applies_to: AppliesTo::Changes,
        ..any(name, script)
    }
}

const fn connection(name: &'static str, script: fn(Fault) -> Fault) -> FaultKind {
    FaultKind {
        applies_to: AppliesTo::Connections,
        ..any(name, script)
    }
}

pub(super) const fn late(name: &'static str, script: fn(Fault) -> Fault) -> FaultKind {
    FaultKind {
        late: true,
        ..change(name, script)
    }
}

const fn times_out(kind: FaultKind) -> FaultKind {
    FaultKind {
        times_out: true,
        ..kind
    }
}

/// All kinds of faults.
pub(super) const FAULT_KINDS: [FaultKind; 52] = [
    connection("connection refused", |f| f.then_refuse_connections()),
    any("cut before it is executed", |f| f.cut()),
    any("cut in the middle of the body", |f| f.cut_body()),
    any("401", |f| f.status(401)),
    any("403", |f| f.status(403)),
    any("404", |f| f.status(404)),
    any("404 with a page", |f| f.status(404).html()),
    any("408", |f| f.status(408)),
    any("409", |f| f.status(409)),
    any("415", |f| f.status(415)),
    any("422", |f| f.status(422)),
    any("429", |f| f.status(429)),
    any("429 without headers", |f| {
        f.status(429).without_header("x-ratelimit-reset")
    }),
    any("429 until the end of time", |f| {
        f.status(429).header("x-ratelimit-reset", "1e300")
    }),
    any("429 until yesterday", |f| {
        f.status(429).header("x-ratelimit-reset", "-86400")
    }),
    any("429 until tomorrow", |f| {
        let limited = f.status(429).without_header("x-ratelimit-reset");
        limited.header("retry-after", "86400")
    }),
    any("500", |f| f.status(500)),
    any("502", |f| f.status(502)),
    any("503", |f| f.status(503)),
    any("504", |f| f.status(504)),
    any("200 with null data", |f| f.null_data()),
    any("200 with a page", |f| f.html()),
    any("200 without a body", |f| f.empty()),
    any("200 of the wrong shape", |f| f.wrong_shape()),
    any("200 with megabytes", |f| f.huge(TOO_LONG)),
    any("wrong content type", |f| f.content_type("text/plain")),
    any("truncated JSON", |f| f.truncated()),
    any("slow", |f| f.delay(SLOW)),
    any("307 elsewhere", |f| {
        f.redirect("https://elsewhere.example.com/api/v2/x")
    }),
    any("302 elsewhere", |f| {
        f.status(302)
            .redirect("https://elsewhere.example.com/api/v2/x")
    }),
    any("302 to a login page", |f| f.status(302).redirect("/login")),
    times_out(any("no answer in time", |f| f.delay(TOO_LATE).status(503))),
    times_out(change("an answer after the timeout", |f| f.delay(TOO_LATE))),
    change("cut after the change", |f| f.after_change().cut()),
    change("408 after the change", |f| f.after_change().status(408)),
    change("500 after the change", |f| f.after_change().status(500)),
    change("502 after the change", |f| f.after_change().status(502)),
    change("503 after the change", |f| f.after_change().status(503)),
    change("504 after the change", |f| f.after_change().status(504)),
    change("null data after the change", |f| {
        f.after_change().null_data()
    }),
    change("a page after the change", |f| f.after_change().html()),
    change("nothing after the change", |f| f.after_change().empty()),
    change("the wrong shape after the change", |f| {
        f.after_change().wrong_shape()
    }),
    change("megabytes after the change", |f| {
        f.after_change().huge(TOO_LONG)
    }),
    change("307 elsewhere after the change", |f| {
        let redirect = f.after_change();
        redirect.redirect("https://elsewhere.example.com/api/v2/x")
    }),
    change("308 to the main token", |f| {
        let main = "/api/v2/organizations/my-org-name/authentication-token";
        f.status(308).redirect(main)
    }),
    change("302 after the change", |f| {
        f.after_change().status(302).redirect("/login")
    }),
    late("cut, and then the change", |f| f.cut().change_later(SLOW)),
    late("502, and then the change", |f| {
        f.status(502).change_later(SLOW)
    }),
    late("a page, and then the change", |f| {
        f.html().change_later(SLOW)
    }),
    late("504, and much later the change", |f| {
        f.status(504).change_later(TOO_LATE)
    }),
    times_out(late("a change after the timeout", |f| {
        f.delay_change(TOO_LATE)
    })),
];

/// Returns a fault by which the service generates a token and its answer does not arrive.
pub(super) fn lost_answer() -> Fault {
    Fault::on(Method::POST, "authentication-token")
        .after_change()
        .cut()
}
