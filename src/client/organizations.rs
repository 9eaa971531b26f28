//! Organizations: their names, and why a token of one cannot be seen.

use reqwest::Method;
use serde::Deserialize;

use super::api_client::Client;
use super::document::{Document, Resource};
use super::error::{Error, Kind};
use super::organization_name::check_organization_name;
use super::plain_text::plain_text;
use super::secret::Secret;
use super::transport::{Call, OnStop};

/// How many names are on a page: the API's maximum.
const PAGE_SIZE: u32 = 100;

/// How many pages are read.
const MAX_PAGES: u32 = 1000;

/// The organizations that the caller can see.
pub struct Organizations<'a> {
    client: &'a Client,
    /// The token to send; `None` for that of the settings.
    secret: Option<Secret>,
}

/// One organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The name, which is also the ID in the API.
    pub name: String,
    /// The ID that stays the same when the name changes, such as `org-…`.
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

impl Client {
    /// Returns the organizations that the caller can see.
    pub fn organizations(&self) -> Organizations<'_> {
        Organizations {
            client: self,
            secret: None,
        }
    }

    /// Returns the organizations that another token than the settings' can see.
    pub(super) fn organizations_of(&self, secret: Option<Secret>) -> Organizations<'_> {
        Organizations {
            client: self,
            secret,
        }
    }

    /// Makes a call of `/organizations/{name}`, or of what is below it.
    ///
    /// # Errors
    ///
    /// The name is not valid.
    pub(super) fn organization_call(
        &self,
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
                let named = Call::new(call.method, &["organizations", &plain_text(name)]);
                Err(self.error(Kind::Input, &named).with_source(why))
            }
        }
    }
}

impl<'a> Organizations<'a> {
    /// Reads one organization. `None` means that it does not exist or that the caller cannot see it:
    /// the API does not distinguish the two.
    ///
    /// # Errors
    ///
    /// The organization cannot be read for any other reason.
    pub async fn read(&self, name: &str) -> Result<Option<Organization>, Error> {
        self.read_current(name, OnStop::Abort).await
    }

    pub(super) async fn read_current(
        &self,
        name: &str,
        on_stop: OnStop,
    ) -> Result<Option<Organization>, Error> {
        let call = Call {
            on_stop,
            bearer: self.secret.clone(),
            ..self.client.organization_call(Method::GET, name, None)?
        };
        match self.client.send(&call).await {
            Ok(answer) => {
                let resource = self.client.decode_resource(&call, &answer)?;
                Ok(Some(organization(resource, name)))
            }
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads whether a token sees the organization and does not say that it may not manage the
    /// organization's tokens: what a main token does. Sends one request, without a retry.
    ///
    /// # Errors
    ///
    /// There is no answer that says so.
    pub(super) async fn is_managed(&self, name: &str) -> Result<bool, Error> {
        let call = Call {
            bearer: self.secret.clone(),
            ..self.client.organization_call(Method::GET, name, None)?
        };
        match self.client.send_once(&call).await {
            Ok(answer) => {
                let resource = self.client.decode_resource(&call, &answer)?;
                Ok(organization(resource, name).can_update_api_token != Some(false))
            }
            Err(error) if error.is_not_from_api() => Err(error),
            Err(error)
                if error.is_unauthorized() || error.is_forbidden() || error.is_not_found() =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads what the organization's plan includes.
    ///
    /// # Errors
    ///
    /// The entitlements cannot be read: a 404 if the organization does not exist or the caller cannot
    /// see it.
    pub async fn entitlements(&self, name: &str) -> Result<Entitlements, Error> {
        let below = Some("entitlement-set");
        let call = Call {
            bearer: self.secret.clone(),
            ..self.client.organization_call(Method::GET, name, below)?
        };
        let answer = self.client.send(&call).await?;
        let resource: Resource<EntitlementAttributes> =
            self.client.decode_resource(&call, &answer)?;
        Ok(Entitlements {
            audit_logging: resource.attributes.audit_logging,
        })
    }

    /// Returns the names of all organizations that the caller can see, page by page.
    pub fn list(&self) -> OrganizationPages<'a> {
        OrganizationPages {
            client: self.client,
            secret: self.secret.clone(),
            next: Some(1),
        }
    }
}

/// Pages of organization names; see [`Organizations::list`].
pub struct OrganizationPages<'a> {
    client: &'a Client,
    secret: Option<Secret>,
    next: Option<u32>,
}

impl OrganizationPages<'_> {
    /// Reads the next page of names. Returns `None` after the last page and after an error.
    ///
    /// # Errors
    ///
    /// The page cannot be read.
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
        let answer = self.client.send(&call).await?;
        let document: Document<Vec<Resource<OrganizationAttributes>>> =
            self.client.decode(&call, &answer)?;
        let next = document
            .meta
            .as_ref()
            .and_then(|meta| meta.pointer("/pagination/next-page")?.as_u64())
            .and_then(|next| u32::try_from(next).ok());
        let resources = document
            .data
            .ok_or_else(|| self.client.no_data(&call, &answer))?;
        // Without this a service could send pages forever.
        self.next = next.filter(|next| *next > number && *next <= MAX_PAGES);
        let names = resources
            .into_iter()
            .filter_map(|resource| resource.id().or(resource.attributes.name))
            .collect();
        Ok(Some(names))
    }
}

fn organization(resource: Resource<OrganizationAttributes>, requested: &str) -> Organization {
    let id = resource.id();
    let attributes = resource.attributes;
    Organization {
        name: attributes
            .name
            .or(id)
            .unwrap_or_else(|| requested.to_owned()),
        external_id: attributes.external_id,
        can_update_api_token: attributes
            .permissions
            .and_then(|permissions| permissions.can_update_api_token),
    }
}
