//! The promises: what must hold after every operation, whatever went wrong.
//!
//! Judged by what really happened ([`Operation::entries`]) and what was said; never by what the provider should have
//! done. The letters are those of the contract.

use chrono::TimeDelta;
use serde_json::json;
use tfe_simulator::{RecordedRequest, Token};

use super::chronicle::{Chronicle, Entry, Sight, What};
use super::operation::{Kind, Object, Operation};
use super::step::Org;
use crate::promises;

/// What was promised and not kept, a sentence each.
pub(super) fn broken(operation: &Operation, chronicle: &Chronicle) -> Vec<String> {
    let mut broken = Vec::new();
    let mut check = |letter: char, problem: Option<String>| {
        broken.extend(problem.map(|problem| format!("({letter}) {problem}")));
    };
    check('a', lie(operation));
    check('a', untold_token(operation, chronicle));
    for (index, org, entry) in operation.changes() {
        check('b', killing(operation, index, org, entry));
        check('e', change_by_looking(operation, org));
    }
    check('a', trail_of_a_dead_token(operation));
    check('e', written_beside_the_state(operation));
    check('j', revocation(operation));
    let reading = operation.reading.as_ref();
    let gave_up = operation.said("The Audit Trail Was Not Read to Its End");
    check('i', reading.and_then(|reading| reading.broken(gave_up)));
    check('c', main_token(operation));
    for object in operation.stored.objects() {
        check('d', dropped(operation, object, chronicle));
    }
    for object in operation.after.objects() {
        check('f', tainted(operation, object));
    }
    check('h', told_secret(operation, chronicle));
    broken.extend(contract(operation));
    broken
}

/// The contract's own check, where nobody else acted meanwhile: it sees only what was before and after.
fn contract(operation: &Operation) -> Option<String> {
    let (before, after) = operation.looks.as_ref()?;
    let alone = |entry: &Entry| !matches!(entry.what, What::Elsewhere | What::Late);
    if !operation.entries.iter().all(alone) {
        return None;
    }
    let deletes = |request: &RecordedRequest| request.method == "DELETE";
    let kind = match operation.kind {
        Kind::Plan => promises::Kind::Plan,
        Kind::Refresh => promises::Kind::Refresh,
        Kind::Import => promises::Kind::Import,
        Kind::Apply if !operation.requests.iter().any(deletes) => promises::Kind::Apply,
        Kind::Apply | Kind::Destroy => promises::Kind::Destroy,
        Kind::Open => promises::Kind::Open,
        Kind::ReadTrail => promises::Kind::ReadData,
        Kind::PlanRevocation => promises::Kind::Plan,
        Kind::Revoke => promises::Kind::Revoke,
    };
    let opened = operation.opened.as_ref();
    let verdict = promises::verdict(
        before,
        after,
        &promises::Operation {
            what: "the last one",
            kind,
            forces: operation.forced,
            diagnostics: &operation.told,
            requests: &operation.requests,
            foreign: &[],
            opened: opened
                .map(|(org, secret)| json!({ "organization": org.name(), "token": secret })),
            revocation: operation.revocation.as_ref().map(|(_, one)| one.clone()),
            search: None,
        },
    );
    let story = verdict.err()?;
    // It knows of one state and one operation. Here another state may have acted, and the plan before this apply may have
    // followed or dropped the object: of that `lie`, `killing` and `dropped` know.
    let elsewhere = ["promise (a)", "promise (b)", "promise (d)"];
    let judged = |line: &str| !elsewhere.iter().any(|promise| line.starts_with(promise));
    let mut broken = story
        .lines()
        .take_while(|line| line.starts_with("promise ("));
    broken.any(judged).then_some(story.clone())
}

/// Says that the secret in a state is not, or may not be, the living one.
const CONFESSIONS: [&str; 6] = [
    "The Audit Trail Token Was Replaced",
    "The Audit Trail Token Is Gone",
    "The New Audit Trail Token Was Replaced at Once",
    "The New Audit Trail Token Is Not Confirmed",
    "Another Audit Trail Token Was Left Alone",
    "The Imported Audit Trail Token Was Replaced",
];

