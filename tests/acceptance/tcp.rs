//! A plugin on a port of this machine, as where there are no Unix sockets.

use crate::workspace::Workspace;

#[test]
fn a_host_and_a_plugin_find_each_other_through_a_port() {
    let mut workspace = Workspace::new();
    workspace.set("TFPLUGIN_NETWORK", "tcp");
    workspace.set("TF_LOG", "TRACE");
    workspace.configure(
        "resource \"tfe_audit_trail_token\" \"example\" {\n  organization = \"my-org-name\"\n}\n",
    );

    workspace.apply().says("address=127.0.0.1:1");

    workspace.holds_the_live_secret();
    workspace.destroy();
}
