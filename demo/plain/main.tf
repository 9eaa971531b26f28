variable "expired_at" {
  type = string
}

resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  expired_at   = var.expired_at
}

output "token" {
  value     = tfe_audit_trail_token.example.token
  sensitive = true
}

output "token_id" {
  value = tfe_audit_trail_token.example.token_id
}
