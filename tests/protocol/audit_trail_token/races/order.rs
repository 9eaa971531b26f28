//! Every order of the requests of two sides.
//!
//! The service executes one request after the other, so that only the order of the requests can differ. Each request
//! waits for its turn. Orders that differ only in which of two GETs came first count as one (these are sleep sets:
//! Godefroid, *Partial-Order Methods*, 1996).

use tfe_simulator::{Breakpoint, RecordedRequest, Simulator};
use tokio::sync::mpsc;

use super::super::ORGANIZATION;
use super::side::{ExecutedRequest, Side};
use crate::promises::snapshot::Tokens;

/// Runs both sides, one request at a time: the first requests in the given order, then the first side before the
/// second.
pub(super) async fn run(sides: &mut [Side; 2], order: &[usize]) -> Vec<ExecutedRequest> {
    let simulator = sides[0].simulator();
    let breakpoints = sides.each_ref().map(Side::breakpoint);
    let (done, ended) = mpsc::unbounded_channel();
    let [first, second] = sides;
    let act = async {
        let one = async {
            first.act().await;
            done.send(0).unwrap();
        };
        let other = async {
            second.act().await;
            done.send(1).unwrap();
        };
        tokio::join!(one, other);
    };
    let (requests, ()) = tokio::join!(steer(&simulator, &breakpoints, ended, order), act);
    breakpoints.iter().for_each(Breakpoint::release_all);
    requests
}

async fn steer(
    simulator: &Simulator,
    breakpoints: &[Breakpoint; 2],
    mut ended: mpsc::UnboundedReceiver<usize>,
    order: &[usize],
) -> Vec<ExecutedRequest> {
    let tokens = || Tokens::now(simulator, &[ORGANIZATION]);
    let mut requests: Vec<ExecutedRequest> = Vec::new();
    let mut waiting: [Option<RecordedRequest>; 2] = [None, None];
    let mut done = [false; 2];
    // The side whose request would repeat an order that was tried, if it were executed now.
    let mut asleep = None;
    loop {
        // No request is in flight when each side waits or has ended.
        while (0..2).any(|side| waiting[side].is_none() && !done[side]) {
            tokio::select! {
                request = breakpoints[0].arrived() => waiting[0] = Some(request),
                request = breakpoints[1].arrived() => waiting[1] = Some(request),
                Some(side) = ended.recv() => done[side] = true,
            }
        }
        if let Some(last) = requests.last_mut() {
            last.after = tokens();
        }
        let may_go: Vec<usize> = (0..2).filter(|side| waiting[*side].is_some()).collect();
        let awake = may_go.iter().filter(|side| asleep != Some(**side)).count();
        let side = match (order.get(requests.len()), may_go.as_slice()) {
            (_, []) => return requests,
            (_, [only]) => *only,
            (Some(wanted), _) => *wanted,
            (None, _) if asleep == Some(0) => 1,
            (None, _) => 0,
        };
        if awake == 2 && side == 1 {
            asleep = Some(0);
        }
        let request = waiting[side].take().expect("it waits");
        // The order of two GETs makes no difference.
        asleep = asleep.filter(|other| {
            let is_get = |request: &RecordedRequest| request.method == "GET";
            *other != side && is_get(&request) && waiting[*other].as_ref().is_some_and(is_get)
        });
        requests.push(ExecutedRequest {
            side,
            request,
            before: tokens(),
            after: Tokens::default(),
            alternative: awake == 2 && side == 0,
        });
        breakpoints[side].release();
    }
}

/// Returns the order to try after this one; `None` after the last.
pub(super) fn next_order(requests: &[ExecutedRequest]) -> Option<Vec<usize>> {
    let last = requests.iter().rposition(|executed| executed.alternative)?;
    let mut order: Vec<usize> = requests[..last]
        .iter()
        .map(|executed| executed.side)
        .collect();
    order.push(1);
    Some(order)
}
