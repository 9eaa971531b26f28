//! A CLI configuration file with any contents: reading it neither panics nor hangs, and the token in the
//! file beside it is found.

#![no_main]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use libfuzzer_sys::fuzz_target;
use terraform_provider_tfe::client::{Arguments, Environment, resolve};

const HOME: &str = "/home/me";

/// Runs the search for a token, which never waits here and so needs no runtime.
fn run<T>(search: impl Future<Output = T>) -> T {
    match pin!(search).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(found) => found,
        Poll::Pending => panic!("it waits for something"),
    }
}

fuzz_target!(|contents: &[u8]| {
    let environment = Environment::in_memory()
        .home(HOME)
        .file(format!("{HOME}/.terraformrc"), contents);
    // Alone, it may have a token, no token, or a helper that does not exist.
    let _ = run(resolve(Arguments::default(), &environment));
    let beside = environment.file(
        format!("{HOME}/.terraform.d/a.tfrc"),
        "credentials \"app.terraform.io\" { token = \"kept\" }",
    );
    let found = run(resolve(Arguments::default(), &beside));
    assert_eq!(
        found
            .expect("the file beside it has the token")
            .token
            .expose(),
        "kept"
    );
});
