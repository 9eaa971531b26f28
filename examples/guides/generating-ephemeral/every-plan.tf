terraform {
  required_providers {
    tfe = { source = "terraform-provider-tfe/tfe" }
  }
}

ephemeral "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
