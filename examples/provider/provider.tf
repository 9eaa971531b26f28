terraform {
  required_providers {
    tfe = {
      source = "terraform-provider-tfe/tfe"
    }
  }
}

# The API token comes from the environment variable TFE_TOKEN, or from `terraform login`.
provider "tfe" {
  organization = "my-org-name"
}
