//! A host with a certificate of a private authority.

use crate::workspace::checks::BASIC;
use crate::workspace::private_host::PrivateHost;

/// Starts such a host as `localhost`.
fn host() -> PrivateHost {
    let mut host = PrivateHost::start("localhost");
    let port = host.workspace.simulator.address().port();
    host.workspace
        .set("TFE_HOSTNAME", &format!("localhost:{port}"));
    host.workspace.configure(BASIC);
    host
}

#[test]
fn a_private_authority_is_trusted_through_ssl_cert_file() {
    let mut host = host();
    host.trust();
    host.workspace.apply();
    host.workspace.holds_the_live_secret();
    host.workspace.destroy();
}

#[test]
fn an_unknown_authority_is_refused_unless_the_environment_skips_verification() {
    let PrivateHost { mut workspace, .. } = host();
    workspace.try_apply().fails().prints("certificate");
    assert_eq!(workspace.count("POST"), 0);

    workspace.set("TFE_SSL_SKIP_VERIFY", "true");
    workspace.apply();
    workspace.holds_the_live_secret();
}
