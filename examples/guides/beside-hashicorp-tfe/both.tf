terraform {
  required_providers {
    tfe      = { source = "hashicorp/tfe" }
    tfeaudit = { source = "terraform-provider-tfe/tfe" }
  }
}

provider "tfeaudit" {
  organization = "my-org-name"
}

resource "tfe_audit_trail_token" "example" {
  provider     = tfeaudit
  organization = "my-org-name"
}
