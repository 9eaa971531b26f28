//! [`Snapshot`]: the tokens of the organizations and the objects in a state, at one time.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use tfe_simulator::{Service, Token};

use super::unseal::unseal;

/// The tokens of the organizations and the objects in a state, at one time.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) now: DateTime<Utc>,
    pub(crate) tokens: Tokens,
    /// All objects of the state, deposed ones included.
    pub(crate) objects: Vec<StateObject>,
}

/// The tokens of some organizations, by the organizations' names. A timeline has many clones, which share their tokens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens(Arc<BTreeMap<String, OrganizationTokens>>);

#[derive(Clone, Debug)]
struct OrganizationTokens {
    /// The organization's name now.
    current_name: String,
    /// The name that it has at other times, if it is renamed.
    other_name: Option<String>,
    audit_trail: Option<Token>,
    /// The organization's main token: its ID and its secret.
    main: Option<(String, String)>,
}

impl Tokens {
    /// Returns the tokens that these organizations have now.
    pub(crate) fn now(simulator: &Service, organizations: &[&str]) -> Self {
        let mut tokens = Self::default();
        for name in organizations {
            tokens.read(simulator, name, name);
        }
        tokens
    }

    /// Returns the tokens of one organization.
    pub(crate) fn of(organization: &str, audit_trail: Option<Token>, main: &str) -> Self {
        let tokens = OrganizationTokens {
            current_name: organization.to_owned(),
            other_name: None,
            audit_trail,
            main: Some((main.to_owned(), format!("secret of {main}"))),
        };
        Self(Arc::new([(organization.to_owned(), tokens)].into()))
    }

    /// Reads the tokens of the organization `current_name`, and stores them under `name`.
    pub(crate) fn read(&mut self, simulator: &Service, name: &str, current_name: &str) {
        let tokens = OrganizationTokens {
            current_name: current_name.to_owned(),
            other_name: None,
            audit_trail: simulator.audit_trail_token(current_name),
            main: simulator
                .organization_token(current_name)
                .map(|one| (one.id, one.secret.expose().to_owned())),
        };
        Arc::make_mut(&mut self.0).insert(name.to_owned(), tokens);
    }

    /// Sets the name that an organization has at other times.
    pub(crate) fn set_other_name(&mut self, organization: &str, other_name: &str) {
        if let Some(tokens) = Arc::make_mut(&mut self.0).get_mut(organization) {
            tokens.other_name = Some(other_name.to_owned());
        }
    }

    /// Replaces an organization's audit trail token.
    pub(crate) fn set(&mut self, organization: &str, token: Option<Token>) {
        let Some(name) = self.first_name(organization).map(str::to_owned) else {
            return;
        };
        if let Some(tokens) = Arc::make_mut(&mut self.0).get_mut(&name) {
            tokens.audit_trail = token;
        }
    }

    /// Returns the first name of the organization that has, or had, this name in any case of letters.
    fn first_name(&self, organization: &str) -> Option<&str> {
        let mut all = self.0.iter();
        let found = all.find(|(first, tokens)| {
            let names = [first.as_str(), tokens.current_name.as_str()];
            let mut names = names.into_iter().chain(tokens.other_name.as_deref());
            names.any(|name| name.eq_ignore_ascii_case(organization))
        });
        found.map(|(first, _)| first.as_str())
    }

    /// Whether an organization is found under this name now: not under an earlier one.
    pub(crate) fn is_found_as(&self, name: &str) -> bool {
        let mut all = self.0.values();
        all.any(|tokens| tokens.current_name.eq_ignore_ascii_case(name))
    }

    /// Whether these are names of one organization.
    pub(crate) fn is_same(&self, one: &str, other: &str) -> bool {
        let first = self.first_name(one);
        one.eq_ignore_ascii_case(other) || (first.is_some() && first == self.first_name(other))
    }

    /// Returns the organization's audit trail token.
    pub(crate) fn audit_trail(&self, organization: &str) -> Option<&Token> {
        let first = self.first_name(organization)?;
        self.0.get(first)?.audit_trail.as_ref()
    }

