//! Promise (h): no secret is shown.

use super::example::{check_breaks, error};
use super::kind::Kind;
use super::observation::Observation;

/// No diagnostic and no progress message contains a secret.
pub(crate) fn no_secret_is_shown(seen: &Observation) -> Vec<String> {
    let mut shown = seen.diagnostics.to_string();
    if let Some(revocation) = &seen.revocation {
        shown.push_str(&revocation.progress.join("\n"));
    }
    let tokens = seen.tokens().map(|token| token.secret.expose());
    let mut secrets = tokens.chain(seen.secrets.iter().map(String::as_str));
    match secrets.any(|secret| shown.contains(secret)) {
        true => vec!["a diagnostic or a progress message contains a secret".to_owned()],
        false => Vec::new(),
    }
}

#[test]
fn a_diagnostic_with_a_secret_breaks_the_promise() {
    check_breaks(no_secret_is_shown, Kind::Apply, |seen| {
        seen.diagnostics = error("Error", "The token is secret of at-ours.");
    });
}
