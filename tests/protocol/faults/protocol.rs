//! [`Protocol`]: how the provider and the service talk.

use std::sync::OnceLock;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use terraform_provider_tfe::client::Environment;
use tfe_simulator::Simulator;

use crate::audit_trail_token::setup::{ORGANIZATION, OWNER, Setup};

/// How the provider and the service talk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Protocol {
    /// HTTP/1.1 without TLS.
    #[default]
    Http1,
    /// HTTP/2 with TLS.
    Http2,
}

/// The certificate of the service, in PEM, and its key.
struct Identity {
    certificate: CertificateDer<'static>,
    pem: String,
    key: Vec<u8>,
}

fn pem(certificate: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

fn identity() -> &'static Identity {
    static IDENTITY: OnceLock<Identity> = OnceLock::new();
    IDENTITY.get_or_init(|| {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        Identity {
            certificate: made.cert.der().clone(),
            pem: pem(made.cert.der()),
            key: made.signing_key.serialize_der(),
        }
    })
}

impl Protocol {
    /// Returns a setup whose provider and simulator speak it.
    pub(super) async fn setup(
        self,
        change: impl FnOnce(Environment) -> Environment,
        timeout: Option<Duration>,
    ) -> Setup {
        match self {
            Protocol::Http1 => Setup::with_timeout(change, timeout).await,
            Protocol::Http2 => over_http2(change, timeout).await,
        }
    }
}

async fn over_http2(
    change: impl FnOnce(Environment) -> Environment,
    timeout: Option<Duration>,
) -> Setup {
    let identity = identity();
    let key = PrivatePkcs8KeyDer::from(identity.key.clone());
    let simulator = Simulator::builder()
        .tls(vec![identity.certificate.clone()], key.into())
        .start()
        .await
        .unwrap();
    simulator.add_organization(ORGANIZATION);
    let trusting = |environment: Environment| {
        change(environment)
            .variable("SSL_CERT_FILE", "/service.pem")
            .file("/service.pem", identity.pem.as_bytes())
    };
    Setup::at(simulator, OWNER, trusting, timeout).await
}
