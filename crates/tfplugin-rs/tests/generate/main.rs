//! Compares the checked-in code that is made from `proto/` with what the generator would write today.
//!
//! `make generate` (the same test with `UPDATE=1`) rewrites it. The code is checked in so that building a
//! provider needs neither the generator nor `protoc`.

use std::fs;
use std::path::Path;

use prost_types::FileDescriptorSet;

/// The file of each protobuf package, in `src/server/proto`.
const FILES: [&str; 2] = ["tfplugin6.rs", "plugin.rs"];

#[test]
fn generated_code_is_up_to_date() {
    let written = tempfile::tempdir().expect("a temporary directory");
    tonic_prost_build::configure()
        // Clients for the tests. No `connect`: a host makes the connection by itself.
        .build_transport(false)
        .btree_map(".") // the same order of the schemas in every process
        // They hold what practitioners configure: `Debug` is written by hand and shows no value.
        .skip_debug([".tfplugin6.DynamicValue", ".tfplugin6.RawState"])
        .out_dir(written.path())
        .compile_fds(descriptors())
        .expect("the generator accepts proto/");
    for name in FILES {
        let fresh = fs::read_to_string(written.path().join(name)).expect("the generated file");
        let place = package().join("src/server/proto").join(name);
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
fn descriptors() -> FileDescriptorSet {
    protox::Compiler::new([package().join("../../proto")])
        .expect("proto/ is a directory")
        .include_imports(true)
        .include_source_info(false)
        .open_files([
            "tfplugin6.proto",
            "plugin/grpc_broker.proto",
            "plugin/grpc_stdio.proto",
            "plugin/grpc_controller.proto",
        ])
        .expect("proto/ compiles")
        .file_descriptor_set()
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
