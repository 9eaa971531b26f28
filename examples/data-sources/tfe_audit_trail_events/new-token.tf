# TFE_SEALING_KEY is in the environment.
resource "tfe_audit_trail_token" "siem" {
  organization = "my-org-name"
  seal_token   = true
}

ephemeral "tfe_unsealed_audit_trail_token" "siem" {
  sealed_token = tfe_audit_trail_token.siem.sealed_token
  organization = tfe_audit_trail_token.siem.organization
  token_id     = tfe_audit_trail_token.siem.token_id
}

provider "tfe" {
  alias = "siem"
  token = ephemeral.tfe_unsealed_audit_trail_token.siem.token
}

# Read with the very token that was just generated, which leaves no trace in the state.
data "tfe_audit_trail_events" "siem" {
  provider = tfe.siem
  limit    = 1

  # Read after the token is generated, and not while its secret is unknown.
  depends_on = [tfe_audit_trail_token.siem]

  lifecycle {
    postcondition {
      condition     = length(self.events) > 0
      error_message = "The new audit trail token reads nothing."
    }
  }
}
