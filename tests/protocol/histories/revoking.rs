//! The action that revokes a token.

use serde_json::json;

use super::operation::Operation;
use super::request_fault::Phase;
use super::step::{NamedToken, Revoke};
use super::workspaces::Workspaces;
use crate::promises::kind::Kind;
use crate::promises::observation::Revocation;

const REVOKE: &str = "tfe_revoke_audit_trail_token";

impl Workspaces {
    /// Plans the action and, if that succeeds, invokes it. Returns `None` if there is no token to name.
    pub(super) async fn revoke(&self, step: &Revoke) -> Option<(Operation, Option<Operation>)> {
        let (who, org) = (step.who, step.org);
        let token_id = match step.token {
            NamedToken::InState => self.state(who).current?.token_id?,
            NamedToken::Current => {
                let tokens = self.recorder.tokens();
                tokens.audit_trail(org.name())?.id.clone()
            }
        };
        let core = &self.configurations[who as usize].core;
        let begun = self.begin(Kind::PlanAction, who, &step.faults, Phase::Plan);
        let begun = begun.await;
        let config = json!({ "organization": org.name(), "token_id": token_id });
        let planned = core.plan_action(REVOKE, config).await;
        let before = self.end(begun, who, planned.diagnostics).await;
        let Some(plan) = planned.value else {
            return Some((before, None));
        };
        if let Some(change) = step.between {
            self.change(change);
        }
        let begun = self.begin(Kind::Revoke, who, &step.faults, Phase::Apply);
        let begun = begun.await;
        let invoked = core.invoke(plan).await;
        let mut revoked = self.end(begun, who, invoked.diagnostics).await;
        let revocation = Revocation {
            organization: org.name().to_owned(),
            token_id,
            progress: invoked.value.unwrap_or_default(),
        };
        revoked.seen.revocation = Some(revocation);
        Some((before, Some(revoked)))
    }
}
