//! Actions: item 70 of the conformance checklist, and the kind's part of 36, 38, 63 and 72.

use serde_json::json;
use tfplugin::server::proto::{self, provider_server};
use tokio_stream::StreamExt;
use tonic::Request;

use crate::echo::World;
use tfplugin_testing::rpc::decode_diagnostics;
use tfplugin_testing::{UNKNOWN, Walk};

const SHOUT: &str = "echo_shout";

#[tokio::test]
async fn c70_progress_comes_in_order_and_then_one_completion() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let progress = core
        .invoke_action(SHOUT, json!({ "text": "a", "times": 3 }))
        .await
        .expect_no_diagnostics();
    assert_eq!(progress, ["a!", "a!", "a!"]);
}

/// The provider decides what must not be shown, whichever code has written it.
#[tokio::test]
async fn every_text_for_the_practitioner_is_redacted() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let config = json!({ "text": "unspeakable", "times": 1 });
    let progress = core.invoke_action(SHOUT, config).await;
    assert_eq!(progress.expect_no_diagnostics(), ["(redacted)!"]);

    let process = core.process(Walk::Plan).await;
    let request = Request::new(proto::plan_action::Request {
        action_type: "echo_unspeakable".to_owned(),
        ..Default::default()
    });
    let planned = provider_server::Provider::plan_action(process.server(), request).await;
    let diagnostics = planned.expect("an answer").into_inner().diagnostics;
    let [error] = diagnostics.as_slice() else {
        panic!("{diagnostics:?}");
    };
    assert!(error.detail.contains("echo_(redacted)"), "{}", error.detail);
}

#[tokio::test]
async fn c70_every_invocation_has_exactly_one_completion() {
    for (script, summary) in [
        ("invoke: error", "Scripted Error"),
        ("invoke: add error", "Scripted Added Error"),
        ("invoke: panic", "Provider Bug"),
    ] {
        let world = World::starting_at(1);
        let core = crate::core(&world).await;
        // `Core` refuses a stream without a completion, with two of them, or with an empty event.
        core.invoke_action(SHOUT, json!({ "text": "a", "times": 2, "script": script }))
            .await
            .expect_error(summary);
    }
}

#[tokio::test]
async fn c70_a_warning_comes_with_the_completion() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let config = json!({ "text": "a", "script": "plan: warn; invoke: warn" });
    let acted = core.invoke_action(SHOUT, config).await;
    assert_eq!(acted.diagnostics.iter().count(), 2);
    acted.expect_warning("Scripted Warning");
    acted.expect_ok();
}

#[tokio::test]
async fn c70_an_interrupted_action_completes_with_an_error() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Apply).await;
    let request = core.invoke_request(SHOUT, json!({ "text": "a", "script": "invoke: wait" }));
    let invoked = provider_server::Provider::invoke_action(process.server(), request).await;
    world.arrived(1).await;
    let stop = Request::new(proto::stop_provider::Request {});
    provider_server::Provider::stop_provider(process.server(), stop)
        .await
        .unwrap();
    let events: Vec<_> = invoked.unwrap().into_inner().collect().await;
    let last = events.last().unwrap().as_ref().unwrap();
    let Some(proto::invoke_action::event::Type::Completed(completed)) = &last.r#type else {
        panic!("the last event is the completion: {events:?}");
    };
    assert!(decode_diagnostics(&completed.diagnostics).has_error());
}

