//! [`Foreign`]: what somebody else does to an organization's token during an operation, on record.

use std::fmt;
use std::sync::{Arc, Mutex};

use tfe_simulator::{Service, Token};

/// One change by somebody else.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) organization: String,
    /// How many requests had arrived by then.
    pub(crate) requests: usize,
    /// The token that died of it.
    pub(crate) killed: Option<Token>,
    /// The token that came to be.
    pub(crate) made: Option<Token>,
}

/// The record of such changes; clones share it, for [`Fault::meanwhile`](tfe_simulator::Fault::meanwhile).
#[derive(Clone, Debug, Default)]
pub(crate) struct Foreign(Arc<Mutex<Vec<Act>>>);

impl Foreign {
    /// Somebody generates the organization's token anew.
    pub(crate) fn regenerate(&self, simulator: &Service, organization: &str) -> Token {
        let killed = simulator.audit_trail_token(organization);
        let made = simulator.regenerate_elsewhere(organization);
        self.note(simulator, organization, killed, Some(made.clone()));
        made
    }

    /// What has been done since the last call.
    pub(crate) fn take(&self) -> Vec<Act> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn note(
        &self,
        simulator: &Service,
        organization: &str,
        killed: Option<Token>,
        made: Option<Token>,
    ) {
        self.0.lock().unwrap().push(Act {
            organization: organization.to_owned(),
            requests: simulator.requests().len(),
            killed,
            made,
        });
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = |token: &Option<Token>| {
            token
                .as_ref()
                .map_or("none".to_owned(), |token| token.id.clone())
        };
        write!(
            f,
            "after {} requests somebody gave {} the token {} in place of {}",
            self.requests,
            self.organization,
            id(&self.made),
            id(&self.killed)
        )
    }
}
