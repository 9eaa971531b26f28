terraform {
  required_providers {
    tfe = { source = "hashicorp/tfe" }
  }
}

resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
