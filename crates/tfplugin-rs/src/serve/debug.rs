//! Debug mode's announcement: `TF_REATTACH_PROVIDERS`, by which a host finds a process that it did not start.
//!
//! Hosts read the variable before they start a plugin (terraform: `internal/getproviders/reattach`). They connect
//! in plain text, once for every walk, and do not end the process afterwards (`Test`).

use serde_json::json;

use super::handshake::{Address, PROTOCOL};
use super::plugin::Plugin;

/// The default registries of source addresses, Terraform's and OpenTofu's.
const REGISTRIES: [&str; 2] = ["registry.terraform.io/", "registry.opentofu.org/"];

/// Returns the text for stdout: comments and an assignment, for the shell that will run the host.
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

/// Returns the variable's value: the address of the process for each source address of the provider. A source
/// address of Terraform's default registry is there for both hosts: each completes `NAMESPACE/NAME` by its own.
fn reattach(plugin: &Plugin, address: &Address, process: u32) -> String {
    let [terraform, _] = REGISTRIES;
    let sources = match plugin.source.strip_prefix(terraform) {
        Some(rest) => REGISTRIES
            .map(|registry| format!("{registry}{rest}"))
            .to_vec(),
        None => vec![plugin.source.to_owned()],
    };
    let reattach_config = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": process,
        "Test": true,
        "Addr": { "Network": address.network, "String": address.address },
    });
    let all = sources
        .into_iter()
        .map(|source| (source, reattach_config.clone()));
    let value = serde_json::Value::Object(all.collect()).to_string();
    // The value is between single quotes.
    value.replace('\'', "\\u0027")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::plugin::PLUGIN;
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
    fn shells_and_hosts_can_read_the_assignment() {
        let both = [
            "registry.opentofu.org/my-org-name/example",
            "registry.terraform.io/my-org-name/example",
        ];
        check(&PLUGIN, "/tmp/tfplugin-a/socket", &both);
        check(&PLUGIN, "/tmp/it's \"here\"/socket", &both);
    }

    #[test]
    fn a_source_address_of_another_registry_is_listed_as_it_is() {
        let source = "registry.example.com/my-org-name/example";
        let plugin = Plugin { source, ..PLUGIN };
        check(&plugin, "/tmp/socket", &[source]);
    }
}
