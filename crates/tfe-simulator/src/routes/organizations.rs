//! `/organizations`: the list of organizations, one organization, and its entitlement set.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::discovery::SERVICE_PATH;
use crate::caller::{Access, Principal};
use crate::organization::Organization;
use crate::response::Response;

pub(super) fn route(
    call: &mut Call<'_>,
    principal: &Principal,
    method: &str,
    path: &[&str],
) -> Option<Result<Response, Response>> {
    Some(match (method, path) {
        ("GET", ["organizations"]) => Ok(list(call, principal)),
        ("GET", ["organizations", name]) => show(call, principal, name),
        ("GET", ["organizations", name, "entitlement-set"]) => entitlements(call, principal, name),
        _ => return None,
    })
}

fn list(call: &Call<'_>, principal: &Principal) -> Response {
    let visible: Vec<_> = call
        .state
        .organizations
        .iter()
        .filter_map(|organization| {
            let access = call.state.access(principal, organization)?;
            Some(resource(call, organization, access))
        })
        .collect();
    let size = call.request.count("page[size]").unwrap_or(20).min(100);
    let number = call.request.count("page[number]").unwrap_or(1);
    let pages = visible.len().div_ceil(size).max(1);
    let skipped = (number - 1).saturating_mul(size);
    let page: Vec<_> = visible.iter().skip(skipped).take(size).collect();
    let link = |number: usize| {
        format!("{SERVICE_PATH}organizations?page%5Bnumber%5D={number}&page%5Bsize%5D={size}")
    };
    let (previous, next) = (
        (number > 1).then(|| number - 1),
        (number < pages).then(|| number + 1),
    );
    let document = json!({
        "data": page,
        "links": {
            "self": link(number),
            "first": link(1),
            "prev": previous.map(link),
            "next": next.map(link),
            "last": link(pages),
        },
        "meta": { "pagination": {
            "current-page": number,
            "page-size": size,
            "prev-page": previous,
            "next-page": next,
            "total-pages": pages,
            "total-count": visible.len(),
        }},
    });
    Response::document(StatusCode::OK, &document)
}

fn show(call: &Call<'_>, principal: &Principal, name: &str) -> Result<Response, Response> {
    let (organization, access) = visible(call, principal, name)?;
    let document = json!({ "data": resource(call, organization, access) });
    Ok(Response::document(StatusCode::OK, &document))
}

fn entitlements(call: &Call<'_>, principal: &Principal, name: &str) -> Result<Response, Response> {
    let (organization, _) = visible(call, principal, name)?;
    let id = &organization.external_id;
    let document = json!({ "data": {
        "id": id,
        "type": "entitlement-sets",
        "attributes": {
            "audit-logging": organization.audit_logging,
            "operations": true,
            "teams": true,
        },
        "links": { "self": format!("/api/v2/entitlement-sets/{id}") },
    }});
    Ok(Response::document(StatusCode::OK, &document))
}

fn visible<'a>(
    call: &'a Call<'_>,
    principal: &Principal,
    name: &str,
) -> Result<(&'a Organization, Access), Response> {
    let organization = call
        .state
        .organization(name)
        .ok_or_else(Response::not_found)?;
    let access = call
        .state
        .access(principal, organization)
        .ok_or_else(Response::not_found)?;
    Ok((organization, access))
}

fn resource(call: &Call<'_>, organization: &Organization, access: Access) -> Value {
    let name = &organization.name;
    let mut permissions = json!({
        "can-update": access != Access::Views,
        "can-destroy": access != Access::Views,
        "can-access-via-teams": true,
    });
    match access {
        Access::Manages => permissions["can-update-api-token"] = true.into(),
        Access::Views => permissions["can-update-api-token"] = false.into(),
        Access::ManagesUnstated => {}
    }
    let created_at = call
        .state
        .settings
        .timestamps
        .format(organization.created_at);
    json!({
        "id": name,
        "type": "organizations",
        "attributes": {
            "external-id": organization.external_id,
            "created-at": created_at,
            "email": "owner@example.com",
            "name": name,
            "permissions": permissions,
            "plan-expired": false,
        },
        "relationships": {
            "authentication-token": {
                "links": { "related": format!("/api/v2/organizations/{name}/authentication-token") },
            },
            "entitlement-set": {
                "data": { "id": organization.external_id, "type": "entitlement-sets" },
                "links": { "related": format!("/api/v2/organizations/{name}/entitlement-set") },
            },
        },
        "links": { "self": format!("/api/v2/organizations/{name}") },
    })
}
