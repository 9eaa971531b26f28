#!/usr/bin/env python
"""An organization's audit trail token."""

from cdktf import App, TerraformOutput, TerraformStack
from constructs import Construct

from imports.tfe.audit_trail_token import AuditTrailToken
from imports.tfe.provider import TfeProvider


class Basic(TerraformStack):
    def __init__(self, scope: Construct, name: str):
        super().__init__(scope, name)
        TfeProvider(self, "tfe")
        token = AuditTrailToken(self, "example", organization="my-org-name")
        TerraformOutput(self, "token_id", value=token.token_id)
        TerraformOutput(self, "token", value=token.token, sensitive=True)


app = App()
Basic(app, "basic")
app.synth()
