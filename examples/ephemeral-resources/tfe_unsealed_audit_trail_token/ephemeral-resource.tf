resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  seal_token   = true
}

ephemeral "tfe_unsealed_audit_trail_token" "example" {
  sealed_token = tfe_audit_trail_token.example.sealed_token
  organization = tfe_audit_trail_token.example.organization
  token_id     = tfe_audit_trail_token.example.token_id
}

# To be used wherever Terraform takes an ephemeral value: in a write-only argument, a provider's
# configuration, a connection.
provider "tfe" {
  alias = "audit"
  token = ephemeral.tfe_unsealed_audit_trail_token.example.token
}
