//! Which organization an object belongs to: its own argument, or the provider's default.

use super::diagnostics;
use crate::client;
use tfplugin::{Attr, Diagnostic};

/// The organization that a configuration names, by itself or by the provider's default.
///
/// Unknown where it is not known yet; never null.
///
/// # Errors
///
/// There is none anywhere, or its name cannot be one.
pub(crate) fn choose(
    configured: &Attr<String>,
    default: &Attr<String>,
) -> Result<Attr<String>, Diagnostic> {
    let chosen = if configured.is_null() {
        default
    } else {
        configured
    };
    match chosen {
        Attr::Null => Err(diagnostics::no_organization()),
        Attr::Unknown => Ok(Attr::Unknown),
        Attr::Known(name) => {
            check(name)?;
            Ok(Attr::Known(name.clone()))
        }
    }
}

/// Checks that a text can be an organization's name.
pub(crate) fn check(name: &str) -> Result<(), Diagnostic> {
    client::check_organization_name(name)
        .map_err(|why| diagnostics::invalid_organization(name, &why.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Attr<String> {
        Attr::Known(name.to_owned())
    }

    #[track_caller]
    fn check(configured: Attr<String>, default: Attr<String>, expected: Option<Attr<String>>) {
        assert_eq!(choose(&configured, &default).ok(), expected);
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
    fn there_must_be_one_with_a_possible_name() {
        check(Attr::Null, Attr::Null, None);
        check(known(""), known("default"), None);
        check(known("a/b"), Attr::Null, None);
    }
}
