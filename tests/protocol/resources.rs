//! Managed resources: items 48 to 64 of the conformance checklist.

use serde_json::json;

use crate::core::{Action, Core, UNKNOWN};
use crate::echo::{Echo, World};

const EXAMPLE: &str = "echo_value.example";

async fn core(world: &World) -> Core<Echo> {
    let world = world.clone();
    Core::start(move || Echo::new(world.clone())).await
}

#[tokio::test]
async fn c54_what_is_applied_is_what_was_planned() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let plan = core
        .plan(EXAMPLE, json!({ "plain": "a" }))
        .await
        .expect_silent();
    assert_eq!(plan.action, Action::Create);
    assert_eq!(plan.get("id"), UNKNOWN);
    core.apply(plan).await.expect_silent();
    assert_eq!(core.state(EXAMPLE).unwrap().get("id"), "echo-1");
}
