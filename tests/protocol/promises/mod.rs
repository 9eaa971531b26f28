//! What practitioners are promised of every operation, whatever goes wrong. Fault tables, histories and races are
//! judged here, and nowhere else.
//!
//! An [`Observation`] is everything that was seen of one operation. Each promise is a function from an observation to
//! the ways in which it is broken, and has a file of its own. A promise is judged as of the operation's last answer
//! from the API; the truth is the simulator's.
//!
//! | letter | promise | file |
//! |---|---|---|
//! | a | the secret in the state is valid, or `status` or a diagnostic says that it is not | `secret_in_state` |
//! | b | a token that this state does not manage is not invalidated without `force_regenerate` | `other_tokens` |
//! | c | the organization's main token is not touched | `main_token` |
//! | d | the state is not dropped because of an error | `state_kept` |
//! | e | what only reads changes nothing | `read_only` |
//! | f | no object with a valid secret becomes tainted | `taint` |
//! | g | a secret that is there does not get lost | `secret_kept` |
//! | h | no secret is shown | `no_secret_shown` |
//! | i | an audit trail that was read is whole | `trail_whole` |
//! | j | the action that revokes does what it reports | `revocation` |
//! | k | a search lists what exists | `listing` |
//! | l | a token is generated or deleted only where the practitioner asks for it | `asked` |
//! | m | what a plan and its apply say is what happens | `true_plan` |
//! | n | consent is bound to the plan | `consent` |
//! | o | a state is of use only at its own host | `another_host` |
//! | p | a main token never reaches a state | `main_token` |
//! | q | with `revoke_on_close`, the token of a run does not outlive it | `closing` |
//!
//! The words of the contract are in `liveness` (dead, in use) and `followed`.

mod another_host;
pub(crate) mod asked;
mod closing;
mod consent;
mod example;
pub(crate) mod followed;
pub(crate) mod kind;
mod listing;
pub(crate) mod liveness;
mod main_token;
mod no_secret_shown;
pub(crate) mod observation;
mod other_tokens;
mod read_only;
mod revocation;
mod secret_in_state;
mod secret_kept;
pub(crate) mod snapshot;
mod state_kept;
mod taint;
pub(crate) mod timeline;
pub(crate) mod timeline_entry;
mod trail_whole;
mod true_plan;
pub(crate) mod unseal;

use self::observation::Observation;

type Promise = fn(&Observation) -> Vec<String>;

const PROMISES: [(char, Promise); 28] = [
    (
        'a',
        secret_in_state::a_secret_in_the_state_is_valid_or_reported,
    ),
    (
        'a',
        secret_in_state::a_valid_secret_is_not_reported_as_invalid,
    ),
    (
        'a',
        secret_in_state::a_new_secret_arrives_or_its_loss_is_reported,
    ),
    ('a', secret_in_state::an_opened_secret_is_valid_or_reported),
    ('a', secret_in_state::a_trail_is_read_with_a_valid_secret),
    ('b', other_tokens::no_token_of_somebody_else_is_invalidated),
    ('c', main_token::the_main_token_is_not_touched),
    ('d', state_kept::the_state_keeps_a_token_that_exists),
    (
        'd',
        state_kept::the_state_is_not_dropped_because_of_an_error,
    ),
    ('e', read_only::what_only_reads_sends_no_change),
    (
        'e',
        read_only::what_is_not_about_the_state_does_not_write_it,
    ),
    ('f', taint::no_object_with_a_valid_secret_becomes_tainted),
    (
        'g',
        secret_kept::the_secret_of_a_token_that_exists_stays_in_the_state,
    ),
    ('g', secret_kept::a_sealed_token_returns_what_was_sealed),
    ('h', no_secret_shown::no_secret_is_shown),
    ('i', trail_whole::an_audit_trail_is_whole_or_truncated),
    ('j', revocation::a_revocation_does_what_it_reports),
    ('k', listing::a_search_lists_every_token_that_exists),
    ('l', asked::no_token_changes_that_was_not_asked_for),
    ('m', true_plan::a_refusal_is_planned),
    (
        'm',
        true_plan::a_plan_names_the_token_that_will_be_invalidated,
    ),
    ('m', true_plan::what_is_left_alone_lives),
    ('m', true_plan::a_renamed_label_is_recognised),
    ('m', true_plan::a_dead_token_is_in_nobodys_way),
    ('n', consent::only_the_planned_token_is_replaced),
    ('o', another_host::another_host_is_not_asked),
    ('p', main_token::no_main_token_is_in_the_state),
    ('q', closing::a_token_is_revoked_on_close),
];

/// Returns the promises that were broken, a sentence each, with their letters.
pub(crate) fn broken(seen: &Observation) -> Vec<String> {
    let promises = PROMISES.iter();
    promises
        .flat_map(|(letter, promise)| {
            let broken = promise(seen).into_iter();
            broken.map(move |how| format!("promise ({letter}) is broken: {how}"))
        })
        .collect()
}

/// Demands every promise; panics with a report of what was seen.
#[track_caller]
pub(crate) fn check(seen: &Observation) {
    let broken = broken(seen);
    assert!(broken.is_empty(), "{}\n\n{seen}", broken.join("\n"));
}

/// A promise that knows a diagnostic by an old summary excuses everything.
#[test]
fn the_promises_know_the_diagnostics_by_their_summaries() {
    const SNAPSHOT: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/provider/diagnostics/snapshot.txt"
    ));
    let known = [
        true_plan::WILL_BE_REFUSED.as_slice(),
        &true_plan::REFUSED,
        &true_plan::IN_THE_WAY,
        &secret_in_state::NOT_VALID,
        &secret_in_state::ANOTHER_EXISTS,
        &secret_in_state::SECRET_LOST,
    ];
    for summary in known.concat() {
        assert!(SNAPSHOT.contains(summary), "no diagnostic says {summary:?}");
    }
}
