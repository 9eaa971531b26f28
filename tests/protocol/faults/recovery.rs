//! What a practitioner does after a case, when the service works again.

use serde_json::json;
use tfe_simulator::Token;

use super::case::{Act, Case, REVOKE, revocation};
use super::situation::{Situation, Start};
use crate::audit_trail_token::setup::{EXAMPLE, ORGANIZATION, block};

impl Case {
    /// Repeats the operation, or does what the diagnostics advise, and demands that it succeeds. `another_token` says
    /// that the organization may have a token that the state does not know.
    pub(super) async fn recover(&self, situation: &mut Situation, another_token: bool) {
        let config = (self.config)();
        match self.act {
            Act::Destroy | Act::DestroyUnrefreshed => self.destroy(situation).await,
            Act::Import | Act::ImportByIdentity => {
                if situation.setup.core.state(EXAMPLE).is_none() {
                    let imported = situation.setup.core.import(EXAMPLE, ORGANIZATION).await;
                    imported.expect_ok();
                }
                assert_eq!(situation.setup.get("token_id"), situation.setup.token().id);
                assert_eq!(situation.setup.get("token"), json!(null));
            }
            Act::Open | Act::OpenBeside if self.is_over_a_token_in_use() => {
                let done = self.act(situation).await;
                let diagnostics = done.diagnostics.to_string();
                let in_use = "The Audit Trail Token Is in Use";
                assert!(diagnostics.contains(in_use), "{diagnostics}");
            }
            Act::Open | Act::OpenBeside => {
                // A token that the operation has generated is unused.
                let done = self.act(situation).await;
                assert!(!done.diagnostics.has_error(), "{}", done.diagnostics);
                let opened = done
                    .opened
                    .expect("an ephemeral resource without an error is open");
                assert_eq!(opened["token"], situation.setup.token().secret.expose());
            }
            Act::Unseal | Act::ReadData | Act::ReadTrail | Act::PlanDestroy => {
                let done = self.act(situation).await;
                assert!(!done.diagnostics.has_error(), "{}", done.diagnostics);
                situation.check_current(&config).await;
            }
            Act::PlanRevocation | Act::List | Act::ListAll => {
                let done = self.act_and_judge(situation).await.0;
                assert!(!done.diagnostics.has_error(), "{}", done.diagnostics);
                if let Some(search) = &done.search {
                    let count = if self.act == Act::List { 1 } else { 2 };
                    let found = search.found.as_ref().map(Vec::len);
                    assert_eq!(found, Some(count), "{search:?}");
                    assert!(done.diagnostics.is_empty(), "{}", done.diagnostics);
                }
                situation.check_current(&config).await;
            }
            Act::Revoke | Act::RevokeRaced => self.revoke_again(situation).await,
            _ => self.apply_again(situation, another_token).await,
        }
    }

    /// Whether an ephemeral resource is opened over a token in use.
    fn is_over_a_token_in_use(&self) -> bool {
        let is_fresh = self.start == Start::Existing && (self.config)()["expired_at"].is_string();
        let in_use = matches!(self.start, Start::InUse | Start::Idle);
        (in_use || is_fresh) && !self.forces
    }

    /// Demands that a repetition revokes the token that the action names, and reports another one.
    async fn revoke_again(&self, situation: &mut Situation) {
        let current = || situation.setup.simulator.audit_trail_token(ORGANIZATION);
        let other = current().filter(|token| token.id != situation.named_id);
        let config = revocation(&situation.named_id);
        let revoked = situation.setup.core.invoke_action(REVOKE, config).await;
        match &other {
            Some(_) => drop(revoked.expect_error("Another Audit Trail Token Is Live")),
            None => assert!(!revoked.diagnostics.has_error(), "{}", revoked.diagnostics),
        }
        assert_eq!(current().map(|one| one.id), other.map(|one| one.id));
    }

    async fn destroy(&self, situation: &mut Situation) {
        let other = self.start == Start::Replaced;
        let kept: Option<Token> = other.then(|| situation.setup.token());
        situation.setup.core.destroy(EXAMPLE).await.expect_ok();
        assert!(situation.setup.core.state(EXAMPLE).is_none(), "it is gone");
        let now = situation.setup.simulator.audit_trail_token(ORGANIZATION);
        assert_eq!(now.map(|token| token.id), kept.map(|token| token.id));
    }

    async fn apply_again(&self, situation: &mut Situation, another_token: bool) {
        let mut config = (self.config)();
        let may_be_refused = self.needs_force() || another_token;
        let applied = situation.setup.apply(config.clone()).await;
        let is_refusal = |summary: &str| {
            applied
                .diagnostics
                .iter()
                .any(|one| one.summary() == summary)
        };
        // The plan of a tainted object refuses what would take it out of the state.
        let was_refused = is_refusal("An audit trail token already exists")
            || is_refusal("Creating This Resource Will Fail")
            || is_refusal("The Audit Trail Token Is Not Managed by This Resource");
        if may_be_refused && was_refused {
            if config["force_regenerate"] == json!(true)
                && situation.setup.core.state(EXAMPLE).is_some()
            {
                // The configuration has it already.
                let core = &mut situation.setup.core;
                core.replace(EXAMPLE, block(config.clone()))
                    .await
                    .expect_ok();
            } else {
                config["force_regenerate"] = json!(true);
                situation.setup.apply(config.clone()).await.expect_ok();
            }
        } else {
            applied.expect_ok();
        }
        if self.start == Start::Imported && !self.forces {
            assert_eq!(situation.setup.get("token_id"), situation.setup.token().id);
        } else {
            situation.check_current(&config).await;
        }
    }

    /// Whether a token of somebody else exists, and the case does not have `force_regenerate`.
    fn needs_force(&self) -> bool {
        matches!(self.start, Start::Existing | Start::Replaced) && !self.forces
    }
}
