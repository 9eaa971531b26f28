# The environment variable TFE_SEALING_KEY holds the key: 32 bytes in base64, such as
# `openssl rand -base64 32` prints.
provider "tfe" {
  organization = "my-org-name"
}

resource "time_rotating" "example" {
  rotation_days = 30
}

# Terraform's state holds the secret in encrypted form only.
resource "tfe_audit_trail_token" "example" {
  expired_at = timeadd(time_rotating.example.rotation_rfc3339, "336h")
  seal_token = true
}

# Decrypts it whenever it is needed, in plan and apply; sends no request.
ephemeral "tfe_unsealed_audit_trail_token" "example" {
  sealed_token = tfe_audit_trail_token.example.sealed_token
  organization = tfe_audit_trail_token.example.organization
  token_id     = tfe_audit_trail_token.example.token_id
}

# Terraform hands it on to a write-only argument, which is kept nowhere. A new secret has a new
# version.
resource "vault_kv_secret_v2" "example" {
  mount = "secret"
  name  = "siem/audit-trail"

  data_json_wo = jsonencode({
    token = ephemeral.tfe_unsealed_audit_trail_token.example.token
  })
  data_json_wo_version = tfe_audit_trail_token.example.secret_version
}
