//! A data source that reads the audit trail with the token of the state.

use super::operation::Operation;
use super::outside_change::Org;
use super::request_fault::{Phase, RequestFault};
use super::step::Who;
use super::trail_query::TrailQuery;
use super::workspaces::Workspaces;
use crate::promises::kind::Kind;
use crate::promises::observation::TrailRead;

impl Workspaces {
    /// Reads the audit trail with the secret in the state. Returns `None` if there is no secret.
    pub(super) async fn read_trail(
        &self,
        who: Who,
        trail: TrailQuery,
        faults: &[RequestFault],
        phase: Phase,
    ) -> Option<Operation> {
        let object = self.state(who).current?;
        let (org, secret) = (Org::named(&object.organization)?, object.secret?);
        let mut faults = faults.to_vec();
        faults.extend(trail.fault(org, phase));
        let begun = self.begin(Kind::ReadData, who, &faults, phase).await;
        let now = self.simulator.now();
        let expected = || trail.expected(&self.recorder.events(&self.simulator, org), now);
        let before = expected();
        let core = &self.configurations[who as usize].core;
        let block = trail.block(&secret, now);
        let read = core.read_data("tfe_audit_trail_events", block).await;
        let after = expected();
        let mut operation = self.end(begun, who, read.diagnostics).await;
        operation.seen.trail = Some(TrailRead {
            secret,
            before,
            after,
            limit: trail.limit,
            result: read.value,
        });
        Some(operation)
    }
}
