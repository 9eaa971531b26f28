//! Hosts that accept connections and never answer: how long the client waits, with a paused clock.

use std::net::SocketAddr;
use std::time::Duration;

use terraform_provider_tfe::client::{
    Arguments, Client, Environment, Error, Secret, Timing, resolve,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::connecting;
use crate::service::{Conduct, ORGANIZATION, Service, arguments, environment_of};

/// The longest wait for a host that has never answered.
const LIMIT: Duration = Duration::from_secs(20);

/// Binds a socket that the kernel accepts connections for, and that nobody reads from.
async fn silent() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// Returns a client of this host with the timing that ships.
async fn client_of(host: &TcpListener) -> Client {
    let arguments = Arguments {
        hostname: Some(host.local_addr().unwrap().to_string()),
        token: Some(Secret::new("callers-token".to_owned())),
        ..Arguments::default()
    };
    let settings = resolve(arguments, &Environment::in_memory()).await;
    Client::new(settings.unwrap(), Timing::default(), "1.2.3")
}

async fn read(client: &Client) -> Result<(), Error> {
    client.organizations().read(ORGANIZATION).await.map(drop)
}

/// Checks how many seconds have passed.
#[track_caller]
fn check(start: Instant, least: u64, most: u64) {
    let seconds = start.elapsed().as_secs_f64();
    let expected = least as f64 - 0.1..=most as f64 + 0.1;
    assert!(expected.contains(&seconds), "{seconds} seconds");
}

/// One object waited 58 seconds, and four waited 234, one after the other.
#[tokio::test(start_paused = true)]
async fn a_silent_host_fails_once_for_everybody_who_waits() {
    let host = silent().await;
    let client = client_of(&host).await;
    let start = Instant::now();
    let results = tokio::join!(read(&client), read(&client), read(&client), read(&client));
    check(start, 15, LIMIT.as_secs());
    let errors = [results.0, results.1, results.2, results.3].map(Result::unwrap_err);
    let address = host.local_addr().unwrap().to_string();
    for error in &errors {
        assert_eq!(error.to_string(), errors[0].to_string());
        assert!(error.to_string().contains(&address), "{error}");
        assert!(error.is_timeout() || error.is_connect(), "{error}");
    }
    // Terraform reads ten objects at a time. The next ten do not wait as long again.
    let start = Instant::now();
    read(&client).await.unwrap_err();
    check(start, 0, 0);
}

/// A plan's read gives up after ten seconds, and the next object began to wait as long as the first.
#[tokio::test(start_paused = true)]
async fn the_wait_goes_on_when_its_first_caller_has_given_up() {
    let host = silent().await;
    let client = client_of(&host).await;
    let start = Instant::now();
    for _ in 0..2 {
        let read = tokio::time::timeout(Duration::from_secs(9), read(&client)).await;
        read.unwrap_err();
    }
    let error = read(&client).await.unwrap_err();
    check(start, 18, LIMIT.as_secs());
    assert!(error.is_unreachable(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_host_is_tried_again_later() {
    let host = silent().await;
    let client = client_of(&host).await;
    read(&client).await.unwrap_err();
    tokio::time::sleep(2 * LIMIT).await;
    let start = Instant::now();
    read(&client).await.unwrap_err();
    check(start, 15, LIMIT.as_secs());
}

/// The `host` block of a CLI configuration names the API, so that there is no discovery.
#[tokio::test(start_paused = true)]
async fn an_api_that_has_never_answered_fails_as_soon() {
    let api = silent().await;
    let address = api.local_addr().unwrap();
    let environment = environment_of(&format!("http://{address}/api/v2"));
    let settings = resolve(arguments(), &environment).await.unwrap();
    let client = Client::new(settings, Timing::default(), "1.2.3");
    let start = Instant::now();
    let (first, second) = tokio::join!(read(&client), read(&client));
    check(start, 15, LIMIT.as_secs());
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert!(error.is_timeout() && error.is_unreachable(), "{error}");
        assert!(error.to_string().contains(&address.to_string()), "{error}");
    }
    // The next objects do not wait as long again, and each error names its own request.
    let start = Instant::now();
    let error = client.organizations().read("another").await.unwrap_err();
    check(start, 0, 0);
    assert!(error.request().ends_with("/another"), "{error}");
    tokio::time::sleep(2 * LIMIT).await;
    let start = Instant::now();
    read(&client).await.unwrap_err();
    check(start, 15, LIMIT.as_secs());
}

/// A later object waits for the same verdict, also if those before it have given up.
#[tokio::test(start_paused = true)]
async fn an_api_that_has_never_answered_has_one_deadline() {
    let api = silent().await;
    let environment = environment_of(&format!("http://{}/api/v2", api.local_addr().unwrap()));
    let settings = resolve(arguments(), &environment).await.unwrap();
    let client = Client::new(settings, Timing::default(), "1.2.3");
    let start = Instant::now();
    let early = tokio::time::timeout(Duration::from_secs(10), read(&client));
    early.await.unwrap_err();
    read(&client).await.unwrap_err();
    check(start, 18, LIMIT.as_secs());
}

/// Returns an API that sends the head of an answer, and then a byte a second.
async fn slow() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _request = stream.read(&mut [0; 4096]).await;
                let mut next: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{";
                while stream.write_all(next).await.is_ok() {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    next = b" ";
                }
            });
        }
    });
    address
}