/// The secret in the state is the living one as of the last answer, or something has said that it is not.
fn lie(operation: &Operation) -> Option<String> {
    if operation.is_beside_the_state() {
        return None;
    }
    if let Some((org, secret)) = &operation.opened {
        let token = operation.last_answer(*org)?.token(*org);
        let alive = token.is_some_and(|token| token.secret.expose() == secret);
        return (!alive && !operation.failed() && !confessed(operation))
            .then(|| "the ephemeral holds a dead secret, and nothing was said".to_owned());
    }
    if operation.kind == Kind::Plan && !operation.refresh {
        return None; // It is as the state has it: that was asked for.
    }
    let object = operation.after.current.as_ref()?;
    let secret = object.secret.as_ref()?;
    let first = operation.entries.first()?.before.token(object.org);
    if operation.kind == Kind::Plan && first.is_some_and(|one| one.secret.expose() == secret) {
        return None; // It was refreshed while it lived; what a plan looks at then is what it will create.
    }
    let token = operation.last_answer(object.org)?.token(object.org);
    if token.is_some_and(|token| token.secret.expose() == secret) {
        let always = operation.entries.iter().all(|entry| {
            let token = entry.after.token(object.org);
            token.is_some_and(|token| token.secret.expose() == secret)
        });
        let denied = object.has_status("replaced") || object.has_status("secret_lost");
        let looked = matches!(operation.kind, Kind::Refresh | Kind::Plan);
        return (always && denied && looked).then(|| {
            format!(
                "the state's token is alive, but its status is {:?}",
                object.status
            )
        });
    }
    let admitted = ["replaced", "secret_lost", "expired"]
        .iter()
        .any(|status| object.has_status(status));
    (!admitted && !operation.failed() && !confessed(operation)).then(|| {
        format!(
            "the secret in the state is not that of {}, and nothing was said; the status is {}",
            named(token),
            object.status.as_deref().unwrap_or("null")
        )
    })
}

/// Says in the plan of a replacement that there is a token, which is another than the one in the state.
const FOREWARNINGS: [&str; 2] = [
    "An Audit Trail Token Exists Already",
    "An Existing Audit Trail Token Will Be Invalidated",
];

/// Says that there is, or may be, a new token whose secret is lost.
const LOSSES: [&str; 3] = [
    "The Secret of the New Audit Trail Token Was Lost",
    "Unknown Whether an Audit Trail Token Was Generated",
    "The New Audit Trail Token Was Replaced at Once",
];

fn confessed(operation: &Operation) -> bool {
    let said = |summaries: &[&str]| summaries.iter().any(|summary| operation.said(summary));
    said(&CONFESSIONS) || (operation.kind == Kind::Plan && said(&FOREWARNINGS))
}

/// A token that this operation made and that is alive has its secret in its place, or the loss was told.
fn untold_token(operation: &Operation, chronicle: &Chronicle) -> Option<String> {
    let made = made(operation);
    let alive = made.iter().find(|id| operation.end.is_alive(id))?;
    let token = chronicle.token(alive)?;
    if came_unseen(operation, alive) {
        return None;
    }
    let secret = token.secret.expose();
    let mut held = operation.after.objects().map(|one| one.secret.as_deref());
    let opened = operation.opened.as_ref();
    let held =
        held.any(|held| held == Some(secret)) || opened.is_some_and(|(_, opened)| opened == secret);
    let told = LOSSES.iter().any(|summary| operation.said(summary));
    (!held && !told)
        .then(|| format!("the secret of the new token {alive} is lost, and nothing was said"))
}

