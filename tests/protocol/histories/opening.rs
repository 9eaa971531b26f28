//! The generating ephemeral resource, opened in a plan and in its apply.

use serde_json::json;

use super::configuration::EXAMPLE;
use super::operation::Operation;
use super::request_fault::Phase;
use super::step::Open;
use super::workspaces::Workspaces;
use crate::promises::kind::Kind;
use crate::promises::observation::OpenBlock;
use tfplugin_testing::{Outcome, Walk};

const TYPE: &str = "tfe_audit_trail_token";

impl Workspaces {
    /// Opens and closes the generating ephemeral resource in a plan and, if that succeeds, in an apply.
    pub(super) async fn open(&mut self, step: &Open) -> Vec<Operation> {
        let mut operations = self.open_in(step, Walk::Plan, Phase::Plan).await;
        if operations.iter().any(Operation::failed) {
            return operations;
        }
        if let Some(change) = step.between {
            self.change(change);
        }
        operations.extend(self.open_in(step, Walk::Apply, Phase::Apply).await);
        operations
    }

    async fn open_in(&self, step: &Open, walk: Walk, phase: Phase) -> Vec<Operation> {
        let who = step.who;
        let begun = self.begin(Kind::Open, who, &step.faults, phase).await;
        let config = json!({
            "organization": step.org.name(),
            "force_regenerate": step.force,
            "expired_at": step.expiry.text(),
            "revoke_on_close": step.revokes_on_close,
        });
        let core = &self.configurations[who as usize].core;
        let prior = self.state(who).current;
        let beside = prior.filter(|_| step.beside_the_resource && walk == Walk::Plan);
        let opened = match &beside {
            Some(prior) => {
                let block = json!({ "organization": prior.organization });
                let mut walk = core.plan_walk().await;
                let mut diagnostics = walk.plan(EXAMPLE, block).await.diagnostics;
                // Terraform opens what does not depend on the resource, also if its plan fails.
                let opened = walk.open_ephemeral(TYPE, config).await;
                diagnostics.extend(opened.diagnostics);
                Outcome::new(opened.value, diagnostics)
            }
            None => core.open_ephemeral(walk, TYPE, config).await,
        };
        let managed = beside.and_then(|prior| prior.token_id);
        let mut operation = self.end(begun, who, opened.diagnostics).await;
        operation.seen.forces = step.force == Some(true);
        let managed = managed.filter(|id| !operation.seen.followed.contains(id));
        operation.seen.block = Some(OpenBlock {
            expired_at: step.expiry.text().map(|date| date.parse().expect("a date")),
            revokes_on_close: step.revokes_on_close,
            managed: managed.into_iter().collect(),
        });
        let Some(opened) = opened.value else {
            return vec![operation];
        };
        operation.seen.opened = Some(opened.result());
        if let Some(change) = step.while_open {
            self.change(change);
        }
        let begun = self.begin(Kind::Close, who, &step.faults, phase).await;
        let id = opened.get("token_id");
        let closed = opened.close().await;
        let mut closing = self.end(begun, who, closed.diagnostics).await;
        let id = id.as_str().filter(|_| step.revokes_on_close);
        closing.seen.closed = id.map(str::to_owned);
        vec![operation, closing]
    }
}
