//! What a file says, sample by sample.

use std::fmt::Write as _;

use super::Home;
use super::corpus::{Found, Sample, samples};
use crate::host::Product;

fn host(number: usize) -> String {
    format!("s{number:03}.example.com")
}

fn file(number: usize) -> String {
    format!("s{number:03}.tfrc")
}

/// A sample about its own host; what is no text has no place for one.
fn about(sample: &Sample, host: &str) -> Vec<u8> {
    match str::from_utf8(&sample.text) {
        Ok(text) => text.replace("HOST", host).into_bytes(),
        Err(_) => sample.text.clone(),
    }
}

/// All samples lie in one directory: whatever one of them is, the others are read.
#[test]
fn a_file_says_to_us_what_it_says_to_terraform_and_a_broken_one_costs_no_other() {
    let samples = samples();
    let home = Home::new((0..samples.len()).map(host));
    home.write(".terraform.d/zz.tfrc", home.blocks());
    for (number, sample) in samples.iter().enumerate() {
        let path = format!(".terraform.d/{}", file(number));
        home.write(&path, about(sample, &host(number)));
    }
    let (tokens, run) = home.terraforms();
    let mut wrong = String::new();
    for (number, sample) in samples.iter().enumerate() {
        let token = tokens.get(&host(number)).cloned().flatten();
        let rejected = run.said(&format!("{}: ", file(number)));
        let terraform = found(token.as_deref(), rejected);
        let ours = match home.ours(&host(number)) {
            Ok(token) => found(Some(&token), false),
            Err(looked) => {
                let why = looked
                    .iter()
                    .find_map(|(place, why)| place.ends_with(&file(number)).then_some(why))
                    .expect("the file was looked at");
                found(
                    None,
                    why.contains("it cannot be") || why.contains("not UTF-8"),
                )
            }
        };
        let as_expected = match crate::host::host().product {
            Product::Terraform => terraform == sample.terraform,
            // It reads some of them more strictly, and others less: what it finds, we find, but for
            // what is said to be otherwise on Terraform too.
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
