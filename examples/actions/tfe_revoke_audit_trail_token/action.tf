variable "compromised_token_id" {
  description = "The ID of the audit trail token that is to be revoked."
  type        = string
}

# terraform apply -invoke=action.tfe_revoke_audit_trail_token.example
action "tfe_revoke_audit_trail_token" "example" {
  config {
    organization = "my-org-name"
    token_id     = var.compromised_token_id
  }
}