/// Whether a token came to be by a POST that acted only after the last answer.
fn came_unseen(operation: &Operation, id: &str) -> bool {
    let mut entries = operation.entries.iter();
    let Some(made) = entries.position(|entry| entry.after.is_alive(id)) else {
        return false;
    };
    let late = operation.entries[made].what == What::Late;
    let has = |org: &Org| {
        let token = operation.entries[made].after.token(*org);
        token.is_some_and(|token| token.id == id)
    };
    let org = Org::ALL.into_iter().find(has);
    let answered = |entry: &Entry| match entry.what {
        What::Look { org: of, .. } | What::Post { org: of, .. } | What::Delete { org: of, .. } => {
            Some(of) == org
        }
        What::Other { .. } | What::Late | What::Elsewhere => false,
    };
    late && !operation.entries[made..].iter().any(answered)
}

/// The tokens that came to be because of the operation's own requests.
fn made(operation: &Operation) -> Vec<String> {
    let own = operation
        .entries
        .iter()
        .filter(|entry| matches!(entry.what, What::Post { .. } | What::Late));
    own.flat_map(|entry| Org::ALL.map(|org| (entry, org)))
        .filter_map(|(entry, org)| {
            let after = entry.after.token(org)?;
            let same = entry.before.token(org).map(|token| &token.id) == Some(&after.id);
            (!same).then(|| after.id.clone())
        })
        .collect()
}

/// Whether a token came to be after a POST of the operation whose answer was lost: nothing tells them apart.
fn may_be_made(operation: &Operation, id: &str) -> bool {
    let mut entries = operation.entries.iter();
    entries.any(|entry| matches!(entry.what, What::Post { honest: false, .. }))
        && entries.any(|entry| !entry.before.is_alive(id) && entry.after.is_alive(id))
}

/// A token that was there when the operation looked, and that its state does not manage, dies only if that was asked
/// for; one in use not by opening an ephemeral.
fn killing(operation: &Operation, index: usize, org: Org, entry: &Entry) -> Option<String> {
    let killed = entry.before.token(org)?;
    let dead = killed.expired_at.is_some_and(|end| end <= operation.now);
    if dead || made(operation).contains(&killed.id) || may_be_made(operation, &killed.id) {
        return None;
    }
    let mut looks = operation.entries[..index].iter().rev();
    let seen = looks.find_map(|entry| match entry.what {
        What::Look { org: of, honest } if honest && of == org => Some(entry.before.token(org)),
        _ => None,
    });
    let Some(seen) = seen else {
        return Some(format!("{} was invalidated without a look", killed.id));
    };
    if seen.is_none_or(|seen| seen.id != killed.id) {
        return None; // It came to be after the look.
    }
    if operation.kind == Kind::Open {
        let in_use = seen
            .and_then(|seen| seen.last_used_at)
            .is_some_and(|used| operation.now - used <= TimeDelta::days(14));
        return (in_use && !operation.forced).then(|| {
            format!(
                "{} is in use, and opening an ephemeral killed it",
                killed.id
            )
        });
    }
    if let Some((_, revocation)) = &operation.revocation {
        return (revocation.token_id != killed.id)
            .then(|| format!("{} was revoked, and the action names another", killed.id));
    }
    let manages = |object: &Object| manages(object, killed) && object.org == org;
    let managed = operation.managed.objects().any(manages);
    let is_delete = matches!(entry.what, What::Delete { .. });
    (!managed && (!operation.forced || is_delete)).then(|| {
        format!(
            "{} is not managed by this state, nobody asked for it, and it was {}",
            killed.id,
            if is_delete { "deleted" } else { "replaced" }
        )
    })
}

/// Whether an object's token is this one. An object of hashicorp/tfe does not say: by its secret, if it has one.
fn manages(object: &Object, token: &Token) -> bool {
    match (&object.token_id, &object.secret) {
        (Some(id), _) => *id == token.id,
        (None, Some(secret)) => token.secret.expose() == secret,
        (None, None) => true,
    }
}

/// A plan, a refresh and an import change nothing.
fn change_by_looking(operation: &Operation, org: Org) -> Option<String> {
    let looks = [
        Kind::Plan,
        Kind::Refresh,
        Kind::Import,
        Kind::ReadTrail,
        Kind::PlanRevocation,
    ];
    looks
        .contains(&operation.kind)
        .then(|| format!("the token of {org} changed though nothing was applied"))
}

