//! [`Scene`]: a practitioner with one configuration, and the organization that it is about.

use std::time::Duration;

use serde_json::{Value as Json, json};
use terraform_provider_tfe::client::Environment;
use terraform_provider_tfe::provider::Tfe;
use tfe_simulator::{RecordedRequest, Simulator, Token};
use tfplugin::{Diagnostic, Diagnostics, Severity};

use crate::environment;
use tfplugin_testing::{Action, Core, Outcome, Plan, StoredObject};

pub(crate) const TYPE: &str = "tfe_audit_trail_token";
pub(crate) const EXAMPLE: &str = "tfe_audit_trail_token.example";
pub(crate) const ORGANIZATION: &str = "my-org-name";
/// The provider's own API token.
pub(crate) const OWNER: &str = "planted-token-of-an-owner";
/// When [`block`]'s token expires: a year after the simulator's clock starts.
pub(crate) const DATE: &str = "2027-01-01T00:00:00Z";
pub(crate) const LATER: &str = "2027-06-01T00:00:00Z";
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A practitioner, who at first has nothing in the state, and an organization, which at first has no token.
pub(crate) struct Scene {
    pub(crate) simulator: Simulator,
    pub(crate) core: Core<Tfe>,
    /// What the last [`apply`](Self::apply) sent.
    pub(crate) applied: Vec<String>,
}

/// A resource block for [`ORGANIZATION`] until [`DATE`], and what else it says; null takes an argument away.
pub(crate) fn block(more: Json) -> Json {
    let mut block = json!({ "organization": ORGANIZATION, "expired_at": DATE });
    let Json::Object(more) = more else {
        panic!("arguments are a JSON object, not {more}");
    };
    block.as_object_mut().expect("an object").extend(more);
    block
}

impl Scene {
    /// It is the first of January 2026.
    pub(crate) async fn new() -> Self {
        Self::with(|environment| environment).await
    }

    /// The same with other surroundings of the provider.
    pub(crate) async fn with(change: impl FnOnce(Environment) -> Environment) -> Self {
        Self::with_timeout(change, None).await
    }

    /// The same with a provider that gives up a request after this timeout.
    pub(crate) async fn with_timeout(
        change: impl FnOnce(Environment) -> Environment,
        timeout: Option<Duration>,
    ) -> Self {
        let simulator = Simulator::start().await;
        simulator.add_organization(ORGANIZATION);
        Self::at(simulator, OWNER, change, timeout).await
    }

    /// Somebody else with a state of his own and this API token, about the same organization.
    pub(super) async fn beside(&self, owner: &str) -> Self {
        Self::at(
            self.simulator.clone(),
            owner,
            |environment| environment,
            None,
        )
        .await
    }

    async fn at(
        simulator: Simulator,
        owner: &str,
        change: impl FnOnce(Environment) -> Environment,
        timeout: Option<Duration>,
    ) -> Self {
        simulator.add_owner_token(owner);
        let environment = change(environment::environment(&simulator, owner));
        let clock = environment::clock(&simulator);
        let mut timing = environment::timing();
        if let Some(timeout) = timeout {
            timing.read_timeout = timeout;
            timing.change_timeout = timeout;
        }
        let start = move || Tfe::new(environment.clone(), clock.clone(), timing);
        Self {
            simulator,
            core: Core::start(start).await,
            applied: Vec::new(),
        }
    }

    /// The same after the first apply.
    pub(crate) async fn created(more: Json) -> Self {
        let mut scene = Self::new().await;
        scene.apply(more).await.expect_ok();
        scene
    }

    pub(crate) async fn plan(&self, more: Json) -> Outcome<Plan> {
        self.core.plan(EXAMPLE, block(more)).await
    }

    /// Plans and applies. A plan only looks, and after an apply without an error the next one must be empty.
    pub(crate) async fn apply(&mut self, more: Json) -> Outcome<()> {
        self.sent();
        let planned = self.plan(more.clone()).await;
        let sent = self.sent();
        let only_looks = sent.iter().all(|one| one.starts_with("GET "));
        assert!(only_looks, "a plan sent {sent:?}");
        let Some(plan) = planned.value else {
            return Outcome::failed(planned.diagnostics);
        };
        let mut told = planned.diagnostics;
        let applied = self.core.apply(plan).await;
        self.applied = self.sent();
        told.extend(applied.diagnostics);
        if applied.value.is_some() {
            let next = self.plan(more).await.expect_ok();
            assert_eq!(
                next.action,
                Action::NoOp,
                "the plan after the apply is not empty: {} becomes {}",
                next.before(),
                next.after()
            );
            self.sent();
        }
        Outcome::new(applied.value, told)
    }

    /// The requests since the last look at them, such as `GET token`.
    pub(crate) fn sent(&self) -> Vec<String> {
        let requests = self.simulator.requests();
        self.simulator.clear_requests();
        requests.iter().map(named).collect()
    }

    /// The object in the state.
    #[track_caller]
    pub(crate) fn state(&self) -> &StoredObject {
        self.core.state(EXAMPLE).expect("an object in the state")
    }

    /// One attribute of it.
    #[track_caller]
    pub(crate) fn get(&self, attribute: &str) -> Json {
        self.state().get(attribute)
    }

    /// The organization's token.
    #[track_caller]
    pub(crate) fn token(&self) -> Token {
        self.simulator
            .audit_trail_token(ORGANIZATION)
            .expect("the organization has a token")
    }

    /// The state holds the organization's token with its secret, and says so.
    #[track_caller]
    pub(crate) fn check_alive(&self) {
        let token = self.token();
        assert_eq!(self.get("token"), token.secret.expose());
        assert_eq!(self.get("token_id"), token.id);
        assert_eq!(self.get("status"), "current");
        assert!(!self.state().tainted);
    }
}

/// A request by what it is about, such as `GET token`.
pub(crate) fn named(request: &RecordedRequest) -> String {
    let method = &request.method;
    let organization = format!("/api/v2/organizations/{ORGANIZATION}");
    let what = match request.path.strip_prefix(&organization) {
        Some("/authentication-token?token=audit-trails") => "token",
        Some("/entitlement-set") => "entitlements",
        Some("") => "organization",
        _ if request
            .path
            .starts_with("/api/v2/organization/audit-trail?") =>
        {
            "trail"
        }
        _ => &request.path,
    };
    format!("{method} {what}")
}

/// The only warning of an operation that may have failed.
#[track_caller]
pub(crate) fn sole_warning<'a>(diagnostics: &'a Diagnostics, summary: &str) -> &'a Diagnostic {
    let warnings: Vec<_> = diagnostics
        .iter()
        .filter(|one| one.severity() == Severity::Warning)
        .collect();
    match warnings.as_slice() {
        [warning] if warning.summary() == summary => warning,
        _ => panic!("the only warning should be {summary:?}, but there was:\n\n{diagnostics}"),
    }
}

/// A diagnostic says all of this.
#[track_caller]
pub(crate) fn details(diagnostic: &Diagnostic, words: &[&str]) {
    for word in words {
        assert!(
            diagnostic.detail().contains(word),
            "{word:?} is missing in:\n\n{diagnostic}"
        );
    }
}
