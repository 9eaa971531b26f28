//! Retries, redirects, the maximum size of an answer, and what an error shows.

use serde_json::json;
use terraform_provider_tfe::client::{Client, Error, resolve};
use wiremock::matchers::{path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::service::{
    ClosedPort, HOSTNAME, TOKEN, arguments, environment_of, organization, timing,
};

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
async fn a_get_is_retried_after_server_errors_and_rate_limits() {
    for status in [429, 500, 502, 503, 504] {
        let server = MockServer::start().await;
        answer(&server, ResponseTemplate::new(status), 2).await;
        answer(&server, found(), 1).await;
        read(&server).await.unwrap();
        assert_eq!(count(&server).await, 3, "{status}");
    }
}

#[tokio::test]
async fn a_get_is_retried_a_limited_number_of_times() {
    for (status, expected) in [(500, 5), (429, 10), (400, 1), (401, 1), (403, 1), (422, 1)] {
        let server = MockServer::start().await;
        answer(&server, ResponseTemplate::new(status), 100).await;
        let error = read(&server).await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(count(&server).await, expected, "{status}");
    }
}

#[tokio::test]
async fn a_loop_of_redirects_is_an_error() {
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
async fn an_answer_that_is_too_long_is_refused() {
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
async fn an_error_shows_everything_but_the_token() {
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
async fn an_unreachable_service_is_named_with_its_address_and_the_reason() {
    let closed = ClosedPort::bind();
    let address = closed.address();
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
    // The host block has another address than the hostname.
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
async fn pages_without_an_end_are_not_read_forever() {
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
