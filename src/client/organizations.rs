//! Organizations, as far as they tell why a token is not there.

use reqwest::Method;
use serde::Deserialize;
use thiserror::Error;

use super::Client;
use super::document::{self, Document, Resource};
use super::error::{Error, Kind};
use super::secret::Secret;
use super::transport::{Answer, Call, Urgency};

/// Names asked for at once; the API's own maximum.
const PAGE_SIZE: u32 = 100;

/// No caller sees more organizations than this many pages hold.
const PAGE_LIMIT: u32 = 1000;

/// The organizations that the caller can see.
pub struct Organizations<'a> {
    pub(super) client: &'a Client,
    /// The caller's token; `None`: the settings' own.
    pub(super) secret: Option<Secret>,
}

/// One organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The name, which is also what the API calls its id.
    pub name: String,
    /// The id that survives a change of name, such as `org-…`.
    pub external_id: Option<String>,
    /// Whether the caller may manage the organization's tokens; `None` if the API does not say.
    pub can_update_api_token: Option<bool>,
}

/// What an organization's plan includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entitlements {
    /// Whether audit trails are included; `None` if the API does not say.
    pub audit_logging: Option<bool>,
}

/// Why a text cannot be an organization's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidOrganization {
    /// Nothing there.
    #[error("the name of an organization cannot be empty")]
    Empty,
    /// A slash, white space or control character.
    #[error("the name of an organization has no slash, white space or control character")]
    Characters,
    /// `.` or `..`, which mean something else in a URL.
    #[error("the name of an organization cannot consist of dots")]
    Dots,
}

/// Checks that a text can be an organization's name (go-tfe: validations.go).
///
/// ```
/// use terraform_provider_tfe::client::check_organization_name;
/// assert!(check_organization_name("my-org-name").is_ok());
/// assert!(check_organization_name("my/org").is_err());
/// ```
pub fn check_organization_name(name: &str) -> Result<(), InvalidOrganization> {
    if name.is_empty() {
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

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct OrganizationAttributes {
    name: Option<String>,
    external_id: Option<String>,
    permissions: Option<Permissions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Permissions {
    can_update_api_token: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct EntitlementAttributes {
    audit_logging: Option<bool>,
}

impl<'a> Organizations<'a> {
    /// Reads one organization; `None` if it does not exist or the caller cannot see it, which the
    /// API does not tell apart.
    ///
    /// # Errors
    ///
    /// Whatever else keeps the document from being read.
    pub async fn read(&self, name: &str) -> Result<Option<Organization>, Error> {
        self.look(name, Urgency::Normal).await
    }

    pub(super) async fn look(
        &self,
        name: &str,
        urgency: Urgency,
    ) -> Result<Option<Organization>, Error> {
        let call = Call::for_organization(self.client, Method::GET, name, None)?;
        let call = Call {
            urgency,
            bearer: self.secret.clone(),
            ..call
        };
        match self.client.send(&call).await {
            Ok(answer) => {
                let document: Document<Resource<OrganizationAttributes>> =
                    self.client.decode(&call, &answer)?;
                let resource = self.client.data(&call, document)?;
                Ok(Some(organization(resource, name)))
            }
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads what the organization's plan includes.
    ///
    /// # Errors
    ///
    /// A 404, if the organization does not exist or the caller cannot see it.
    pub async fn entitlements(&self, name: &str) -> Result<Entitlements, Error> {
        let call = Call::for_organization(self.client, Method::GET, name, Some("entitlement-set"))?;
        let call = Call {
            bearer: self.secret.clone(),
            ..call
        };
        let answer = self.client.send(&call).await?;
        let document: Document<Resource<EntitlementAttributes>> =
            self.client.decode(&call, &answer)?;
        let resource = self.client.data(&call, document)?;
        Ok(Entitlements {
            audit_logging: resource.attributes.audit_logging,
        })
    }

    /// The names of all organizations that the caller can see, page by page.
    pub fn list(&self) -> Pages<'a> {
        Pages {
            client: self.client,
            secret: self.secret.clone(),
            next: Some(1),
        }
    }
}

/// Pages of organization names; see [`Organizations::list`].
pub struct Pages<'a> {
    client: &'a Client,
    secret: Option<Secret>,
    next: Option<u32>,
}

impl Pages<'_> {
    /// The next page of names, or `None` after the last. After an error there are no more pages.
    pub async fn next(&mut self) -> Result<Option<Vec<String>>, Error> {
        let Some(number) = self.next.take() else {
            return Ok(None);
        };
        let call = Call {
            query: vec![
                ("page[number]", number.to_string()),
                ("page[size]", PAGE_SIZE.to_string()),
            ],
            bearer: self.secret.clone(),
            ..Call::new(Method::GET, &["organizations"])
        };
        let answer: Answer = self.client.send(&call).await?;
        let document: Document<Vec<Resource<OrganizationAttributes>>> =
            self.client.decode(&call, &answer)?;
        let next = document
            .meta
            .as_ref()
            .and_then(|meta| meta.pointer("/pagination/next-page")?.as_u64())
            .and_then(|next| u32::try_from(next).ok());
        let resources = document.data.ok_or_else(|| self.client.no_data(&call))?;
        // A page that does not move on would never end.
        self.next = next.filter(|next| *next > number && *next <= PAGE_LIMIT);
        let names = resources
            .into_iter()
            .filter_map(|resource| resource.id().or(resource.attributes.name))
            .collect();
        Ok(Some(names))
    }
}

fn organization(resource: Resource<OrganizationAttributes>, asked: &str) -> Organization {
    let id = resource.id();
    let attributes = resource.attributes;
    Organization {
        name: attributes.name.or(id).unwrap_or_else(|| asked.to_owned()),
        external_id: attributes.external_id,
        can_update_api_token: attributes
            .permissions
            .and_then(|permissions| permissions.can_update_api_token),
    }
}

impl Call {
    /// A request for `/organizations/<name>` or one thing below it.
    pub(super) fn for_organization(
        client: &Client,
        method: Method,
        name: &str,
        below: Option<&str>,
    ) -> Result<Call, Error> {
        let mut path = vec!["organizations", name];
        path.extend(below);
        let call = Call::new(method, &path);
        match check_organization_name(name) {
            Ok(()) => Ok(call),
            Err(why) => {
                let named = Call::new(call.method, &["organizations", &document::plain(name)]);
                Err(client.error(Kind::Input, &named).with_source(why))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_lead_elsewhere_are_refused() {
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
