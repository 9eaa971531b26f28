//! [`Look`]: what tokens there are and what a state holds, at one time.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use tfe_simulator::{Simulator, Token};

use super::sealed::{Sealed, unseal};
use tfplugin_testing::StoredObject;

/// Looks at some organizations, and opens sealed tokens with some keys.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    simulator: Simulator,
    organizations: Vec<String>,
    keys: Vec<String>,
}

/// What there was when somebody looked.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(super) now: DateTime<Utc>,
    tokens: BTreeMap<String, Standing>,
    pub(crate) objects: Vec<Held>,
}

#[derive(Clone, Debug)]
struct Standing {
    trail: Option<Token>,
    main: Option<Token>,
}

/// An object in the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) organization: String,
    pub(crate) token_id: Option<String>,
    /// Its secret, sealed or not.
    pub(crate) secret: Option<String>,
    /// The text of its sealed token.
    pub(crate) sealed: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) tainted: bool,
    /// The text of all its attributes.
    pub(crate) attributes: String,
}

impl Watch {
    pub(crate) fn new(simulator: &Simulator, organizations: &[&str], keys: &[&str]) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        Self {
            simulator: simulator.clone(),
            organizations: owned(organizations),
            keys: owned(keys),
        }
    }

    /// Looks, at all objects of the state, deposed ones included.
    #[track_caller]
    pub(crate) fn look<'o>(&self, objects: impl IntoIterator<Item = &'o StoredObject>) -> Look {
        let tokens = self.organizations.iter().map(|name| {
            let standing = Standing {
                trail: self.simulator.audit_trail_token(name),
                main: self.simulator.organization_token(name),
            };
            (name.clone(), standing)
        });
        Look {
            now: self.simulator.now(),
            tokens: tokens.collect(),
            objects: objects.into_iter().map(|one| self.held(one)).collect(),
        }
    }

    fn held(&self, object: &StoredObject) -> Held {
        let attributes = object.json();
        let text = |name: &str| attributes[name].as_str().map(str::to_owned);
        let sealed = text("sealed_token");
        let opened: Option<Sealed> = sealed
            .as_deref()
            .and_then(|sealed| self.keys.iter().find_map(|key| unseal(key, sealed)));
        Held {
            organization: text("organization")
                .or_else(|| text("id"))
                .unwrap_or_default(),
            token_id: text("token_id"),
            secret: text("token").or(opened.map(|opened| opened.token)),
            sealed,
            status: text("status"),
            tainted: object.tainted,
            attributes: object.attributes.clone(),
        }
    }
}

impl Look {
    /// The organization's audit trail token.
    pub(super) fn token(&self, organization: &str) -> Option<&Token> {
        self.tokens.get(organization)?.trail.as_ref()
    }

    /// The organization's main token.
    pub(super) fn main_token(&self, organization: &str) -> Option<&Token> {
        self.tokens.get(organization)?.main.as_ref()
    }

    pub(super) fn organizations(&self) -> impl Iterator<Item = &str> {
        self.tokens.keys().map(String::as_str)
    }

    /// Whether a token opens the trail.
    pub(super) fn is_live(&self, token: &Token) -> bool {
        token.expired_at.is_none_or(|end| end > self.now)
    }
}

impl Held {
    /// Whether it holds this token's secret.
    pub(super) fn holds(&self, token: &Token) -> bool {
        self.secret.as_deref() == Some(token.secret.expose())
    }

    /// Whether this state manages the token: it names it, or, a state of hashicorp/tfe, holds its secret or none.
    pub(super) fn manages(&self, organization: &str, token: &Token) -> bool {
        self.organization == organization
            && match &self.token_id {
                Some(id) => *id == token.id,
                None if self.status.as_deref() == Some("replaced") => self.holds(token),
                None => self.secret.is_none() || self.holds(token),
            }
    }
}

impl fmt::Display for Look {
    /// Without secrets: what holds a live one is said in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, standing) in &self.tokens {
            let id = |token: &Option<Token>| {
                token.as_ref().map_or("none".to_owned(), |token| {
                    let used = token
                        .last_used_at
                        .map_or("never used".to_owned(), |at| format!("used {at}"));
                    format!("{} ({used})", token.id)
                })
            };
            let (trail, main) = (id(&standing.trail), id(&standing.main));
            writeln!(f, "  {name}: audit trail token {trail}, main token {main}")?;
        }
        for held in &self.objects {
            let mut attributes: Json =
                serde_json::from_str(&held.attributes).expect("a state holds JSON");
            let live = self
                .token(&held.organization)
                .is_some_and(|token| held.holds(token));
            for name in ["token", "sealed_token"] {
                if attributes[name].is_string() {
                    let words = if live {
                        "(live secret)"
                    } else {
                        "(dead secret)"
                    };
                    attributes[name] = words.into();
                }
            }
            let tainted = if held.tainted { " (tainted)" } else { "" };
            writeln!(f, "  state{tainted}: {attributes}")?;
        }
        Ok(())
    }
}
