//! Validators that several objects share.

use super::{diagnostics, expiry, organization};
use tfplugin::schema::Validator;
use tfplugin::schema::validator::string;

/// Validates that an organization has a possible name.
pub(crate) fn organization() -> impl Validator {
    string(organization::check)
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
