//! [`OutsideChange`]: what happens to the organizations outside of Terraform.

use std::time::Duration;

/// One of the two organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Org {
    Ours,
    Other,
}

impl Org {
    pub(super) const ALL: [Self; 2] = [Self::Ours, Self::Other];

    /// Returns the name in the configurations, also after a rename.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "my-org-name",
            Self::Other => "other-org-name",
        }
    }

    /// Returns the name after a rename.
    pub(super) fn new_name(self) -> &'static str {
        match self {
            Self::Ours => "new-my-org-name",
            Self::Other => "new-other-org-name",
        }
    }

    /// Returns the organization with this name, old or new, in any case of letters.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|org| {
            let names = [org.name(), org.new_name()];
            names.iter().any(|one| one.eq_ignore_ascii_case(name))
        })
    }
}

/// A change outside of Terraform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutsideChange {
    Regenerates(Org),
    Revokes(Org),
    /// A consumer reads the audit trail with the organization's token.
    Uses(Org),
    /// The organization's audit trail gets new events.
    AddsEvents(Org),
    TimePasses(Time),
    /// The provider's API token may only read the organization.
    LosesPermission(Org),
    /// The provider's API token does not see the organization.
    LosesVisibility(Org),
    /// The provider's API token manages tokens, but the organization's document does not state this permission.
    LosesStatedPermission(Org),
    /// The provider's API token becomes invalid.
    LosesApiToken,
    LosesEntitlement(Org),
    Renames(Org),
    Deletes(Org),
    /// Undoes all losses, renames and deletions.
    Restores,
}

/// How much time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    Hour,
    Days,
    Weeks,
    Year,
    Years,
}

impl Time {
    pub(super) fn duration(self) -> Duration {
        const HOUR: Duration = Duration::from_secs(60 * 60);
        HOUR * match self {
            Self::Hour => 1,
            Self::Days => 3 * 24,
            Self::Weeks => 20 * 24,
            Self::Year => 366 * 24,
            Self::Years => 3 * 366 * 24,
        }
    }
}
