//! Organizations and their entitlements: the list, one, and its entitlement set.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::Call;
use crate::answer::Answer;
use crate::caller::{Access, Principal};
use crate::organization::Organization;

pub(super) fn list(call: &Call<'_>, who: &Principal) -> Answer {
    let visible: Vec<_> = call
        .world
        .organizations
        .iter()
        .filter_map(|organization| {
            let access = call.world.access(who, organization)?;
            Some(resource(call, organization, access))
        })
        .collect();
    let size = call.request.count("page[size]").unwrap_or(20).min(100);
    let number = call.request.count("page[number]").unwrap_or(1);
    let pages = visible.len().div_ceil(size).max(1);
    let skipped = (number - 1).saturating_mul(size);
    let page: Vec<_> = visible.iter().skip(skipped).take(size).collect();
    let link = |number: usize| {
        let base = call.world.settings.service_path.trim_end_matches('/');
        format!("{base}/organizations?page%5Bnumber%5D={number}&page%5Bsize%5D={size}")
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
    Answer::document(StatusCode::OK, &document)
}

pub(super) fn show(call: &Call<'_>, who: &Principal, name: &str) -> Result<Answer, Answer> {
    let (organization, access) = visible(call, who, name)?;
    let document = json!({ "data": resource(call, organization, access) });
    Ok(Answer::document(StatusCode::OK, &document))
}

pub(super) fn entitlements(call: &Call<'_>, who: &Principal, name: &str) -> Result<Answer, Answer> {
    let (organization, _) = visible(call, who, name)?;
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
    Ok(Answer::document(StatusCode::OK, &document))
}

fn visible<'a>(
    call: &'a Call<'_>,
    who: &Principal,
    name: &str,
) -> Result<(&'a Organization, Access), Answer> {
    let organization = call
        .world
        .organization(name)
        .ok_or_else(Answer::not_found)?;
    let access = call
        .world
        .access(who, organization)
        .ok_or_else(Answer::not_found)?;
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
        .world
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
