//! Logs contain no secret, at any level, of this crate or its dependencies.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

use terraform_provider_tfe::client::resolve;

use crate::service::{
    Conduct, ORGANIZATION, Service, TOKEN, arguments, environment_of, secret, token,
};

/// Everything that is logged, as text.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl<S: Subscriber> Layer<S> for Everything {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        event.record(&mut Text(&mut self.0.lock().unwrap()));
    }

    fn on_new_span(
        &self,
        attributes: &tracing::span::Attributes<'_>,
        _id: &tracing::span::Id,
        _context: Context<'_, S>,
    ) {
        attributes.record(&mut Text(&mut self.0.lock().unwrap()));
    }
}

impl Everything {
    /// Logs what this thread does, until the guards are dropped.
    fn listen(&self) -> (tracing::Dispatch, tracing::subscriber::DefaultGuard) {
        // With a single dispatcher, tracing asks only the current thread's whether an event is wanted, and remembers
        // the answer: a test on another thread, which has none, would switch the event off for this one.
        let second = tracing::Dispatch::new(Registry::default());
        let subscriber = Registry::default().with(self.clone());
        (second, tracing::subscriber::set_default(subscriber))
    }
}

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!("{field}={value:?}\n"));
    }
}

#[tokio::test]
async fn logs_have_every_retry_and_no_secret() {
    let log = Everything::default();
    let _guards = log.listen();

    let service = Service::start().await.with_token();
    let client = service.client().await;
    let tokens = client.audit_trail_tokens();
    service.next("GET", Conduct::Answer(502, ""));
    let before = tokens.read(ORGANIZATION).await.unwrap();
    service.next("POST", Conduct::AnswerWith(429, "X-RateLimit-Reset", "0"));
    service.next("POST", Conduct::ActAndHangUp);
    let generated = tokens
        .generate(ORGANIZATION, None, before.as_ref())
        .await
        .unwrap();
    client
        .audit_trails(&generated.secret)
        .probe()
        .await
        .unwrap();
    let last = token(3);
    tokens
        .delete(ORGANIZATION, &last.id, last.created_at)
        .await
        .unwrap();

    let text = format!("{} {generated:?} {client:?}", log.0.lock().unwrap());
    assert_eq!(
        text.matches("a request failed and will be sent again")
            .count(),
        2,
        "{text}"
    );
    assert!(text.contains("a POST had no clear answer"), "{text}");
    for planted in [TOKEN.to_owned(), secret(1), secret(2), secret(3)] {
        assert!(!text.contains(&planted), "{planted} in {text}");
    }
}

/// The token exists, and nobody has its secret.
#[tokio::test]
async fn a_token_whose_caller_stops_waiting_while_it_is_confirmed_is_logged() {
    let log = Everything::default();
    let _guards = log.listen();

    let service = Service::start().await.with_token();
    let client = service.client().await;
    let tokens = client.audit_trail_tokens();
    let before = tokens.read(ORGANIZATION).await.unwrap();
    service.next("GET", Conduct::DoNotAnswer);
    tokio::select! {
        _ = tokens.generate(ORGANIZATION, None, before.as_ref()) => panic!("it waits"),
        () = service.requests(3) => {}
    }
    let text = log.0.lock().unwrap().clone();
    assert!(
        text.contains("a token was generated, but the caller no longer waits"),
        "{text}"
    );
    assert!(
        text.contains("at-2") && text.contains(ORGANIZATION),
        "{text}"
    );
    assert!(!text.contains(&secret(2)), "{text}");
}

/// A URL of a `host` block and an argument of a helper may be credentials.
#[tokio::test]
async fn debug_of_settings_shows_no_url_and_no_argument() {
    let environment = environment_of("https://user:planted@127.0.0.1/api/v2");
    let settings = resolve(arguments(), &environment).await.unwrap();
    let shown = format!("{settings:?}");
    assert!(
        shown.contains("tfe.v2.2") && !shown.contains("planted"),
        "{shown}"
    );
}
