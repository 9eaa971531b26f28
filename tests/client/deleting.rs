//! A DELETE removes the token that is there: the client sends it only for the token it has read.

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

/// Checks the number of DELETEs when the first ones meet these conducts, and that the token is deleted.
/// The token is read before each DELETE.
async fn check(conducts: &[Conduct], deletes: usize) {
    let service = Service::start().await.with_token();
    for conduct in conducts {
        service.next("DELETE", conduct.clone());
    }
    let found = delete(&service.client().await).await.unwrap();
    assert_eq!(found, Deleted::Gone, "{conducts:?}");
    let log = service.log();
    let is_delete = |request: &String| request == "DELETE token";
    let sent = log.iter().filter(|request| is_delete(request)).count();
    assert_eq!(sent, deletes, "{conducts:?}: {log:?}");
    let blind = is_delete(&log[0]) || log.windows(2).any(|pair| pair.iter().all(is_delete));
    assert!(!blind, "{conducts:?}: {log:?}");
    assert_eq!(service.state().token, None);
}

#[tokio::test]
async fn the_token_is_read_and_deleted() {
    check(&[], 1).await;
}

#[tokio::test]
async fn only_204_means_that_it_is_deleted() {
    check(&[Conduct::ActAndAnswer(200, "")], 1).await;
    // A captive portal says 200 to everything.
    check(&[Conduct::Answer(200, "<html>")], 2).await;
}

#[tokio::test]
async fn a_captive_portal_is_an_error() {
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
    check(&[Conduct::ActAndHangUp], 1).await;
    check(&[Conduct::ActAndAnswer(502, "")], 1).await;
    check(&[Conduct::HangUp], 2).await;
    check(&[Conduct::Answer(500, "")], 2).await;
    // It takes effect after the second GET, so the second DELETE finds nothing.
    check(&[Conduct::ActAfter(1)], 2).await;
}

/// The token was gone, and the practitioner read that it was not deleted.
#[tokio::test]
async fn a_last_delete_without_an_answer_is_read_before_it_is_a_failure() {
    let failed = || Conduct::Answer(502, "");
    check(&[failed(), failed(), Conduct::ActAndHangUp], 3).await;
    check(&[failed(), failed(), Conduct::ActAndAnswer(500, "")], 3).await;
}

#[tokio::test]
async fn a_delete_is_sent_again_after_a_rate_limit() {
    let limit = Conduct::AnswerWith(429, "Retry-After", "0");
    check(&[limit], 2).await;
}

#[tokio::test]
async fn a_token_that_another_caller_generated_during_a_rate_limit_is_left_alone() {
    let service = Service::start().await.with_token();
    service.next("DELETE", Conduct::AnswerWhile(429, Some(2)));
    let found = delete(&service.client().await).await.unwrap();
    assert_eq!(found, Deleted::ReplacedBy(token(2)));
    assert_eq!(service.state().token, Some(2));

    // Another caller deleted it.
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
async fn a_token_that_is_absent_is_not_deleted() {
    let service = Service::start().await;
    assert_eq!(
        delete(&service.client().await).await.unwrap(),
        Deleted::AlreadyGone
    );
    assert!(!service.log().contains(&"DELETE token".to_owned()));

    // Another caller deleted it between the GET and the DELETE.
    let service = Service::start().await.with_token();
    service.next("DELETE", Conduct::AnswerWhile(404, None));
    assert_eq!(
        delete(&service.client().await).await.unwrap(),
        Deleted::AlreadyGone
    );
}

#[tokio::test]
async fn a_404_for_a_token_that_is_there_is_an_error() {
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
async fn a_token_that_was_generated_after_a_lost_answer_is_left_alone() {
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
        let log = service.log();
        let deletes = log.iter().filter(|request| *request == "DELETE token");
        assert_eq!(deletes.count(), 1);
    }
}

#[tokio::test]
async fn a_404_without_permission_is_an_error() {
    let service = Service::start().await.with_token();
    service.next("DELETE", Conduct::Answer(404, ""));
    service.state().organization = (200, organization(serde_json::json!({})));
    let error = delete(&service.client().await).await.unwrap_err();
    assert!(error.is_no_permission() && error.is_not_found(), "{error}");
}

#[tokio::test]
async fn the_organization_token_of_other_services_is_never_deleted() {
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