/// Terraform 1.14.9 crashed when its practitioner pressed Ctrl-C and the action reported its progress afterwards.
#[tokio::test]
async fn c70_after_an_interrupt_only_the_completion_is_sent() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Apply).await;
    let config = json!({ "text": "a", "times": 3, "script": "invoke: hold" });
    let request = core.invoke_request(SHOUT, config);
    let invoked = provider_server::Provider::invoke_action(process.server(), request).await;
    let mut events = invoked.unwrap().into_inner();
    events.next().await.unwrap().unwrap();
    world.arrived(1).await;
    let stop = Request::new(proto::stop_provider::Request {});
    provider_server::Provider::stop_provider(process.server(), stop)
        .await
        .unwrap();
    world.release();
    let rest: Vec<_> = events.collect().await;
    let [Ok(last)] = rest.as_slice() else {
        panic!("one event was expected: {rest:?}");
    };
    let completed = matches!(
        last.r#type,
        Some(proto::invoke_action::event::Type::Completed(_))
    );
    assert!(completed, "{last:?}");
    assert_eq!(
        world
            .events()
            .iter()
            .filter(|one| *one == "shout a")
            .count(),
        3
    );
}

#[tokio::test]
async fn an_action_that_the_host_gives_up_gets_the_stop_signal_and_runs_to_its_end() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Apply).await;
    let config = json!({ "text": "a", "times": 100, "script": "invoke: hold" });
    let request = core.invoke_request(SHOUT, config);
    let invoked = provider_server::Provider::invoke_action(process.server(), request).await;
    world.arrived(1).await;
    drop(invoked);
    world.release();
    world.happened("invoke finished, stop signal: true").await;
    // The host does not read its messages any more; the action must not wait for it.
    world.happened_times("shout a", 100).await;
}

#[tokio::test]
async fn messages_wait_for_a_slow_host() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Apply).await;
    let request = core.invoke_request(SHOUT, json!({ "text": "a", "times": 1000 }));
    let invoked = provider_server::Provider::invoke_action(process.server(), request).await;
    let mut events = invoked.unwrap().into_inner();
    events.next().await.unwrap().unwrap();
    tokio::task::yield_now().await;
    let shouted = world.events().len();
    assert!(
        shouted < 100,
        "{shouted} messages are held for a host that took one"
    );
    let rest: Vec<_> = events.collect().await;
    assert_eq!(rest.len(), 1000);
}

#[tokio::test]
async fn c63_an_unknown_configuration_is_valid_and_can_be_planned() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let config = json!({ "text": UNKNOWN, "times": UNKNOWN });
    let plan = core
        .plan_action(SHOUT, config)
        .await
        .expect_no_diagnostics();
    core.invoke(plan)
        .await
        .expect_error("Action configuration unknown during apply");
    assert!(world.events().is_empty());
}

#[tokio::test]
async fn an_error_in_validation_or_plan_is_reported_and_nothing_is_invoked() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    for (script, summary) in [
        ("validate: error", "Scripted Error"),
        ("validate: panic", "Provider Bug"),
        ("plan: error", "Scripted Error"),
        ("plan: panic", "Provider Bug"),
    ] {
        core.invoke_action(SHOUT, json!({ "text": "a", "script": script }))
            .await
            .expect_error(summary);
    }
    assert!(world.events().is_empty());
}

#[tokio::test]
async fn a_missing_config_block_is_reported_with_its_required_arguments() {
    let world = World::starting_at(1);
    let process = crate::core(&world).await.process(Walk::Plan).await;
    let request = proto::validate_action_config::Request {
        type_name: SHOUT.to_owned(),
        config: None,
    };
    let reply: proto::validate_action_config::Response = process
        .call(request, provider_server::Provider::validate_action_config)
        .await
        .unwrap();
    let diagnostics = decode_diagnostics(&reply.diagnostics);
    assert!(
        diagnostics
            .to_string()
            .contains("The argument \"text\" is required"),
        "{diagnostics}"
    );
}

#[tokio::test]
async fn c38_the_metadata_names_the_actions_of_the_schema() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Validate).await;
    let reply: proto::get_metadata::Response = process
        .call(
            proto::get_metadata::Request {},
            provider_server::Provider::get_metadata,
        )
        .await
        .unwrap();
    let named: Vec<_> = reply.actions.iter().map(|one| &one.type_name).collect();
    let declared: Vec<_> = core.schemas().actions.keys().collect();
    assert_eq!(named, declared);
    assert_eq!(named, [SHOUT]);
}
