//! The table of the guide: what was tried, what Terraform does, and what the provider does.

use std::fmt::Write as _;
use std::path::Path;

use crate::terraform::{Case, Verdict};

const PAGE: &str = "docs/templates/guides/certificates-proxies-and-names.md.tmpl";

/// One line of the table.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) terraform: Verdict,
    pub(crate) provider: Verdict,
    /// Why the provider differs, and the way out. Empty: it does not.
    pub(crate) note: &'static str,
}

impl Row {
    /// Tries Terraform and the provider.
    pub(crate) async fn of(what: &'static str, case: &Case, note: &'static str) -> Row {
        let (terraform, provider) = tokio::join!(case.terraform(), case.client());
        Row {
            what,
            terraform,
            provider,
            note,
        }
    }

    fn check(&self) -> Result<(), String> {
        let Row {
            what,
            terraform,
            provider,
            note,
        } = self;
        let shown = format!("{what}\n  Terraform: {terraform:?}\n  the provider: {provider:?}");
        let differs = terraform.as_ref().ok() != provider.as_ref().ok();
        if differs == note.is_empty() {
            return Err(format!("the note of this row is wrong: {shown}"));
        }
        if let Err(text) = provider
            && let Some(word) = type_name(text)
        {
            return Err(format!("{word:?} is the name of a type: {shown}"));
        }
        Ok(())
    }
}

/// Returns a word that looks like the name of a library's type: `InvalidContentType`, `Other(…)`.
fn type_name(text: &str) -> Option<&str> {
    const TERMS: [&str; 3] = ["OpenTofu", "IPv", "URLs"];
    let mut words = text.split(|next: char| !next.is_ascii_alphanumeric());
    words.find(|word| {
        let mut letters = word.chars();
        let is_upper = letters
            .next()
            .is_some_and(|first| first.is_ascii_uppercase());
        let rest = letters.as_str();
        let has_lower = rest.contains(|next: char| next.is_ascii_lowercase());
        let is_camel = rest.contains(|next: char| next.is_ascii_uppercase());
        let is_called = text.contains(&format!("{word}(")) || text.contains(&format!("{word} {{"));
        is_upper && has_lower && (is_camel || is_called) && !TERMS.contains(word)
    })
}

/// Checks every row, and that the guide has them.
#[track_caller]
pub(crate) fn compare(name: &str, heading: &str, rows: &[Row]) {
    let faults: Vec<String> = rows.iter().filter_map(|row| row.check().err()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for Row {
        what,
        terraform,
        provider,
        ..
    } in rows
    {
        eprintln!("{what}\n  Terraform: {terraform:?}\n  the provider: {provider:?}");
    }
    let word = |verdict: &Verdict| *verdict.as_ref().unwrap_or(&"refused");
    let mut table = format!("| {heading} | Terraform | Provider |\n|---|---|---|\n");
    for Row {
        what,
        terraform,
        provider,
        note,
    } in rows
    {
        let space = if note.is_empty() { "" } else { ". " };
        let (theirs, ours) = (word(terraform), word(provider));
        writeln!(table, "| {what} | {theirs} | {ours}{space}{note} |").unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let start = page.find(&begin).expect("the guide has the table's place") + begin.len();
    let stop = page.find(&end).expect("the guide has the table's end");
    if page[start..stop] == table {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "the table of {PAGE} is not what was found: run UPDATE=1 make test-network, then make \
         generate\n{table}"
    );
    let page = format!("{}{table}{}", &page[..start], &page[stop..]);
    std::fs::write(path, page).unwrap();
}
