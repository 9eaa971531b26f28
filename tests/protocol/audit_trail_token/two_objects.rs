//! Two objects of one configuration for one organization: a second block, or one whose label was changed.
//!
//! Terraform plans objects concurrently, so every order of the calls is tested.

use serde_json::json;
use tfe_simulator::{Fault, Method};
use tfplugin::{Diagnostics, Severity};

use super::{EXAMPLE, ORGANIZATION, Setup, block, details, sole_warning};
use tfplugin_testing::{Plan, ResourceAction};

const SECOND: &str = "tfe_audit_trail_token.second";
const TWO: &str = "Two Resources Have the Same Organization";
const RENAMED: &str = "The Resource Will Be Destroyed and Created Under Another Name";

/// One call for one of two resources.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Reads the existing resource.
    Read,
    /// Plans the existing resource as it is.
    Keep,
    /// Plans that the existing resource is destroyed.
    Destroy,
    /// Plans that the second resource is created.
    Create,
}

/// Plans with the existing resource and a second one. Returns all diagnostics.
async fn plan(setup: &Setup, steps: &[Step], force_regenerate: bool) -> (Vec<Plan>, Diagnostics) {
    let second = block(json!({ "force_regenerate": force_regenerate }));
    let mut walk = setup.core.plan_walk().await;
    let (mut plans, mut diagnostics) = (Vec::new(), Diagnostics::new());
    for step in steps {
        let planned = match step {
            Step::Read => {
                diagnostics.extend(walk.refresh(EXAMPLE).await.diagnostics);
                continue;
            }
            Step::Keep => walk.plan(EXAMPLE, block(json!({}))).await,
            Step::Destroy => walk.plan_destroy(EXAMPLE).await,
            Step::Create => walk.plan(SECOND, second.clone()).await,
        };
        diagnostics.extend(planned.diagnostics);
        plans.extend(planned.value);
    }
    (plans, diagnostics)
}

fn says(diagnostics: &Diagnostics, text: &str) -> bool {
    diagnostics.iter().any(|one| one.to_string().contains(text))
}

/// Without `force_regenerate` the plan said that a token exists already, and advised `force_regenerate`. With it, the
/// plan said nothing of the first block, which then lost its token.
#[tokio::test]
async fn a_second_block_for_the_organization_of_another_one_is_reported_in_every_order() {
    use Step::{Create, Keep, Read};
    for force in [false, true] {
        for steps in [&[Keep, Create][..], &[Create, Keep], &[Read, Create, Keep]] {
            let setup = Setup::created(json!({})).await;
            let ours = setup.token();
            let (_, diagnostics) = plan(&setup, steps, force).await;
            let two: Vec<_> = diagnostics
                .iter()
                .filter(|one| one.summary() == TWO)
                .collect();
            assert_eq!(two.len(), 1, "{steps:?} {force}:\n{diagnostics}");
            let effect = if force { "invalidates" } else { "will fail" };
            let words = [ORGANIZATION, &ours.id, effect, "Remove one of them"];
            details(two[0], &words);
            assert!(
                !says(&diagnostics, RENAMED),
                "{steps:?} {force}:\n{diagnostics}"
            );
            if matches!(steps[0], Keep) {
                // The first block is known, so nothing else is said.
                assert!(!says(&diagnostics, "exists already"), "{diagnostics}");
                assert!(!says(&diagnostics, "set force_regenerate"), "{diagnostics}");
            }
        }
    }
}

#[tokio::test]
async fn two_blocks_that_are_created_in_one_plan_are_reported() {
    let setup = Setup::new().await;
    let mut walk = setup.core.plan_walk().await;
    let first = walk.plan(EXAMPLE, block(json!({}))).await;
    first.expect_no_diagnostics();
    let upper = block(json!({ "organization": "My-Org-Name" }));
    let second = walk.plan(SECOND, upper).await;
    let warning = sole_warning(&second.diagnostics, TWO);
    details(warning, &["Remove one of them"]);
}

