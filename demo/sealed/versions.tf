terraform {
  required_providers {
    tfe = {
      source = "terraform-provider-tfe/tfe"
    }
    echo = {
      source = "terraform-provider-tfe/echo"
    }
  }
}
