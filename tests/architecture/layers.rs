//! Layers point downwards, and protobuf stays where it is spoken.

use std::collections::BTreeMap;

use crate::paths;
use crate::sources::{self, Source, demand};

/// The layers and what each may import of the others.
const LAYERS: [(&str, &[&str]); 4] = [
    ("tfplugin", &[]),
    ("client", &[]),
    ("simulator", &[]),
    ("provider", &["tfplugin", "client"]),
];

/// The floors within `tfplugin`; a module may use its own floor and those before it. Resources, providers and the
/// adapters between them and the server name each other's types.
const FLOORS: [&[&str]; 8] = [
    &["path", "sensitive", "attr"],
    &["value", "diag"],
    &["schema", "private", "host", "lifecycle"],
    &["context"],
    &[
        "resource",
        "ephemeral",
        "data_source",
        "list",
        "list_resource",
        "action",
        "adapter",
        "provider",
        "identity",
        "moves",
    ],
    &["docs"],
    &["server"],
    &["serve"],
];

#[test]
fn layers_import_only_what_is_below_them() {
    let problems: Vec<_> = sources::rust("src").iter().flat_map(sideways).collect();
    demand(
        &problems,
        "A layer knows only the layers below it (provider: tfplugin and client; the others: none). Move the code to the \
         layer that may know both, or hand the value in as an argument.",
    );
}

fn sideways(source: &Source) -> Vec<String> {
    // The whole text: a test of one layer that needs another belongs into tests/.
    let whole = Source::new(
        &source.path,
        &source
            .text
            .replace("#[cfg(test)]\nmod tests {", "mod tests {"),
    );
    let Some((layer, below)) = LAYERS
        .iter()
        .find(|(layer, _)| source.path.starts_with(&format!("src/{layer}/")))
    else {
        return Vec::new();
    };
    let mut problems: Vec<_> = paths::named(&whole)
        .into_iter()
        .filter(|path| {
            let other = path.first().map(String::as_str).unwrap_or_default();
            LAYERS.iter().any(|(name, _)| *name == other)
                && other != *layer
                && !below.contains(&other)
        })
        .map(|path| format!("{}: {}", source.path, path.join("::")))
        .collect();
    problems.dedup();
    problems
}

#[test]
fn modules_of_the_sdk_use_only_floors_below_them() {
    let names = reexports(&sources::rust("src/tfplugin"));
    let problems: Vec<_> = sources::rust("src/tfplugin")
        .iter()
        .flat_map(|source| upwards(source, &names))
        .collect();
    demand(
        &problems,
        "Within the SDK each module uses only what is to its left: path, value and diag, schema, context, resource and \
         provider, server, serve. Move what is used downwards. A new module gets its floor in tests/architecture/layers.rs.",
    );
}

/// Which module each name comes from that `tfplugin` exports itself.
fn reexports(files: &[Source]) -> BTreeMap<String, String> {
    let root = files
        .iter()
        .find(|source| source.path == "src/tfplugin/mod.rs")
        .expect("the SDK has a root");
    let exports = root.code().replace("pub use ", "use self::");
    paths::named(&Source::new(&root.path, &exports))
        .into_iter()
        .filter_map(|path| match path.as_slice() {
            [tfplugin, module, name] if tfplugin == "tfplugin" => {
                Some((name.clone(), module.clone()))
            }
            _ => None,
        })
        .collect()
}

