//! ApplyResourceChange: create, update or delete, and what the state then holds.

use super::caught::caught;
use super::identity::{check_unchanged, derived, kept_or_changed};
use super::normalise::normalise;
use crate::adapter::AnyResource;
use crate::context::{ApplyContext, Context};
use crate::diag::{Diagnostic, Diagnostics};
use crate::value::{Type, Value};

/// A planned change. Null means that the object does not exist, before or afterwards.
pub(super) struct Apply {
    pub(super) prior: Value,
    pub(super) planned: Value,
    /// The planned identity. While an object is created it may be that of another one, which it replaces.
    pub(super) identity: Option<Value>,
}

/// The new state.
pub(super) struct Applied {
    pub(super) state: Value,
    pub(super) identity: Option<Value>,
}

/// Applies a change and returns the new state, also after an error. The error is then among the diagnostics of `cx`.
pub(super) async fn apply<C>(
    resource: &dyn AnyResource<C>,
    client: &C,
    apply: Apply,
    cx: &mut ApplyContext,
) -> Applied {
    let Apply {
        prior,
        planned,
        identity: known,
    } = apply;
    let result = if planned.is_null() {
        caught(resource.delete(client, &prior, cx))
            .await
            .map(|()| Value::Null)
    } else if prior.is_null() {
        caught(resource.create(client, &planned, cx)).await
    } else {
        caught(resource.update(client, &planned, &prior, cx)).await
    };
    let mut state = match result {
        // An error was added, so the deletion counts as failed.
        Ok(Value::Null) if cx.diagnostics.has_error() => prior.clone(),
        Ok(state) => state,
        Err(diagnostics) => {
            cx.diagnostics.extend(diagnostics);
            cx.recorded.take().unwrap_or_else(|| prior.clone())
        }
    };
    if state.is_null() {
        if planned.is_null() {
            cx.private = Default::default();
        }
        return Applied {
            state,
            identity: None,
        };
    }
    make_storable(resource, &mut state, cx);
    let identified = caught(async {
        if !prior.is_null() {
            check_unchanged(resource, client, &prior, &state)?;
        }
        match known.clone() {
            Some(known) if !prior.is_null() => {
                kept_or_changed(resource, client, &state, known).map(Some)
            }
            _ => derived(resource, client, &state),
        }
    });
    // A failure here must not lose what was applied.
    let identity = match identified.await {
        Ok(derived) => derived.or(known),
        Err(diagnostics) => {
            cx.diagnostics.extend(diagnostics);
            known
        }
    };
    Applied { state, identity }
}

/// Makes an object storable in the state: without write-only and unknown values.
///
/// An unknown value is a bug in the provider. It becomes null, with an error that names the attribute; Terraform's own error
/// would not name it.
pub(super) fn make_storable<C>(resource: &dyn AnyResource<C>, state: &mut Value, cx: &mut Context) {
    let shape = resource.shape();
    if let Err(diagnostics) = null_unknown(resource.name(), &shape.ty, state) {
        cx.diagnostics.extend(diagnostics);
    }
    normalise(&shape.schema, state);
}

fn null_unknown(name: &str, ty: &Type, state: &mut Value) -> Result<(), Diagnostics> {
    let mut unknown = Vec::new();
    state.walk(ty, |path, value| {
        if value.is_unknown() {
            unknown.push(path.clone());
        }
    });
    let mut diagnostics = Diagnostics::new();
    for path in unknown {
        if let Some(place) = state.get_mut(&path) {
            *place = Value::Null;
        }
        diagnostics.push(
            Diagnostic::bug(format!(
                "{name}.{path} is still unknown after the operation."
            ))
            .at(path),
        );
    }
    diagnostics.into_result().map(|_| ())
}
