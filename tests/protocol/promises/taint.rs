//! Promise (f): no object with a valid secret becomes tainted.

use super::example::check_breaks;
use super::kind::Kind;
use super::observation::Observation;
use super::snapshot::StateObject;

/// No object becomes tainted that has the secret of the current token: the next apply would destroy that token.
pub(crate) fn no_object_with_a_valid_secret_becomes_tainted(seen: &Observation) -> Vec<String> {
    let was_tainted = |object: &StateObject| {
        let mut before = seen.before.objects.iter();
        before.any(|one| one.tainted && one.secret == object.secret)
    };
    let tainted = seen.after.objects.iter().filter(|object| object.tainted);
    tainted
        .filter_map(|object| {
            let token = seen.current(&object.organization)?;
            let is_new = object.has_secret_of(token) && !was_tainted(object);
            is_new.then(|| format!("the object with the secret of {} is tainted", token.id))
        })
        .collect()
}

#[test]
fn an_object_with_a_valid_secret_that_becomes_tainted_breaks_the_promise() {
    let promise = no_object_with_a_valid_secret_becomes_tainted;
    check_breaks(promise, Kind::Apply, |seen| {
        seen.after.objects[0].tainted = true
    });
}
