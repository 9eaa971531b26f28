//! [`PlanModifier`]: how one attribute is planned.
//!
//! They run on every attribute after defaults are filled in and computed attributes have become
//! unknown, and before the resource's own `modify_plan`, which sees and may change their results.
//! They must be deterministic: Terraform plans again at apply and must find the same.

use crate::tfplugin::value::Value;

/// What a [`PlanModifier`] may look at and change.
#[derive(Debug)]
pub struct AttributeChange<'a> {
    /// What the configuration says; null where it leaves the attribute out.
    pub config: &'a Value,
    /// What the prior state says; `None` while creating.
    pub state: Option<&'a Value>,
    /// What is planned so far.
    pub planned: &'a mut Value,
    /// Whether the object must be replaced. Ignored while creating.
    pub requires_replace: &'a mut bool,
}

/// Changes how one attribute is planned. Not called for destruction.
pub trait PlanModifier: Send + Sync {
    /// Changes `planned` or `requires_replace`.
    fn modify(&self, change: AttributeChange<'_>);
}

/// See [`Attribute::use_state_for_unknown`](super::Attribute::use_state_for_unknown).
#[derive(Debug)]
pub(super) struct UseStateForUnknown;

impl PlanModifier for UseStateForUnknown {
    fn modify(&self, change: AttributeChange<'_>) {
        if let Some(state) = change.state
            && change.planned.is_unknown()
            && !change.config.is_unknown()
        {
            *change.planned = state.clone();
        }
    }
}

/// See [`Attribute::requires_replace`](super::Attribute::requires_replace).
#[derive(Debug)]
pub(super) struct RequiresReplace;

impl PlanModifier for RequiresReplace {
    fn modify(&self, change: AttributeChange<'_>) {
        if let Some(state) = change.state
            && state != change.planned
        {
            *change.requires_replace = true;
        }
    }
}
