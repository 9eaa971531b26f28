//! [`Step`]: one thing that a practitioner, somebody else or the network does.
//!
//! Only what; `workspaces` carries it out, and `display` says it in words.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::trail::Trail;

/// Things that happen one after the other.
#[derive(Clone, PartialEq)]
pub(super) struct History {
    pub(super) steps: Vec<Step>,
    /// How each practitioner brings it to a good end.
    pub(super) ending: Ending,
}

/// The way to a good end, when all that failed works again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// As the diagnostics advise: `force_regenerate` becomes true, or `-replace` where it is.
    Forced,
    /// `terraform destroy`.
    Destroyed,
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Elsewhere(Elsewhere),
    Plan(Who, Config, Vec<Trouble>),
    Apply(Apply),
    /// `terraform apply -refresh-only`
    Refresh(Who, Vec<Trouble>),
    Import(Who, Org, Vec<Trouble>),
    Destroy(Destroy),
    /// A plan and an apply with the ephemeral resource that generates.
    Open(Open),
    /// `terraform apply -invoke` of the action that revokes.
    Revoke(Revoke),
    /// A plan whose data source reads the audit trail with the token of the state.
    ReadTrail(Who, Trail, Vec<Trouble>),
    /// The state is what hashicorp/tfe wrote when it generated the token that there is.
    TakeOver(Who, Org, Secret),
    /// The state is what it was before the last apply: that one's was lost.
    LoseState(Who),
}

/// `terraform plan`, something in between, and `terraform apply` of that plan.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Apply {
    pub(super) who: Who,
    pub(super) config: Config,
    /// `-replace`
    pub(super) replace: bool,
    /// `lifecycle { create_before_destroy = true }`
    pub(super) create_before_destroy: bool,
    /// Not `-refresh=false`.
    pub(super) refresh: bool,
    pub(super) between: Option<Elsewhere>,
    /// Whether whoever keeps the unsealed secret fails to write it.
    pub(super) consumer_fails: bool,
    /// A data source with `depends_on` reads the trail with the token that the apply leaves.
    pub(super) trail: Option<Trail>,
    pub(super) troubles: Vec<Trouble>,
}

impl Apply {
    /// One in which nothing is out of the ordinary.
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
            troubles: Vec::new(),
        }
    }
}

/// `terraform destroy`
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Destroy {
    pub(super) who: Who,
    pub(super) refresh: bool,
    pub(super) between: Option<Elsewhere>,
    pub(super) troubles: Vec<Trouble>,
}

/// The action `tfe_revoke_audit_trail_token`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Revoke {
    pub(super) who: Who,
    pub(super) org: Org,
    pub(super) names: Names,
    pub(super) between: Option<Elsewhere>,
    pub(super) troubles: Vec<Trouble>,
}

/// Which token an action names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// The one in the state, as a reference to it does.
    Stored,
    /// The one that there is.
    There,
}

/// The ephemeral `tfe_audit_trail_token`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Open {
    pub(super) who: Who,
    pub(super) org: Org,
    pub(super) force: Option<bool>,
    pub(super) between: Option<Elsewhere>,
    pub(super) troubles: Vec<Trouble>,
}

/// Two configurations, each with its own state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    First,
    Second,
}

/// Two organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Org {
    Ours,
    Other,
}

impl Org {
    pub(super) const ALL: [Self; 2] = [Self::Ours, Self::Other];

    /// The name that configurations know.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "my-org-name",
            Self::Other => "other-org-name",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|org| org.name() == name)
    }
}

/// Whether a state has its token's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret {
    Held,
    Missing,
}

/// A resource block, and what consumes its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) org: Org,
    pub(super) expiry: Expiry,
    pub(super) force: Option<bool>,
    /// The value of a key in `regenerate_triggers`.
    pub(super) trigger: Option<char>,
    pub(super) seal: Option<bool>,
    /// A write-only argument elsewhere keeps the unsealed secret. Only of a sealed token.
    pub(super) consumer: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    None,
    Date,
    /// The same instant, spelled otherwise.
    Respelled,
    Later,
    Past,
}

impl Expiry {
    pub(super) fn text(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Date => Some("2028-06-01T00:00:00Z"),
            Self::Respelled => Some("2028-06-01T02:00:00+02:00"),
            Self::Later => Some("2036-06-01T00:00:00Z"),
            Self::Past => Some("2025-06-01T00:00:00Z"),
        }
    }
}

impl Config {
    pub(super) const PLAIN: Self = Self {
        org: Org::Ours,
        expiry: Expiry::None,
        force: None,
        trigger: None,
        seal: None,
        consumer: false,
    };

    /// The block of the resource.
    pub(super) fn block(&self) -> Json {
        json!({
            "organization": self.org.name(),
            "expired_at": self.expiry.text(),
            "force_regenerate": self.force,
            "regenerate_triggers": self.trigger.map(|value| json!({ "why": value.to_string() })),
            "seal_token": self.seal,
        })
    }

    /// Whether something consumes the secret.
    pub(super) fn is_consumed(&self) -> bool {
        self.consumer && self.seal == Some(true)
    }
}

/// What is done beside Terraform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elsewhere {
    Regenerates(Org),
    Revokes(Org),
    /// Whoever reads the audit trail does so.
    Uses(Org),
    /// People work there, which is events of its trail.
    Works(Org),
    TimePasses(Time),
    /// The provider's API token may only look at the organization.
    LosesRight(Org),
    /// It does not even see it.
    LosesSight(Org),
    /// It manages tokens, but the organization's document does not say so.
    LosesStatement(Org),
    /// It is dead.
    LosesLogin,
    LosesEntitlement(Org),
    Renames(Org),
    Deletes(Org),
    /// Everything that was lost or renamed is back.
    Restores,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    Hour,
    Days,
    Weeks,
    Year,
    Years,
}

impl Time {
    pub(super) fn duration(self) -> Duration {
        const HOUR: Duration = Duration::from_secs(60 * 60);
        HOUR * match self {
            Self::Hour => 1,
            Self::Days => 3 * 24,
            Self::Weeks => 20 * 24,
            Self::Year => 366 * 24,
            Self::Years => 3 * 366 * 24,
        }
    }
}

/// Something that goes wrong with the requests of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) phase: Phase,
    pub(super) on: Target,
    /// So many such requests go well before.
    pub(super) spared: usize,
    pub(super) times: Times,
    pub(super) kind: Kind,
}

/// When: operations that only plan have no other phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Plan,
    Apply,
}

/// Which requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Post,
    Delete,
    /// GET of the token.
    Look,
    /// Trying a secret on the audit trail.
    Trial,
    /// Any about an organization.
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Once,
    Twice,
    Always,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing is done, and this is the answer.
    Instead(Answer),
    /// What was asked for is done, and this is the answer.
    Done(Answer),
    /// The connection is cut, and what was asked for is done after so many further looks.
    DoneLater(usize),
    /// All goes well, and this happens before the answer arrives.
    Meanwhile(Elsewhere),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Cut,
    CutBody,
    Truncated,
    Status(u16),
    Html,
    Empty,
    WrongShape,
    NullData,
    /// The service's own, without the header in which it names itself.
    Nameless,
}
