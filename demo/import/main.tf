resource "tfe_audit_trail_token" "example" {
  organization = "imported-org"
}

output "token_id" {
  value = tfe_audit_trail_token.example.token_id
}