/// The token of the first block is dead, because the second block has generated a new one.
#[tokio::test]
async fn two_blocks_that_are_in_the_state_are_reported_in_every_order() {
    for orders in [[EXAMPLE, SECOND], [SECOND, EXAMPLE]] {
        let mut setup = Setup::created(json!({})).await;
        let forced = block(json!({ "force_regenerate": true }));
        let plan = setup.core.plan(SECOND, forced.clone()).await.expect_ok();
        setup.core.apply(plan).await.expect_ok();
        let live = setup.token();

        let mut walk = setup.core.plan_walk().await;
        let mut diagnostics = Diagnostics::new();
        for address in orders {
            diagnostics.extend(walk.refresh(address).await.diagnostics);
        }
        for address in orders {
            let config = if address == SECOND {
                forced.clone()
            } else {
                block(json!({}))
            };
            diagnostics.extend(walk.plan(address, config).await.diagnostics);
        }
        let two = [
            "Two objects of this configuration",
            "Another object in the state",
        ];
        let warned = diagnostics
            .iter()
            .filter(|one| two.iter().any(|words| one.to_string().contains(words)))
            .count();
        // Each of the two says it at most once.
        assert!((1..=2).contains(&warned), "{orders:?}:\n{diagnostics}");
        assert!(says(&diagnostics, &live.id), "{orders:?}:\n{diagnostics}");
        let refused = "Applying This Plan Will Be Refused";
        assert!(!says(&diagnostics, refused), "{orders:?}:\n{diagnostics}");
    }
}

/// A deposed object has the address of the object that replaced it. The advice at that address was "Remove this one from the
/// configuration", which would have deleted the token in use.
#[tokio::test]
async fn an_object_whose_token_another_one_replaced_is_named_by_its_token() {
    let mut setup = Setup::created(json!({})).await;
    let dead = setup.token();
    let forced = block(json!({ "force_regenerate": true }));
    let plan = setup.core.plan(SECOND, forced).await.expect_ok();
    setup.core.apply(plan).await.expect_ok();
    let live = setup.token();

    let mut walk = setup.core.plan_walk().await;
    walk.refresh(SECOND).await.expect_ok();
    let read = walk.refresh(EXAMPLE).await;
    let warning = sole_warning(&read.diagnostics, "The Audit Trail Token Was Replaced");
    let only_the_dead_one = format!("remove the one whose token_id is {}", dead.id);
    details(warning, &[&live.id, "deposed", &only_the_dead_one]);
    assert!(!warning.detail().contains("this one"), "{warning}");
}

#[tokio::test]
async fn two_blocks_that_hold_the_same_token_are_reported() {
    let mut setup = Setup::created(json!({})).await;
    setup.core.set_state(SECOND, setup.state().clone());
    let mut walk = setup.core.plan_walk().await;
    let first = walk.plan(EXAMPLE, block(json!({}))).await;
    first.expect_no_diagnostics();
    let second = walk.plan(SECOND, block(json!({}))).await;
    let warning = sole_warning(&second.diagnostics, TWO);
    details(warning, &["terraform state rm"]);
}

/// Terraform destroys and creates the two at the same time. The plan said that creating fails, or nothing.
#[tokio::test]
async fn a_renamed_label_is_reported_in_every_order() {
    use Step::{Create, Destroy, Read};
    for force in [false, true] {
        for steps in [
            &[Destroy, Create][..],
            &[Create, Destroy],
            &[Read, Create, Destroy],
        ] {
            let setup = Setup::created(json!({})).await;
            let ours = setup.token();
            let (_, diagnostics) = plan(&setup, steps, force).await;
            let moved: Vec<_> = diagnostics
                .iter()
                .filter(|one| one.summary() == RENAMED)
                .collect();
            assert_eq!(moved.len(), 1, "{steps:?} {force}:\n{diagnostics}");
            details(moved[0], &["moved {", "tfe_audit_trail_token.", &ours.id]);
            assert!(
                !says(&diagnostics, TWO),
                "{steps:?} {force}:\n{diagnostics}"
            );
            if !matches!(steps[0], Create) {
                assert!(!says(&diagnostics, "exists already"), "{diagnostics}");
            }
        }
    }
}

