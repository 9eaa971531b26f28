//! ApplyResourceChange: create, update or delete, and what the state then holds.

use super::caught::caught;
use super::identity::{check_unchanged, derived};
use super::settle::settle;
use crate::adapter::AnyResource;
use crate::context::{ApplyContext, Context};
use crate::diag::{Diagnostic, Diagnostics};
use crate::value::{Type, Value};

/// What is to be applied. Null: the object does not exist, before or afterwards.
pub(super) struct Apply {
    pub(super) prior: Value,
    pub(super) planned: Value,
    /// The identity as planned: that of the object, unless it is created.
    pub(super) identity: Option<Value>,
}

/// What the state is to hold.
pub(super) struct Applied {
    pub(super) state: Value,
    pub(super) identity: Option<Value>,
}

/// Applies, and returns what the state is to hold: also after an error, which is then in `cx`.
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
        // An error was told: the object counts as still there.
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
        match known {
            Some(_) if !prior.is_null() => Ok(None),
            _ => derived(resource, client, &state),
        }
    });
    // Whatever comes of that, what was applied is kept.
    let identity = match identified.await {
        Ok(derived) => derived.or(known),
        Err(diagnostics) => {
            cx.diagnostics.extend(diagnostics);
            known
        }
    };
    Applied { state, identity }
}

/// Sees to it that an object can be kept in state: no write-only value, nothing unknown.
///
/// An unknown value is the author's mistake: it becomes null, with an error. Terraform would do the
/// same, but blame the provider without naming the attribute.
pub(super) fn make_storable<C>(resource: &dyn AnyResource<C>, state: &mut Value, cx: &mut Context) {
    let shape = resource.shape();
    if let Err(diagnostics) = null_unknown(resource.name(), &shape.ty, state) {
        cx.diagnostics.extend(diagnostics);
    }
    settle(&shape.schema, state);
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
