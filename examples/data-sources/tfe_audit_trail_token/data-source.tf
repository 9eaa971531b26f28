data "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}

output "audit_trail_token_id" {
  value = data.tfe_audit_trail_token.example.token_id
}
