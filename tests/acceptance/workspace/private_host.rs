//! [`PrivateHost`]: a host whose certificate was issued by a private authority.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use super::Workspace;

/// A workspace whose simulator speaks HTTPS, and the authority that issued its certificate.
pub(crate) struct PrivateHost {
    pub(crate) workspace: Workspace,
    authority: CertificateDer<'static>,
}

impl PrivateHost {
    /// Starts a host with a certificate for this name. Only service discovery leads to its API.
    pub(crate) fn start(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().unwrap();
        let authority = params.self_signed(&authority_key).unwrap();
        let issuer = Issuer::from_params(&params, &authority_key);
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()])
            .unwrap()
            .signed_by(&key, &issuer)
            .unwrap();
        let chain = vec![certificate.der().clone()];
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let mut workspace = Workspace::with(|builder| builder.tls(chain, key));
        workspace.cli_configuration("");
        Self {
            workspace,
            authority: authority.der().clone(),
        }
    }

    /// Makes the authority trusted, through `SSL_CERT_FILE`.
    pub(crate) fn trust(&mut self) {
        let file = self.workspace.path("authority.pem");
        let pem = format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            STANDARD.encode(&self.authority)
        );
        fs::write(&file, pem).unwrap();
        self.workspace
            .set("SSL_CERT_FILE", &file.display().to_string());
    }
}
