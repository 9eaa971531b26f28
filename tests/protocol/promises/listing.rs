//! Promise (k): a search lists what exists.

use serde_json::Value as Json;
use tfplugin_testing::ListResult;

use super::example::check_breaks;
use super::kind::Kind;
use super::observation::{Observation, Search};

/// A search lists the token of each organization once and without its secret, or a diagnostic says what is missing.
pub(crate) fn a_search_lists_every_token_that_exists(seen: &Observation) -> Vec<String> {
    let (Kind::List, Some(search)) = (seen.kind, &seen.search) else {
        return Vec::new();
    };
    let mut broken = Vec::new();
    let failed = seen.failed();
    if search.found.is_none() && !failed {
        broken.push("a search without an error has no result".to_owned());
    }
    let found = search.found.as_deref().unwrap_or_default();
    for organization in seen.before.tokens.organizations() {
        let listed: Vec<_> = found
            .iter()
            .filter(|one| names(one, organization))
            .collect();
        let token = seen.current(organization);
        let is_reported = seen.reports(&["An Audit Trail Token Was Left Out", organization]);
        match (listed.as_slice(), token) {
            ([], None) => {}
            ([], Some(token)) if is_searched(search, organization) && !failed && !is_reported => {
                broken.push(format!(
                    "{} is not listed, and nothing reports it",
                    token.id
                ));
            }
            ([], Some(_)) => {}
            ([one], Some(token)) if shows(one, &token.id) => {}
            ([one, ..], _) => broken.push(format!("{organization} is listed wrongly: {one:?}")),
        }
    }
    let is_known = |one: &&ListResult| {
        let mut organizations = seen.before.tokens.organizations();
        organizations.any(|name| names(one, name))
    };
    if found.iter().filter(is_known).count() != found.len() {
        broken.push(format!(
            "an organization is listed that does not exist: {found:?}"
        ));
    }
    broken
}

fn is_searched(search: &Search, organization: &str) -> bool {
    let only = search.organization.as_deref();
    only.is_none_or(|only| only == organization)
}

fn names(listed: &ListResult, organization: &str) -> bool {
    listed.identity["organization"] == organization
}

/// Whether the result is the token with this ID, without its secret.
fn shows(listed: &ListResult, id: &str) -> bool {
    let object = &listed.object;
    listed.name.contains(id)
        && object["token_id"] == id
        && object["status"] == "current"
        && [&object["token"], &object["sealed_token"]] == [&Json::Null; 2]
}

#[test]
fn a_search_that_leaves_out_a_token_breaks_the_promise() {
    check_breaks(a_search_lists_every_token_that_exists, Kind::List, |seen| {
        seen.search = Some(Search {
            organization: None,
            found: Some(Vec::new()),
        });
    });
}
