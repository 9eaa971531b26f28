//! What Terraform and the provider find in each file of the corpus.

use std::fmt::Write as _;

use super::Home;
use super::corpus::sample::Found;
use super::corpus::{Sample, samples};
use crate::host::Product;

fn host(number: usize) -> String {
    format!("s{number:03}.example.com")
}

fn file(number: usize) -> String {
    format!("s{number:03}.tfrc")
}

/// Returns the text of a sample about its host; bytes that are not UTF-8 name no host.
fn about(sample: &Sample, host: &str) -> Vec<u8> {
    match str::from_utf8(&sample.text) {
        Ok(text) => text.replace("HOST", host).into_bytes(),
        Err(_) => sample.text.clone(),
    }
}

/// All samples are in one directory, so that each of them is read beside broken ones.
#[test]
fn the_provider_finds_what_terraform_finds_and_a_broken_file_hides_no_other() {
    let samples = samples();
    let home = Home::new((0..samples.len()).map(host));
    home.write(".terraform.d/zz.tfrc", home.blocks());
    for (number, sample) in samples.iter().enumerate() {
        let path = format!(".terraform.d/{}", file(number));
        home.write(&path, about(sample, &host(number)));
    }
    let (tokens, run) = home.tokens_of_terraform();
    let mut wrong = String::new();
    for (number, sample) in samples.iter().enumerate() {
        let token = tokens.get(&host(number)).cloned().flatten();
        let rejected = run.printed(&format!("{}: ", file(number)));
        let terraform = found(token.as_deref(), rejected);
        let ours = match home.token_of_the_provider(&host(number)) {
            Ok(token) => found(Some(&token), false),
            Err(looked) => {
                let why = looked
                    .iter()
                    .find_map(|(place, why)| place.ends_with(&file(number)).then_some(why))
                    .expect("the file was read");
                found(
                    None,
                    why.contains("it cannot be") || why.contains("not UTF-8"),
                )
            }
        };
        let as_expected = match crate::host::host().product {
            Product::Terraform => terraform == sample.terraform,
            // OpenTofu reads some files more strictly and others less. The provider finds what
            // OpenTofu finds, except where it differs from Terraform as well.
            Product::OpenTofu => {
                terraform != Found::Token || ours == Found::Token || !sample.reason.is_empty()
            }
        };
        if !as_expected || ours != sample.ours {
            writeln!(
                wrong,
                "terraform: {terraform:?}, expected {:?}; ours: {ours:?}, expected {:?}; {:?}",
                sample.terraform,
                sample.ours,
                String::from_utf8_lossy(&sample.text)
            )
            .unwrap();
        }
        assert_eq!(sample.terraform != sample.ours, !sample.reason.is_empty());
    }
    assert!(
        wrong.is_empty(),
        "of {} samples:\n{wrong}\n{run}",
        samples.len()
    );
}

fn found(token: Option<&str>, rejected: bool) -> Found {
    match token {
        Some("good") => Found::Token,
        _ if rejected => Found::Broken,
        _ => Found::Nothing,
    }
}
