//! Which host the state's token is on: nothing is read, changed or deleted on another one.

use super::model::Identity;
use super::ownership::ObservedToken;
use crate::client::{Client, ServiceHost};
use crate::provider::diagnostics::{self, OtherHost};
use tfplugin::{Diagnostics, ResourceContext};

/// Checks that the token of a state is on the provider's host. A state that names no host is of an earlier version of the
/// provider or of hashicorp/tfe: its token counts as being on that host.
///
/// # Errors
///
/// Returns an error if the token is on another host. Nothing was sent there but, at most, the request for its discovery
/// document, which carries no API token.
pub(super) async fn check(
    client: &Client,
    organization: &str,
    cx: &ResourceContext,
) -> Result<(), Diagnostics> {
    let Some(host) = of_state(cx)? else {
        return Ok(());
    };
    let other = OtherHost {
        organization,
        state: host.hostname(),
        provider: client.hostname(),
    };
    match client.is_on(&host).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(diagnostics::on_another_host(other).into()),
        Err(error) => Err(diagnostics::on_unreachable_host(other, &error).into()),
    }
}

/// Returns the host of the state's token: of the private data, which also has the address of the API, else of the
/// identity.
fn of_state(cx: &ResourceContext) -> Result<Option<ServiceHost>, Diagnostics> {
    if let Some(host) = ObservedToken::load(cx.private()).and_then(|observed| observed.host) {
        return Ok(Some(host));
    }
    let hostname = cx
        .identity::<Identity>()?
        .and_then(|identity| identity.hostname);
    Ok(hostname.as_deref().map(ServiceHost::named))
}
