//! `Display` of a [`History`]: a sentence for each step.

use std::fmt::{self, Display, Formatter};

use super::outside_change::{Org, OutsideChange, Time};
use super::request_fault::{Answer, FaultEffect, Phase, RequestFault, Target, Times};
use super::step::{
    AnotherHost, Apply, Config, Destroy, Ending, History, NamedToken, Open, RenameLabel, Revoke,
    Secret, Step, Who,
};

impl Display for History {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            writeln!(f, "{}. {step};", index + 1)?;
        }
        write!(f, "{}. {}.", self.steps.len() + 1, self.ending)
    }
}

/// The text that proptest writes beside the seed.
impl fmt::Debug for History {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutsideChange(change) => write!(f, "{change}"),
            Self::Plan(who, config, faults) => {
                write!(f, "{who} plans {config}{}", Faults(faults))
            }
            Self::Apply(apply) => write!(f, "{apply}"),
            Self::Refresh(who, faults) => {
                write!(f, "{who} applies with -refresh-only{}", Faults(faults))
            }
            Self::Import(who, org, faults) => {
                write!(f, "{who} imports the token of {org}{}", Faults(faults))
            }
            Self::Destroy(destroy) => write!(f, "{destroy}"),
            Self::Open(open) => write!(f, "{open}"),
            Self::Revoke(revoke) => write!(f, "{revoke}"),
            Self::ReadTrail(who, trail, faults) => {
                write!(f, "{who} reads {trail}{}", Faults(faults))
            }
            Self::UseHashicorpTfeState(who, org, Secret::Present) => write!(
                f,
                "{who} has the state of hashicorp/tfe for the token of {org}"
            ),
            Self::UseHashicorpTfeState(who, org, Secret::Missing) => write!(
                f,
                "{who} has a state of hashicorp/tfe for {org} that has no secret"
            ),
            Self::Taint(who) => write!(f, "{who} taints the object"),
            Self::SavePlan(who, config, faults) => {
                write!(f, "{who} saves a plan of {config}{}", Faults(faults))
            }
            Self::ApplySavedPlan(who, faults) => {
                write!(f, "{who} applies the saved plan{}", Faults(faults))
            }
            Self::RenameLabel(rename) => write!(f, "{rename}"),
            Self::UseAnotherHost(who, AnotherHost::Refresh, _) => {
                write!(f, "{who} refreshes at another host")
            }
            Self::UseAnotherHost(who, AnotherHost::Apply { refresh }, config) => {
                let how = if *refresh { "" } else { " with -refresh=false" };
                write!(f, "{who} applies {config} at another host{how}")
            }
            Self::UseAnotherHost(who, AnotherHost::Destroy { refresh }, _) => {
                let how = if *refresh { "" } else { " with -refresh=false" };
                write!(f, "{who} destroys at another host{how}")
            }
            Self::LoseState(who) => write!(
                f,
                "the state of {} is lost; {who} has the one before it again",
                match who {
                    Who::First => "the last apply",
                    Who::Second => "the second configuration's last apply",
                }
            ),
        }
    }
}

impl Display for Apply {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} applies {}", self.who, self.config)?;
        if self.replace {
            f.write_str(" with -replace")?;
        }
        if self.create_before_destroy {
            f.write_str(" with create_before_destroy")?;
        }
        if !self.refresh {
            f.write_str(" with -refresh=false")?;
        }
        between(self.between, f)?;
        write!(f, "{}", Faults(&self.faults))?;
        if self.consumer_fails && self.config.is_consumed() {
            f.write_str("; the consumer fails to write the secret")?;
        }
        if let Some(trail) = self.trail {
            write!(f, "; then {trail} is read with the token")?;
        }
        Ok(())
    }
}

impl Display for RenameLabel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let order = if self.creates_first {
            "creates"
        } else {
            "destroys"
        };
        let (who, config) = (self.who, self.config);
        write!(
            f,
            "{who} renames the label without moved and applies {config}, where Terraform {order} first{}",
            Faults(&self.faults)
        )
    }
}

impl Display for Destroy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} destroys", self.who)?;
        if !self.refresh {
            f.write_str(" with -refresh=false")?;
        }
        between(self.between, f)?;
        write!(f, "{}", Faults(&self.faults))
    }
}

impl Display for Open {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} plans and applies with the ephemeral that generates for {}",
            self.who, self.org
        )?;
        if let Some(force) = self.force {
            write!(f, ", force_regenerate={force}")?;
        }
        if let Some(date) = self.expiry.text() {
            write!(f, ", expired_at={date}")?;
        }
        if self.beside_the_resource {
            f.write_str(", in the plan that reads the resource")?;
        }
        if self.revokes_on_close {
            f.write_str(", revoke_on_close=true")?;
        }
        if let Some(change) = self.while_open {
            write!(f, "; while it is open, {change}")?;
        }
        between(self.between, f)?;
        write!(f, "{}", Faults(&self.faults))
    }
}

