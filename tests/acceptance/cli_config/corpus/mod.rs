//! Files of CLI configuration as people write them, and as accidents leave them.
//!
//! [`super::reading`] asks a real Terraform what it finds in each, so that none of the expectations
//! is invented. The tests of the client use the same files, with random changes.

mod accidents;
mod hcl;
mod json;
pub(crate) mod sample;

pub(crate) use self::sample::Sample;

/// Returns every sample.
pub(crate) fn samples() -> Vec<Sample> {
    [hcl::samples(), json::samples(), accidents::samples()]
        .into_iter()
        .flatten()
        .collect()
}
