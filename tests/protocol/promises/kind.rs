//! [`Kind`]: the kind of an operation of Terraform.

/// The kind of an operation, as far as the promises differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plan of any kind: nothing is changed, and the state is not written.
    Plan,
    /// The plan of an action.
    PlanAction,
    /// A refresh that is written to the state.
    Refresh,
    /// The apply of a plan that creates, updates or does nothing.
    Apply,
    /// The apply of a plan that deletes and creates.
    Replace,
    /// The apply of a plan that deletes.
    Destroy,
    /// An import.
    Import,
    /// Opening `ephemeral "tfe_audit_trail_token"`.
    Open,
    /// Closing it.
    Close,
    /// Opening `ephemeral "tfe_unsealed_audit_trail_token"` with the state's sealed token.
    Unseal,
    /// Reading a data source.
    ReadData,
    /// Invoking the action that revokes a token.
    Revoke,
    /// A search with the list resource.
    List,
}

impl Kind {
    /// Whether the operation may change an organization's token.
    pub(crate) fn may_change_a_token(self) -> bool {
        let changing = [
            Self::Apply,
            Self::Replace,
            Self::Destroy,
            Self::Open,
            Self::Close,
            Self::Revoke,
        ];
        changing.contains(&self)
    }

    /// Whether the operation is about the objects in the state.
    pub(crate) fn is_about_the_state(self) -> bool {
        let about = [
            Self::Plan,
            Self::Refresh,
            Self::Apply,
            Self::Replace,
            Self::Destroy,
            Self::Import,
        ];
        about.contains(&self)
    }
}
