//! Which tokens a state only follows.

use std::collections::BTreeSet;

use super::kind::Kind;
use super::observation::Observation;

/// Returns the IDs of the tokens that the state follows after the operation.
///
/// An object without a secret shows whichever token the organization has. A token is ours if this configuration has
/// generated or imported it, or adopted it for a state that did not say which token it has. Any other token that takes
/// the place of ours in the state is followed.
pub(crate) fn after(seen: &Observation) -> BTreeSet<String> {
    let mut followed = seen.followed.clone();
    let made = seen.made();
    let ours = made.iter().map(|(_, token)| token.id.as_str());
    for id in ours {
        followed.remove(id);
    }
    for object in &seen.after.objects {
        let Some(id) = &object.token_id else { continue };
        let mut before = seen.before.objects.iter();
        let was_there = before.any(|one| one.token_id.as_ref().is_none_or(|before| before == id));
        if seen.kind == Kind::Import {
            followed.remove(id);
        } else if !was_there && !made.iter().any(|(_, token)| token.id == *id) {
            followed.insert(id.clone());
        }
    }
    followed
}

#[cfg(test)]
mod tests {
    use super::super::example::{kept, object, request};
    use super::super::timeline_entry::Verb;
    use super::*;

    #[test]
    fn a_token_that_a_refresh_took_over_is_followed_and_an_imported_one_is_ours() {
        let mut seen = kept(Kind::Refresh);
        assert!(after(&seen).is_empty());
        seen.after.objects = vec![object("at-other")];
        assert!(after(&seen).contains("at-other"));
        seen.kind = Kind::Import;
        seen.before.objects.clear();
        seen.followed.insert("at-other".to_owned());
        assert!(after(&seen).is_empty());
    }

    #[test]
    fn a_token_that_was_generated_is_ours() {
        let mut seen = kept(Kind::Apply);
        seen.timeline = vec![request(Verb::Post, Some("at-ours"), Some("at-new"))];
        seen.after.objects = vec![object("at-new")];
        assert!(after(&seen).is_empty());
    }
}