/// It took two and a half minutes.
#[tokio::test(start_paused = true)]
async fn an_answer_that_never_ends_is_none() {
    let environment = environment_of(&format!("http://{}/api/v2", slow().await));
    let settings = resolve(arguments(), &environment).await.unwrap();
    let client = Client::new(settings, Timing::default(), "1.2.3");
    let start = Instant::now();
    let error = read(&client).await.unwrap_err();
    check(start, 15, LIMIT.as_secs());
    assert!(error.is_unreachable(), "{error}");
}

/// The document is often served by another machine than the API.
#[tokio::test(start_paused = true)]
async fn an_api_that_is_silent_behind_discovery_fails_as_soon() {
    let (service, pem) = connecting::start().await;
    let arguments = Arguments {
        hostname: Some(service.address().to_string()),
        ..arguments()
    };
    let settings = resolve(arguments, &connecting::trusting(&pem)).await;
    let client = Client::new(settings.unwrap(), Timing::default(), "1.2.3");
    service.next("GET", Conduct::DoNotAnswer);
    let start = Instant::now();
    let error = client.audit_trail_tokens().read(ORGANIZATION).await;
    let error = error.unwrap_err();
    check(start, 15, LIMIT.as_secs());
    assert!(error.is_unreachable(), "{error}");
}

/// `operation timed out` was the whole message.
#[tokio::test(start_paused = true)]
async fn the_error_says_how_long_the_client_has_waited() {
    let host = silent().await;
    let error = read(&client_of(&host).await).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("no answer arrived within 15 seconds"),
        "{error}"
    );
    let service = Service::start().await.with_token();
    let timing = Timing {
        attempts: 1,
        ..Timing::default()
    };
    let client = service.client_with(timing).await;
    let tokens = client.audit_trail_tokens();
    tokens.read(ORGANIZATION).await.unwrap();
    service.next("GET", Conduct::DoNotAnswer);
    let error = tokens.read(ORGANIZATION).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("no answer arrived within 30 seconds"),
        "{error}"
    );
    assert_eq!(error.reasons(), [""; 0]);
}

/// A service that has answered before is waited for: it may be slow, and a change may depend on it.
#[tokio::test(start_paused = true)]
async fn an_api_that_has_answered_is_waited_for() {
    let service = Service::start().await.with_token();
    let client = service.client_with(Timing::default()).await;
    let tokens = client.audit_trail_tokens();
    tokens.read(ORGANIZATION).await.unwrap();
    service.next("GET", Conduct::DoNotAnswer);
    let start = Instant::now();
    tokens.read(ORGANIZATION).await.unwrap();
    check(start, 30, 31);
}

/// The one who discovers stops, and another who waits for it does not.
#[tokio::test(start_paused = true)]
async fn a_stop_request_ends_the_wait_of_its_own_caller_only() {
    let host = silent().await;
    let client = client_of(&host).await;
    let (first, second) = (CancellationToken::new(), CancellationToken::new());
    let start = Instant::now();
    let stoppable = [&first, &second].map(|stop| client.stopping_with(stop.clone()));
    let stopping = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        second.cancel();
        tokio::time::sleep(Duration::from_secs(3)).await;
        first.cancel();
    };
    let waiting = async {
        let result = read(&stoppable[1]).await;
        check(start, 3, 3);
        result
    };
    let stopped = async {
        let result = read(&stoppable[0]).await;
        check(start, 6, 6);
        result
    };
    let (first, second, third, ()) = tokio::join!(stopped, waiting, read(&client), stopping);
    assert!(first.unwrap_err().is_stopped() && second.unwrap_err().is_stopped());
    assert!(!third.unwrap_err().is_stopped());
    check(start, 15, LIMIT.as_secs());
}
