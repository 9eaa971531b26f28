//! [`Attribute`]: its constructors, options and getters.

use std::sync::Arc;

use super::body::{Attribute, AttributeType, Mode, Nested};
use super::plan_modifier::{
    AttributeChange, PlanModifier, RequiresReplace, RequiresReplaceIf, UseStateForUnknown,
};
use super::validator::Validator;
use crate::value::{Type, Value};

impl Attribute {
    fn new(ty: AttributeType, mode: Mode, description: &'static str) -> Self {
        let (ty, nested) = match ty {
            AttributeType::Plain(ty) => (ty, None),
            AttributeType::Nested(nested) => {
                (nested.nesting.holding(&nested.body), Some(Arc::new(nested)))
            }
        };
        Self {
            ty,
            nested,
            mode,
            description,
            sensitive: false,
            write_only: false,
            deprecation: None,
            default: None,
            validators: Vec::new(),
            plan_modifiers: Vec::new(),
        }
    }

    /// Makes an attribute that the practitioner must set. Its type is a [`Type`] or [`Nested`]; the description is
    /// Markdown.
    pub fn required(ty: impl Into<AttributeType>, description: &'static str) -> Self {
        Self::new(ty.into(), Mode::Required, description)
    }

    /// Makes an attribute that the practitioner may set. It is null otherwise.
    pub fn optional(ty: impl Into<AttributeType>, description: &'static str) -> Self {
        Self::new(ty.into(), Mode::Optional, description)
    }

    /// Makes an attribute that the practitioner may set. Otherwise the provider sets it, or it has the
    /// [default](Self::default_value).
    pub fn optional_computed(ty: impl Into<AttributeType>, description: &'static str) -> Self {
        Self::new(ty.into(), Mode::OptionalComputed, description)
    }

    /// Makes an attribute that only the provider sets.
    pub fn computed(ty: impl Into<AttributeType>, description: &'static str) -> Self {
        Self::new(ty.into(), Mode::Computed, description)
    }

    /// Marks it as sensitive: Terraform does not show its value, but keeps it in the state.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Marks it as write-only: Terraform sends it in the configuration only, and stores it neither in plan nor in
    /// state (Terraform 1.11 and later).
    ///
    /// In plan and state it is null, so a call reads it from the configuration. For arguments of managed resources,
    /// and not within sets. Attributes nested in a write-only attribute must be write-only too.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Marks it as deprecated. The message says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecation = Some(message);
        self
    }

    /// Sets the default: the planned value if the configuration leaves the attribute out. For
    /// [`optional_computed`](Self::optional_computed) attributes.
    ///
    /// Build the default of a set with [`Value::set_of`], which sorts it: Terraform would plan an update again and again
    /// for the default `Value::List` of elements in another order.
    ///
    /// A default that contains nested objects is used unchanged: the defaults of their attributes apply only to
    /// objects in the configuration.
    #[must_use]
    pub fn default_value(mut self, value: Value) -> Self {
        self.default = Some(value);
        self
    }

    /// Adds a validator of the configured value; see [`validator`](super::validator).
    #[must_use]
    pub fn validate(mut self, validator: impl Validator + 'static) -> Self {
        self.validators.push(Arc::new(validator));
        self
    }

    /// Adds a plan modifier. Plan modifiers run in the order in which they were added.
    #[must_use]
    pub fn plan_modifier(mut self, modifier: impl PlanModifier + 'static) -> Self {
        self.plan_modifiers.push(Arc::new(modifier));
        self
    }

    /// Keeps the value of the prior state in the plan of an update, where it would otherwise be unknown. For
    /// computed values that never change, such as IDs.
    #[must_use]
    pub fn use_state_for_unknown(self) -> Self {
        self.plan_modifier(UseStateForUnknown)
    }

    /// Replaces the object instead of updating it when the value changes.
    ///
    /// In an element of a set, the attribute has no prior value to compare with, unless the prior state has an element
    /// with the same configured values. An element with other configured values is a new one: if the value in it is not
    /// null, the object is replaced. If an element is removed, the object is not replaced.
    #[must_use]
    pub fn requires_replace(self) -> Self {
        self.plan_modifier(RequiresReplace)
    }

    /// Replaces the object instead of updating it when the value changes and `rule` returns true.
    #[must_use]
    pub fn requires_replace_if(
        self,
        rule: impl Fn(&AttributeChange<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.plan_modifier(RequiresReplaceIf(rule))
    }

    /// Returns its type. For [`Nested`] objects it is derived from their attributes.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Returns the schema of its objects, if it is a nested attribute.
    pub fn nested(&self) -> Option<&Nested> {
        self.nested.as_deref()
    }

    /// Returns its mode: whether the practitioner or the provider sets it.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Returns the description, in Markdown.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Returns whether the practitioner must set the attribute.
    pub fn is_required(&self) -> bool {
        self.mode == Mode::Required
    }

    /// Returns whether the practitioner may set the attribute or leave it out.
    pub fn is_optional(&self) -> bool {
        matches!(self.mode, Mode::Optional | Mode::OptionalComputed)
    }

    /// Returns whether the provider may set the attribute.
    pub fn is_computed(&self) -> bool {
        matches!(self.mode, Mode::Computed | Mode::OptionalComputed)
    }

    /// Returns whether Terraform hides its value.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Returns whether its value is stored neither in plan nor in state.
    pub fn is_write_only(&self) -> bool {
        self.write_only
    }

    /// Returns the deprecation message, if it is deprecated.
    pub fn deprecation(&self) -> Option<&'static str> {
        self.deprecation
    }

    /// Returns the default, if it has one.
    pub fn default(&self) -> Option<&Value> {
        self.default.as_ref()
    }
}