/// Terraform plans that an object is destroyed before it reads it, if the configuration does not have it.
#[tokio::test]
async fn a_renamed_label_is_reported_if_nothing_was_read() {
    use Step::{Create, Destroy};
    for steps in [&[Destroy, Create][..], &[Create, Destroy]] {
        let mut setup = Setup::created(json!({})).await;
        setup.core.disable_refresh();
        let (_, diagnostics) = plan(&setup, steps, false).await;
        assert!(says(&diagnostics, RENAMED), "{steps:?}:\n{diagnostics}");
    }
}

/// The look of the creation failed, and then the plan did not name `moved`.
#[tokio::test]
async fn a_renamed_label_is_reported_if_the_token_could_not_be_read() {
    use Step::{Create, Destroy};
    for steps in [&[Destroy, Create][..], &[Create, Destroy]] {
        let mut setup = Setup::created(json!({})).await;
        setup.core.disable_refresh();
        let refused = Fault::on(Method::GET, "authentication-token").always();
        setup.simulator.inject(refused.status(403));
        let (_, diagnostics) = plan(&setup, steps, false).await;
        let moved = diagnostics.iter().filter(|one| one.summary() == RENAMED);
        assert_eq!(moved.count(), 1, "{steps:?}:\n{diagnostics}");
    }
}

/// An object that follows a token is renamed: destroying it deletes nothing, and creating it is refused.
#[tokio::test]
async fn a_renamed_label_of_a_followed_token_is_reported() {
    use Step::{Create, Destroy};
    for steps in [&[Destroy, Create][..], &[Create, Destroy]] {
        let mut setup = Setup::new().await;
        setup.simulator.regenerate_elsewhere(ORGANIZATION);
        setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
        setup.simulator.regenerate_elsewhere(ORGANIZATION);
        setup.core.refresh(EXAMPLE).await.expect_ok();
        let (_, diagnostics) = plan(&setup, steps, false).await;
        assert!(says(&diagnostics, RENAMED), "{steps:?}:\n{diagnostics}");
    }
}

/// A `moved` block with the new label: one object, nothing to report.
#[tokio::test]
async fn one_object_is_never_taken_for_two() {
    let mut setup = Setup::created(json!({})).await;
    let (_, diagnostics) = plan(&setup, &[Step::Read, Step::Keep], false).await;
    assert!(diagnostics.is_empty(), "{diagnostics}");
    let (_, diagnostics) = plan(&setup, &[Step::Read, Step::Destroy], false).await;
    assert!(!says(&diagnostics, RENAMED), "{diagnostics}");
    let forced = block(json!({ "force_regenerate": true }));
    setup.core.apply_config(EXAMPLE, forced.clone()).await;
    setup.core.create_before_destroy(EXAMPLE);
    let planned = setup.core.plan_replace(EXAMPLE, forced).await;
    let plan = planned.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::CreateThenDelete);
    let applied = setup.core.apply(plan).await;
    for never in [TWO, RENAMED, "Left Alone", "Will Be Deleted"] {
        assert!(
            !says(&applied.diagnostics, never),
            "{}",
            applied.diagnostics
        );
    }
    applied.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn two_organizations_are_not_taken_for_one() {
    let setup = Setup::created(json!({})).await;
    setup.simulator.add_organization("other-org-name");
    let mut walk = setup.core.plan_walk().await;
    walk.plan(EXAMPLE, block(json!({})))
        .await
        .expect_no_diagnostics();
    let other = block(json!({ "organization": "other-org-name" }));
    walk.plan(SECOND, other).await.expect_no_diagnostics();
    let second = walk.plan_destroy(EXAMPLE).await;
    let errors = second
        .diagnostics
        .iter()
        .filter(|one| one.severity() == Severity::Error);
    assert_eq!(errors.count(), 0);
}
