//! Which servers are trusted, by Go's rules, so that what works for Terraform works here.
//!
//! The configuration is built at the first call, never before, and roots are read when a server
//! shows its certificate: they cost more than all the rest of a plan. The cryptography provider is
//! always named, because a default that somebody else installed would decide otherwise.
//!
//! Not in it: client certificates, and lists of revoked certificates, which Go does not read
//! either.

mod p521;
mod pem;
mod refusal;
mod roots;
mod verifier;

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;

use self::p521::P521;
pub(crate) use self::refusal::explain;
use self::roots::Roots;
use self::verifier::{Trust, Verifier};
use super::environment::Environment;

/// TLS 1.2 or newer, HTTP/2 offered.
pub(crate) fn client_config(
    skip_verify: bool,
    environment: &Environment,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(provider());
    let trust = if skip_verify {
        Trust::Anyone
    } else {
        Trust::Roots(Box::new(Roots::new(environment)))
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

/// Everything that Go offers. P-521 comes last: it is for servers that have nothing else.
fn provider() -> CryptoProvider {
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    provider.kx_groups.push(&P521);
    provider
}
