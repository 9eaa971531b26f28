terraform {
  required_providers {
    tfe = {
      source = "terraform-provider-tfe/tfe"
    }
  }
}
