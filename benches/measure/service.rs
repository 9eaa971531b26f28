//! [`Service`]: the pretend HCP Terraform for providers, while Terraform runs.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use chrono::Utc;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tfe_simulator::Simulator;
use tokio::runtime::{Builder, Handle};

use crate::report::Result;
use tfplugin_testing::executable::pem;

pub(crate) const ORGANIZATION: &str = "my-org-name";
pub(crate) const OWNER: &str = "owner-token-of-the-benchmark";

pub(crate) struct Service {
    pub(crate) simulator: Simulator,
}

impl Service {
    /// Starts it over plain HTTP, or over HTTPS with a certificate authority that is written into a file.
    pub(crate) fn start(authority: Option<&Path>) -> Result<Self> {
        let mut builder = Simulator::builder().clock(Utc::now()).ticking();
        if let Some(file) = authority {
            let mut params = CertificateParams::new(Vec::new())?;
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
            fs::write(file, pem(authority.der()))?;
            let key = KeyPair::generate()?;
            let certificate = CertificateParams::new(vec!["localhost".to_owned()])?
                .signed_by(&key, &authority)?;
            builder = builder.tls(
                vec![certificate.der().clone()],
                PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())),
            );
        }
        let simulator = runtime()?.block_on(builder.start())?;
        simulator.add_organization(ORGANIZATION);
        simulator.add_owner_token(OWNER);
        Ok(Self { simulator })
    }

    /// Returns the value for the provider's `hostname`.
    pub(crate) fn host(&self) -> String {
        let url = self.simulator.url();
        let port = url.rsplit(':').next().unwrap_or_default();
        format!("localhost:{port}")
    }
}

/// Starts a runtime on a thread of its own, because this program blocks while Terraform runs.
fn runtime() -> Result<&'static Handle> {
    static RUNTIME: OnceLock<Handle> = OnceLock::new();
    if RUNTIME.get().is_none() {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
        // No other thread sets it: this program has one.
        let _ = RUNTIME.set(handle);
    }
    RUNTIME.get().ok_or_else(|| "there is no runtime".into())
}
