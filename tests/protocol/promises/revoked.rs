//! Promise (j).

use tfe_simulator::Token;

use super::{Broken, Kind, Look, Operation};

/// What an action was to revoke, and what it showed.
#[derive(Clone, Debug)]
pub(crate) struct Revocation {
    pub(crate) organization: String,
    /// The token that it names.
    pub(crate) token_id: String,
    pub(crate) progress: Vec<String>,
}

impl Operation<'_> {
    /// Whether it is an action that names this token.
    pub(super) fn names(&self, token: &Token) -> bool {
        let mut revocation = self.revocation.iter();
        revocation.any(|one| one.token_id == token.id)
    }
}

/// (j) The action kills the token that it names and no other, leaves the state alone, and what it tells is true: it
/// succeeds only if that token is dead.
///
/// That no other dies is for (b), which knows what the operation could see.
pub(super) fn an_action_kills_what_it_names_and_tells_the_truth(
    before: &Look,
    after: &Look,
    operation: &Operation<'_>,
) -> Vec<Broken> {
    if operation.kind != Kind::Revoke {
        return Vec::new();
    }
    let revocation = operation.revocation.as_ref();
    let revocation = revocation.expect("it is said what an action names");
    let (organization, id) = (&revocation.organization, revocation.token_id.as_str());
    let current = operation.current(after, organization);
    let lives = current.is_some_and(|token| token.id == id);
    let other = current.filter(|token| token.id != id);
    let failed = operation.diagnostics.has_error();
    let killed = !operation.killed(before, after).is_empty();
    let shown = |words: &str| revocation.progress.iter().any(|one| one.contains(words));
    let told = |words: &[&str]| operation.told(words);
    let names_other = other.is_some_and(|other| operation.told(&[&other.id]));
    let is_dead = shown("Revoked:") || told(&["The Audit Trail Token Was Revoked", id]);
    let is_replaced = told(&["Another Audit Trail Token Took the Place"]);
    let rules = [
        (
            before.objects != after.objects,
            "the state is not what it was",
        ),
        (!failed && lives, "it succeeds, and the token is alive"),
        (is_dead && lives, "a living token is said to be dead"),
        (is_dead && failed, "it did what it says, and fails"),
        (
            shown("nothing to revoke") && current.is_some(),
            "there is a token, and it is said that there is none",
        ),
        (
            (is_replaced || told(&["Another Audit Trail Token Is Live"])) && !names_other,
            "there is no other token, or it is not named",
        ),
        (
            told(&["Nothing was revoked"]) && killed,
            "it revoked, and says that it did not",
        ),
        (
            failed && !told(&[organization, id]),
            "it fails, and does not name the token",
        ),
        (
            !failed && !is_dead && !is_replaced && !shown("nothing to revoke"),
            "it succeeds without a word",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
    broken
        .map(|(_, how)| ('j', format!("the revocation of {id}: {how}")))
        .collect()
}
