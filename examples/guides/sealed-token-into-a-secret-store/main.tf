terraform {
  required_providers {
    tfe   = { source = "terraform-provider-tfe/tfe" }
    time  = { source = "hashicorp/time" }
    vault = { source = "hashicorp/vault" }
  }
}

resource "time_rotating" "example" {
  rotation_days = 30
}

# Terraform's state holds the secret in encrypted form only. The key is in TFE_SEALING_KEY.
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  expired_at   = timeadd(time_rotating.example.rotation_rfc3339, "336h")
  seal_token   = true

  # A changed value regenerates the token: after an incident, or for another sealing key.
  regenerate_triggers = { number = 1 }
}

# Opens it in every plan and apply; sends no request.
ephemeral "tfe_unsealed_audit_trail_token" "example" {
  sealed_token = tfe_audit_trail_token.example.sealed_token
  organization = tfe_audit_trail_token.example.organization
  token_id     = tfe_audit_trail_token.example.token_id
}

# A new token has a new creation time, so the secret is written again exactly when it is another.
resource "vault_kv_secret_v2" "example" {
  mount = "secret"
  name  = "siem/audit-trail"

  data_json_wo = jsonencode({
    token = ephemeral.tfe_unsealed_audit_trail_token.example.token
  })
  data_json_wo_version = tfe_audit_trail_token.example.secret_version
}
