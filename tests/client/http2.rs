//! HTTP/2, which HCP Terraform speaks: a stream that is reset, and a connection that says GOAWAY.
//!
//! hyper repeats a request by itself if it was not sent, and reqwest one that the server refused
//! (REFUSED_STREAM, GOAWAY), unless it is told not to. A POST is never repeated before its effect is
//! known, also where the protocol says that it had none.

use terraform_provider_tfe::client::{Arguments, Client, Deleted, Environment, Secret, resolve};
use tfe_simulator::{Fault, Method, Reset, Simulator, Version};

use crate::connecting::trusting;
use crate::service::{ORGANIZATION, TOKEN, timing};

/// Every way in which HTTP/2 ends a request without an answer.
const FAULTS: [(&str, Change); 5] = [
    ("REFUSED_STREAM", |fault| fault.reset(Reset::Refused)),
    ("CANCEL", |fault| fault.reset(Reset::Cancelled)),
    ("INTERNAL_ERROR", |fault| fault.reset(Reset::InternalError)),
    ("GOAWAY", Fault::go_away),
    ("a cut connection", Fault::cut),
];

type Change = fn(Fault) -> Fault;

struct Host {
    simulator: Simulator,
    environment: Environment,
}

impl Host {
    async fn start() -> Host {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let simulator = Simulator::builder()
            .tls(vec![made.cert.der().clone()], key.into())
            .start()
            .await
            .unwrap();
        simulator.add_organization(ORGANIZATION);
        simulator.add_owner_token(TOKEN);
        simulator.regenerate_elsewhere(ORGANIZATION);
        Host {
            simulator,
            environment: trusting(&crate::pki::pem(made.cert.der())),
        }
    }

    async fn client(&self) -> Client {
        let arguments = Arguments {
            hostname: Some(self.simulator.address().to_string()),
            token: Some(Secret::new(TOKEN.to_owned())),
            ..Arguments::default()
        };
        let settings = resolve(arguments, &self.environment).await.unwrap();
        Client::new(settings, timing(), "1.2.3")
    }

    /// Returns the methods of the requests to the token endpoint since the last call. All were HTTP/2.
    #[track_caller]
    fn requests(&self) -> Vec<String> {
        let requests = self.simulator.requests();
        for request in &requests {
            assert_eq!(request.version, Version::HTTP_2, "{}", request.summary());
        }
        requests
            .into_iter()
            .filter(|request| request.path.contains("authentication-token"))
            .map(|request| request.method)
            .collect()
    }
}

fn on(method: Method) -> Fault {
    Fault::on(method, "authentication-token")
}

/// Generates while POSTs meet this fault. Checks that the secret is the live one and that no POST follows
/// another. Returns how many POSTs there were.
async fn generate(name: &str, fault: Fault) -> usize {
    let host = Host::start().await;
    let client = host.client().await;
    let tokens = client.audit_trail_tokens();
    let before = tokens.read(ORGANIZATION).await.unwrap();
    host.simulator.inject(fault);
    let generated = tokens.generate(ORGANIZATION, None, before.as_ref()).await;
    let generated = generated.unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let live = host.simulator.audit_trail_token(ORGANIZATION).unwrap();
    assert_eq!(generated.secret.expose(), live.secret.expose(), "{name}");
    assert_eq!(generated.token.id, live.id, "{name}");
    let requests = host.requests();
    let blind = requests
        .windows(2)
        .any(|pair| pair.iter().all(|method| method == "POST"));
    assert!(!blind, "{name}: {requests:?}");
    requests.iter().filter(|method| *method == "POST").count()
}

#[tokio::test]
async fn the_client_and_the_simulator_speak_http_2() {
    assert_eq!(generate("no fault", on(Method::PUT).cut()).await, 1);
}

#[tokio::test]
async fn a_post_without_an_answer_is_sent_again_only_after_a_look() {
    for (name, fault) in FAULTS {
        assert_eq!(generate(name, fault(on(Method::POST))).await, 2, "{name}");
        // Also where the server should not have executed it.
        let name = format!("{name} after the change");
        let fault = fault(on(Method::POST).after_change());
        assert_eq!(generate(&name, fault).await, 2, "{name}");
    }
}

#[tokio::test]
async fn a_get_without_an_answer_is_retried() {
    for (name, fault) in FAULTS {
        let host = Host::start().await;
        let client = host.client().await;
        host.simulator.inject(fault(on(Method::GET)).times(2));
        let token = client.audit_trail_tokens().read(ORGANIZATION).await;
        let live = host.simulator.audit_trail_token(ORGANIZATION).unwrap();
        assert_eq!(token.unwrap().unwrap().id, live.id, "{name}");
        assert_eq!(host.requests(), ["GET"; 3], "{name}");
    }
}

#[tokio::test]
async fn a_delete_without_an_answer_is_sent_again_only_after_a_look() {
    for (name, fault) in FAULTS {
        for (fault, gone) in [
            (fault(on(Method::DELETE)), false),
            (fault(on(Method::DELETE).after_change()), true),
        ] {
            let host = Host::start().await;
            let client = host.client().await;
            let tokens = client.audit_trail_tokens();
            let token = tokens.read(ORGANIZATION).await.unwrap().unwrap();
            host.simulator.inject(fault);
            let deleted = tokens
                .delete(ORGANIZATION, &token.id, token.created_at)
                .await;
            assert!(
                matches!(deleted, Ok(Deleted::Gone | Deleted::AlreadyGone)),
                "{name}, {gone}: {deleted:?}"
            );
            assert!(host.simulator.audit_trail_token(ORGANIZATION).is_none());
            let requests = host.requests();
            let blind = requests
                .windows(2)
                .any(|pair| pair.iter().all(|method| method == "DELETE"));
            assert!(!blind, "{name}: {requests:?}");
        }
    }
}
