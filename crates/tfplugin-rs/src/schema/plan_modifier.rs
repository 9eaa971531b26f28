//! [`PlanModifier`]: changes how an attribute is planned.

use crate::value::Value;

/// What a [`PlanModifier`] reads and changes.
#[derive(Debug)]
pub struct AttributeChange<'a> {
    /// The configured value; null where the configuration leaves the attribute out.
    pub config: &'a Value,
    /// The value in the prior state. `None` where there was no object: in a creation, and in a new nested object.
    pub state: Option<&'a Value>,
    /// The planned value, which may be changed.
    pub planned: &'a mut Value,
    /// Whether the change requires a replacement of the resource. It is ignored in a creation.
    pub requires_replace: &'a mut bool,
}

impl AttributeChange<'_> {
    /// Returns whether the planned value differs from the prior state. A value in a new nested object is a change.
    pub fn is_change(&self) -> bool {
        self.state.unwrap_or(&Value::Null) != self.planned
    }
}

/// Changes how an attribute, a block or each of its objects is planned.
///
/// Plan modifiers run in every plan of a creation or an update, also if nothing changes: after defaults are set and
/// computed attributes are marked unknown, and before the resource's own
/// [`modify_plan`](crate::Resource::modify_plan). They are not called for destruction.
///
/// Computed attributes that the configuration leaves out are marked unknown in a creation, and if the configuration or a
/// default changes something. If nothing changes, they keep the values of the prior state. A change that a plan modifier
/// makes does not mark any other attribute unknown.
///
/// Outer ones run first: those of a nested attribute or block, then
/// those of each object, then those of the object's attributes. An object correlates with its prior state by index in a
/// list, by key in a map, and by its configured values in a set.
///
/// A plan modifier must be deterministic: Terraform plans again at apply and expects the same result.
///
/// ```
/// use tfplugin::schema::{AttributeChange, PlanModifier};
/// use tfplugin::{Attribute, Type, Value};
///
/// /// Replaces the resource if the number of replicas shrinks.
/// struct NeverShrink;
///
/// impl PlanModifier for NeverShrink {
///     fn modify(&self, change: AttributeChange<'_>) {
///         let prior = change.state.and_then(Value::as_number);
///         if let (Some(prior), Some(planned)) = (prior, change.planned.as_number()) {
///             *change.requires_replace |= planned < prior;
///         }
///     }
/// }
///
/// let replicas = Attribute::required(Type::Number, "Replicas.").plan_modifier(NeverShrink);
/// ```
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
