//! Every fault at every request of every operation: the promises hold, and the practitioner is told what to do.
//!
//! [`CASES`](case::CASES) × the requests that the case makes (found by running it without a fault) ×
//! [`TROUBLES`](fault::TROUBLES) × once and always. After each row the faults go, and what a practitioner does next must
//! lead to the right end.
//!
//! A plain run takes a share of the rows, with every operation and fault in it; `FAULTS=all` takes all.
//! `ROW=text` runs only the rows whose name contains the text; a failing row says its name.

mod advice;
mod ambiguous;
mod case;
mod fault;
mod imitation;
mod row;
mod runner;
mod situation;
mod trail;
