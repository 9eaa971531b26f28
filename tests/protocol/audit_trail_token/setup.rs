//! [`Setup`]: Terraform with one configuration, and the organization whose token it manages.

use std::time::Duration;

use serde_json::{Value as Json, json};
use terraform_provider_tfe::client::Environment;
use terraform_provider_tfe::provider::Tfe;
use tfe_simulator::{RecordedRequest, Simulator, Token};
use tfplugin::{Diagnostic, Diagnostics, Severity};

use crate::environment;
use tfplugin_testing::{Core, Outcome, Plan, ResourceAction, StoredObject};

pub(crate) const TYPE: &str = "tfe_audit_trail_token";
pub(crate) const EXAMPLE: &str = "tfe_audit_trail_token.example";
pub(crate) const ORGANIZATION: &str = "my-org-name";
/// The provider's own API token.
pub(crate) const OWNER: &str = "planted-token-of-an-owner";
/// When [`block`]'s token expires: a year after the simulator's clock starts.
pub(crate) const DATE: &str = "2027-01-01T00:00:00Z";
pub(crate) const LATER: &str = "2027-06-01T00:00:00Z";
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long after its generation a token that nobody has used does not count as in use any more.
pub(crate) const UNUSED: Duration = Duration::from_secs(15 * 24 * 60 * 60);

/// A configuration with an empty state, and an organization without a token.
pub(crate) struct Setup {
    pub(crate) simulator: Simulator,
    pub(crate) core: Core<Tfe>,
    /// The requests of the last [`apply`](Self::apply).
    pub(crate) applied: Vec<String>,
}

/// Returns a resource block with [`ORGANIZATION`] and [`DATE`], and these arguments; null removes an argument.
pub(crate) fn block(more: Json) -> Json {
    let mut block = json!({ "organization": ORGANIZATION, "expired_at": DATE });
    let Json::Object(more) = more else {
        panic!("arguments are a JSON object, not {more}");
    };
    block.as_object_mut().expect("an object").extend(more);
    block
}

impl Setup {
    /// The simulator's clock starts on January 1, 2026.
    pub(crate) async fn new() -> Self {
        Self::with(|environment| environment).await
    }

    /// Returns a setup whose provider runs in a changed environment.
    pub(crate) async fn with(change: impl FnOnce(Environment) -> Environment) -> Self {
        Self::with_timeout(change, None).await
    }

    /// Returns a setup whose provider has a changed environment and this timeout for its requests.
    pub(crate) async fn with_timeout(
        change: impl FnOnce(Environment) -> Environment,
        timeout: Option<Duration>,
    ) -> Self {
        let simulator = Simulator::start().await;
        simulator.add_organization(ORGANIZATION);
        Self::at(simulator, OWNER, change, timeout).await
    }

    /// Returns a second setup for the same organization, with an empty state and this API token.
    pub(super) async fn beside(&self, owner: &str) -> Self {
        Self::at(
            self.simulator.clone(),
            owner,
            |environment| environment,
            None,
        )
        .await
    }

    /// Returns a setup at a simulator, whose organizations are as they are.
    pub(crate) async fn at(
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

    /// Returns a setup after an apply of these arguments.
    pub(crate) async fn created(more: Json) -> Self {
        let mut setup = Self::new().await;
        setup.apply(more).await.expect_ok();
        setup
    }

    /// Returns a setup after an apply, long enough ago that its token does not count as in use any more.
    pub(crate) async fn unused() -> Self {
        let setup = Self::created(json!({})).await;
        setup.simulator.advance(UNUSED);
        setup
    }

    /// Returns a setup that has imported a token which expires at this date.
    pub(super) async fn imported_until(date: &str) -> Self {
        let mut setup = Self::new().await;
        let date = date.parse().unwrap();
        setup
            .simulator
            .regenerate_elsewhere_until(ORGANIZATION, date);
        setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
        setup
    }

    pub(crate) async fn plan(&self, more: Json) -> Outcome<Plan> {
        self.core.plan(EXAMPLE, block(more)).await
    }

    /// Plans and applies. Demands that the plan only reads, and that the plan after a successful apply is empty.
    pub(crate) async fn apply(&mut self, more: Json) -> Outcome<()> {
        self.sent();
        let planned = self.plan(more.clone()).await;
        let sent = self.sent();
        let only_reads = sent.iter().all(|one| one.starts_with("GET "));
        assert!(only_reads, "a plan sent {sent:?}");
        let Some(plan) = planned.value else {
            return Outcome::failed(planned.diagnostics);
        };
        let mut diagnostics = planned.diagnostics;
        let applied = self.core.apply(plan).await;
        self.applied = self.sent();
        diagnostics.extend(applied.diagnostics);
        if applied.value.is_some() {
            let next = self.plan(more).await.expect_ok();
            assert_eq!(
                next.action,
                ResourceAction::NoOp,
                "the plan after the apply is not empty: {} becomes {}",
                next.before(),
                next.after()
            );
            self.sent();
        }
        Outcome::new(applied.value, diagnostics)
    }

    /// Returns the requests since the last call, such as `GET token`.
    pub(crate) fn sent(&self) -> Vec<String> {
        let requests = self.simulator.requests();
        self.simulator.clear_requests();
        requests.iter().map(named).collect()
    }

    /// Returns the object in the state.
    #[track_caller]
    pub(crate) fn state(&self) -> &StoredObject {
        self.core.state(EXAMPLE).expect("an object in the state")
    }

    /// Returns one attribute of the object in the state.
    #[track_caller]
    pub(crate) fn get(&self, attribute: &str) -> Json {
        self.state().get(attribute)
    }

    /// Returns the organization's token.
    #[track_caller]
    pub(crate) fn token(&self) -> Token {
        self.simulator
            .audit_trail_token(ORGANIZATION)
            .expect("the organization has a token")
    }

    /// Applies a plan that replaces the object and has nothing to say of its own token.
    pub(super) async fn replace_silently(&mut self, planned: Outcome<Plan>) {
        let old = self.token();
        let plan = planned.expect_no_diagnostics();
        assert_eq!(plan.action, ResourceAction::DeleteThenCreate);
        self.core.apply(plan).await.expect_no_diagnostics();
        assert_ne!(self.token().id, old.id);
        self.check_current();
    }

    /// Demands that the state has the organization's token with its secret and status `current`.
    #[track_caller]
    pub(crate) fn check_current(&self) {
        let token = self.token();
        assert_eq!(self.get("token"), token.secret.expose());
        assert_eq!(self.get("token_id"), token.id);
        assert_eq!(self.get("status"), "current");
        assert!(!self.state().tainted);
    }
}

/// Describes a request by its method and its target, such as `GET token`.
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

/// Returns the only warning, beside any errors; demands that it has this summary.
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

/// Demands that a diagnostic's detail contains all of these words.
#[track_caller]
pub(crate) fn details(diagnostic: &Diagnostic, words: &[&str]) {
    for word in words {
        assert!(
            diagnostic.detail().contains(word),
            "{word:?} is missing in:\n\n{diagnostic}"
        );
    }
}
