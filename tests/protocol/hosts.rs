//! The life of the provider's objects, on every host that [`HostProfile`] knows.

use serde_json::{Value as Json, json};
use terraform_provider_tfe::provider::Tfe;
use tfe_simulator::{Simulator, Token};

use crate::promises::unseal::unseal;
use crate::tfe::core;
use tfplugin_testing::{Core, HostProfile, Query, ResourceAction, Walk};

const EXAMPLE: &str = "tfe_audit_trail_token.example";
const TYPE: &str = "tfe_audit_trail_token";
const UNSEALED: &str = "tfe_unsealed_audit_trail_token";
const REVOKE: &str = "tfe_revoke_audit_trail_token";
const ORGANIZATION: &str = "my-org-name";
const KEY: &str = "cGxhbnRlZCBzZWFsaW5nIGtleSwgbnVtYmVyIG9uZS4=";

/// Creates, reads, changes, seals, imports, revokes and destroys a token, and reads it with the other objects. Leaves
/// out what the host does not support.
async fn run(host: HostProfile) {
    let (simulator, core) = core().await;
    let mut session = Session {
        simulator,
        core: core.on(host),
    };
    session.core.provider_config(json!({ "sealing_key": KEY }));
    session.creates().await;
    session.seals().await;
    session.lists().await;
    session.imports().await;
    session.revokes().await;
    // Nobody has used it yet.
    let destroyed = session.core.destroy(EXAMPLE).await;
    destroyed.expect_warning("An Audit Trail Token in Use Is Deleted");
    destroyed.expect_ok();
    assert!(session.current().is_none(), "the destroyed token exists");
    session.opens().await;
}

/// A simulator, and Terraform on a host.
struct Session {
    simulator: Simulator,
    core: Core<Tfe>,
}

impl Session {
    fn current(&self) -> Option<Token> {
        self.simulator.audit_trail_token(ORGANIZATION)
    }

    /// Demands that the state has the organization's token, and its identity if the host stores identities.
    #[track_caller]
    fn check(&self) -> Token {
        let host = self.core.host();
        let token = self.current().expect("a token was generated");
        let state = self.core.state(EXAMPLE).expect("an object in the state");
        assert_eq!(state.get("token_id"), token.id, "{}", host.name);
        let identity = if host.identities {
            identity()
        } else {
            Json::Null
        };
        assert_eq!(state.identity(), identity, "{}", host.name);
        token
    }

    async fn creates(&mut self) {
        let first = until("2050-01-01T00:00:00Z");
        let core = &mut self.core;
        core.validate(EXAMPLE, first.clone())
            .await
            .expect_no_diagnostics();
        let created = core.apply_config(EXAMPLE, first.clone()).await;
        let token = self.check();
        assert_eq!(created.get("token"), token.secret.expose());

        let core = &mut self.core;
        core.refresh(EXAMPLE).await.expect_no_diagnostics();
        self.check();
        let core = &mut self.core;
        let plan = core.plan(EXAMPLE, first).await.expect_no_diagnostics();
        assert_eq!(plan.action, ResourceAction::NoOp);
        let later = until("2051-01-01T00:00:00Z");
        core.apply_config(EXAMPLE, later).await;
        assert_ne!(self.check().id, token.id);

        let data = json!({ "organization": ORGANIZATION });
        let data = self
            .core
            .read_data(TYPE, data)
            .await
            .expect_no_diagnostics();
        assert_eq!(data["token_id"], self.check().id);
    }

    async fn seals(&mut self) {
        let mut config = until("2051-01-01T00:00:00Z");
        config["seal_token"] = json!(true);
        let sealed = self.core.apply_config(EXAMPLE, config).await;
        let token = self.check();
        assert_eq!(sealed.get("token"), Json::Null);
        let opened = unseal(KEY, sealed.get("sealed_token").as_str().unwrap());
        assert_eq!(opened.unwrap().token, token.secret.expose());
        if !self.core.host().ephemeral_resources {
            return;
        }
        let config = json!({ "sealed_token": sealed.get("sealed_token") });
        for walk in [Walk::Plan, Walk::Apply] {
            let opened = self.core.open_ephemeral(walk, UNSEALED, config.clone());
            let opened = opened.await.expect_no_diagnostics();
            assert_eq!(opened.get("token"), token.secret.expose());
            opened.close().await.expect_no_diagnostics();
        }
    }

    async fn lists(&self) {
        if !self.core.host().lists_and_actions {
            return;
        }
        let token = self.check();
        for config in [json!({}), json!({ "organization": ORGANIZATION })] {
            let listed = self.core.list(TYPE, config, Query::OBJECTS).await;
            let [found] = &listed.expect_no_diagnostics()[..] else {
                panic!("one token is there");
            };
            assert_eq!(found.identity, identity());
            assert_eq!(found.object["token_id"], token.id);
        }
    }

    async fn imports(&mut self) {
        self.core.forget(EXAMPLE);
        self.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
        self.core.refresh(EXAMPLE).await.expect_ok();
        self.check();
        if self.core.host().identities {
            self.core.forget(EXAMPLE);
            let imported = self.core.import_by_identity(EXAMPLE, identity()).await;
            imported.expect_ok();
            self.check();
        }
    }

    async fn revokes(&mut self) {
        if !self.core.host().lists_and_actions {
            return;
        }
        let config = json!({ "organization": ORGANIZATION, "token_id": self.check().id });
        self.core.invoke_action(REVOKE, config).await.expect_ok();
        assert!(self.current().is_none(), "the revoked token exists");
        let plan = self.core.plan(EXAMPLE, until("2051-01-01T00:00:00Z")).await;
        plan.expect_warning("The Audit Trail Token Is Gone");
        self.core.apply(plan.expect_ok()).await.expect_ok();
        self.check();
    }

    async fn opens(&self) {
        if !self.core.host().ephemeral_resources {
            return;
        }
        let config = until("2051-01-01T00:00:00Z");
        let opened = self.core.open_ephemeral(Walk::Apply, TYPE, config).await;
        let opened = opened.expect_no_diagnostics();
        let token = self.current().expect("a token was generated");
        assert_eq!(opened.get("token"), token.secret.expose());
        opened.close().await.expect_no_diagnostics();
    }
}

fn until(expired_at: &str) -> Json {
    json!({ "organization": ORGANIZATION, "expired_at": expired_at })
}

fn identity() -> Json {
    json!({ "hostname": "app.terraform.io", "organization": ORGANIZATION })
}

#[tokio::test]
async fn every_object_works_on_every_host() {
    for host in HostProfile::ALL {
        println!("on {}", host.name);
        run(host).await;
    }
}

/// The provider once took the capabilities that Terraform 1.16 sends in Open for OpenTofu's: the plan failed with
/// "Provider Configuration Not Known Yet".
#[tokio::test]
async fn an_unconfigured_provider_returns_unknown_where_the_host_accepts_it() {
    for host in HostProfile::with_ephemeral_resources() {
        let (simulator, core) = core().await;
        let mut core = core.on(host);
        core.provider_config(json!({ "token": tfplugin_testing::UNKNOWN }));
        let config = json!({ "organization": "my-org-name" });
        let opened = core.open_ephemeral(Walk::Plan, TYPE, config).await;
        if host.unknown_ephemeral_results {
            let opened = opened.expect_no_diagnostics();
            assert_eq!(
                opened.get("token"),
                tfplugin_testing::UNKNOWN,
                "{}",
                host.name
            );
        } else {
            opened.expect_error("Provider Configuration Not Known Yet");
        }
        assert!(simulator.requests().is_empty(), "{}", host.name);
    }
}
