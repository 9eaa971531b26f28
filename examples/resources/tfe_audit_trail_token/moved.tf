terraform {
  required_providers {
    tfe      = { source = "hashicorp/tfe" }
    tfeaudit = { source = "terraform-provider-tfe/tfe" }
  }
}

resource "tfe_audit_trail_token" "example" {
  provider     = tfeaudit
  organization = "my-org-name"
}

moved {
  from = tfe_audit_trail_token.before
  to   = tfe_audit_trail_token.example
}
