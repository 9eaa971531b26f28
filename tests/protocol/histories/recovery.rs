//! The end of a history: everything works again, and every configuration recovers.

use super::outside_change::OutsideChange;
use super::runner::Runner;
use super::step::{Apply, Config, Destroy, Ending, Who};

impl Runner {
    /// Demands that every configuration recovers.
    pub(super) async fn recover(&mut self, ending: Ending) -> Result<(), String> {
        self.add_sentence("everything works again".to_owned());
        self.workspaces.change(OutsideChange::Restores);
        for who in [Who::First, Who::Second] {
            if self.workspaces.forget_what_cannot_be_found(who) {
                self.add_sentence(format!("{who} removes what cannot be found from the state"));
            }
            if ending == Ending::Forced {
                self.force(who).await?;
            }
            self.destroy_all(who).await?;
        }
        Ok(())
    }

    /// Demands that `force_regenerate` gives the configuration the organization's token.
    async fn force(&mut self, who: Who) -> Result<(), String> {
        let state = self.workspaces.state(who);
        let current = state.current.as_ref();
        let config = Config {
            org: state.org(),
            force: Some(true),
            ..Config::PLAIN
        };
        let apply = Apply {
            // As the diagnostics advise.
            replace: current.is_some_and(|object| object.attributes["force_regenerate"] == true),
            ..Apply::new(who, config)
        };
        let sentence = apply.to_string();
        let applied = self.apply(&apply, sentence).await?;
        if applied.is_none_or(|applied| applied.failed()) {
            return Err(
                "the apply with force_regenerate, which the diagnostics advise, fails".to_owned(),
            );
        }
        let state = self.workspaces.state(who);
        let secret = state.current.and_then(|object| object.secret);
        let tokens = self.workspaces.recorder.tokens();
        let token = tokens.audit_trail(config.org.name());
        if secret.is_some() && secret.as_deref() == token.map(|token| token.secret.expose()) {
            return Ok(());
        }
        Err(
            "after an apply with force_regenerate the state does not have the secret of the organization's token"
                .to_owned(),
        )
    }

    /// Demands that a destroy succeeds, empties the state and deletes its tokens.
    async fn destroy_all(&mut self, who: Who) -> Result<(), String> {
        let destroy = Destroy {
            who,
            refresh: true,
            between: None,
            faults: Vec::new(),
        };
        self.add_sentence(destroy.to_string());
        let managed = self.workspaces.state(who);
        let destroyed = self.destroy(&destroy).await?;
        let destroyed = destroyed.filter(|destroyed| !destroyed.failed());
        let destroyed = destroyed.ok_or("everything works, and a destroy fails")?;
        let left = self.workspaces.state(who);
        if left.objects().next().is_some() {
            return Err("a destroy that succeeded leaves something in the state".to_owned());
        }
        let tokens = self.workspaces.recorder.tokens();
        let mut ids = managed.objects().filter_map(|one| one.token_id.as_deref());
        match ids.find(|id| tokens.contains(id) && !destroyed.seen.leaves_alone(id)) {
            Some(id) => Err(format!("{id} exists after a destroy that succeeded")),
            None => Ok(()),
        }
    }
}
