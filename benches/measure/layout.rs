//! `make layout`: what an ordinary life of the plugin executes, written down for the linker (`.cargo/often.ld`).
//!
//! Terraform's commands run with the plugin under callgrind, which tells every instruction that was executed; the map
//! of the linker tells whose it is. Functions are named by patterns without hashes, and where half of what begins
//! alike is needed, by the beginning alone, so that the file outlives a change of compiler or of a dependency. A
//! pattern that fits nothing harms nobody.
//!
//! Not here: any other linker's map than that of lld, which Rust brings on x86-64.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::contenders::{FOLDER, cargo};
use crate::{Result, commands, tell};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.cargo/often.ld");

/// The share of what begins alike that must be needed for the beginning to stand for all of it.
const SHARE: f64 = 0.5;
/// A beginning of a name that says anything has `.text._ZN` and more.
const SHORTEST: usize = 12;

/// What is needed, but not told: what runs before valgrind does.
const UNTOLD: [&str; 2] = ["*crt1.o(.text)", "*libc.a:dl-object.o(.text)"];

pub(crate) fn write() -> Result<()> {
    let map = Path::new(FOLDER).join("layout.map");
    let flag = format!("link-arg=-Wl,-Map={}", map.display());
    tell("Building the release executable; fat LTO takes minutes …");
    let executable = cargo(&[
        "rustc",
        "--release",
        "--bin",
        "terraform-provider-tfe",
        "--",
        "-C",
        &flag,
    ])?;
    let mut sections = sections(&fs::read_to_string(map)?);

    tell("Running terraform with the plugin under callgrind …");
    let folder = tempfile::tempdir()?;
    let plugin = folder.path().join("plugin");
    let script = format!(
        "#!/bin/sh\nexec valgrind --quiet --tool=callgrind --dump-instr=yes --callgrind-out-file='{}/%p.out' '{}'\n",
        folder.path().display(),
        executable.display()
    );
    fs::write(&plugin, script)?;
    fs::set_permissions(&plugin, fs::Permissions::from_mode(0o700))?;
    commands::live_once(&plugin)?;
    for entry in fs::read_dir(folder.path())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "out") {
            note(&mut sections, &fs::read_to_string(path)?);
        }
    }

    let patterns = patterns(&sections);
    let mut text = String::from(
        "/* Written by `make layout`: what an ordinary life of the plugin executes, to be side by side in memory. */\n\
         SECTIONS {\n  .text.often : {\n",
    );
    for pattern in &patterns {
        text.push_str(&format!("    {pattern}\n"));
    }
    text.push_str("  }\n}\nINSERT BEFORE .text;\n");
    fs::write(FILE, text)?;
    let needed: u64 = sections
        .iter()
        .filter(|one| one.needed)
        .map(Section::size)
        .sum();
    tell(&format!(
        "{} kB of {} kB of code are needed; written to .cargo/often.ld as {} patterns.",
        needed / 1000,
        sections.iter().map(Section::size).sum::<u64>() / 1000,
        patterns.len()
    ));
    Ok(())
}

/// A piece of code that the linker places as a whole.
struct Section {
    start: u64,
    end: u64,
    /// The object's path, or `archive(object)`.
    file: String,
    name: String,
    needed: bool,
}

impl Section {
    fn size(&self) -> u64 {
        self.end - self.start
    }
}

/// Reads them from the linker's map: address, the same again, size, alignment, and `file:(section)`.
fn sections(map: &str) -> Vec<Section> {
    let section = |line: &str| {
        let mut words = line.split_whitespace();
        let mut number = || u64::from_str_radix(words.next()?, 16).ok();
        let (start, _, size) = (number()?, number()?, number()?);
        let place = line
            .split_whitespace()
            .skip(4)
            .collect::<Vec<_>>()
            .join(" ");
        let (file, name) = place.strip_suffix(')')?.split_once(":(")?;
        (size > 0 && name.starts_with(".text")).then(|| Section {
            start,
            end: start + size,
            file: file.to_owned(),
            name: name.to_owned(),
            needed: false,
        })
    };
    let mut sections: Vec<_> = map.lines().filter_map(section).collect();
    sections.sort_by_key(|section| section.start);
    sections
}

