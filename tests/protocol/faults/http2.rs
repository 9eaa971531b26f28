//! The faults of HTTP/2 at every request of the operations that change a token: a stream that is reset, and a connection
//! that ends with GOAWAY, before and after the change. The promises are those of the other faults.
//!
//! HTTP libraries repeat a request by themselves where the protocol says that the server has not executed it
//! (REFUSED_STREAM, GOAWAY). A POST that is repeated blindly may invalidate a token whose secret nobody has.

use std::time::Duration;

use tfe_simulator::{RecordedRequest, Reset, Version};

use super::cases::CASES;
use super::fault_kind::{FaultKind, any, change, late};
use super::protocol::Protocol;
use super::row::{FaultTarget, Row};
use super::runner::{demand, run_all, selected};

/// How many rows run side by side on a thread.
const SIDE_BY_SIDE: usize = 12;

/// A short run takes one row of this number. It does not divide the number of rows of a request.
const SHARE: usize = 5;

const SLOW: Duration = Duration::from_millis(20);

/// The operations that change a token, and the read of one.
const OPERATIONS: [&str; 13] = [
    "creation",
    "sealed creation",
    "forced creation",
    "refresh",
    "regeneration by expired_at",
    "regeneration of a sealed token",
    "regeneration of hashicorp/tfe's token",
    "deletion",
    "deletion of hashicorp/tfe's token",
    "replacement",
    "ephemeral over an unused token",
    "forced ephemeral over a token in use",
    "revocation",
];

const KINDS: [FaultKind; 12] = [
    any("REFUSED_STREAM", |f| f.reset(Reset::Refused)),
    any("CANCEL", |f| f.reset(Reset::Cancelled)),
    any("INTERNAL_ERROR", |f| f.reset(Reset::InternalError)),
    any("GOAWAY", |f| f.go_away()),
    any("a cut connection", |f| f.cut()),
    change("REFUSED_STREAM after the change", |f| {
        f.after_change().reset(Reset::Refused)
    }),
    change("CANCEL after the change", |f| {
        f.after_change().reset(Reset::Cancelled)
    }),
    change("INTERNAL_ERROR after the change", |f| {
        f.after_change().reset(Reset::InternalError)
    }),
    change("GOAWAY after the change", |f| f.after_change().go_away()),
    change("cut after the change", |f| f.after_change().cut()),
    late("REFUSED_STREAM, and then the change", |f| {
        f.reset(Reset::Refused).change_later(SLOW)
    }),
    late("GOAWAY, and then the change", |f| {
        f.go_away().change_later(SLOW)
    }),
];

async fn run(row: Row) -> (Row, Vec<RecordedRequest>) {
    let requests = row.run_over(Protocol::Http2).await;
    for request in &requests {
        assert_eq!(request.version, Version::HTTP_2, "{}", request.summary());
    }
    (row, requests)
}

#[test]
fn every_promise_is_kept_under_every_fault_of_http_2() {
    let cases = OPERATIONS.map(|name| {
        let case = CASES.iter().find(|case| case.name == name);
        *case.unwrap_or_else(|| panic!("there is no case {name:?}"))
    });
    let without_faults = cases.map(|case| Row { case, fault: None }).to_vec();
    let (cases, failures) = run_all(without_faults, SIDE_BY_SIDE, run);
    demand(&failures);
    let rows = cases.into_iter().flat_map(|(row, requests)| {
        let targets = FaultTarget::all(&requests);
        targets
            .into_iter()
            .flat_map(move |target| target.rows_of(&KINDS, row.case))
    });
    let rows: Vec<Row> = rows.collect();
    let all = rows.len();
    let is_short = |name: &str| std::env::var_os(name).is_none();
    let rows = if is_short("FAULTS") && is_short("ROW") {
        rows.into_iter().step_by(SHARE).collect()
    } else {
        selected(rows)
    };
    let count = rows.len();
    let (_, failures) = run_all(rows, SIDE_BY_SIDE, run);
    demand(&failures);
    println!(
        "{} operations, {count} rows of {all} over HTTP/2",
        OPERATIONS.len()
    );
}
