//! Promise (k).

use serde_json::Value as Json;

use super::{Broken, Kind, Look, Operation};
use tfplugin_testing::Listed;

/// What was searched, and what was found.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    /// The only organization to look at; `None`: all.
    pub(crate) organization: Option<String>,
    /// With their objects; `None`: the search failed.
    pub(crate) found: Option<Vec<Listed>>,
}

impl Search {
    fn covers(&self, organization: &str) -> bool {
        let only = self.organization.as_deref();
        only.is_none_or(|only| only == organization)
    }
}

/// (k) A search changes nothing; what it lists is what lives, each organization's token once and without its secret,
/// or a diagnostic says what is missing.
pub(super) fn what_is_listed_is_what_lives(
    before: &Look,
    after: &Look,
    operation: &Operation<'_>,
) -> Vec<Broken> {
    if operation.kind != Kind::List {
        return Vec::new();
    }
    let search = operation.search.as_ref();
    let search = search.expect("it is said what a search is about");
    let mut broken = Vec::new();
    let mut problem = |how: String| broken.push(('k', how));
    if before.objects != after.objects {
        problem("a search changed the state".to_owned());
    }
    if !operation.killed(before, after).is_empty() {
        problem("a search killed a token".to_owned());
    }
    let failed = operation.diagnostics.has_error();
    if search.found.is_none() && !failed {
        problem("a search without an error found not even nothing".to_owned());
    }
    let found = search.found.as_deref().unwrap_or_default();
    for organization in before.organizations() {
        let named = found.iter().filter(|one| names(one, organization));
        let named: Vec<_> = named.collect();
        let lives = operation.current(after, organization);
        let told = operation.told(&["An Audit Trail Token Was Left Out", organization]);
        match (named.as_slice(), lives) {
            ([], None) => {}
            ([], Some(token)) if search.covers(organization) && !failed && !told => {
                problem(format!("{} is not listed, and nobody was told", token.id));
            }
            ([], Some(_)) => {}
            ([one], Some(token)) if is_it(one, &token.id) => {}
            ([one, ..], _) => problem(format!(
                "what is listed of {organization} is not so: {one:?}"
            )),
        }
    }
    let known = |one: &&Listed| before.organizations().any(|name| names(one, name));
    if found.iter().filter(known).count() != found.len() {
        problem(format!("there is no such organization: {found:?}"));
    }
    broken
}

fn names(listed: &Listed, organization: &str) -> bool {
    listed.identity["organization"] == organization
}

/// Whether it is the token with this ID, without its secret.
fn is_it(listed: &Listed, id: &str) -> bool {
    let object = &listed.object;
    listed.name.contains(id)
        && object["token_id"] == id
        && object["status"] == "current"
        && [&object["token"], &object["sealed_token"]] == [&Json::Null; 2]
}
