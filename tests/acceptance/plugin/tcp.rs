//! A plugin that listens on a TCP port, as where there are no Unix sockets.

use crate::workspace::Workspace;
use crate::workspace::checks::BASIC;

#[test]
fn terraform_and_the_plugin_connect_through_a_port_of_localhost() {
    let mut workspace = Workspace::new();
    workspace.set("TFPLUGIN_NETWORK", "tcp");
    workspace.set("TF_LOG", "TRACE");
    workspace.configure(BASIC);

    workspace.apply().prints("address=127.0.0.1:1");

    workspace.holds_the_live_secret();
    workspace.destroy();
}
