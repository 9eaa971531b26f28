//! A host that is found by Terraform's service discovery, over HTTPS with a private authority.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::workspace::Workspace;

/// An authority and a certificate for `localhost` that it has issued.
struct Pki {
    authority: CertificateDer<'static>,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Pki {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().unwrap();
        let authority = params.self_signed(&authority_key).unwrap();
        let issuer = Issuer::from_params(&params, &authority_key);
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(["localhost".to_owned()])
            .unwrap()
            .signed_by(&key, &issuer)
            .unwrap();
        Self {
            authority: authority.der().clone(),
            certificate: certificate.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        }
    }

    fn authority_pem(&self) -> String {
        format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            STANDARD.encode(&self.authority)
        )
    }
}

fn workspace(pki: &Pki) -> Workspace {
    let chain = vec![pki.certificate.clone()];
    let key = pki.key.clone_key();
    let mut workspace = Workspace::with(|builder| builder.tls(chain, key));
    // No `host` block: the services are what the host itself says.
    workspace.cli_configuration("");
    workspace.configure(&format!(
        "provider \"tfe\" {{\n  hostname = \"localhost:{}\"\n}}\n\
         resource \"tfe_audit_trail_token\" \"example\" {{\n  organization = \"my-org-name\"\n}}\n",
        workspace.simulator.address().port()
    ));
    workspace
}

#[test]
fn a_private_authority_is_trusted_through_ssl_cert_file() {
    let pki = Pki::new();
    let mut workspace = workspace(&pki);
    let file = workspace.path("authority.pem");
    fs::write(&file, pki.authority_pem()).unwrap();
    workspace.set("SSL_CERT_FILE", &file.display().to_string());
    workspace.apply();
    let object = workspace.example("tfe_audit_trail_token");
    assert_eq!(object["token_id"], workspace.current_id());
    workspace.destroy();
}

#[test]
fn an_unknown_authority_is_told() {
    let pki = Pki::new();
    let workspace = workspace(&pki);
    workspace.try_apply().fails().says("certificate");
    assert_eq!(workspace.count("POST"), 0);
}

#[test]
fn ssl_skip_verify_connects_all_the_same() {
    let pki = Pki::new();
    let mut workspace = workspace(&pki);
    workspace.set("TFE_SSL_SKIP_VERIFY", "true");
    workspace.apply();
}
