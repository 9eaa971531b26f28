terraform {
  required_providers {
    tfe = { source = "terraform-provider-tfe/tfe" }
  }
}

resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  expired_at   = "2030-12-31T23:59:59Z"

  # A changed value regenerates the token. Have it before you need it: setting it first does not.
  regenerate_triggers = {
    incident = "none"
  }
}
