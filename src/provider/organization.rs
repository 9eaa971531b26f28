//! The organization of an object: its own argument, or the provider's default.

use super::connection::Connection;
use super::diagnostics;
use crate::client::{self, is_same_organization};
use tfplugin::{Attr, Diagnostic};

/// Returns the organization that an object's argument or the provider's default names. It may be unknown; it is never
/// null.
///
/// # Errors
///
/// Returns an error if neither names one, or the name cannot be one.
pub(crate) fn resolve(
    configured: &Attr<String>,
    default: &Attr<String>,
) -> Result<Attr<String>, Diagnostic> {
    let organization = if configured.is_null() {
        default
    } else {
        configured
    };
    match organization {
        Attr::Null => Err(diagnostics::no_organization()),
        Attr::Unknown => Ok(Attr::Unknown),
        Attr::Known(name) => {
            check(name)?;
            Ok(Attr::Known(name.clone()))
        }
    }
}

/// Returns the organization that an object's argument or the provider's default names, if it is another one than in the
/// state, or unknown. `None` if it is the same, however it is spelled, or if it is the default of a provider that is not
/// known yet.
///
/// # Errors
///
/// Returns an error if neither names one, or the name cannot be one.
pub(crate) fn other(
    connection: &Connection,
    configured: &Attr<String>,
    in_state: &str,
) -> Result<Option<Attr<String>>, Diagnostic> {
    let default = connection.organization();
    if configured.is_null() && (!connection.is_known() || default.is_unknown()) {
        return Ok(None);
    }
    let organization = resolve(configured, default)?;
    let is_same = organization
        .known()
        .is_some_and(|name| is_same_organization(name, in_state));
    Ok((!is_same).then_some(organization))
}

/// Checks that a text can be an organization's name.
pub(crate) fn check(name: &str) -> Result<(), Diagnostic> {
    client::check_organization_name(name)
        .map_err(|why| diagnostics::invalid_organization(name, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Attr<String> {
        Attr::Known(name.to_owned())
    }

    #[track_caller]
    fn check(configured: Attr<String>, default: Attr<String>, expected: Option<Attr<String>>) {
        assert_eq!(resolve(&configured, &default).ok(), expected);
    }

    #[test]
    fn the_object_s_own_argument_wins() {
        check(known("own"), known("default"), Some(known("own")));
        check(Attr::Null, known("default"), Some(known("default")));
        check(Attr::Unknown, known("default"), Some(Attr::Unknown));
        check(Attr::Null, Attr::Unknown, Some(Attr::Unknown));
        check(known("own"), Attr::Unknown, Some(known("own")));
    }

    #[test]
    fn without_a_possible_name_there_is_an_error() {
        check(Attr::Null, Attr::Null, None);
        check(known(""), known("default"), None);
        check(known("a/b"), Attr::Null, None);
    }
}
