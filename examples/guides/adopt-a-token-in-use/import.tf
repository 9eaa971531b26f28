terraform {
  required_providers {
    tfe = { source = "terraform-provider-tfe/tfe" }
  }
}

import {
  to = tfe_audit_trail_token.example
  id = "my-org-name"
}

# Without `expired_at`: another date than the token's own would generate a new one.
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
