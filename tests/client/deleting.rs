//! A DELETE removes whichever token there is: so only the one that was meant is deleted.

use terraform_provider_tfe::client::{Client, Deleted, Error};

use crate::service::{Conduct, ORGANIZATION, Service, organization, token};

/// Deletes token 1.
async fn delete(client: &Client) -> Result<Deleted, Error> {
    let meant = token(1);
    client
        .audit_trail_tokens()
        .delete(ORGANIZATION, &meant.id, meant.created_at)
        .await
}

async fn check(deletes: &[Conduct], expected: Deleted, requests: &[&str]) {
    let service = Service::start().await.with_token();
    for conduct in deletes {
        service.next("DELETE", conduct.clone());
    }
    let found = delete(&service.client().await).await.unwrap();
    assert_eq!(found, expected, "{deletes:?}");
    assert_eq!(service.log(), requests, "{deletes:?}");
    assert_eq!(service.state().token, None);
}

const ONCE: [&str; 2] = ["GET token", "DELETE token"];

#[tokio::test]
async fn the_token_is_looked_at_and_deleted() {
    check(&[], Deleted::Gone, &ONCE).await;
}

#[tokio::test]
async fn only_204_says_that_it_is_gone() {
    let acted = ["GET token", "DELETE token", "GET token", "GET organization"];
    check(&[Conduct::ActAndAnswer(200, "")], Deleted::Gone, &acted).await;
    // A captive portal says 200 to everything.
    let idle = ["GET token", "DELETE token", "GET token", "DELETE token"];
    check(&[Conduct::Answer(200, "<html>")], Deleted::Gone, &idle).await;
}

#[tokio::test]
async fn a_page_in_the_way_of_every_deletion_is_an_error() {
    for status in [200, 202, 404] {
        let service = Service::start().await.with_token();
        for _ in 0..3 {
            service.next("DELETE", Conduct::Answer(status, "<html>"));
        }
        let error = delete(&service.client().await).await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        let log = service.log();
        let deletes = log.iter().filter(|request| *request == "DELETE token");
        assert_eq!(deletes.count(), 3, "{status}");
        assert_eq!(service.state().token, Some(1));
    }
}

#[tokio::test]
async fn a_delete_without_an_answer_is_repeated_only_if_the_token_is_still_there() {
    let acted = ["GET token", "DELETE token", "GET token", "GET organization"];
    check(&[Conduct::ActAndHangUp], Deleted::Gone, &acted).await;
    check(&[Conduct::ActAndAnswer(502, "")], Deleted::Gone, &acted).await;
    let idle = ["GET token", "DELETE token", "GET token", "DELETE token"];
    check(&[Conduct::HangUp], Deleted::Gone, &idle).await;
    check(&[Conduct::Answer(500, "")], Deleted::Gone, &idle).await;
    // It acts after the second look: the repeated DELETE finds nothing, which is what was wanted.
    let late = [
        "GET token",
        "DELETE token",
        "GET token",
        "DELETE token",
        "GET organization",
        "GET token",
        "GET organization",
    ];
    check(&[Conduct::ActAfter(1)], Deleted::Gone, &late).await;
}

#[tokio::test]
async fn a_rate_limit_is_waited_for() {
    let limit = Conduct::AnswerWith(429, "Retry-After", "0");
    check(
        &[limit],
        Deleted::Gone,
        &["GET token", "DELETE token", "GET token", "DELETE token"],
    )
    .await;
}

#[tokio::test]
async fn a_token_that_came_while_a_rate_limit_was_waited_for_is_left_alone() {
    let service = Service::start().await.with_token();
    service.next("DELETE", Conduct::AnswerWhile(429, Some(2)));
    let found = delete(&service.client().await).await.unwrap();
    assert_eq!(found, Deleted::ReplacedBy(token(2)));
    assert_eq!(service.state().token, Some(2));

    // It went, but not by us.
    let service = Service::start().await.with_token();
    service.next("DELETE", Conduct::AnswerWhile(429, None));
    let found = delete(&service.client().await).await.unwrap();
    assert_eq!(found, Deleted::AlreadyGone);
}