fn upwards(source: &Source, names: &BTreeMap<String, String>) -> Vec<String> {
    let inside = source.path.trim_start_matches("src/tfplugin/");
    let module = inside
        .split(['/', '.'])
        .next()
        .expect("splitting gives at least one part");
    if module == "mod" {
        return Vec::new();
    }
    let Some(floor) = floor(module) else {
        return vec![format!("{}: {module} has no floor yet", source.path)];
    };
    let mut problems: Vec<_> = paths::named(source)
        .into_iter()
        .filter(|path| path.first().is_some_and(|first| first == "tfplugin"))
        .filter(|path| {
            let name = path.get(1).map(String::as_str).unwrap_or_default();
            let used = names.get(name).map_or(name, String::as_str);
            self::floor(used).is_some_and(|used| used > floor)
        })
        .map(|path| format!("{}: {}", source.path, path.join("::")))
        .collect();
    problems.dedup();
    problems
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn protobuf_stays_in_server_and_serve() {
    let problems: Vec<_> = sources::rust("src").iter().flat_map(protobuf).collect();
    demand(
        &problems,
        "Messages of the protocol are turned into the SDK's own types in src/tfplugin/server (wire.rs) and nowhere else.",
    );
}

fn protobuf(source: &Source) -> Vec<String> {
    let speaks = ["src/tfplugin/server/", "src/tfplugin/serve/"];
    if speaks.iter().any(|place| source.path.starts_with(place)) {
        return Vec::new();
    }
    let code = source.code();
    let mut problems: Vec<_> = ["prost::", "prost_types::", "tonic::"]
        .iter()
        .filter(|word| code.contains(*word))
        .map(|word| format!("{}: {word}", source.path))
        .collect();
    // Our own messages, spelled out or behind braces; other crates have a module `proto`, too.
    let ours = |path: &[String]| path.contains(&"proto".to_owned());
    let spelled = ["server::proto::", "serve::proto::"];
    if spelled.iter().any(|path| code.contains(path))
        || paths::named(source).iter().any(|path| ours(path))
    {
        problems.push(format!("{}: proto", source.path));
    }
    problems
}

#[test]
fn a_layer_that_looks_up_is_seen() {
    let check = |path: &str, text: &str, expected: &[&str]| {
        assert_eq!(sideways(&Source::new(path, text)), expected);
    };
    check("src/client/x.rs", "use crate::client::Error;", &[]);
    check(
        "src/client/x.rs",
        "use crate::{client::Error, tfplugin::Value};",
        &["src/client/x.rs: tfplugin::Value"],
    );
    check("src/provider/x.rs", "use tfplugin::Value;", &[]);
    check(
        "src/provider/x.rs",
        "fn f() { crate::simulator::start() }",
        &["src/provider/x.rs: simulator::start"],
    );
    check(
        "src/tfplugin/x.rs",
        "#[cfg(test)]\nmod tests {\nuse crate::client::Client;\n}",
        &["src/tfplugin/x.rs: client::Client"],
    );
}

#[test]
fn a_module_that_looks_up_is_seen() {
    let names = BTreeMap::from([("Server".to_owned(), "server".to_owned())]);
    let check = |path: &str, text: &str, expected: &[&str]| {
        assert_eq!(upwards(&Source::new(path, text), &names), expected);
    };
    check("src/tfplugin/diag.rs", "use super::path::Path;", &[]);
    check(
        "src/tfplugin/path.rs",
        "use super::diag::Diagnostic;",
        &["src/tfplugin/path.rs: tfplugin::diag::Diagnostic"],
    );
    check(
        "src/tfplugin/schema/x.rs",
        "use tfplugin::{Server, Value};",
        &["src/tfplugin/schema/x.rs: tfplugin::Server"],
    );
    check(
        "src/tfplugin/brand_new.rs",
        "",
        &["src/tfplugin/brand_new.rs: brand_new has no floor yet"],
    );
}

#[test]
fn protobuf_in_the_wrong_place_is_seen() {
    let check = |path: &str, text: &str, found: usize| {
        assert_eq!(protobuf(&Source::new(path, text)).len(), found, "{path}");
    };
    check(
        "src/tfplugin/server/wire.rs",
        "use super::proto::Schema;",
        0,
    );
    check(
        "src/tfplugin/diag.rs",
        "use super::server::proto::Diagnostic;",
        1,
    );
    check(
        "src/tfplugin/diag.rs",
        "use super::{path::Path, server::{proto::Diagnostic, Server}};",
        1,
    );
    check(
        "src/tfplugin/diag.rs",
        "use super::server;\nfn f(_: server::proto::Diagnostic) {}",
        1,
    );
    check("src/provider/x.rs", "fn f(_: prost_types::Timestamp) {}", 1);
    check(
        "src/client/x.rs",
        "use hickory_resolver::proto::op::Message;",
        0,
    );
}
