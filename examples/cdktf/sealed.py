#!/usr/bin/env python
"""A token whose secret reaches neither plan nor state, and one who reads the audit trail with it.

For CDK Terrain (`cdktn`): CDKTF has no bindings for ephemeral resources. TFE_SEALING_KEY is in the
environment.
"""

from cdktn import App, Fn, TerraformOutput, TerraformStack
from constructs import Construct

from imports.tfe.audit_trail_token import AuditTrailToken
from imports.tfe.data_tfe_audit_trail_events import DataTfeAuditTrailEvents
from imports.tfe.ephemeral_tfe_unsealed_audit_trail_token import EphemeralTfeUnsealedAuditTrailToken
from imports.tfe.provider import TfeProvider


class Sealed(TerraformStack):
    def __init__(self, scope: Construct, name: str):
        super().__init__(scope, name)
        owner = TfeProvider(self, "owner")
        token = AuditTrailToken(
            self, "example", provider=owner, organization="my-org-name", seal_token=True
        )
        unsealed = EphemeralTfeUnsealedAuditTrailToken(
            self,
            "unsealed",
            provider=owner,
            sealed_token=token.sealed_token,
            organization=token.organization,
            token_id=token.token_id,
        )

        siem = TfeProvider(self, "siem", alias="siem", token=unsealed.token)
        # Read after the token is generated, and not while its secret is unknown.
        events = DataTfeAuditTrailEvents(
            self, "events", provider=siem, limit=1, depends_on=[token]
        )
        TerraformOutput(self, "token_id", value=token.token_id)
        TerraformOutput(self, "events_read", value=Fn.length_of(events.events))


app = App()
Sealed(app, "sealed")
app.synth()
