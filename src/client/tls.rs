//! Which servers are trusted, by Go's rules, so that what works for Terraform works here.
//!
//! The configuration is built at the first call, which reads the files of root certificates. They are
//! parsed when a server sends its certificate: that costs more than the rest of a plan. The cryptography
//! provider is always named, because otherwise a process-wide default would be used.
//!
//! Not in it: client certificates, and certificate revocation lists, which Go does not read either.

mod anchors;
mod certificate;
mod refusal;
mod roots;
mod sources;
mod verifier;

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs::default_provider;

pub(crate) use self::refusal::explain;
use self::roots::Roots;
use self::verifier::{Trust, Verifier};
use super::environment::Environment;

/// Returns the TLS configuration of the client: TLS 1.2 or newer, with HTTP/2 in ALPN.
pub(crate) async fn client_config(
    skip_verify: bool,
    environment: &Environment,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(default_provider());
    let trust = if skip_verify {
        Trust::Any
    } else {
        Trust::Roots(Box::new(Roots::read(environment).await))
    };
    let verifier = Verifier {
        trust,
        provider: Arc::clone(&provider),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
