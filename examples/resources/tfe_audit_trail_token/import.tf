import {
  to = tfe_audit_trail_token.example
  id = "my-org-name"
}

# The secret of a token that exists cannot be read: `token` stays null.
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
