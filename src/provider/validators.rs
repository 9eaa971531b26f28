//! Validators that several objects share.

use super::{diagnostics, expiry, organization};
use crate::client::has_secret_shape;
use tfplugin::Diagnostic;
use tfplugin::schema::Validator;
use tfplugin::schema::validator::string;

/// Validates that an organization has a possible name.
pub(crate) fn organization() -> impl Validator {
    string(organization::check)
}

/// Validates that a text may be the ID of a token.
pub(crate) fn token_id() -> impl Validator {
    string(check_token_id)
}

/// Checks that the text may be an ID, whatever form HCP Terraform gives its IDs. Somebody may paste the secret
/// instead, which must not be printed.
pub(crate) fn check_token_id(id: &str) -> Result<(), Diagnostic> {
    let has_blank = id
        .chars()
        .any(|one| one.is_whitespace() || one.is_control());
    if id.is_empty() || has_blank || has_secret_shape(id) {
        return Err(diagnostics::no_token_id());
    }
    Ok(())
}

/// Validates that the expiry of a token is RFC 3339.
pub(crate) fn expired_at() -> impl Validator {
    string(|text| match expiry::parse(text) {
        Some(_) => Ok(()),
        None => Err(diagnostics::invalid_date(text)),
    })
}

/// Validates that a text is a date and time in RFC 3339.
pub(crate) fn date_time() -> impl Validator {
    string(|text| match expiry::parse(text) {
        Some(_) => Ok(()),
        None => Err(diagnostics::invalid_instant(text)),
    })
}
