//! The files of the project.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of text, by its path from the project's root with `/` between the parts.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// Every file of text under a folder of the project; `""` for all.
pub(crate) fn under(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    collect(root, &root.join(folder), &mut sources);
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!sources.is_empty(), "there are no files in {folder:?}");
    sources
}

/// The Rust files under a folder, without generated code.
pub(crate) fn rust(folder: &str) -> Vec<Source> {
    let mut sources = under(folder);
    sources.retain(|source| source.path.ends_with(".rs") && !is_generated(source));
    sources
}

fn is_generated(source: &Source) -> bool {
    source.text.starts_with("// This file is @generated")
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    let entries = fs::read_dir(folder).expect("the project's folders can be read");
    for entry in entries {
        let path = entry.expect("a folder's entries can be read").path();
        let relative = relative(root, &path);
        // What Git, Cargo and fuzzing keep there.
        let foreign = ["target", ".git"].contains(&relative.as_str())
            || relative.ends_with("/target")
            || relative.starts_with("fuzz/corpus");
        if foreign {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, sources);
        } else if let Ok(text) = fs::read_to_string(&path) {
            sources.push(Source {
                path: relative,
                text,
            });
        }
    }
}

fn relative(root: &Path, path: &Path) -> String {
    let path: PathBuf = path.strip_prefix(root).expect("below the root").into();
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// Fails with everything that is wrong and one way to mend it.
#[track_caller]
pub(crate) fn demand(problems: &[String], mend: &str) {
    assert!(problems.is_empty(), "\n{}\n\n{mend}\n", problems.join("\n"));
}
