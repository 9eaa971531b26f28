#!/usr/bin/env python
"""A token that is regenerated every 30 days, for an organization that another resource names."""

from cdktf import App, DataResource, TerraformOutput, TerraformStack, Token
from constructs import Construct

from imports.tfe.audit_trail_token import AuditTrailToken
from imports.tfe.provider import TfeProvider
from imports.time.provider import TimeProvider
from imports.time.rotating import Rotating


class Expiring(TerraformStack):
    def __init__(self, scope: Construct, name: str):
        super().__init__(scope, name)
        TfeProvider(self, "tfe")
        TimeProvider(self, "time")

        # Stands for whatever names the organization: its name is not known before the first apply.
        organization = DataResource(self, "organization", input={"name": "my-org-name"})
        month = Rotating(self, "month", rotation_days=30)
        token = AuditTrailToken(
            self,
            "example",
            organization=organization.get_string_attribute("output.name"),
            expired_at=Token.as_string(month.rotation_rfc3339),
        )
        TerraformOutput(self, "token_id", value=token.token_id)
        TerraformOutput(self, "expired_at", value=token.expired_at)


app = App()
Expiring(app, "expiring")
app.synth()
