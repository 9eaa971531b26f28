//! Whatever a file of CLI configuration holds, reading it neither panics nor hangs, and the token in
//! the file beside it is found.

#![no_main]

use libfuzzer_sys::fuzz_target;
use terraform_provider_tfe::client::{Arguments, Environment, resolve};

const HOME: &str = "/home/me";

fuzz_target!(|contents: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without drivers needs nothing");
    let environment = Environment::for_test()
        .home(HOME)
        .file(format!("{HOME}/.terraformrc"), contents);
    // Alone it may give a token or a reason, even a helper that does not exist.
    let _ = runtime.block_on(resolve(Arguments::default(), &environment));
    let beside = environment.file(
        format!("{HOME}/.terraform.d/a.tfrc"),
        "credentials \"app.terraform.io\" { token = \"kept\" }",
    );
    let found = runtime.block_on(resolve(Arguments::default(), &beside));
    assert_eq!(found.expect("the file beside it has the token").token.expose(), "kept");
});
