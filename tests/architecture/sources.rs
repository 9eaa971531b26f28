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

    /// The text without comments, and without the module of tests at its end.
    pub(crate) fn code(&self) -> String {
        let text = without_comments(&self.text);
        match text.find("#[cfg(test)]\nmod tests {") {
            Some(end) => text[..end].to_owned(),
            None => text,
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
        // Not ours: what git has, what cargo and fuzzing make.
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

/// Cuts `//` comments off every line; lengths of lines change, their number does not.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.lines() {
        code.push_str(line_without_comment(line));
        code.push('\n');
    }
    code
}

/// A `//` after a quote that is still open, as in a URL, is no comment.
fn line_without_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut escaped = false;
    let bytes = line.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'/' if !quoted && bytes.get(index + 1) == Some(&b'/') => return &line[..index],
            _ => {}
        }
    }
    line
}

/// Fails with everything that is wrong and one way to mend it.
#[track_caller]
pub(crate) fn demand(problems: &[String], mend: &str) {
    assert!(problems.is_empty(), "\n{}\n\n{mend}\n", problems.join("\n"));
}

#[test]
fn comments_are_not_code() {
    let source = Source::new(
        "src/x.rs",
        "//! crate::a\nlet url = \"https://x\"; // crate::b\n#[cfg(test)]\nmod tests {\ncrate::c\n}\n",
    );
    assert_eq!(source.code(), "\nlet url = \"https://x\"; \n");
}
