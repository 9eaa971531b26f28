resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  expired_at   = "2030-12-31T23:59:59Z"

  # A changed value regenerates the token.
  regenerate_triggers = {
    incident = "2030-05-17, laptop lost"
  }
}
