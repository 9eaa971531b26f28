//! Which file uses which: the paths that a file names, followed to the files that define what they lead to.
//!
//! A re-export (`pub use child::Item`) is no use of the child, unless the file names the item in its own code too. A
//! method that is called without naming its type or trait is not seen.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::Source;
use crate::tokens::{is_name, tokens};

/// Which names of another file each file uses: from, to, names.
pub(crate) type Imports = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// The path of a module or of an item: the folder of the crate's root, then names.
type Path = Vec<String>;

/// Reads the imports of all files, within each crate.
pub(crate) fn imports(sources: &[Source]) -> Imports {
    let house = House::new(sources);
    let mut imports = Imports::new();
    for file in house.files.values() {
        let uses = imports.entry(file.path.clone()).or_default();
        for path in house.used(file) {
            if let Some((definer, name)) = house.definer(&path, 0)
                && definer != file.path
            {
                uses.entry(definer).or_default().insert(name);
            }
        }
    }
    imports
}

/// The files by the modules that they are.
struct House {
    files: BTreeMap<Path, File>,
}

struct File {
    path: String,
    imports: Vec<Import>,
    /// The paths in its code, each with the module that it stands in.
    paths: Vec<(Path, Vec<String>)>,
    /// The items that it defines, at any depth.
    items: BTreeSet<String>,
    /// How often it names what.
    names: BTreeMap<String, usize>,
}

/// `use path as name;`
struct Import {
    scope: Path,
    path: Vec<String>,
    name: String,
    is_public: bool,
}

impl House {
    fn new(sources: &[Source]) -> Self {
        let roots = roots(sources);
        let files = sources.iter().map(|source| {
            let module = module(&source.path, &roots, sources);
            (module.clone(), File::new(source, &module))
        });
        Self {
            files: files.collect(),
        }
    }

    /// Every path that a file uses, from the crate's root.
    fn used(&self, file: &File) -> Vec<Path> {
        let mut used = Vec::new();
        for import in &file.imports {
            // What else is the name for? The import itself names it once, with `as` too.
            let reexports = import.is_public && file.names.get(&import.name) == Some(&1);
            let path = self.absolute(file, &import.scope, &import.path, 0);
            if let Some(path) = path.filter(|_| !reexports)
                && !self.files.contains_key(&path)
            {
                used.push(path);
            }
        }
        for (scope, path) in &file.paths {
            used.extend(self.absolute(file, scope, path, 0));
        }
        used
    }

    /// A path from the crate's root, or none if it leads into another crate.
    fn absolute(&self, file: &File, scope: &Path, path: &[String], depth: usize) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        let mut base = match first.as_str() {
            "crate" => vec![scope[0].clone()],
            "self" => scope.clone(),
            "super" => scope[..scope.len() - 1].to_vec(),
            name => {
                let mut child = scope.clone();
                child.push(name.to_owned());
                let import = file
                    .imports
                    .iter()
                    .find(|import| import.name == name && import.path != path);
                match import {
                    _ if self.files.contains_key(&child) => child,
                    Some(import) if depth < DEEPEST => {
                        self.absolute(file, &import.scope, &import.path, depth + 1)?
                    }
                    _ => return None,
                }
            }
        };
        for name in rest {
            match name.as_str() {
                "super" => drop(base.pop()),
                name => base.push(name.to_owned()),
            }
        }
        (!base.is_empty()).then_some(base)
    }

    /// The file that defines what a path leads to, and the name that it has there.
    fn definer(&self, path: &Path, depth: usize) -> Option<(String, String)> {
        let length = (1..=path.len())
            .rev()
            .find(|length| self.files.contains_key(&path[..*length]))?;
        let file = &self.files[&path[..length]];
        let name = path.get(length).unwrap_or(&path[length - 1]);
        let here = Some((file.path.clone(), name.clone()));
        if length == path.len() || file.items.contains(name) || depth == DEEPEST {
            return here;
        }
        let follow = |import: &Import, rest: &[String]| {
            let mut path = self.absolute(file, &import.scope, &import.path, 0)?;
            path.extend_from_slice(rest);
            self.definer(&path, depth + 1)
        };
        if let Some(import) = file.imports.iter().find(|import| import.name == *name) {
            return follow(import, &path[length + 1..]);
        }
        let globs = file.imports.iter().filter(|import| import.name == "*");
        let found = globs
            .filter_map(|import| follow(import, &path[length..]))
            .find(|(definer, _)| self.defines(definer, name));
        found.or(here)
    }

    fn defines(&self, path: &str, name: &str) -> bool {
        let mut files = self.files.values();
        files.any(|file| file.path == path && file.items.contains(name))
    }
}

