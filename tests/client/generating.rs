//! A POST replaces the token in use: it is never sent again before its effect is known.

use terraform_provider_tfe::client::{Client, GenerateError, Generated, resolve};

use crate::service::{
    ClosedPort, Conduct, HOSTNAME, ORGANIZATION, Service, arguments, entitlements, environment_of,
    organization, secret, short_timeouts, timing, token,
};

/// Generates where token 1 is known to be there.
async fn generate(service: &Service) -> Result<Generated, GenerateError> {
    let client = service.client().await;
    let tokens = client.audit_trail_tokens();
    let before = tokens.read(ORGANIZATION).await.unwrap();
    service.state().requests.clear();
    tokens.generate(ORGANIZATION, None, before.as_ref()).await
}

/// The result in short.
fn summary(result: &Result<Generated, GenerateError>) -> String {
    match result {
        Ok(generated) => {
            let lost: Vec<&str> = generated
                .lost
                .iter()
                .map(|token| token.id.as_str())
                .collect();
            let mut text = format!("{} lost {lost:?}", generated.token.id);
            if let Some(other) = &generated.replaced_by {
                text.push_str(&format!(" replaced by {}", other.id));
            }
            if generated.unconfirmed.is_some() {
                text.push_str(" unconfirmed");
            }
            text
        }
        Err(GenerateError::NothingChanged(_)) => "nothing changed".to_owned(),
        Err(GenerateError::SecretLost { current, .. }) => format!("secret of {} lost", current.id),
        Err(GenerateError::Unknown { .. }) => "unknown".to_owned(),
    }
}

/// Checks that the result agrees with the token of the service.
#[track_caller]
fn agrees(service: &Service, result: &Result<Generated, GenerateError>) {
    let current = service.state().token.map(token);
    match result {
        Ok(Generated {
            replaced_by: Some(other),
            ..
        }) => assert_eq!(current.as_ref(), Some(other)),
        Ok(generated) => {
            assert_eq!(current.as_ref(), Some(&generated.token));
            let number = service.state().token.unwrap();
            assert_eq!(generated.secret.expose(), secret(number));
        }
        Err(GenerateError::NothingChanged(_)) => {
            assert!(current.is_none() || current == Some(token(1)));
        }
        Err(GenerateError::SecretLost {
            current: reported, ..
        }) => {
            assert_eq!(current.as_ref(), Some(reported));
        }
        Err(GenerateError::Unknown { .. }) => {}
    }
}

/// Checks the result and the number of POSTs, when the first POSTs meet these conducts. The token is read
/// between any two POSTs.
async fn check(conducts: &[Conduct], expected: &str, posts: usize) {
    for before in [true, false] {
        let service = Service::start().await;
        // The first new token is number 2 in both cases.
        service.state().generate();
        if !before {
            service.state().token = None;
        }
        for conduct in conducts {
            service.next("POST", conduct.clone());
        }
        let result = generate(&service).await;
        assert_eq!(summary(&result), expected, "{conducts:?} {result:?}");
        agrees(&service, &result);
        let log: Vec<String> = service
            .log()
            .into_iter()
            .filter(|request| request.ends_with("token"))
            .collect();
        let is_post = |request: &String| request == "POST token";
        let sent = log.iter().filter(|request| is_post(request)).count();
        assert_eq!(sent, posts, "{conducts:?}: {log:?}");
        let blind = log.windows(2).any(|pair| pair.iter().all(is_post));
        assert!(!blind, "{conducts:?}: {log:?}");
    }
}

#[tokio::test]
async fn the_secret_arrives_and_is_confirmed() {
    check(&[], "at-2 lost []", 1).await;
}

