//! What surrounds the API: discovery, headers, the rate limit, TLS, the clock, and records of requests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeZone, Utc};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use serde_json::json;
use tfe_simulator::{ServiceKind, Simulator};
use tokio::net::TcpStream;

use crate::http::{
    MAIN_TOKEN, ORGANIZATION, OWNER, TRAIL, TRAIL_TOKEN, get, populate, post, simulator,
};

const DISCOVERY: &str = "/.well-known/terraform.json";
const PING: &str = "/api/v2/ping";

#[tokio::test]
async fn discovery_names_the_path_of_the_api() {
    let simulator = simulator().await;
    let found = get(&simulator, DISCOVERY).anonymous().send().await;
    assert_eq!(found.header("content-type"), Some("application/json"));
    let path = "/api/v2/";
    let expected = json!({ "tfe.v2": path, "tfe.v2.1": path, "tfe.v2.2": path });
    assert_eq!(found.json(), expected);
    assert_eq!(simulator.api_url(), format!("{}/api/v2/", simulator.url()));
}

#[tokio::test]
async fn headers_name_the_service() {
    for (kind, name, version, limit) in [
        (
            ServiceKind::HcpTerraform,
            Some("HCP Terraform"),
            None,
            Some("30"),
        ),
        (
            ServiceKind::TerraformEnterprise,
            Some("Terraform Enterprise"),
            Some("v202507-1"),
            None,
        ),
        (ServiceKind::Imitation, None, None, None),
    ] {
        let simulator = Simulator::builder().kind(kind).start().await.unwrap();
        populate(&simulator);
        for target in [PING, TRAIL_TOKEN, "/api/v2/unheard-of"] {
            let answer = get(&simulator, target).send().await;
            assert_eq!(answer.header("tfp-appname"), name, "{kind:?} {target}");
            assert_eq!(answer.header("x-tfe-version"), version, "{kind:?} {target}");
            assert_eq!(
                answer.header("x-ratelimit-limit"),
                limit,
                "{kind:?} {target}"
            );
            assert!(answer.header("tfp-api-version").is_some());
        }
    }
}

#[tokio::test]
async fn only_hcp_terraform_has_an_audit_trail() {
    let builder = Simulator::builder().kind(ServiceKind::TerraformEnterprise);
    let simulator = builder.start().await.unwrap();
    simulator.add_organization(ORGANIZATION);
    let token = simulator.regenerate_organization_token(ORGANIZATION);
    let trail = get(&simulator, TRAIL)
        .secret(token.secret.expose())
        .send()
        .await;
    assert_eq!(trail.status, 404);
}

#[tokio::test(start_paused = true)]
async fn requests_over_the_limit_get_a_429_until_the_window_ends() {
    let simulator = simulator().await;
    simulator.configure(|settings| settings.rate_limit = Some(2));
    let remaining = async || {
        let answer = get(&simulator, PING).send().await;
        let remaining = answer.header("x-ratelimit-remaining").map(str::to_owned);
        (answer.status, remaining.unwrap())
    };
    assert_eq!(remaining().await, (204, "1".to_owned()));
    assert_eq!(remaining().await, (204, "0".to_owned()));
    let refused = post(&simulator, TRAIL_TOKEN).send().await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.at("/errors/0/status"), json!(429));
    assert_eq!(refused.header("x-ratelimit-reset"), Some("1.000"));
    assert!(simulator.audit_trail_token(ORGANIZATION).is_none());

    tokio::time::sleep(Duration::from_millis(600)).await;
    let refused = get(&simulator, PING).send().await;
    assert_eq!(refused.header("x-ratelimit-reset"), Some("0.400"));
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(remaining().await, (204, "1".to_owned()));
    assert_eq!(remaining().await, (204, "0".to_owned()));
    simulator.advance(Duration::from_secs(1));
    assert_eq!(remaining().await, (204, "1".to_owned()));
}

