//! Histories in words: what happened, sentence by sentence.

use std::fmt::{self, Display, Formatter};

use super::step::{
    Answer, Apply, Config, Destroy, Elsewhere, Ending, History, Kind, Names, Open, Org, Phase,
    Revoke, Secret, Step, Target, Time, Times, Trouble, Who,
};

impl Display for History {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            writeln!(f, "{}. {step};", index + 1)?;
        }
        write!(f, "{}. {}.", self.steps.len() + 1, self.ending)
    }
}

/// As proptest writes it beside the seed.
impl fmt::Debug for History {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elsewhere(act) => write!(f, "{act}"),
            Self::Plan(who, config, troubles) => {
                write!(f, "{who} plans {config}{}", Aside(troubles))
            }
            Self::Apply(apply) => write!(f, "{apply}"),
            Self::Refresh(who, troubles) => {
                write!(f, "{who} applies with -refresh-only{}", Aside(troubles))
            }
            Self::Import(who, org, troubles) => {
                write!(f, "{who} imports the token of {org}{}", Aside(troubles))
            }
            Self::Destroy(destroy) => write!(f, "{destroy}"),
            Self::Open(open) => write!(f, "{open}"),
            Self::Revoke(revoke) => write!(f, "{revoke}"),
            Self::ReadTrail(who, trail, troubles) => {
                write!(f, "{who} reads {trail}{}", Aside(troubles))
            }
            Self::TakeOver(who, org, Secret::Held) => write!(
                f,
                "{who} has the state of hashicorp/tfe for the token of {org}"
            ),
            Self::TakeOver(who, org, Secret::Missing) => write!(
                f,
                "{who} has a state of hashicorp/tfe for {org} that has no secret"
            ),
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
        write!(f, "{}", Aside(&self.troubles))?;
        if self.consumer_fails && self.config.is_consumed() {
            f.write_str("; the consumer fails to write the secret")?;
        }
        if let Some(trail) = self.trail {
            write!(f, "; then {trail} is read with the token")?;
        }
        Ok(())
    }
}

impl Display for Destroy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} destroys", self.who)?;
        if !self.refresh {
            f.write_str(" with -refresh=false")?;
        }
        between(self.between, f)?;
        write!(f, "{}", Aside(&self.troubles))
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
        between(self.between, f)?;
        write!(f, "{}", Aside(&self.troubles))
    }
}

impl Display for Revoke {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names = match self.names {
            Names::Stored => "the token of the state",
            Names::There => "the token that is there",
        };
        let (who, org) = (self.who, self.org);
        write!(f, "{who} invokes the action that revokes {names} in {org}")?;
        between(self.between, f)?;
        write!(f, "{}", Aside(&self.troubles))
    }
}

fn between(act: Option<Elsewhere>, f: &mut Formatter<'_>) -> fmt::Result {
    match act {
        Some(act) => write!(f, " (between plan and apply {act})"),
        None => Ok(()),
    }
}

impl Display for Ending {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forced => "everything works again, and force_regenerate is made to become true",
            Self::Destroyed => "everything works again, and all is destroyed",
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
        write!(f, "organization={}", self.org)?;
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

impl Display for Elsewhere {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Regenerates(org) => write!(f, "somebody else regenerates the token of {org}"),
            Self::Revokes(org) => write!(f, "somebody else revokes the token of {org}"),
            Self::Uses(org) => write!(f, "a reader uses the token of {org}"),
            Self::Works(org) => write!(f, "people work in {org}"),
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
            Self::LosesRight(org) => write!(f, "the API token loses its right in {org}"),
            Self::LosesSight(org) => write!(f, "the API token does not see {org} any more"),
            Self::LosesStatement(org) => {
                write!(f, "{org} does not state the right of the API token")
            }
            Self::LosesLogin => f.write_str("the API token dies"),
            Self::LosesEntitlement(org) => write!(f, "{org} loses audit logging"),
            Self::Renames(org) => write!(f, "{org} is renamed"),
            Self::Deletes(org) => write!(f, "{org} is deleted"),
            Self::Restores => f.write_str("what was lost is back"),
        }
    }
}

/// Troubles behind a sentence.
struct Aside<'a>(&'a [Trouble]);

impl Display for Aside<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, trouble) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "; meanwhile " } else { " and " })?;
            write!(f, "{trouble}")?;
        }
        Ok(())
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let phase = match self.phase {
            Phase::Plan => "in the plan",
            Phase::Apply => "in the apply",
        };
        let on = match self.on {
            Target::Post => "POST",
            Target::Delete => "DELETE",
            Target::Look => "GET of the token",
            Target::Trial => "trial of the secret",
            Target::Any => "request",
        };
        let which = match (self.times, self.spared) {
            (Times::Once, 0) => format!("the first {on}"),
            (Times::Once, spared) => format!("{on} number {}", spared + 1),
            (Times::Twice, spared) => format!("{on} number {} and the next", spared + 1),
            (Times::Always, 0) => format!("every {on}"),
            (Times::Always, spared) => format!("every {on} but the first {spared}"),
        };
        write!(f, "{which} {phase} {}", self.kind)
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instead(answer) => write!(f, "{answer}, nothing done"),
            Self::Done(answer) => write!(f, "{answer}, though done"),
            Self::DoneLater(looks) => write!(f, "is cut, and done {looks} looks later"),
            Self::Meanwhile(act) => write!(f, "goes well, but before the answer arrives {act}"),
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
            Self::Html => f.write_str("is answered with a page"),
            Self::Empty => f.write_str("is answered with nothing"),
            Self::WrongShape => f.write_str("is answered with another document"),
            Self::NullData => f.write_str("is answered with null data"),
            Self::Nameless => f.write_str("is answered without the service's name"),
        }
    }
}
