//! Names of organizations: which are valid, and which are the same.

use thiserror::Error;

use super::secret::has_secret_shape;

/// Why a text is not a valid name of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidOrganization {
    /// It has the form of an API token.
    #[error("a secret does not belong here")]
    Secret,
    /// It is empty.
    #[error("the name of an organization cannot be empty")]
    Empty,
    /// It has a slash, white space or a control character.
    #[error("the name of an organization has no slash, white space or control character")]
    Characters,
    /// It has something else than letters, digits, `-` and `_`.
    #[error("the name of an organization has only letters, digits, \"-\" and \"_\"")]
    Unusual,
    /// It is `.` or `..`, which have another meaning in a URL.
    #[error("the name of an organization cannot consist of dots")]
    Dots,
}

/// Checks that a text is a valid name of an organization (go-tfe: validations.go).
///
/// # Errors
///
/// The error says why it is not.
///
/// ```
/// use terraform_provider_tfe::client::check_organization_name;
/// assert!(check_organization_name("my-org-name").is_ok());
/// assert!(check_organization_name("my/org").is_err());
/// ```
pub fn check_organization_name(name: &str) -> Result<(), InvalidOrganization> {
    if has_secret_shape(name) {
        Err(InvalidOrganization::Secret)
    } else if name.is_empty() {
        Err(InvalidOrganization::Empty)
    } else if name
        .chars()
        .any(|next| next == '/' || next.is_whitespace() || next.is_control())
    {
        Err(InvalidOrganization::Characters)
    } else if name == "." || name == ".." {
        Err(InvalidOrganization::Dots)
    } else {
        Ok(())
    }
}

/// Checks that a text is a name that HCP Terraform gives to organizations: letters, digits, `-` and `_`.
///
/// It is stricter than [`check_organization_name`], for texts that are likely to be something else, such as an import ID
/// of another resource.
///
/// # Errors
///
/// The error says why it is not.
pub fn check_usual_organization_name(name: &str) -> Result<(), InvalidOrganization> {
    check_organization_name(name)?;
    let is_usual = |next: char| next.is_ascii_alphanumeric() || matches!(next, '-' | '_');
    if name.chars().all(is_usual) {
        Ok(())
    } else {
        Err(InvalidOrganization::Unusual)
    }
}

/// Whether two names are those of one organization: HCP Terraform finds organizations without regard to case.
///
/// ```
/// use terraform_provider_tfe::client::is_same_organization;
/// assert!(is_same_organization("my-org-name", "My-Org-Name"));
/// ```
pub fn is_same_organization(one: &str, other: &str) -> bool {
    organization_key(one) == organization_key(other)
}

/// Returns the form of a name that all its spellings have in common, to compare names or to sort by them.
pub fn organization_key(name: &str) -> String {
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_without_regard_to_case() {
        assert!(is_same_organization("acme", "Acme"));
        assert!(is_same_organization("ACME-1_x", "acme-1_X"));
        assert!(!is_same_organization("acme", "acme-2"));
    }

    #[test]
    fn usual_names_have_letters_digits_dashes_and_underscores() {
        let check = |name: &str, expected: Result<(), InvalidOrganization>| {
            assert_eq!(check_usual_organization_name(name), expected, "{name}");
        };
        check("My-org_name-2", Ok(()));
        check("", Err(InvalidOrganization::Empty));
        for unusual in ["my.org", "org:at-1", "Ünï", "a%2fb", "org,other", ".."] {
            assert!(check_usual_organization_name(unusual).is_err(), "{unusual}");
        }
    }

    #[test]
    fn names_that_would_change_the_path_are_refused() {
        for good in ["my-org-name", "a", "Ünï", "a.b", "100%", "a?b#c"] {
            assert_eq!(check_organization_name(good), Ok(()), "{good}");
        }
        assert_eq!(check_organization_name(""), Err(InvalidOrganization::Empty));
        for bad in ["a/b", "a b", " a", "a\n", "a\u{0}", "a\u{a0}b"] {
            assert_eq!(
                check_organization_name(bad),
                Err(InvalidOrganization::Characters),
                "{bad}"
            );
        }
        assert_eq!(
            check_organization_name(".."),
            Err(InvalidOrganization::Dots)
        );
    }
}
