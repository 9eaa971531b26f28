//! [`Attribute`]: one argument or result.

use std::fmt;
use std::sync::Arc;

use super::nested::{AttributeType, Nested};
use super::plan_modifier::{
    AttributeChange, PlanModifier, RequiresReplace, RequiresReplaceIf, UseStateForUnknown,
};
use super::validator::Validator;
use crate::value::{Type, Value};

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The practitioner must set it.
    Required,
    /// The practitioner may set it; null otherwise.
    Optional,
    /// The practitioner may set it; otherwise the provider does.
    OptionalComputed,
    /// The provider sets it.
    Computed,
}

/// One attribute of a [`Schema`](super::Schema): its type, who sets it, and its description.
#[derive(Clone)]
pub struct Attribute {
    ty: Type,
    nested: Option<Arc<Nested>>,
    mode: Mode,
    description: &'static str,
    sensitive: bool,
    write_only: bool,
    deprecation: Option<&'static str>,
    default: Option<Value>,
    validators: Vec<Arc<dyn Validator>>,
    plan_modifiers: Vec<Arc<dyn PlanModifier>>,
}

impl Attribute {
    fn new(ty: AttributeType, mode: Mode, description: &'static str) -> Self {
        let (ty, nested) = match ty {
            AttributeType::Plain(ty) => (ty, None),
            AttributeType::Nested(nested) => (nested.ty(), Some(Arc::new(nested))),
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

    /// The practitioner must set it. Its type is a [`Type`] or [`Nested`]; the description is Markdown.
    pub fn required(ty: impl Into<AttributeType>, description: &'static str) -> Self {
        Self::new(ty.into(), Mode::Required, description)
    }

    /// The practitioner may set it; null otherwise.
    pub fn optional(ty: impl Into<AttributeType>, description: &'static str) -> Self {
        Self::new(ty.into(), Mode::Optional, description)
    }

    /// The practitioner may set it; otherwise the provider does.
    pub fn optional_computed(ty: impl Into<AttributeType>, description: &'static str) -> Self {
        Self::new(ty.into(), Mode::OptionalComputed, description)
    }

    /// The provider sets it.
    pub fn computed(ty: impl Into<AttributeType>, description: &'static str) -> Self {
        Self::new(ty.into(), Mode::Computed, description)
    }

    /// Terraform does not show its value. (It does keep it in state.)
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Terraform hands it to plan and apply in the configuration only and keeps it nowhere
    /// (Terraform 1.11). For arguments of managed resources, and not within sets. What is nested in a write-only
    /// attribute is write-only as well.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Marks it as deprecated; the message says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecation = Some(message);
        self
    }

    /// What it is planned as where the configuration leaves it out. For
    /// [`Mode::OptionalComputed`]. A default of nested objects is taken as it is: defaults within are for objects
    /// that are configured.
    #[must_use]
    pub fn default_value(mut self, value: Value) -> Self {
        self.default = Some(value);
        self
    }

    /// Checks a configured value; see [`validator`](super::validator).
    #[must_use]
    pub fn validate(mut self, validator: impl Validator + 'static) -> Self {
        self.validators.push(Arc::new(validator));
        self
    }

    /// Changes how it is planned.
    #[must_use]
    pub fn plan_modifier(mut self, modifier: impl PlanModifier + 'static) -> Self {
        self.plan_modifiers.push(Arc::new(modifier));
        self
    }

    /// An update keeps the computed value of the prior state, where it would be planned unknown.
    #[must_use]
    pub fn use_state_for_unknown(self) -> Self {
        self.plan_modifier(UseStateForUnknown)
    }

    /// A change replaces the object instead of updating it.
    #[must_use]
    pub fn requires_replace(self) -> Self {
        self.plan_modifier(RequiresReplace)
    }

    /// A change replaces the object instead of updating it, where the rule says so.
    #[must_use]
    pub fn requires_replace_if(
        self,
        rule: impl Fn(&AttributeChange<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.plan_modifier(RequiresReplaceIf(rule))
    }

    /// Its type; that of [`Nested`] objects is made of their attributes' types.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// The schema of the objects in it, if it has one.
    pub fn nested(&self) -> Option<&Nested> {
        self.nested.as_deref()
    }

    /// Who sets it.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What it is, in Markdown.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Whether the practitioner must set it.
    pub fn is_required(&self) -> bool {
        self.mode == Mode::Required
    }

    /// Whether the practitioner may leave it out.
    pub fn is_optional(&self) -> bool {
        matches!(self.mode, Mode::Optional | Mode::OptionalComputed)
    }

    /// Whether the provider may set it.
    pub fn is_computed(&self) -> bool {
        matches!(self.mode, Mode::Computed | Mode::OptionalComputed)
    }

    /// Whether its value is hidden from display.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Whether its value never reaches plan and state.
    pub fn is_write_only(&self) -> bool {
        self.write_only
    }

    /// What to use instead, if it is deprecated.
    pub fn deprecation(&self) -> Option<&'static str> {
        self.deprecation
    }

    /// What it is planned as where the configuration leaves it out.
    pub fn default(&self) -> Option<&Value> {
        self.default.as_ref()
    }

    pub(crate) fn validators(&self) -> &[Arc<dyn Validator>] {
        &self.validators
    }

    pub(crate) fn plan_modifiers(&self) -> &[Arc<dyn PlanModifier>] {
        &self.plan_modifiers
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attribute")
            .field("ty", &self.ty)
            .field("mode", &self.mode)
            .field("sensitive", &self.sensitive)
            .field("write_only", &self.write_only)
            .finish_non_exhaustive()
    }
}