/// How many re-exports are followed at most.
const DEEPEST: usize = 8;

impl File {
    fn new(source: &Source, module: &Path) -> Self {
        const ITEMS: [&str; 9] = [
            "fn",
            "struct",
            "enum",
            "union",
            "trait",
            "type",
            "const",
            "static",
            "macro_rules",
        ];
        let tokens = tokens(&source.text);
        let mut file = Self {
            path: source.path.clone(),
            imports: Vec::new(),
            paths: Vec::new(),
            items: BTreeSet::new(),
            names: BTreeMap::new(),
        };
        for token in tokens.iter().filter(|token| is_name(token)) {
            *file.names.entry((*token).to_owned()).or_default() += 1;
        }
        // The module, and the depth of braces at which each module within the file began.
        let (mut scope, mut inside, mut depth) = (module.clone(), Vec::new(), 0_usize);
        let mut at = 0;
        while at < tokens.len() {
            let next = tokens.get(at + 1).copied().unwrap_or_default();
            match tokens[at] {
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    if inside.last() == Some(&depth) {
                        inside.pop();
                        scope.pop();
                    }
                }
                "mod" if tokens.get(at + 2) == Some(&"{") => {
                    inside.push(depth);
                    scope.push(next.to_owned());
                    file.items.insert(next.to_owned());
                }
                "use" if next != "<" => {
                    let is_public = is_public(&tokens[..at]);
                    let mut found = Vec::new();
                    at = tree(&tokens, at + 1, &[], &mut found);
                    file.imports
                        .extend(found.into_iter().map(|(path, name)| Import {
                            scope: scope.clone(),
                            path,
                            name,
                            is_public,
                        }));
                    continue;
                }
                item if ITEMS.contains(&item) => {
                    let name = if next == "!" {
                        tokens.get(at + 2)
                    } else {
                        None
                    };
                    file.items.insert(name.unwrap_or(&next).to_string());
                }
                first
                    if is_name(first)
                        && next == "::"
                        && (at == 0 || !matches!(tokens[at - 1], "::" | ".")) =>
                {
                    let mut path = Vec::new();
                    while let Some(name) = tokens.get(at).filter(|token| is_name(token)) {
                        path.push((*name).to_owned());
                        at += 1;
                        if tokens.get(at) != Some(&"::") {
                            break;
                        }
                        at += 1;
                    }
                    file.paths.push((scope.clone(), path));
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        file
    }
}

/// Whether `pub` or `pub(…)` ends here.
fn is_public(tokens: &[&str]) -> bool {
    let restricted = tokens.iter().rev().take(6).position(|token| *token == "(");
    let before = match tokens.last() {
        Some(&")") => restricted.and_then(|at| tokens.len().checked_sub(at + 2)),
        _ => tokens.len().checked_sub(1),
    };
    before.is_some_and(|at| tokens[at] == "pub")
}

/// Reads the tree of a `use` with all its branches; returns where it ends.
fn tree(
    tokens: &[&str],
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<(Vec<String>, String)>,
) -> usize {
    let mut path = prefix.to_vec();
    while let Some(token) = tokens.get(at) {
        match *token {
            "{" => {
                at += 1;
                while let Some(token) = tokens.get(at) {
                    match *token {
                        "}" => return at + 1,
                        "," => at += 1,
                        _ => at = tree(tokens, at, &path, found),
                    }
                }
            }
            "*" => {
                found.push((path, "*".to_owned()));
                return at + 1;
            }
            "::" => at += 1,
            // `x::{self}` is `x`.
            "self" if !path.is_empty() => at += 1,
            "as" => {
                let name = tokens.get(at + 1).copied().unwrap_or_default();
                found.push((path, name.to_owned()));
                return at + 2;
            }
            name if is_name(name) => {
                path.push(name.to_owned());
                at += 1;
            }
            _ => break,
        }
    }
    let name = path.last().cloned().unwrap_or_default();
    found.push((path, name));
    at
}

/// The folders in which a crate begins: those with a `lib.rs` or `main.rs`, and those whose `mod.rs` no file above
/// declares, but `#[path]` includes.
fn roots(sources: &[Source]) -> BTreeSet<String> {
    let folder = |name: &str| {
        let name = format!("/{name}");
        sources
            .iter()
            .filter_map(move |source| source.path.strip_suffix(&name))
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    let mut roots: BTreeSet<_> = folder("lib.rs")
        .into_iter()
        .chain(folder("main.rs"))
        .collect();
    let loose = folder("mod.rs").into_iter().filter(|module| {
        let within = |root: &String| module.starts_with(&format!("{root}/"));
        !roots.iter().any(within)
    });
    let loose: BTreeSet<_> = loose.collect();
    let outermost = loose.iter().filter(|module| {
        let within = |other: &String| module.starts_with(&format!("{other}/"));
        !loose.iter().any(within)
    });
    roots.extend(outermost.cloned());
    roots
}

/// With the root `src`, `src/a/b.rs` is the module `[src, a, b]` and `src/a/mod.rs` is `[src, a]`. A `main.rs` beside a
/// `lib.rs` is a crate of its own, and so is a file outside of all roots.
fn module(path: &str, roots: &BTreeSet<String>, sources: &[Source]) -> Path {
    let root = roots
        .iter()
        .filter(|root| path.starts_with(&format!("{root}/")))
        .max_by_key(|root| root.len());
    let Some(root) = root else {
        return vec![path.to_owned()];
    };
    let inside = path[root.len() + 1..].trim_end_matches(".rs");
    let library = format!("{root}/lib.rs");
    if inside == "main" && sources.iter().any(|source| source.path == library) {
        return vec![path.to_owned()];
    }
    let parts = inside
        .split('/')
        .filter(|part| !["mod", "lib", "main"].contains(part));
    std::iter::once(root.as_str())
        .chain(parts)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what `src/a/b.rs` with the given text uses, as `file: names`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let sources = [
            Source::new(
                "src/lib.rs",
                "pub mod a;\npub use a::Own;\nuse a::Unseen as Renamed;",
            ),
            Source::new(
                "src/a/mod.rs",
                "mod b; mod c;\npub(crate) use c::{C, d::D};\npub struct Own;",
            ),
            Source::new("src/a/b.rs", text),
            Source::new(
                "src/a/c/mod.rs",
                "pub mod d;\npub use d::*;\npub struct C;\nuse std::fmt;",
            ),
            Source::new("src/a/c/d.rs", "pub struct D; pub enum E {}"),
        ];
        let imports = imports(&sources);
        let found: Vec<_> = imports["src/a/b.rs"]
            .iter()
            .map(|(file, names)| {
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                format!("{file}: {}", names.join(", "))
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_path_leads_to_the_file_that_defines_it() {
        check("use crate::a::c::C;", &["src/a/c/mod.rs: C"]);
        check("use super::Own;", &["src/a/mod.rs: Own"]);
        check(
            "use crate::a::c::{self, d::{D as X, E}};",
            &["src/a/c/d.rs: D, E"],
        );
        check("fn f() { super::c::C::new() }", &["src/a/c/mod.rs: C"]);
        check("use super::c; fn f() { c::d::g() }", &["src/a/c/d.rs: g"]);
        check(
            "use super::super::a::c::d; fn f(_: d::D) {}",
            &["src/a/c/d.rs: D"],
        );
    }

    #[test]
    fn reexports_are_followed() {
        check("use super::D;", &["src/a/c/d.rs: D"]);
        check("use super::c::E;", &["src/a/c/d.rs: E"]);
        check("use crate::Own;", &["src/a/mod.rs: Own"]);
        check("use super::c::fmt::Write;", &[]);
    }

    #[test]
    fn a_reexport_alone_is_no_use() {
        check("pub use super::c::C;", &[]);
        check("pub(super) use super::c::C;", &[]);
        check("pub use super::c::C; fn f(_: C) {}", &["src/a/c/mod.rs: C"]);
    }

    #[test]
    fn modules_within_a_file_have_their_own_parent() {
        check(
            "struct X; mod inner { use super::X; use super::super::Own; }",
            &["src/a/mod.rs: Own"],
        );
        check("mod inner {} use super::Own;", &["src/a/mod.rs: Own"]);
    }
}