/// The server runs on the test's runtime. Were it on another thread, the paused clock would advance while the runtime
/// waits for it.
#[tokio::test(start_paused = true)]
async fn a_request_takes_no_time_under_a_paused_clock() {
    let simulator = simulator().await;
    let start = tokio::time::Instant::now();
    for _ in 0..200 {
        let request = get(&simulator, PING).send();
        let answer = tokio::time::timeout(Duration::from_secs(30), request).await;
        assert_eq!(answer.unwrap().status, 204);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_clock_stands_still_unless_it_ticks() {
    let noon = Utc.with_ymd_and_hms(2026, 6, 1, 12, 0, 0).unwrap();
    let standing = Simulator::builder().clock(noon).start().await.unwrap();
    let ticking = Simulator::builder().clock(noon).ticking();
    let ticking = ticking.start().await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(standing.now(), noon);
    assert_eq!(ticking.now(), noon + chrono::TimeDelta::minutes(1));
    ticking.advance(Duration::from_secs(60));
    assert_eq!(ticking.now(), noon + chrono::TimeDelta::minutes(2));
    ticking.set_clock(noon);
    assert_eq!(ticking.now(), noon);
}

#[tokio::test]
async fn requests_are_recorded_without_their_secrets() {
    let simulator = simulator().await;
    let token = simulator.regenerate_elsewhere(ORGANIZATION);
    let leaky = format!("{TRAIL_TOKEN}&leak={}", token.secret.expose());
    post(&simulator, &leaky)
        .body(format!("{{\"leak\":\"{OWNER}\"}}"))
        .send()
        .await;
    let requests = simulator.requests();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!(request.method, "POST");
    assert_eq!(
        request.path,
        format!("{TRAIL_TOKEN}&leak=(sensitive value)")
    );
    assert_eq!(request.header("Authorization"), Some("(sensitive value)"));
    assert_eq!(
        request.header("content-type"),
        Some("application/vnd.api+json")
    );
    assert_eq!(request.body, r#"{"leak":"(sensitive value)"}"#);
    assert_eq!(request.status, Some(422));
    let printed = format!("{requests:?} {simulator:?} {token:?}");
    for secret in [OWNER, token.secret.expose()] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert_eq!(simulator.connections(), 1);
    simulator.clear_requests();
    assert!(simulator.requests().is_empty());
}

#[tokio::test]
async fn the_observer_gets_each_request() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let writer = Arc::clone(&seen);
    let builder = Simulator::builder();
    let simulator = builder
        .on_request(move |request| writer.lock().unwrap().push(request.summary()))
        .start()
        .await
        .unwrap();
    get(&simulator, PING).send().await;
    get(&simulator, MAIN_TOKEN).send().await;
    let expected = ["GET /api/v2/ping 204", &format!("GET {MAIN_TOKEN} 401")];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn https_has_the_given_certificate() {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let builder = Simulator::builder().tls(vec![cert.der().clone()], key);
    let simulator = builder.start().await.unwrap();
    assert!(simulator.url().starts_with("https://127.0.0.1:"));

    let mut roots = rustls::RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(simulator.address()).await.unwrap();
    let stream = tokio_rustls::TlsConnector::from(Arc::new(config))
        .connect(ServerName::try_from("localhost").unwrap(), stream)
        .await
        .unwrap();
    let answer = get(&simulator, PING).over(stream).await.unwrap();
    assert_eq!(answer.status, 204);
}

#[tokio::test]
async fn the_server_stops_with_its_last_handle() {
    let simulator = simulator().await;
    let address = simulator.address();
    let other = simulator.clone();
    drop(simulator);
    assert_eq!(get(&other, PING).send().await.status, 204);
    drop(other);
    // The runtime closes the socket after some turns.
    let mut turns = 0;
    while TcpStream::connect(address).await.is_ok() {
        turns += 1;
        assert!(turns < 1000, "it still listens");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn there_is_no_control_interface_by_default() {
    let simulator = simulator().await;
    let answer = get(&simulator, "/_simulator/requests").send().await;
    assert_eq!(answer.status, 404);
}