#[tokio::test]
async fn a_rate_limit_that_does_not_end_is_an_error() {
    let service = Service::start().await.with_token();
    for _ in 0..20 {
        service.next("DELETE", Conduct::Answer(429, ""));
    }
    let error = delete(&service.client().await).await.unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    let log = service.log();
    let deletes = log.iter().filter(|request| *request == "DELETE token");
    assert_eq!(deletes.count(), 10);
}

#[tokio::test]
async fn a_token_that_is_gone_already_is_not_deleted_again() {
    let service = Service::start().await;
    assert_eq!(
        delete(&service.client().await).await.unwrap(),
        Deleted::AlreadyGone
    );
    assert_eq!(service.log(), ["GET token", "GET organization"]);

    // Somebody else deleted it between our look and our DELETE.
    let service = Service::start().await.with_token();
    service.next("DELETE", Conduct::AnswerWhile(404, None));
    assert_eq!(
        delete(&service.client().await).await.unwrap(),
        Deleted::AlreadyGone
    );
}

#[tokio::test]
async fn a_404_for_a_token_that_is_there_deletes_nothing_by_itself() {
    let service = Service::start().await.with_token();
    for _ in 0..3 {
        service.next("DELETE", Conduct::Answer(404, ""));
    }
    let error = delete(&service.client().await).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(service.state().token, Some(1));
}

#[tokio::test]
async fn another_token_is_left_alone() {
    let service = Service::start().await.with_token().with_token();
    let found = delete(&service.client().await).await.unwrap();
    assert_eq!(found, Deleted::ReplacedBy(token(2)));
    assert_eq!(service.log(), ["GET token"]);
    assert_eq!(service.state().token, Some(2));
}

#[tokio::test]
async fn a_token_that_came_while_the_answer_was_lost_is_left_alone() {
    let service = Service::start().await.with_token();
    service.next("DELETE", Conduct::HangUp);
    let client = service.client().await;
    let (found, ()) = tokio::join!(delete(&client), async {
        service.requests(2).await;
        service.state().generate();
    });
    assert_eq!(found.unwrap(), Deleted::ReplacedBy(token(2)));
    assert_eq!(service.state().token, Some(2));
}

#[tokio::test]
async fn a_delete_that_never_succeeds_is_an_error() {
    let service = Service::start().await.with_token();
    for _ in 0..10 {
        service.next("DELETE", Conduct::Answer(500, ""));
    }
    let error = delete(&service.client().await).await.unwrap_err();
    assert_eq!(error.status(), Some(500));
    assert_eq!(
        service
            .log()
            .iter()
            .filter(|request| *request == "DELETE token")
            .count(),
        3
    );
}

#[tokio::test]
async fn a_refusal_is_an_error_and_not_repeated() {
    for status in [401, 403, 415, 422] {
        let service = Service::start().await.with_token();
        service.next("DELETE", Conduct::Answer(status, ""));
        let error = delete(&service.client().await).await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(service.log(), ONCE);
    }
}

#[tokio::test]
async fn a_404_without_the_right_to_know_is_an_error() {
    let service = Service::start().await.with_token();
    service.next("DELETE", Conduct::Answer(404, ""));
    service.state().organization = (200, organization(serde_json::json!({})));
    let error = delete(&service.client().await).await.unwrap_err();
    assert!(error.is_no_permission() && error.is_not_found(), "{error}");
}

#[tokio::test]
async fn the_organizations_main_token_of_other_services_is_never_deleted() {
    let service = Service::start().await.with_token();
    service.state().headers = vec![("TFP-AppName", "OTF")];
    let error = delete(&service.client().await).await.unwrap_err();
    assert!(error.is_unsupported_service(), "{error}");
    assert_eq!(service.log(), ["GET token"]);
}

#[tokio::test]
async fn a_delete_has_the_headers_that_the_api_insists_on() {
    let service = Service::start().await.with_token();
    delete(&service.client().await).await.unwrap();
    let request = service.last_request();
    assert_eq!(request.method, "DELETE");
    assert_eq!(request.headers["content-type"], "application/vnd.api+json");
    assert_eq!(request.headers["accept"], "application/vnd.api+json");
    assert_eq!(request.headers["authorization"], "Bearer callers-token");
    assert_eq!(
        request.headers["user-agent"],
        "terraform-provider-tfe/1.2.3"
    );
}
