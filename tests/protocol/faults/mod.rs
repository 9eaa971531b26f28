//! Every fault at every request of every operation: the promises are kept, and the diagnostics advise what to do.
//!
//! [`CASES`](cases::CASES) × the requests of the case (found by running it without a fault) ×
//! [`FAULT_KINDS`](fault_kind::FAULT_KINDS) × once and always. After each row the faults are removed, and what a
//! practitioner does next must succeed.
//!
//! A plain run takes a share of the rows, which has each operation and each fault; `FAULTS=all` takes all rows.
//! `ROW=text` runs only the rows whose name contains the text; a failing row reports its name.

mod advice;
mod ambiguous;
mod case;
mod cases;
mod fault_kind;
mod http2;
mod imitation;
mod protocol;
mod recovery;
mod row;
mod runner;
mod situation;
mod trail;
