//! How requests are repeated, redirected and bounded, and what an error shows; against wiremock,
//! one request at a time.

use serde_json::json;
use terraform_provider_tfe::client::{Client, Error, resolve};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::service::{HOSTNAME, Nobody, TOKEN, arguments, environment_of, organization, timing};

const READ: &str = "/deep/api/organizations/my-org-name";

async fn client(server: &MockServer) -> Client {
    let environment = environment_of(&format!("{}/deep/api", server.uri()));
    let settings = resolve(arguments(), &environment).await.unwrap();
    Client::new(settings, timing(), "1.2.3")
}

async fn read(server: &MockServer) -> Result<(), Error> {
    client(server)
        .await
        .organizations()
        .read("my-org-name")
        .await
        .map(|found| {
            assert!(found.is_some());
        })
}

async fn answer(server: &MockServer, template: ResponseTemplate, times: u64) {
    Mock::given(path(READ))
        .respond_with(template)
        .up_to_n_times(times)
        .mount(server)
        .await;
}

fn found() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(organization(json!({})))
}

async fn count(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn a_get_is_repeated_after_server_errors_and_rate_limits() {
    for status in [429, 500, 502, 503, 504] {
        let server = MockServer::start().await;
        answer(&server, ResponseTemplate::new(status), 2).await;
        answer(&server, found(), 1).await;
        read(&server).await.unwrap();
        assert_eq!(count(&server).await, 3, "{status}");
    }
}

#[tokio::test]
async fn a_get_is_not_repeated_for_ever() {
    for (status, expected) in [(500, 5), (429, 10), (400, 1), (401, 1), (403, 1), (422, 1)] {
        let server = MockServer::start().await;
        answer(&server, ResponseTemplate::new(status), 100).await;
        let error = read(&server).await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(count(&server).await, expected, "{status}");
    }
}

#[tokio::test]
async fn a_redirect_within_the_service_is_followed() {
    let server = MockServer::start().await;
    let redirect = ResponseTemplate::new(301).insert_header("Location", "/moved");
    answer(&server, redirect, 1).await;
    Mock::given(method("GET"))
        .and(path("/moved"))
        .respond_with(found())
        .mount(&server)
        .await;
    read(&server).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[1].headers["authorization"], "Bearer callers-token");
}

#[tokio::test]
async fn a_redirect_never_carries_the_token_away() {
    let elsewhere = MockServer::start().await;
    let server = MockServer::start().await;
    let location = format!("{}/stolen", elsewhere.uri());
    answer(
        &server,
        ResponseTemplate::new(302).insert_header("Location", &*location),
        1,
    )
    .await;
    let error = read(&server).await.unwrap_err();
    assert!(error.to_string().contains("redirect"), "{error}");
    assert_eq!(count(&elsewhere).await, 0);
}

#[tokio::test]
async fn redirects_do_not_go_round_for_ever() {
    let server = MockServer::start().await;
    answer(
        &server,
        ResponseTemplate::new(302).insert_header("Location", READ),
        100,
    )
    .await;
    let error = read(&server).await.unwrap_err();
    assert!(error.to_string().contains("too many redirects"), "{error}");
    assert_eq!(count(&server).await, 6);
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_refused() {
    let server = MockServer::start().await;
    answer(
        &server,
        ResponseTemplate::new(200).set_body_bytes(vec![b' '; 9 << 20]),
        1,
    )
    .await;
    let error = read(&server).await.unwrap_err();
    assert!(error.is_protocol(), "{error}");
    assert!(error.to_string().contains("longer than"), "{error}");
}

#[tokio::test]
async fn an_error_tells_everything_but_the_token() {
    let server = MockServer::start().await;
    let body = json!({"errors": [
        {"status": "422", "title": "invalid attribute", "detail": format!("{TOKEN} is bad"),
         "source": {"pointer": "/data/attributes/name"}},
        "second",
    ]});
    answer(&server, ResponseTemplate::new(422).set_body_json(body), 1).await;
    let error = read(&server).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET /organizations/my-org-name on tfe.example.com: 422 Unprocessable Entity: invalid \
         attribute: (sensitive value) is bad (/data/attributes/name); second"
    );
    assert_eq!(error.request(), "GET /organizations/my-org-name");
    assert_eq!(error.api_errors().len(), 2);
    assert!(error.is_rejected());
    assert!(!format!("{error:?}").contains(TOKEN));
}

#[tokio::test]
async fn an_unreachable_service_is_named_with_the_reason_and_where_it_was_sought() {
    let nobody = Nobody::bind();
    let address = nobody.address();
    let environment = environment_of(&format!("http://user:password@{address}/"));
    let settings = resolve(arguments(), &environment).await.unwrap();
    let error = Client::new(settings, timing(), "1")
        .organizations()
        .read("my-org-name")
        .await
        .unwrap_err();
    assert!(
        error.is_discovery() && !format!("{error:?} {error}").contains("password"),
        "{error}"
    );

    let environment = environment_of(&format!("http://{address}/hidden?hidden"));
    let settings = resolve(arguments(), &environment).await.unwrap();
    let error = Client::new(settings, timing(), "1")
        .organizations()
        .read("my-org-name")
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        error.is_connect() && text.contains(HOSTNAME) && text.contains("refused"),
        "{text}"
    );
    // The host block put it there: a practitioner who reads only the host's name looks elsewhere.
    let place = format!(" on {HOSTNAME}, at {address}: ");
    assert!(text.contains(&place), "{text}");
    assert!(!format!("{error:?} {text}").contains("hidden"), "{error:?}");
}

#[tokio::test]
async fn names_of_organizations_come_page_by_page() {
    let server = MockServer::start().await;
    for (number, names, next) in [
        ("1", ["a", "b"], json!(2)),
        ("2", ["c", "d"], json!(null)),
        ("3", ["e", "f"], json!(null)),
    ] {
        let data: Vec<_> = names
            .iter()
            .map(|name| json!({"id": name, "type": "organizations", "attributes": {"name": name}}))
            .collect();
        let body = json!({"data": data, "meta": {"pagination": {"next-page": next}}});
        Mock::given(path("/deep/api/organizations"))
            .and(query_param("page[number]", number))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&server)
            .await;
    }
    let client = client(&server).await;
    let mut pages = client.organizations().list();
    assert_eq!(pages.next().await.unwrap().unwrap(), ["a", "b"]);
    assert_eq!(pages.next().await.unwrap().unwrap(), ["c", "d"]);
    assert_eq!(pages.next().await.unwrap(), None);
}

#[tokio::test]
async fn pages_that_go_in_circles_end() {
    let server = MockServer::start().await;
    let body = json!({"data": [], "meta": {"pagination": {"next-page": 1}}});
    Mock::given(path("/deep/api/organizations"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    let client = client(&server).await;
    let mut pages = client.organizations().list();
    assert_eq!(pages.next().await.unwrap(), Some(vec![]));
    assert_eq!(pages.next().await.unwrap(), None);
}