#[tokio::test]
async fn a_post_whose_answer_is_lost_is_followed_by_a_second_token() {
    for conduct in [
        Conduct::ActAndHangUp,
        Conduct::ActAndAnswer(500, ""),
        Conduct::ActAndAnswer(502, "<html>"),
        Conduct::ActAndAnswer(201, r#"{"data":{"id":"#),
        Conduct::ActAndAnswer(201, r#"{"data":null}"#),
        Conduct::ActAndAnswer(
            201,
            r#"{"data":{"id":"at-2","attributes":{"token":"planted"}}}"#,
        ),
        Conduct::ActAndAnswer(
            201,
            r#"{"data":{"id":"at-2","attributes":{"token":null,"created-at":"2026-01-01T00:00:02Z"}}}"#,
        ),
        Conduct::ActAndAnswer(204, ""),
        Conduct::ActAndAnswer(302, ""),
    ] {
        check(&[conduct], r#"at-3 lost ["at-2"]"#, 2).await;
    }
}

#[tokio::test]
async fn a_post_without_effect_is_sent_once_more() {
    for conduct in [
        Conduct::HangUp,
        Conduct::Answer(503, ""),
        Conduct::Answer(504, ""),
    ] {
        check(&[conduct], "at-2 lost []", 2).await;
    }
}

#[tokio::test]
async fn after_two_posts_without_an_answer_the_error_names_the_current_token() {
    use Conduct::*;
    // They may take effect later.
    check(&[HangUp, HangUp], "unknown", 2).await;
    check(&[HangUp, ActAndHangUp], "secret of at-2 lost", 2).await;
    check(&[ActAndHangUp, HangUp], "secret of at-2 lost", 2).await;
    check(&[ActAndHangUp, ActAndHangUp], "secret of at-3 lost", 2).await;
    check(&[ActAndHangUp, Answer(422, "")], "secret of at-2 lost", 2).await;
    check(&[HangUp, Answer(422, "")], "unknown", 2).await;
}

#[tokio::test]
async fn a_post_that_takes_effect_late_is_noticed() {
    let service = Service::start().await.with_token();
    service.next("POST", Conduct::ActAfter(2));
    let result = generate(&service).await;
    // The first POST took effect after the second, so the secret that arrived does not work.
    assert_eq!(summary(&result), "at-3 lost [] replaced by at-2");
    agrees(&service, &result);

    let service = Service::start().await.with_token();
    service.next("POST", Conduct::ActAfter(1));
    service.next("POST", Conduct::Answer(422, ""));
    let result = generate(&service).await;
    assert_eq!(summary(&result), "secret of at-2 lost");
    agrees(&service, &result);
}

#[tokio::test]
async fn a_post_that_times_out_is_followed_by_a_second_token() {
    let service = Service::start().await.with_token();
    let client = service.client_with(short_timeouts()).await;
    let before = client
        .audit_trail_tokens()
        .read(ORGANIZATION)
        .await
        .unwrap();
    service.next("POST", Conduct::ActAndDoNotAnswer);
    let result = client
        .audit_trail_tokens()
        .generate(ORGANIZATION, None, before.as_ref())
        .await;
    assert_eq!(summary(&result), r#"at-3 lost ["at-2"]"#);
    agrees(&service, &result);
}

#[tokio::test]
async fn a_refused_post_changes_nothing_and_is_not_repeated() {
    for status in [400, 401, 403, 404, 409, 415, 422] {
        check(&[Conduct::Answer(status, "")], "nothing changed", 1).await;
    }
}

#[tokio::test]
async fn a_post_is_sent_again_after_a_rate_limit() {
    let limit = Conduct::AnswerWith(429, "X-RateLimit-Reset", "0.001");
    check(&[limit], "at-2 lost []", 2).await;
}

#[tokio::test]
async fn a_token_that_another_caller_generated_during_a_rate_limit_is_not_replaced() {
    for before in [true, false] {
        let service = Service::start().await;
        if before {
            service.state().generate();
        }
        service.next("POST", Conduct::AnswerWhile(429, Some(7)));
        let result = generate(&service).await;
        assert_eq!(summary(&result), "nothing changed");
        let error = result.unwrap_err();
        assert!(error.cause().is_overtaken(), "{error:?}");
        let words = error.cause().to_string();
        assert!(words.contains("has another token by now"), "{words}");
        assert!(words.contains("nothing was changed"), "{words}");
        assert_eq!(service.state().token, Some(7));
    }
}

#[tokio::test]
async fn a_token_that_was_deleted_during_a_rate_limit_does_not_prevent_the_next() {
    let service = Service::start().await.with_token();
    service.next("POST", Conduct::AnswerWhile(429, None));
    let result = generate(&service).await;
    assert_eq!(summary(&result), "at-2 lost []");
    agrees(&service, &result);
}

#[tokio::test]
async fn a_rate_limit_that_does_not_end_changes_nothing() {
    let service = Service::start().await.with_token();
    for _ in 0..20 {
        service.next("POST", Conduct::Answer(429, ""));
    }
    let result = generate(&service).await;
    assert_eq!(summary(&result), "nothing changed");
    assert!(result.unwrap_err().cause().is_rate_limited());
    let log = service.log();
    let posts = log.iter().filter(|request| *request == "POST token");
    assert_eq!(posts.count(), 10);
}

#[tokio::test]
async fn after_an_unclear_post_and_a_rate_limit_the_token_is_read_again() {
    use Conduct::*;
    check(&[HangUp, Answer(429, "")], "at-2 lost []", 3).await;
    // The unclear POST may have taken effect late, so this token counts as lost.
    let late = [HangUp, AnswerWhile(429, Some(9))];
    check(&late, r#"at-2 lost ["at-9"]"#, 3).await;
    // The lost token is known, so this is another caller's.
    let theirs = [ActAndHangUp, AnswerWhile(429, Some(9))];
    check(&theirs, "unknown", 2).await;
}

#[tokio::test]
async fn a_post_to_a_service_that_cannot_be_reached_changes_nothing() {
    let closed = ClosedPort::bind();
    let environment = environment_of(&format!("http://{}/", closed.address()))
        .variable("TFE_AUDIT_TRAILS_ASSUME_SUPPORTED", HOSTNAME);
    let settings = resolve(arguments(), &environment).await.unwrap();
    let client = Client::new(settings, timing(), "1.2.3");
    let result = client
        .audit_trail_tokens()
        .generate(ORGANIZATION, None, None)
        .await;
    assert_eq!(summary(&result), "nothing changed");
    assert!(result.unwrap_err().cause().is_connect());
}

#[tokio::test]
async fn another_callers_token_is_reported() {
    let service = Service::start().await.with_token();
    service.state().rival = true;
    let result = generate(&service).await;
    assert_eq!(summary(&result), "at-2 lost [] replaced by at-3");
    agrees(&service, &result);
}

#[tokio::test]
async fn a_failed_confirmation_does_not_cost_the_secret() {
    for conduct in [
        Conduct::Answer(401, ""),
        Conduct::Answer(200, r#"{"data":null}"#),
        Conduct::Answer(404, ""),
        // A copy that is not up to date has the token from before.
        Conduct::Answer(
            200,
            r#"{"data":{"id":"at-1","attributes":{"created-at":"2026-01-01T00:00:01Z"}}}"#,
        ),
    ] {
        let service = Service::start().await.with_token();
        let client = service.client().await;
        let tokens = client.audit_trail_tokens();
        let before = tokens.read(ORGANIZATION).await.unwrap();
        service.next("GET", conduct.clone());
        let result = tokens.generate(ORGANIZATION, None, before.as_ref()).await;
        assert_eq!(summary(&result), "at-2 lost [] unconfirmed", "{conduct:?}");
        assert_eq!(result.unwrap().secret.expose(), secret(2));
    }
}

#[tokio::test]
async fn when_the_token_cannot_be_read_the_outcome_is_unknown() {
    let service = Service::start().await.with_token();
    let client = service.client().await;
    let tokens = client.audit_trail_tokens();
    let before = tokens.read(ORGANIZATION).await.unwrap();
    service.next("POST", Conduct::ActAndHangUp);
    service.next("GET", Conduct::Answer(401, ""));
    let error = tokens
        .generate(ORGANIZATION, None, before.as_ref())
        .await
        .unwrap_err();
    assert!(matches!(error, GenerateError::Unknown { .. }), "{error:?}");
    assert!(
        error.cause().to_string().contains("401"),
        "{}",
        error.cause()
    );
    // No second token was generated.
    assert_eq!(service.state().generated, 2);
}

#[tokio::test]
async fn a_404_has_a_reason() {
    let explained = async |organization_says, entitlements_say| {
        let service = Service::start().await.with_token();
        let client = service.client().await;
        let tokens = client.audit_trail_tokens();
        let before = tokens.read(ORGANIZATION).await.unwrap();
        service.state().organization = organization_says;
        service.state().entitlements = entitlements_say;
        service.next("POST", Conduct::Answer(404, ""));
        match tokens
            .generate(ORGANIZATION, None, before.as_ref())
            .await
            .unwrap_err()
        {
            GenerateError::NothingChanged(error) => error,
            other => panic!("{other:?}"),
        }
    };
    let may = || {
        (
            200,
            organization(serde_json::json!({"can-update-api-token": true})),
        )
    };
    let may_not = || {
        (
            200,
            organization(serde_json::json!({"can-update-api-token": false})),
        )
    };
    let entitled = || (200, entitlements(serde_json::json!(true)));
    let not_entitled = || (200, entitlements(serde_json::json!(false)));
    let none = || (404, serde_json::json!({}));
    assert!(
        explained(none(), none())
            .await
            .is_organization_not_visible()
    );
    assert!(
        explained(may_not(), not_entitled())
            .await
            .is_no_permission()
    );
    assert!(explained(may(), not_entitled()).await.is_no_entitlement());
    let unexplained = explained(may(), entitled()).await;
    assert!(unexplained.is_not_found() && !unexplained.is_no_entitlement());
}

#[tokio::test]
async fn the_organization_token_of_other_services_is_never_replaced() {
    for headers in [
        vec![],
        vec![("TFP-AppName", "Terraform Enterprise")],
        vec![
            ("TFP-AppName", "HCP Terraform"),
            ("X-TFE-Version", "v202501-1"),
        ],
    ] {
        let service = Service::start().await.with_token();
        service.state().headers = headers.clone();
        let client = service.client().await;
        let tokens = client.audit_trail_tokens();
        let error = tokens
            .generate(ORGANIZATION, None, Some(&token(1)))
            .await
            .unwrap_err();
        assert!(
            error.cause().is_unsupported_service(),
            "{headers:?} {error:?}"
        );
        assert!(matches!(error, GenerateError::NothingChanged(_)));
        assert_eq!(service.log(), ["GET token"]);
    }
}

#[tokio::test]
async fn the_request_is_what_the_api_documents() {
    let service = Service::start().await;
    let client = service.client().await;
    let expired_at = "2030-01-01T02:00:00.5+02:00".parse().unwrap();
    let generated = client
        .audit_trail_tokens()
        .generate(ORGANIZATION, Some(expired_at), None)
        .await
        .unwrap();
    assert_eq!(generated.token.expired_at, Some(expired_at));
    let request = service
        .state()
        .requests
        .iter()
        .find(|request| request.method == "POST")
        .unwrap()
        .clone();
    assert_eq!(
        request.body,
        r#"{"data":{"attributes":{"expired-at":"2030-01-01T00:00:00.500Z"},"type":"authentication-token"}}"#
    );
    assert_eq!(
        request.headers["content-length"],
        request.body.len().to_string()
    );
    assert_eq!(request.headers.get("transfer-encoding"), None);
}

#[tokio::test]
async fn a_post_whose_future_is_dropped_is_finished() {
    let service = Service::start().await.with_token();
    let client = service.client().await;
    let before = client
        .audit_trail_tokens()
        .read(ORGANIZATION)
        .await
        .unwrap();
    {
        let tokens = client.audit_trail_tokens();
        let generate = tokens.generate(ORGANIZATION, None, before.as_ref());
        tokio::pin!(generate);
        // Polled once, the POST is sent; then the future is dropped.
        assert!(poll_once(generate.as_mut()).await.is_none());
    }
    service.requests(2).await;
    assert_eq!(service.state().token, Some(2));
}

/// Polls a future once.
async fn poll_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
    std::future::poll_fn(|cx| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut future).poll(cx) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}
