//! The paths that a file of Rust names: `crate::a::b`, `super::c`, with the braces of `use` opened.

use crate::sources::Source;

/// Every path in the code that begins at the crate, a parent or the module itself, from the crate's root.
///
/// A name that is imported is not followed further; its import is a path as well.
pub(crate) fn named(source: &Source) -> Vec<Vec<String>> {
    let module = module(&source.path);
    let code = source.code();
    let tokens = tokens(&code);
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let starts = matches!(tokens[at], "crate" | "super" | "self")
            && tokens.get(at + 1) == Some(&"::")
            && (at == 0 || tokens[at - 1] != "::");
        if starts {
            let mut found = Vec::new();
            at = tree(&tokens, at, &[], &mut found);
            paths.extend(found.into_iter().filter_map(|path| resolve(&module, &path)));
        } else {
            at += 1;
        }
    }
    paths
}

/// `src/a/b.rs` is the module `a::b`, `src/a/mod.rs` is `a`.
fn module(path: &str) -> Vec<String> {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
    if module
        .last()
        .is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main"))
    {
        module.pop();
    }
    module
}

fn resolve(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut base = module.to_vec();
    let mut rest = path;
    while let Some((first, tail)) = rest.split_first() {
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop()?;
            }
            _ => break,
        }
        rest = tail;
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// Reads one path with all its branches; returns where it ends.
fn tree(tokens: &[&str], at: usize, prefix: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = prefix.to_vec();
    let mut at = at;
    loop {
        match tokens.get(at) {
            Some(&"{") => {
                at += 1;
                while let Some(token) = tokens.get(at) {
                    match *token {
                        "}" => return at + 1,
                        "," => at += 1,
                        _ => at = tree(tokens, at, &path, found),
                    }
                }
                return at;
            }
            Some(&"*") => {
                at += 1;
                break;
            }
            Some(name) if is_name(name) => {
                if *name != "self" || path.is_empty() {
                    path.push((*name).to_owned());
                }
                at += 1;
            }
            _ => break,
        }
        if tokens.get(at) == Some(&"::") {
            at += 1;
        } else {
            break;
        }
    }
    // `x as y` within braces
    if tokens.get(at) == Some(&"as") {
        at += 2;
    }
    found.push(path);
    // Whatever could not be read is stepped over.
    if at == 0 { 1 } else { at }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if is_name(rest) {
            rest.find(|one: char| !(one.is_ascii_alphanumeric() || one == '_'))
                .unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

#[test]
fn braces_are_opened_and_parents_followed() {
    let source = Source::new(
        "src/a/b/c.rs",
        "use crate::x::{self, Y, z::{Q as R, T}};\nuse super::{d, super::e::F};\n\
         fn f() { self::g::h(); super::super::i::<J>(); other::k(); }",
    );
    let named: Vec<_> = named(&source).iter().map(|path| path.join("::")).collect();
    let expected = [
        "x",
        "x::Y",
        "x::z::Q",
        "x::z::T",
        "a::b::d",
        "a::e::F",
        "a::b::c::g::h",
        "a::i",
    ];
    assert_eq!(named, expected);
}
