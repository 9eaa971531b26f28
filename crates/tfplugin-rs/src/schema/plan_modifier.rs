//! [`PlanModifier`]: how one attribute is planned.
//!
//! They run on every attribute and block after defaults are filled in and computed attributes have become unknown,
//! and before the resource's own `modify_plan`, which sees and may change their results: the outer ones first, then
//! those of each object within, then those of its attributes. An object of a list finds its prior state by position,
//! of a map by key, of a set by what is configured in it.
//!
//! They must be deterministic: Terraform plans again at apply and must find the same.

use crate::value::Value;

/// What a [`PlanModifier`] may look at and change.
#[derive(Debug)]
pub struct AttributeChange<'a> {
    /// What the configuration says; null where it leaves the attribute out.
    pub config: &'a Value,
    /// What the prior state says; `None` where there was no object to have the attribute: while creating, and in a
    /// nested object that is new.
    pub state: Option<&'a Value>,
    /// What is planned so far.
    pub planned: &'a mut Value,
    /// Whether the whole object must be replaced. Ignored while creating.
    pub requires_replace: &'a mut bool,
}

impl AttributeChange<'_> {
    /// Whether what is planned differs from the prior state. What a new nested object sets is a change.
    pub fn is_change(&self) -> bool {
        self.state.unwrap_or(&Value::Null) != self.planned
    }
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
        if change.is_change() {
            *change.requires_replace = true;
        }
    }
}

/// See [`Attribute::requires_replace_if`](super::Attribute::requires_replace_if).
pub(super) struct RequiresReplaceIf<F>(pub(super) F);

impl<F> PlanModifier for RequiresReplaceIf<F>
where
    F: Fn(&AttributeChange<'_>) -> bool + Send + Sync,
{
    fn modify(&self, change: AttributeChange<'_>) {
        if change.is_change() && (self.0)(&change) {
            *change.requires_replace = true;
        }
    }
}
