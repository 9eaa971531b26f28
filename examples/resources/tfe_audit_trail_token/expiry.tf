resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  expired_at   = "2030-12-31T23:59:59Z"
}