/// Marks what was executed. A line of costs starts with an address, whole or as the distance from the one before.
fn note(sections: &mut [Section], profile: &str) {
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    let mut address: u64 = 0;
    for line in profile.lines() {
        let first = line.split(' ').next().unwrap_or_default();
        let next = match first.split_at_checked(1) {
            Some(("+", distance)) => number(distance).map(|it| address.wrapping_add(it)),
            Some(("-", distance)) => number(distance).map(|it| address.wrapping_sub(it)),
            Some(("0", "")) | None => None,
            Some(_) => first.starts_with("0x").then(|| number(first)).flatten(),
        };
        let Some(next) = next else { continue };
        address = next;
        let after = sections.partition_point(|section| section.start <= address);
        if let Some(section) = after
            .checked_sub(1)
            .and_then(|place| sections.get_mut(place))
        {
            section.needed |= address < section.end;
        }
    }
}

/// Bytes that are needed, and all there are.
type Weight = (u64, u64);

fn patterns(sections: &[Section]) -> BTreeSet<String> {
    let mut patterns: BTreeSet<String> = UNTOLD.map(str::to_owned).into();
    let mut names: BTreeMap<String, Weight> = BTreeMap::new();
    for section in sections {
        if section.name.contains("._ZN") || section.name.contains("._R") {
            let name = section.name.split("17h").next().unwrap_or_default();
            let weight = names.entry(name.to_owned()).or_default();
            weight.0 += if section.needed { section.size() } else { 0 };
            weight.1 += section.size();
        } else if section.needed {
            patterns.extend(of_member(section));
        }
    }
    let names: Vec<_> = names.into_iter().collect();
    let mut beginnings = Vec::new();
    shorten(&names, 0, &mut beginnings);
    // A dollar sign is no letter of a name to every linker.
    let pattern = |beginning: &str| format!("*({}*)", beginning.replace('$', "?"));
    patterns.extend(beginnings.into_iter().map(pattern));
    patterns
}

/// Finds the shortest beginnings that are enough for sorted names which share their first letters.
fn shorten<'a>(names: &'a [(String, Weight)], shared: usize, found: &mut Vec<&'a str>) {
    let (Some((first, _)), Some((last, _))) = (names.first(), names.last()) else {
        return;
    };
    let (needed, all) = names.iter().fold((0, 0), |sum: Weight, (_, weight)| {
        (sum.0 + weight.0, sum.1 + weight.1)
    });
    #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
    let enough = needed as f64 >= SHARE * all as f64;
    if needed == 0 {
        return;
    }
    if names.len() == 1 || (enough && shared >= SHORTEST) {
        let length = shared.max(SHORTEST).min(first.len());
        return found.push(first.get(..length).unwrap_or(first));
    }
    let common = first
        .bytes()
        .zip(last.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    for group in names
        .chunk_by(|(one, _), (other, _)| one.as_bytes().get(common) == other.as_bytes().get(common))
    {
        shorten(group, common + 1, found);
    }
}

/// Of libraries in C and assembler, whole objects. They have variants for processors, and the one that valgrind
/// pretends to be is not the newest.
fn of_member(section: &Section) -> Vec<String> {
    let Some((archive, member)) = section
        .file
        .rsplit('/')
        .next()
        .and_then(|file| file.strip_suffix(')')?.split_once('('))
    else {
        return Vec::new();
    };
    // Hashes of Cargo before and behind the names.
    let archive = archive.strip_suffix(".rlib").map_or_else(
        || format!("*{archive}"),
        |name| format!("*{}*", name.rsplit_once('-').map_or(name, |(name, _)| name)),
    );
    let member = match member.split_once('-') {
        Some((hash, rest)) if hash.len() == 16 => rest,
        _ => member,
    };
    if let Some((stem, _)) = ["-avx", "-sse", "-evex", "-erms"]
        .iter()
        .find_map(|variant| member.split_once(variant))
    {
        return ["avx", "evex"]
            .map(|variant| format!("{archive}:{stem}-{variant}*(.text .text.*)"))
            .into();
    }
    if let Some(stem) = member.strip_suffix("_alt.o") {
        return vec![format!("{archive}:*{stem}*(.text)")];
    }
    // Such as `.text.aws_lc_0_47_0_EVP_MD_size`.
    let section = match section.name.split_once("aws_lc_") {
        Some((before, rest)) => {
            let name =
                rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '_');
            format!("{before}aws_lc_*{name}")
        }
        None => section.name.clone(),
    };
    vec![format!("{archive}:*{member}({section})")]
}
