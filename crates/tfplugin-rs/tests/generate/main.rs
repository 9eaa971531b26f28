//! Compares the checked-in code that is made from `proto/` with what the generator would write today.
//!
//! `make generate` (the same tests with `UPDATE=1`) rewrites it. The code is checked in so that building the
//! provider needs neither the generator nor `protoc`.

use std::fs;
use std::path::{Path, PathBuf};

use prost_types::FileDescriptorSet;

/// One run of the generator: a set of protocol files and where the code made from them lives.
struct Generated {
    protos: &'static [&'static str],
    builder: fn() -> tonic_prost_build::Builder,
    /// What the generator calls its file, and where ours is.
    files: &'static [(&'static str, &'static str)],
}

/// The provider service: server side, which ships.
const PROVIDER_SERVER: Generated = Generated {
    protos: &["tfplugin6.proto"],
    builder: || {
        tonic_prost_build::configure()
            .build_client(false)
            .btree_map(".") // one order of the schemas, whatever the run
            // They hold what practitioners configure: `Debug` is written by hand and shows no value.
            .skip_debug([".tfplugin6.DynamicValue", ".tfplugin6.RawState"])
    },
    files: &[(
        "tfplugin6.rs",
        "crates/tfplugin-rs/src/server/proto/tfplugin6.rs",
    )],
};

/// go-plugin's own services and gRPC's health: server side, which ships.
const PLUGIN_SERVER: Generated = Generated {
    protos: PLUGIN_PROTOS,
    builder: || tonic_prost_build::configure().build_client(false),
    files: &[
        ("plugin.rs", "crates/tfplugin-rs/src/serve/proto/plugin.rs"),
        (
            "grpc.health.v1.rs",
            "crates/tfplugin-rs/src/serve/proto/grpc_health_v1.rs",
        ),
    ],
};

/// Terraform's side of the provider service, for tests; its messages are the library's.
const PROVIDER_CLIENT: Generated = Generated {
    protos: &["tfplugin6.proto"],
    builder: || client().extern_path(".tfplugin6", "::tfplugin::server::proto"),
    files: &[(
        "tfplugin6.rs",
        "crates/tfplugin-testing/src/executable/proto/tfplugin6.rs",
    )],
};

/// The host's side of go-plugin's own services, for tests.
const PLUGIN_CLIENT: Generated = Generated {
    protos: PLUGIN_PROTOS,
    builder: client,
    files: &[
        (
            "plugin.rs",
            "crates/tfplugin-testing/src/executable/proto/plugin.rs",
        ),
        (
            "grpc.health.v1.rs",
            "crates/tfplugin-testing/src/executable/proto/grpc_health_v1.rs",
        ),
    ],
};

const PLUGIN_PROTOS: &[&str] = &[
    "plugin/grpc_broker.proto",
    "plugin/grpc_stdio.proto",
    "plugin/grpc_controller.proto",
    "grpc/health/v1/health.proto",
];

#[test]
fn generated_code_is_up_to_date() {
    for generated in [
        PROVIDER_SERVER,
        PLUGIN_SERVER,
        PROVIDER_CLIENT,
        PLUGIN_CLIENT,
    ] {
        check(&generated);
    }
}

#[track_caller]
fn check(generated: &Generated) {
    let written = tempfile::tempdir().expect("a temporary directory");
    (generated.builder)()
        .out_dir(written.path())
        .compile_fds(descriptors(generated.protos))
        .expect("the generator accepts proto/");
    for (name, place) in generated.files {
        let fresh = fs::read_to_string(written.path().join(name)).expect("the generated file");
        let place = root().join(place);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&place, &fresh).expect("the generated file can be replaced");
        }
        let present = fs::read_to_string(&place).unwrap_or_default();
        // No assert_eq: it would print both files.
        assert!(
            present == fresh,
            "{} is not what proto/ describes: run `make generate`",
            place.display()
        );
    }
}

/// Without the comments of `proto/`, which rustdoc would take for doctests.
fn descriptors(protos: &[&str]) -> FileDescriptorSet {
    protox::Compiler::new([root().join("proto")])
        .expect("proto/ is a directory")
        .include_imports(true)
        .include_source_info(false)
        .open_files(protos)
        .expect("proto/ compiles")
        .file_descriptor_set()
}

/// The client side only. No `connect`: these connections are made by the test's own go-plugin host.
fn client() -> tonic_prost_build::Builder {
    tonic_prost_build::configure()
        .build_server(false)
        .build_transport(false)
        .btree_map(".")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
