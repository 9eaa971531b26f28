//! [`CASES`]: the table of all operations and of the situations in which they begin.

use serde_json::{Value as Json, json};

use super::case::Act::{self, *};
use super::case::Case;
use super::situation::Start::{self, *};
use super::situation::trigger;
use crate::audit_trail_token::setup::LATER;

const fn case(name: &'static str, start: Start, act: Act, config: fn() -> Json) -> Case {
    Case {
        name,
        start,
        act,
        config,
        forces: false,
    }
}

const fn forced(name: &'static str, start: Start, act: Act, config: fn() -> Json) -> Case {
    Case {
        forces: true,
        ..case(name, start, act, config)
    }
}

fn plain() -> Json {
    json!({})
}

fn force() -> Json {
    json!({ "force_regenerate": true })
}

fn sealed() -> Json {
    json!({ "seal_token": true })
}

fn sealed_later() -> Json {
    json!({ "seal_token": true, "expired_at": LATER })
}

fn later() -> Json {
    json!({ "regenerate_triggers": { "a": "1" }, "expired_at": LATER })
}

fn first() -> Json {
    trigger("1")
}

/// A date that is not past when a [`Dead`] token is.
fn far() -> Json {
    json!({ "expired_at": "2029-01-01T00:00:00Z" })
}

fn other_case() -> Json {
    json!({ "organization": "MY-ORG-NAME" })
}

fn other_case_second() -> Json {
    let mut block = trigger("2");
    block["organization"] = json!("MY-ORG-NAME");
    block
}

fn second() -> Json {
    trigger("2")
}

/// All cases: every operation of the provider that sends requests, in the situations that matter to it.
pub(super) const CASES: [Case; 66] = [
    case("plan of a creation", Nothing, Plan, plain),
    case("creation", Nothing, Apply, plain),
    case("sealed creation", Nothing, Apply, sealed),
    case("plan over an existing token", Existing, Plan, plain),
    case("creation over an existing token", Existing, Apply, plain),
    forced("forced creation", InUse, Apply, force),
    case("refresh", Owned, Refresh, first),
    case("refresh of a sealed token", Sealed, Refresh, sealed),
    case("refresh without a secret", Imported, Refresh, plain),
    case("refresh of a replaced token", Replaced, Refresh, first),
    case("refresh of a lost secret", SecretLost, Refresh, second),
    case(
        "refresh of hashicorp/tfe's state",
        HashicorpTfe,
        Refresh,
        plain,
    ),
    case("plan of a regeneration", Owned, Plan, later),
    case("plan of hashicorp/tfe's state", HashicorpTfe, Plan, plain),
    case("regeneration by expired_at", Owned, Apply, later),
    case("regeneration by a trigger", Owned, Apply, second),
    case(
        "regeneration of a sealed token",
        Sealed,
        Apply,
        sealed_later,
    ),
    case("regeneration of a lost secret", SecretLost, Apply, second),
    case(
        "regeneration of hashicorp/tfe's token",
        HashicorpTfe,
        ApplyUnrefreshed,
        later,
    ),
    case("regeneration over another token", Replaced, Apply, second),
    case(
        "the same without a refresh",
        Replaced,
        ApplyUnrefreshed,
        second,
    ),
    forced(
        "forced regeneration over another token",
        Replaced,
        Apply,
        force,
    ),
    forced("forced regeneration of an import", Imported, Apply, force),
    case("force_regenerate taken away", Forced, Apply, plain),
    case("seal_token switched on", Owned, Apply, sealed),
    case("seal_token switched off", Sealed, Apply, plain),
    case("plan of a deletion", Owned, PlanDestroy, first),
    case("deletion", Owned, Destroy, first),
    case(
        "deletion when another token is there",
        Replaced,
        DestroyUnrefreshed,
        first,
    ),
    case(
        "deletion of hashicorp/tfe's token",
        HashicorpTfe,
        DestroyUnrefreshed,
        plain,
    ),
    case("replacement", Owned, Replace, first),
    case("replacement of a tainted object", Tainted, Replace, plain),
    case("import", Existing, Import, plain),
    case("ephemeral in a free organization", Nothing, Open, plain),
    case("ephemeral over an unused token", Existing, Open, plain),
    case("ephemeral over a token in use", InUse, Open, plain),
    forced("forced ephemeral over a token in use", InUse, Open, force),
    case("unsealing", Sealed, Unseal, sealed),
    case("data source", Owned, ReadData, first),
    case(
        "audit trail events data source read",
        Owned,
        ReadTrail,
        first,
    ),
    case("refresh after a move", Moved, Refresh, plain),
    case("regeneration after a move", Moved, ApplyUnrefreshed, later),
    case("deletion after a move", Moved, DestroyUnrefreshed, plain),
    case("import by identity", Existing, ImportByIdentity, plain),
    case("plan of a revocation", Owned, PlanRevocation, first),
    case("revocation", Owned, Revoke, first),
    case(
        "revocation of a token of somebody else",
        InUse,
        Revoke,
        plain,
    ),
    case("revocation of a token that is gone", Revoked, Revoke, first),
    case(
        "revocation when another token is there",
        Replaced,
        Revoke,
        first,
    ),
    case(
        "revocation of a token that is replaced during it",
        Owned,
        RevokeRaced,
        first,
    ),
    case("list of one organization", Several, List, first),
    case("list of all organizations", Several, ListAll, first),
    case("refresh of a renamed organization", Renamed, Refresh, first),
    case("plan of a renamed organization", Renamed, Plan, second),
    case(
        "regeneration of a renamed organization",
        Renamed,
        Apply,
        second,
    ),
    case(
        "deletion of a renamed organization",
        Renamed,
        Destroy,
        first,
    ),
    case(
        "creation under another spelling",
        Nothing,
        Apply,
        other_case,
    ),
    case(
        "regeneration under another spelling",
        Owned,
        Apply,
        other_case_second,
    ),
    case(
        "refresh under another name of the host",
        LocalName,
        Refresh,
        first,
    ),
    case(
        "regeneration under another name of the host",
        LocalName,
        Apply,
        second,
    ),
    case(
        "deletion under another name of the host",
        LocalName,
        Destroy,
        first,
    ),
    case("creation over a dead token", Dead, Apply, far),
    case("ephemeral over a dead token", Dead, Open, far),
    case(
        "ephemeral over a token that nobody uses",
        Unused,
        Open,
        plain,
    ),
    case("ephemeral over a fresh token", Existing, Open, far),
    case("ephemeral beside the resource", Idle, OpenBeside, plain),
];
