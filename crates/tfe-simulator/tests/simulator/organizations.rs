//! Organizations: who may see them, their documents, and how they change.

use serde_json::{Value, json};
use tfe_simulator::{Access, Caller, Organization, OrganizationNames};

use crate::http::{ORGANIZATION, OWNER, TRAIL_TOKEN, get, simulator};

const LIST: &str = "/api/v2/organizations";
const SHOW: &str = "/api/v2/organizations/my-org-name";

#[tokio::test]
async fn an_organization_has_a_document() {
    let simulator = simulator().await;
    let shown = get(&simulator, SHOW).send().await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.text_at("/data/id"), ORGANIZATION);
    assert_eq!(shown.text_at("/data/type"), "organizations");
    assert_eq!(shown.text_at("/data/attributes/name"), ORGANIZATION);
    let external_id = simulator.external_id(ORGANIZATION);
    assert_eq!(shown.text_at("/data/attributes/external-id"), external_id);
    assert_eq!(
        shown.text_at("/data/attributes/created-at"),
        "2026-01-01T00:00:00.000Z"
    );
}

#[tokio::test]
async fn the_document_says_whether_the_caller_manages_tokens() {
    let simulator = simulator().await;
    simulator.add_caller(Caller::user("member"));
    for (access, status, permission) in [
        (None, 404, None),
        (Some(Access::Views), 200, Some(false)),
        (Some(Access::Manages), 200, Some(true)),
        (Some(Access::ManagesUnstated), 200, None),
    ] {
        simulator.set_access("member", ORGANIZATION, access);
        let shown = get(&simulator, SHOW).secret("member").send().await;
        assert_eq!(shown.status, status, "{access:?}");
        let pointer = "/data/attributes/permissions/can-update-api-token";
        let said = shown.json().pointer(pointer).and_then(Value::as_bool);
        assert_eq!(said, permission, "{access:?}");
    }
}

#[tokio::test]
async fn the_entitlement_set_says_whether_there_is_audit_logging() {
    let simulator = simulator().await;
    simulator.add_organization(Organization::from("poor").without_audit_logging());
    for (name, expected) in [(ORGANIZATION, true), ("poor", false)] {
        let target = format!("/api/v2/organizations/{name}/entitlement-set");
        let shown = get(&simulator, &target).send().await;
        assert_eq!(shown.text_at("/data/type"), "entitlement-sets");
        let entitled = shown.at("/data/attributes/audit-logging");
        assert_eq!(entitled, json!(expected), "{name}");
    }
}

#[tokio::test]
async fn the_list_has_pages_of_what_the_caller_sees() {
    let simulator = simulator().await;
    for number in 1..=24 {
        simulator.add_organization(format!("org-{number:02}").as_str());
    }
    simulator.hide_organization("org-24");
    let names = async |target: &str| -> (Vec<Value>, Value) {
        let answer = get(&simulator, target).send().await;
        let data = answer.at("/data");
        let names = data.as_array().unwrap().iter().map(|o| o["id"].clone());
        (names.collect(), answer.at("/meta/pagination"))
    };
    let (first, pagination) = names(LIST).await;
    assert_eq!((first.len(), &first[0]), (20, &json!(ORGANIZATION)));
    assert_eq!(
        pagination,
        json!({
            "current-page": 1, "page-size": 20, "prev-page": null, "next-page": 2,
            "total-pages": 2, "total-count": 24,
        })
    );
    let (last, pagination) = names(&format!("{LIST}?page%5Bnumber%5D=2")).await;
    assert_eq!(last, ["org-20", "org-21", "org-22", "org-23"]);
    assert_eq!(pagination["next-page"], Value::Null);
    let (small, _) = names(&format!("{LIST}?page%5Bsize%5D=2&page%5Bnumber%5D=3")).await;
    assert_eq!(small, ["org-04", "org-05"]);
    let (beyond, _) = names(&format!("{LIST}?page[number]=9")).await;
    assert!(beyond.is_empty());

    simulator.add_caller(Caller::user("member").access("org-07", Access::Views));
    let seen = get(&simulator, LIST).secret("member").send().await;
    assert_eq!(seen.at("/meta/pagination/total-count"), json!(1));
}

#[tokio::test]
async fn a_renamed_organization_keeps_its_id_and_its_token() {
    let simulator = simulator().await;
    simulator.add_organization(Organization::from("before").external_id("org-1"));
    simulator.add_caller(Caller::user("member").access("before", Access::Manages));
    let token = simulator.regenerate_elsewhere("before");
    simulator.rename_organization("before", "after");

    let [before, after] = ["before", "after"].map(|name| TRAIL_TOKEN.replace(ORGANIZATION, name));
    assert_eq!(
        get(&simulator, &before)
            .secret("member")
            .send()
            .await
            .status,
        404
    );
    let shown = get(&simulator, &after).secret("member").send().await;
    assert_eq!(shown.text_at("/data/id"), token.id);
    assert_eq!(simulator.external_id("after"), "org-1");
}

#[tokio::test]
async fn an_organization_is_found_without_regard_to_case_unless_configured() {
    let simulator = simulator().await;
    let shouted = SHOW.replace(ORGANIZATION, &ORGANIZATION.to_uppercase());
    let shown = get(&simulator, &shouted).send().await;
    assert_eq!(shown.text_at("/data/id"), ORGANIZATION);
    let token = simulator.regenerate_elsewhere(&ORGANIZATION.to_uppercase());
    assert_eq!(
        simulator.audit_trail_token(ORGANIZATION).map(|one| one.id),
        Some(token.id)
    );
    simulator.configure(|settings| settings.organization_names = OrganizationNames::ExactCase);
    assert_eq!(get(&simulator, &shouted).send().await.status, 404);
    assert_eq!(get(&simulator, SHOW).send().await.status, 200);
}

#[tokio::test]
async fn a_hidden_or_deleted_organization_is_not_found() {
    let simulator = simulator().await;
    simulator.hide_organization(ORGANIZATION);
    assert_eq!(get(&simulator, SHOW).send().await.status, 404);
    simulator.show_organization(ORGANIZATION);
    assert_eq!(get(&simulator, SHOW).send().await.status, 200);
    simulator.delete_organization(ORGANIZATION);
    assert_eq!(get(&simulator, SHOW).send().await.status, 404);
    assert_eq!(
        get(&simulator, LIST).secret(OWNER).send().await.at("/data"),
        json!([])
    );
}

#[tokio::test]
async fn percent_encoded_names_are_decoded() {
    let simulator = simulator().await;
    simulator.add_organization("odd name");
    let target = "/api/v2/organizations/odd%20name";
    assert_eq!(get(&simulator, target).send().await.status, 200);
    let broken = "/api/v2/organizations/odd%name";
    assert_eq!(get(&simulator, broken).send().await.status, 404);
}
