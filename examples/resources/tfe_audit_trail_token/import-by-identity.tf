import {
  to = tfe_audit_trail_token.example
  identity = {
    organization = "my-org-name"
  }
}

resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