impl Display for Revoke {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let token = match self.token {
            NamedToken::InState => "the token of the state",
            NamedToken::Current => "the current token",
        };
        let (who, org) = (self.who, self.org);
        write!(f, "{who} invokes the action that revokes {token} in {org}")?;
        between(self.between, f)?;
        write!(f, "{}", Faults(&self.faults))
    }
}

fn between(change: Option<OutsideChange>, f: &mut Formatter<'_>) -> fmt::Result {
    match change {
        Some(change) => write!(f, " (between plan and apply {change})"),
        None => Ok(()),
    }
}

impl Display for Ending {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forced => "everything works again, and force_regenerate is made to become true",
            Self::Destroyed => "everything works again, and everything is destroyed",
        })
    }
}

impl Display for Who {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "the practitioner",
            Self::Second => "the second configuration",
        })
    }
}

impl Display for Org {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Display for Config {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "organization={}", self.organization())?;
        if let Some(date) = self.expiry.text() {
            write!(f, ", expired_at={date}")?;
        }
        if let Some(force) = self.force {
            write!(f, ", force_regenerate={force}")?;
        }
        if let Some(trigger) = self.trigger {
            write!(f, ", regenerate_triggers={{why={trigger}}}")?;
        }
        if let Some(seal) = self.seal {
            write!(f, ", seal_token={seal}")?;
        }
        if self.is_consumed() {
            f.write_str(" and a consumer of the unsealed secret")?;
        }
        Ok(())
    }
}

impl Display for OutsideChange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Regenerates(org) => write!(f, "somebody else regenerates the token of {org}"),
            Self::Revokes(org) => write!(f, "somebody else revokes the token of {org}"),
            Self::Uses(org) => write!(f, "a consumer uses the token of {org}"),
            Self::AddsEvents(org) => write!(f, "the audit trail of {org} gets new events"),
            Self::TimePasses(time) => write!(
                f,
                "{}",
                match time {
                    Time::Hour => "an hour passes",
                    Time::Days => "three days pass",
                    Time::Weeks => "twenty days pass",
                    Time::Year => "a year passes",
                    Time::Years => "three years pass",
                }
            ),
            Self::LosesPermission(org) => write!(f, "the API token may only read {org}"),
            Self::LosesVisibility(org) => write!(f, "the API token does not see {org} any more"),
            Self::LosesStatedPermission(org) => {
                write!(f, "{org} does not state the permission of the API token")
            }
            Self::LosesApiToken => f.write_str("the API token becomes invalid"),
            Self::LosesEntitlement(org) => write!(f, "{org} loses audit logging"),
            Self::Renames(org) => write!(f, "{org} is renamed"),
            Self::Deletes(org) => write!(f, "{org} is deleted"),
            Self::Restores => f.write_str("all losses are undone"),
        }
    }
}

/// The faults at the end of a sentence.
struct Faults<'a>(&'a [RequestFault]);

impl Display for Faults<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "; meanwhile " } else { " and " })?;
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl Display for RequestFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let phase = match self.phase {
            Phase::Plan => "in the plan",
            Phase::Apply => "in the apply",
        };
        let on = match self.on {
            Target::Post => "POST",
            Target::Delete => "DELETE",
            Target::Get => "GET of the token",
            Target::AuditTrail => "GET of the audit trail",
            Target::Any => "request",
        };
        let which = match (self.times, self.skip) {
            (Times::Once, 0) => format!("the first {on}"),
            (Times::Once, skip) => format!("{on} number {}", skip + 1),
            (Times::Twice, skip) => format!("{on} number {} and the next", skip + 1),
            (Times::Always, 0) => format!("every {on}"),
            (Times::Always, skip) => format!("every {on} but the first {skip}"),
        };
        write!(f, "{which} {phase} {}", self.effect)
    }
}

impl Display for FaultEffect {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            FaultEffect::NotExecuted(answer) => write!(f, "{answer}, and is not executed"),
            FaultEffect::Executed(answer) => write!(f, "{answer}, and is executed"),
            FaultEffect::ExecutedLater(reads) => {
                write!(f, "is cut, and is executed {reads} GETs later")
            }
            Self::Meanwhile(change) => {
                write!(f, "succeeds, but before the answer arrives {change}")
            }
        }
    }
}

impl Display for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut => f.write_str("is cut"),
            Self::CutBody => f.write_str("is cut in the middle of its answer"),
            Self::Truncated => f.write_str("is answered with half a document"),
            Self::Status(status) => write!(f, "is answered with {status}"),
            Self::Html => f.write_str("is answered with an HTML page"),
            Self::Empty => f.write_str("is answered with nothing"),
            Self::WrongShape => f.write_str("is answered with another document"),
            Self::NullData => f.write_str("is answered with null data"),
            Self::WithoutAppName => f.write_str("is answered without the name of the service"),
        }
    }
}
