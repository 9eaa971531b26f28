terraform {
  required_providers {
    tfe = { source = "terraform-provider-tfe/tfe" }
  }
}

variable "tfe_token" {
  type      = string
  ephemeral = true
  sensitive = true
}

provider "tfe" {
  organization = "my-org-name"
  token        = var.tfe_token
}

resource "tfe_audit_trail_token" "example" {}
