//! [`Version`]: the version in a helper's file name, compared as HashiCorp's go-version does.

use std::cmp::Ordering;

/// A version. The default is 0.0.0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Version {
    /// The numbers, without zeros at the end.
    numbers: Vec<u64>,
    /// The parts of a prerelease.
    prerelease: Option<Vec<Part>>,
}

/// A part of a prerelease. Numbers come before words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

impl Version {
    /// Parses `1.10.0`, `1.10.0-rc1` or `1.10.0+build`. Returns `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Version> {
        let (text, _build) = text.split_once('+').unwrap_or((text, ""));
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (text, None),
        };
        let mut numbers: Vec<u64> = numbers
            .split('.')
            .map(|number| number.parse().ok())
            .collect::<Option<_>>()?;
        while numbers.last() == Some(&0) {
            numbers.pop();
        }
        let part = |part: &str| match part.parse() {
            Ok(number) => Part::Number(number),
            Err(_) => Part::Word(part.to_owned()),
        };
        Some(Version {
            numbers,
            prerelease: prerelease.map(|parts| parts.split('.').map(part).collect()),
        })
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| {
            // A release comes after its prereleases.
            match (&self.prerelease, &other.prerelease) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(own), Some(others)) => own.cmp(others),
            }
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let order = [
            "0.0.0",
            "0.9",
            "1.9.0",
            "1.10.0-alpha.2",
            "1.10.0-alpha.10",
            "1.10.0-beta",
            "1.10.0",
            "1.10.1",
            "2",
        ]
        .map(|text| Version::parse(text).unwrap());
        assert!(order.is_sorted_by(|one, next| one < next), "{order:?}");
        assert_eq!(Version::parse("1.0+build"), Version::parse("1"));
        assert_eq!(Version::parse("0.0.0"), Some(Version::default()));
        for text in ["", "x", "1.", "1.x", ".1"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
