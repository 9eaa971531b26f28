//! What debug mode says: how a host is led to a process that it did not start.
//!
//! Hosts look into `TF_REATTACH_PROVIDERS` before they start anything (terraform:
//! `internal/getproviders/reattach`). They talk plain text there, make a connection for every walk, and
//! leave the process alone afterwards (`Test`).

use serde_json::json;

use super::Plugin;
use super::handshake::{Address, PROTOCOL};

/// The registry of a source address that names none, in Terraform and in OpenTofu.
const REGISTRIES: [&str; 2] = ["registry.terraform.io/", "registry.opentofu.org/"];

/// What stdout gets: comments and an assignment, for a shell that is to run the host.
pub(super) fn announcement(plugin: &Plugin, address: &Address, process: u32) -> String {
    let Plugin { name, version, .. } = plugin;
    let value = reattach(plugin, address, process);
    let warning = match address.network {
        "tcp" => {
            "# Every user of this computer can connect to it, and act with what it is configured with.\n"
        }
        _ => "",
    };
    format!(
        "# {name} {version} waits for Terraform, until Ctrl-C ends it.\n{warning}\
         # Run Terraform with this variable in its environment; it needs no `terraform init`.\n\
         # What the provider itself reads from the environment, it reads from its own, not from Terraform's:\n\
         TF_REATTACH_PROVIDERS='{value}'\n"
    )
}

/// The variable's value: where the provider of each source address is. An address that configurations may
/// write without a registry is there for both hosts, as each puts its own before it.
fn reattach(plugin: &Plugin, address: &Address, process: u32) -> String {
    let [terraforms, _] = REGISTRIES;
    let sources = match plugin.source.strip_prefix(terraforms) {
        Some(rest) => REGISTRIES
            .map(|registry| format!("{registry}{rest}"))
            .to_vec(),
        None => vec![plugin.source.to_owned()],
    };
    let place = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": process,
        "Test": true,
        "Addr": { "Network": address.network, "String": address.address },
    });
    let all = sources.into_iter().map(|source| (source, place.clone()));
    let value = serde_json::Value::Object(all.collect()).to_string();
    // It stands between quotes: JSON can do without them.
    value.replace('\'', "\\u0027")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::tests::PLUGIN;
    use super::*;

    #[track_caller]
    fn check(plugin: &Plugin, path: &str, sources: &[&str]) {
        let address = Address {
            network: "unix",
            address: path.to_owned(),
        };
        let text = announcement(plugin, &address, 42);
        let assignments: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let [assignment] = assignments.as_slice() else {
            panic!("one assignment: {text}")
        };
        let value = assignment
            .strip_prefix("TF_REATTACH_PROVIDERS='")
            .and_then(|rest| rest.strip_suffix('\''))
            .unwrap();
        assert!(!value.contains('\''), "{value}");
        let value: Value = serde_json::from_str(value).unwrap();
        let mut known: Vec<_> = value.as_object().unwrap().keys().collect();
        known.sort();
        assert_eq!(known, sources);
        for source in sources {
            assert_eq!(
                value[source],
                json!({
                    "Protocol": "grpc", "ProtocolVersion": 6, "Pid": 42, "Test": true,
                    "Addr": { "Network": "unix", "String": path },
                })
            );
        }
    }

    #[test]
    fn the_assignment_is_one_that_shells_and_hosts_read() {
        let both = [
            "registry.opentofu.org/my-org-name/example",
            "registry.terraform.io/my-org-name/example",
        ];
        check(&PLUGIN, "/tmp/tfplugin-a/socket", &both);
        check(&PLUGIN, "/tmp/it's \"here\"/socket", &both);
    }

    #[test]
    fn a_source_of_another_registry_is_that_alone() {
        let source = "registry.example.com/my-org-name/example";
        let plugin = Plugin { source, ..PLUGIN };
        check(&plugin, "/tmp/socket", &[source]);
    }
}
