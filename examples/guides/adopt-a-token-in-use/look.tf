terraform {
  required_providers {
    tfe = { source = "terraform-provider-tfe/tfe" }
  }
}

data "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}

output "token" {
  value = {
    id           = data.tfe_audit_trail_token.example.token_id
    created_at   = data.tfe_audit_trail_token.example.created_at
    last_used_at = data.tfe_audit_trail_token.example.last_used_at
    expired_at   = data.tfe_audit_trail_token.example.expired_at
  }
}
