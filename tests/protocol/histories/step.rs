//! [`Step`]: one step of a [`History`]: an operation of Terraform, or a change outside of it.
//!
//! A step is only data: `workspaces` runs it, and `display` describes it.

use serde_json::{Value as Json, json};

use super::outside_change::{Org, OutsideChange};
use super::request_fault::RequestFault;
use super::trail_query::TrailQuery;

/// Steps that happen one after the other.
#[derive(Clone, PartialEq)]
pub(super) struct History {
    pub(super) steps: Vec<Step>,
    /// How each configuration recovers in the end.
    pub(super) ending: Ending,
}

/// How the configurations recover, after everything works again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// As the diagnostics advise: `force_regenerate` becomes true, or `-replace` where it is true already.
    Forced,
    /// `terraform destroy`.
    Destroyed,
}

/// One step of a history.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    OutsideChange(OutsideChange),
    Plan(Who, Config, Vec<RequestFault>),
    Apply(Apply),
    /// `terraform apply -refresh-only`
    Refresh(Who, Vec<RequestFault>),
    Import(Who, Org, Vec<RequestFault>),
    Destroy(Destroy),
    /// A plan and an apply with the generating ephemeral resource.
    Open(Open),
    /// `terraform apply -invoke` of the action that revokes.
    Revoke(Revoke),
    /// A plan whose data source reads the audit trail with the token of the state.
    ReadTrail(Who, TrailQuery, Vec<RequestFault>),
    /// The state becomes the one that hashicorp/tfe wrote when it generated the current token.
    UseHashicorpTfeState(Who, Org, Secret),
    /// The state becomes the one before the last apply.
    LoseState(Who),
    /// `terraform taint`
    Taint(Who),
    /// `terraform plan -out`: the plan is applied by a later step.
    SavePlan(Who, Config, Vec<RequestFault>),
    /// `terraform apply` of the saved plan, if the state is still the one that it was made for.
    ApplySavedPlan(Who, Vec<RequestFault>),
    /// The resource gets another label without a `moved` block: one plan destroys and creates.
    RenameLabel(RenameLabel),
    /// `hostname` names another host than that of the state.
    UseAnotherHost(Who, AnotherHost, Config),
}

/// The resource gets another label.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RenameLabel {
    pub(super) who: Who,
    pub(super) config: Config,
    /// Terraform does both in any order.
    pub(super) creates_first: bool,
    pub(super) faults: Vec<RequestFault>,
}

/// What is done while `hostname` names another host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnotherHost {
    Refresh,
    Apply { refresh: bool },
    Destroy { refresh: bool },
}

/// `terraform plan`, and `terraform apply` of that plan.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Apply {
    pub(super) who: Who,
    pub(super) config: Config,
    /// `-replace`
    pub(super) replace: bool,
    /// `lifecycle { create_before_destroy = true }`
    pub(super) create_before_destroy: bool,
    /// `false`: `-refresh=false`.
    pub(super) refresh: bool,
    /// What happens between the plan and the apply.
    pub(super) between: Option<OutsideChange>,
    /// Whether the consumer of the unsealed secret fails.
    pub(super) consumer_fails: bool,
    /// A data source with `depends_on` reads the trail with the token that the apply leaves.
    pub(super) trail: Option<TrailQuery>,
    pub(super) faults: Vec<RequestFault>,
}

impl Apply {
    /// Returns an apply without options and faults.
    pub(super) fn new(who: Who, config: Config) -> Self {
        Self {
            who,
            config,
            replace: false,
            create_before_destroy: false,
            refresh: true,
            between: None,
            consumer_fails: false,
            trail: None,
            faults: Vec::new(),
        }
    }
}

/// `terraform destroy`
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Destroy {
    pub(super) who: Who,
    pub(super) refresh: bool,
    pub(super) between: Option<OutsideChange>,
    pub(super) faults: Vec<RequestFault>,
}

/// The action `tfe_revoke_audit_trail_token`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Revoke {
    pub(super) who: Who,
    pub(super) org: Org,
    pub(super) token: NamedToken,
    pub(super) between: Option<OutsideChange>,
    pub(super) faults: Vec<RequestFault>,
}

/// The token that an action names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamedToken {
    /// The one in the state, by a reference to the resource.
    InState,
    /// The organization's current one.
    Current,
}

/// The ephemeral resource `tfe_audit_trail_token`, opened and closed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Open {
    pub(super) who: Who,
    pub(super) org: Org,
    pub(super) force: Option<bool>,
    pub(super) expiry: Expiry,
    /// Whether the same plan reads the managed resource of the configuration.
    pub(super) beside_the_resource: bool,
    pub(super) revokes_on_close: bool,
    /// What happens before the close.
    pub(super) while_open: Option<OutsideChange>,
    pub(super) between: Option<OutsideChange>,
    pub(super) faults: Vec<RequestFault>,
}

/// One of the two configurations, each with its own state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    First,
    Second,
}

/// Whether a state of hashicorp/tfe has its token's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret {
    Present,
    Missing,
}

/// A resource block, and the consumer of its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) org: Org,
    pub(super) spelling: Spelling,
    pub(super) expiry: Expiry,
    pub(super) force: Option<bool>,
    /// The value of a key in `regenerate_triggers`.
    pub(super) trigger: Option<char>,
    pub(super) seal: Option<bool>,
    /// Whether a write-only argument consumes the unsealed secret. Only with `seal_token = true`.
    pub(super) consumer: bool,
}

/// How a configuration names its organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// By its first name, also after a rename.
    First,
    /// By its first name in other letters.
    OtherCase,
    /// By its name after a rename.
    New,
}

/// The value of `expired_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    None,
    Date,
    /// The same instant in another time zone.
    OtherTimeZone,
    Later,
    Past,
}

impl Expiry {
    pub(super) fn text(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Date => Some("2028-06-01T00:00:00Z"),
            Self::OtherTimeZone => Some("2028-06-01T02:00:00+02:00"),
            Self::Later => Some("2036-06-01T00:00:00Z"),
            Self::Past => Some("2025-06-01T00:00:00Z"),
        }
    }
}

impl Config {
    pub(super) const PLAIN: Self = Self {
        org: Org::Ours,
        spelling: Spelling::First,
        expiry: Expiry::None,
        force: None,
        trigger: None,
        seal: None,
        consumer: false,
    };

    /// Returns the block of the resource.
    pub(super) fn block(&self) -> Json {
        json!({
            "organization": self.organization(),
            "expired_at": self.expiry.text(),
            "force_regenerate": self.force,
            "regenerate_triggers": self.trigger.map(|value| json!({ "why": value.to_string() })),
            "seal_token": self.seal,
        })
    }

    /// Returns the organization as the block names it.
    pub(super) fn organization(&self) -> String {
        match self.spelling {
            Spelling::First => self.org.name().to_owned(),
            Spelling::OtherCase => self.org.name().to_ascii_uppercase(),
            Spelling::New => self.org.new_name().to_owned(),
        }
    }

    /// Whether something consumes the secret.
    pub(super) fn is_consumed(&self) -> bool {
        self.consumer && self.seal == Some(true)
    }
}
