use super::*;

const T1: &str = "at-1";
const T2: &str = "at-2";

fn token(id: &str) -> AuthenticationToken {
    AuthenticationToken {
        id: id.to_owned(),
        created_at: "2026-01-01T00:00:00.123Z".parse().unwrap(),
        last_used_at: None,
        description: None,
        expired_at: None,
        created_by: None,
    }
}

/// As a state names the token: without the fraction of the second.
fn named(id: &str) -> NamedToken {
    NamedToken::new(Some(id), Some("2026-01-01T00:00:00Z".parse().unwrap()))
}

fn read(relation: Relation) -> KnownObjects {
    let mut known = KnownObjects::default();
    known.record_read(named(T1), relation, true);
    known
}

#[test]
fn only_an_object_that_was_read_or_a_generation_manages_a_token() {
    assert!(read(Relation::Manages).manages(&token(T1)));
    assert!(!read(Relation::Manages).manages(&token(T2)));
    assert!(!read(Relation::Follows).manages(&token(T1)));
    assert!(!read(Relation::Replaced).manages(&token(T1)));
    let mut later = token(T1);
    later.created_at += chrono::TimeDelta::seconds(1);
    assert!(!read(Relation::Manages).manages(&later));

    let mut planned = KnownObjects::default();
    planned.plan_update(named(T1), None);
    assert!(!planned.manages(&token(T1)));
    planned.record_generated(&token(T2));
    assert!(planned.manages(&token(T2)));
}

/// The read of the object may fail, and an ephemeral resource of the same plan opens all the same.
#[test]
fn a_token_counts_as_managed_from_the_beginning_of_a_read() {
    let mut known = KnownObjects::default();
    known.record_managed(named(T1));
    assert!(known.manages(&token(T1)) && !known.manages(&token(T2)));
}

#[test]
fn the_second_of_two_objects_is_recognised_in_every_order() {
    let mut updates = read(Relation::Manages);
    updates.record_read(named(T2), Relation::Replaced, true);
    assert_eq!(updates.plan_update(named(T2), None), Others::NotSeen);
    assert_eq!(updates.plan_update(named(T1), None), Others::InState);

    // The first of the two is planned, and both have been read.
    let mut replaced = read(Relation::Replaced);
    replaced.record_read(named(T2), Relation::Manages, true);
    let current = named(T2);
    assert_eq!(
        replaced.plan_update(named(T1), Some(&current)),
        Others::InState
    );
    let mut reported = read(Relation::ReplacedHere);
    assert_eq!(
        reported.plan_update(named(T1), Some(&current)),
        Others::Reported
    );
    let mut removed = read(Relation::Replaced);
    removed.record_read(named(T2), Relation::Manages, true);
    removed.plan_destruction(named(T2));
    assert_eq!(
        removed.plan_update(named(T1), Some(&current)),
        Others::NotSeen
    );

    // Two imports of one token.
    let mut twins = read(Relation::Manages);
    twins.record_read(named(T1), Relation::Manages, true);
    assert_eq!(twins.plan_update(named(T1), None), Others::NotSeen);
    assert_eq!(twins.plan_update(named(T1), None), Others::InState);

    let mut creations = KnownObjects::default();
    assert_eq!(
        creations.plan_creation(Seen::Nothing, Existing::Kept),
        Creation::Only
    );
    assert_eq!(
        creations.plan_creation(Seen::Nothing, Existing::Kept),
        Creation::Second
    );

    let mut creation_last = read(Relation::Manages);
    assert_eq!(creation_last.plan_update(named(T1), None), Others::NotSeen);
    assert_eq!(
        creation_last.plan_creation(Seen::Token(&token(T1)), Existing::Kept),
        Creation::Second
    );

    let mut update_last = read(Relation::Manages);
    assert_eq!(
        update_last.plan_creation(Seen::Token(&token(T1)), Existing::Kept),
        Creation::ReplacesManager
    );
    assert_eq!(
        update_last.plan_update(named(T1), None),
        Others::Created(Existing::Kept)
    );
}

#[test]
fn a_destruction_and_a_creation_belong_together_in_every_order() {
    let mut destruction_first = read(Relation::Manages);
    assert!(!destruction_first.plan_destruction(named(T1)));
    assert_eq!(
        destruction_first.plan_creation(Seen::Token(&token(T1)), Existing::Kept),
        Creation::BesideDestruction
    );

    let mut creation_first = KnownObjects::default();
    assert_eq!(
        creation_first.plan_creation(Seen::Token(&token(T1)), Existing::Kept),
        Creation::Only
    );
    creation_first.record_read(named(T1), Relation::Manages, true);
    assert!(creation_first.plan_destruction(named(T1)));
}

/// Terraform may read an object after it has planned to destroy it.
#[test]
fn a_destruction_that_is_planned_before_the_read_belongs_to_the_creation() {
    for is_read in [false, true] {
        let mut destruction_first = KnownObjects::default();
        assert!(!destruction_first.plan_destruction(named(T1)));
        let mut creation_first = KnownObjects::default();
        assert_eq!(
            creation_first.plan_creation(Seen::Token(&token(T1)), Existing::Kept),
            Creation::Only
        );
        if is_read {
            destruction_first.record_read(named(T1), Relation::Manages, true);
            creation_first.record_read(named(T1), Relation::Manages, true);
        }
        assert_eq!(
            destruction_first.plan_creation(Seen::Token(&token(T1)), Existing::Kept),
            Creation::BesideDestruction
        );
        assert!(creation_first.plan_destruction(named(T1)));
    }
}

#[test]
fn a_destruction_after_a_generation_is_half_of_a_replacement() {
    let mut known = KnownObjects::default();
    known.plan_creation(Seen::Token(&token(T1)), Existing::Kept);
    known.record_generated(&token(T2));
    assert!(!known.plan_destruction(named(T1)));
}

/// A deposed object lost its token when its replacement was created.
#[test]
fn the_destruction_of_a_dead_token_belongs_to_no_creation() {
    let mut known = read(Relation::Replaced);
    known.plan_destruction(named(T1));
    assert_eq!(
        known.plan_creation(Seen::Token(&token(T2)), Existing::Kept),
        Creation::Only
    );
    let mut followed = read(Relation::Follows);
    assert!(!followed.plan_destruction(named(T1)));
    assert_eq!(
        followed.plan_creation(Seen::Token(&token(T1)), Existing::Kept),
        Creation::BesideDestruction
    );
    let mut other_order = read(Relation::Replaced);
    other_order.plan_creation(Seen::Token(&token(T2)), Existing::Kept);
    assert!(!other_order.plan_destruction(named(T1)));
}

#[test]
fn an_object_without_a_plan_may_be_the_one_that_is_replaced() {
    for (relation, current, expected) in [
        (Relation::Manages, T1, Creation::ReplacesManager),
        (Relation::Follows, T1, Creation::ReplacesOther),
        (Relation::Replaced, T2, Creation::ReplacesOther),
        (Relation::Manages, T2, Creation::ReplacesOther),
    ] {
        let creation = read(relation).plan_creation(Seen::Token(&token(current)), Existing::Kept);
        assert_eq!(creation, expected, "{relation:?}");
    }
}
