//! Reading the trail, with the warnings about what was read. The data source and the ephemeral resource share it.

use super::collection::{Collected, Collection, NextPage};
use super::model::Model;
use super::selection::{PAGE_LIMIT, Selection};
use crate::client::{AuditTrails, Client, Error, Secret};
use crate::provider::Connection;
use crate::provider::diagnostics::{self, TrailToken};
use tfplugin::{Attr, Context, Diagnostics};

/// Checks the arguments beyond the schema. Values may be unknown.
pub(super) fn validate(config: &Model) -> Result<(), Diagnostics> {
    Selection::new(config)?;
    Ok(())
}

/// Reads the selected events, and adds them to the arguments.
///
/// # Errors
///
/// Returns why the trail cannot be read.
pub(super) async fn read(
    connection: &Connection,
    client: &Client,
    config: Model,
    cx: &mut Context,
) -> Result<Model, Diagnostics> {
    let selection = Selection::new(&config)?;
    for warning in selection.warnings(connection.clock().now()) {
        cx.add(warning);
    }
    let (trails, token) = trails(client, &config);
    let (collected, ending) = collect(trails, &selection)
        .await
        .map_err(|error| diagnostics::trail_not_read(token, &error))?;
    if ending == Ending::PageLimit {
        cx.add(diagnostics::too_many_pages(
            PAGE_LIMIT,
            collected.events.len(),
        ));
    }
    if collected.is_end_unknown {
        cx.add(diagnostics::unknown_end(collected.events.len()));
    }
    if !collected.odd.is_empty() {
        cx.add(diagnostics::odd_events(&collected.odd));
    }
    if ending == Ending::Complete && !collected.has_events && selection.is_unbounded() {
        cx.add(diagnostics::empty_trail(token));
    }
    Ok(Model {
        events: Attr::Known(collected.events),
        total_count: collected.total_count.into(),
        truncated: Attr::Known(collected.truncated),
        ..config
    })
}

/// Whether the arguments have a token.
pub(super) fn has_own_token(config: &Model) -> bool {
    own_token(config).is_some()
}

/// Returns the configured token. As in the provider block, an empty token counts as unset.
fn own_token(config: &Model) -> Option<&str> {
    let token = config.token.known()?.expose().trim();
    (!token.is_empty()).then_some(token)
}

/// Returns the trail of the configured token, else of the provider's.
fn trails<'c>(client: &'c Client, config: &Model) -> (AuditTrails<'c>, TrailToken) {
    match own_token(config) {
        Some(token) => {
            let secret = Secret::new(token.to_owned());
            (client.audit_trails(&secret), TrailToken::Argument)
        }
        None => (client.own_audit_trails(), TrailToken::Provider),
    }
}

/// How the reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// The arguments select no possible event, so nothing was read.
    Unread,
    /// All selected events were read.
    Complete,
    /// There are more pages than are read at most.
    PageLimit,
}

async fn collect(
    trails: AuditTrails<'_>,
    selection: &Selection,
) -> Result<(Collected, Ending), Error> {
    let mut collection = Collection::new(selection);
    if selection.is_empty() {
        return Ok((collection.finish(), Ending::Unread));
    }
    let mut pages = trails.events(selection.query());
    let mut count = 0;
    while let Some(page) = pages.next().await? {
        count += 1;
        if collection.take(&page) == NextPage::NotNeeded {
            break;
        }
        if count == PAGE_LIMIT {
            collection.stop_early();
            return Ok((collection.finish(), Ending::PageLimit));
        }
    }
    Ok((collection.finish(), Ending::Complete))
}