    /// Returns the ID of the organization's main token.
    pub(crate) fn main(&self, organization: &str) -> Option<&str> {
        let first = self.first_name(organization)?;
        let (id, _) = self.0.get(first)?.main.as_ref()?;
        Some(id)
    }

    /// Returns the secret of the organization's main token.
    pub(crate) fn main_secret(&self, organization: &str) -> Option<&str> {
        let first = self.first_name(organization)?;
        let (_, secret) = self.0.get(first)?.main.as_ref()?;
        Some(secret)
    }

    /// Returns the names of the organizations.
    pub(crate) fn organizations(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns all audit trail tokens.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Token> {
        let tokens = self.0.values();
        tokens.filter_map(|tokens| tokens.audit_trail.as_ref())
    }

    /// Whether the audit trail token with this ID exists.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.all().any(|token| token.id == id)
    }
}

/// An object `tfe_audit_trail_token` in a state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StateObject {
    pub(crate) organization: String,
    pub(crate) token_id: Option<String>,
    /// The secret, from `token` or from `sealed_token`.
    pub(crate) secret: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) tainted: bool,
    pub(crate) attributes: Json,
}

impl StateObject {
    /// Reads an object's attributes. `keys` are the sealing keys to try.
    pub(crate) fn new(attributes: Json, tainted: bool, keys: &[&str]) -> Self {
        let text = |name: &str| attributes[name].as_str().map(str::to_owned);
        let unsealed = || {
            let sealed = attributes["sealed_token"].as_str()?;
            let mut opened = keys.iter().filter_map(|key| unseal(key, sealed));
            opened.next().map(|opened| opened.token)
        };
        Self {
            organization: text("organization")
                .or_else(|| text("id"))
                .unwrap_or_default(),
            token_id: text("token_id"),
            secret: text("token").or_else(unsealed),
            status: text("status"),
            tainted,
            attributes,
        }
    }

    /// Whether it has this token's secret.
    pub(crate) fn has_secret_of(&self, token: &Token) -> bool {
        self.secret.as_deref() == Some(token.secret.expose())
    }

    /// Whether this object manages the token: it names the token's ID, or, in a state of hashicorp/tfe, has the token's
    /// secret or none.
    pub(crate) fn manages(&self, token: &Token) -> bool {
        match &self.token_id {
            Some(id) => *id == token.id,
            None if self.status.as_deref() == Some("replaced") => self.has_secret_of(token),
            None => self.secret.is_none() || self.has_secret_of(token),
        }
    }

    /// Whether its `status` has one of these values.
    pub(crate) fn has_status(&self, statuses: &[&str]) -> bool {
        let status = self.status.as_deref();
        status.is_some_and(|status| statuses.contains(&status))
    }
}

impl fmt::Display for Snapshot {
    /// Shows no secret, only whether it is the one of the organization's token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, tokens) in self.tokens.0.iter() {
            let token = tokens.audit_trail.as_ref();
            let token = token.map_or("none".to_owned(), |token| match token.last_used_at {
                Some(at) => format!("{} (used {at})", token.id),
                None => format!("{} (never used)", token.id),
            });
            let main = tokens.main.as_ref().map_or("none", |(id, _)| id);
            let name = match name == &tokens.current_name {
                true => name.clone(),
                false => format!("{name}, now {}", tokens.current_name),
            };
            writeln!(f, "  {name}: audit trail token {token}, main token {main}")?;
        }
        for object in &self.objects {
            let mut attributes = object.attributes.clone();
            let token = self.tokens.audit_trail(&object.organization);
            let is_current = token.is_some_and(|token| object.has_secret_of(token));
            for name in ["token", "sealed_token"] {
                if attributes[name].is_string() {
                    let words = match is_current {
                        true => "(secret of the current token)",
                        false => "(secret of another token)",
                    };
                    attributes[name] = words.into();
                }
            }
            let tainted = if object.tainted { " (tainted)" } else { "" };
            writeln!(f, "  state{tainted}: {attributes}")?;
        }
        Ok(())
    }
}
