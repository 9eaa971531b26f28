resource "tfe_audit_trail_token" "example" {
  organization = "sealed-org"
  expired_at   = var.expired_at
  seal_token   = true
}

variable "expired_at" {
  type = string
}

ephemeral "tfe_unsealed_audit_trail_token" "example" {
  sealed_token = tfe_audit_trail_token.example.sealed_token
  organization = tfe_audit_trail_token.example.organization
  token_id     = tfe_audit_trail_token.example.token_id
}

# Stands for a secret store: a provider that keeps only the SHA-256 of what it was given.
resource "echo_value" "example" {
  value_wo         = ephemeral.tfe_unsealed_audit_trail_token.example.token
  value_wo_version = tfe_audit_trail_token.example.secret_version
}

output "sealed_token" {
  value     = tfe_audit_trail_token.example.sealed_token
  sensitive = true
}

output "received_sha256" {
  value = echo_value.example.received_sha256
}
