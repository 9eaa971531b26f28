//! Demands of every error that it says what failed, for which organization or host, and what to do.

use tfplugin::{Diagnostic, Diagnostics, Severity};

use super::situation::{EMPTY, FORMER, OTHER};
use crate::audit_trail_token::setup::ORGANIZATION;

/// The words that a piece of advice begins with.
const VERBS: [&str; 17] = [
    "apply", "ask", "check", "find", "import", "leave", "let", "plan", "remove", "replace",
    "restore", "run", "set", "try", "use", "wait", "keep",
];

/// The host. It is named instead of the organization where the audit trail is read, which does not say the organization
/// of its token, and where organizations are listed.
const HOST: &str = "app.terraform.io";
const OF_THE_HOST: [&str; 2] = ["/organization/audit-trail", "GET /organizations on"];

/// Demands of every error that it names the organization, or the host where the audit trail is read or organizations
/// are listed, that its detail has at least two sentences, and that one of its clauses, before the API's own words,
/// advises what to do.
#[track_caller]
pub(super) fn check(diagnostics: &Diagnostics) {
    let errors = diagnostics.iter();
    for error in errors.filter(|one| one.severity() == Severity::Error) {
        let problems = problems(error);
        assert!(problems.is_empty(), "{}:\n\n{error}", problems.join(", "));
    }
}

fn problems(error: &Diagnostic) -> Vec<&'static str> {
    let detail = error.detail();
    // The last paragraph is the API's, if it names a request.
    let own_words = match detail.rsplit_once("\n\n") {
        Some((own_words, api_words)) if api_words.contains(" /organization") => own_words,
        _ => detail,
    };
    let sentences = detail.split(['.', '\n']).filter(|part| part.len() > 3);
    let advises = clauses(own_words).any(|clause| {
        let first = clause.split([' ', ':']).next().unwrap_or_default();
        VERBS.contains(&first.to_lowercase().as_str())
    });
    let demands = [
        (error.summary().len() > 5, "no summary"),
        (names_its_subject(detail), "the organization is not named"),
        (sentences.count() >= 2, "the detail has no two sentences"),
        (advises, "nothing is advised"),
    ];
    let broken = demands.into_iter().filter(|(kept, _)| !kept);
    broken.map(|(_, problem)| problem).collect()
}

fn names_its_subject(detail: &str) -> bool {
    let names = |names: &[&str]| names.iter().any(|name| detail.contains(name));
    names(&[ORGANIZATION, "MY-ORG-NAME", OTHER, EMPTY, FORMER])
        || (names(&OF_THE_HOST) && detail.contains(HOST))
}

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split(". ")
        .flat_map(|sentence| sentence.split([',', ';', ':', '\n']))
        .map(str::trim)
}

#[test]
fn an_error_without_advice_is_found() {
    let problems = |detail: &str| problems(&Diagnostic::error("Unable to Read", detail));
    let good = "The token of my-org-name could not be read. Check the token.\n\n\
                The read failed: GET /organizations/my-org-name on host: 500";
    assert_eq!(problems(good), Vec::<&str>::new());
    let bare = "The token could not be read.\n\nTry: GET /organizations/my-org-name: Check it";
    assert_eq!(problems(bare), ["nothing is advised"]);
    assert_eq!(
        problems("Check the token. Really."),
        ["the organization is not named"]
    );
}
