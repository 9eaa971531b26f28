//! Whether a sealed token belongs to the object that has it.
//!
//! A sealed token names its host, organization and token. Somebody who can write a state can put another one in its place,
//! which opens too. The names are compared without the key; opening proves that they were sealed with the secret.

use super::model::Model;
use super::ownership::ObservedToken;
use crate::client::{Client, is_same_organization};
use crate::provider::diagnostics::{self, Difference, Swapped};
use crate::provider::sealing::{SealedFor, SealedToken};
use tfplugin::{Diagnostic, Private};

/// The token that a sealed token has to belong to, as far as it is at hand.
pub(super) struct Expected<'a> {
    pub(super) organization: Option<&'a str>,
    pub(super) token_id: Option<&'a str>,
    /// The client of the host that it has to be on.
    pub(super) client: Option<&'a Client>,
}

impl Expected<'_> {
    /// Returns how a sealed token differs. `None`: it belongs to the expected token.
    ///
    /// A request is sent only if the names of the hosts differ: it discovers whether they are one service.
    pub(super) async fn differs(&self, sealed: &SealedFor) -> Option<Swapped> {
        let mut swapped = Swapped::default();
        if let Some(id) = self.token_id.filter(|id| *id != sealed.token_id) {
            swapped.token_id = Some(Difference::new(&sealed.token_id, id));
        }
        if let Some(name) = self.organization
            && !is_same_organization(name, &sealed.organization)
        {
            swapped.organization = Some(Difference::new(&sealed.organization, name));
        }
        if let Some(client) = self.client
            && !client.is_on(&sealed.host).await.unwrap_or(false)
        {
            let name = client.hostname().to_string();
            swapped.host = Some(Difference::new(sealed.host.hostname(), &name));
        }
        swapped.is_any().then_some(swapped)
    }
}

/// Checks that the sealed token in a state is that of the state's token. One that cannot be read is not compared: opening it
/// says why.
///
/// # Errors
///
/// Returns an error that names what was swapped.
pub(super) async fn check_state(
    state: &Model,
    private: &Private,
    client: Option<&Client>,
) -> Result<(), Diagnostic> {
    let Some(Ok(sealed)) = state.sealed_token.as_deref().map(SealedToken::parse) else {
        return Ok(());
    };
    let organization = state.organization_in_state()?;
    let sealed = sealed.sealed_for();
    // A secret that was sealed before its organization was renamed names the former name, until a read with the key.
    let is_former = ObservedToken::of(private, organization)
        .is_some_and(|observed| observed.was_named(&sealed.organization));
    let expected = Expected {
        organization: Some(organization).filter(|_| !is_former),
        token_id: state.token_id.as_deref(),
        client,
    };
    match expected.differs(sealed).await {
        Some(swapped) => Err(diagnostics::swapped_in_state(&swapped)),
        None => Ok(()),
    }
}