/// What was read of the trail was read with a token that lived.
fn trail_of_a_dead_token(operation: &Operation) -> Option<String> {
    if operation.kind != Kind::ReadTrail || operation.failed() {
        return None;
    }
    let secret = operation.stored.current.as_ref()?.secret.as_deref()?;
    let sights = operation
        .entries
        .iter()
        .flat_map(|entry| [&entry.before, &entry.after]);
    let mut tokens = sights
        .chain([&operation.end])
        .flat_map(|sight| Org::ALL.map(|org| sight.token(org)))
        .flatten();
    let lived = tokens.any(|token| token.secret.expose() == secret);
    (!lived).then(|| "the trail was read, and the token with which it was is dead".to_owned())
}

/// Reading the trail leaves the state as it is, and so does an action.
fn written_beside_the_state(operation: &Operation) -> Option<String> {
    (operation.is_beside_the_state() && operation.stored != operation.after)
        .then(|| format!("the state was changed by {:?}", operation.kind))
}

/// An action does not succeed while the token that it names lives on and on.
fn revocation(operation: &Operation) -> Option<String> {
    let (org, revocation) = operation.revocation.as_ref()?;
    let id = &revocation.token_id;
    let has = |sight: &Sight| sight.token(*org).is_some_and(|token| token.id == *id);
    let mut sights = operation.entries.iter().map(|entry| &entry.after);
    let lives = has(&operation.end) && sights.all(has);
    (lives && !operation.failed())
        .then(|| format!("the action that revokes {id} succeeds, and {id} lives all the time"))
}

fn main_token(operation: &Operation) -> Option<String> {
    let requests = operation
        .entries
        .iter()
        .filter(|entry| entry.what != What::Elsewhere);
    let mut touched = requests.flat_map(|entry| Org::ALL.map(|org| (entry, org)));
    let (_, org) =
        touched.find(|(entry, org)| entry.before.main(*org) != entry.after.main(*org))?;
    Some(format!("the main token of {org} was touched"))
}

/// What a state had is in it still, unless the token is dead, or was only followed and is said to be left alone.
fn dropped(operation: &Operation, object: &Object, chronicle: &Chronicle) -> Option<String> {
    let token = match (&object.token_id, &object.secret) {
        (Some(id), _) => chronicle.token(id),
        (None, Some(secret)) => chronicle.owner_of(secret),
        (None, None) => None,
    }?;
    let mut after = operation.after.objects();
    let kept = after.any(|object| manages(object, &token));
    let lived = operation
        .entries
        .iter()
        .all(|entry| entry.after.is_alive(&token.id));
    let left_alone = object.secret.is_none() && operation.left_alone(&token.id);
    (!kept && !left_alone && lived && operation.end.is_alive(&token.id)).then(|| {
        format!(
            "the state has lost {}, which is alive{}",
            token.id,
            match operation.errors().first() {
                Some(error) => format!(", because of {error:?}"),
                None => String::new(),
            }
        )
    })
}

/// A tainted object costs nothing: it has no living secret.
fn tainted(operation: &Operation, object: &Object) -> Option<String> {
    let token = operation.last_answer(object.org)?.token(object.org)?;
    let alive = object.secret.as_deref() == Some(token.secret.expose());
    let new = operation
        .stored
        .current
        .as_ref()
        .is_none_or(|stored| !stored.tainted);
    (object.tainted && alive && new).then(|| {
        format!(
            "the object is tainted, though it has the secret of {}",
            token.id
        )
    })
}

/// No secret is in what was said.
fn told_secret(operation: &Operation, chronicle: &Chronicle) -> Option<String> {
    let mut said = operation.told.to_string();
    if let Some((_, revocation)) = &operation.revocation {
        said.push_str(&revocation.progress.join("\n"));
    }
    let mut secrets = chronicle.secrets().into_iter();
    secrets
        .any(|secret| said.contains(&secret))
        .then(|| "a diagnostic or a progress tells a secret".to_owned())
}

fn named(token: Option<&Token>) -> String {
    token.map_or("a token, for there is none".to_owned(), |token| {
        token.id.clone()
    })
}
