terraform {
  required_providers {
    tfe  = { source = "terraform-provider-tfe/tfe" }
    time = { source = "hashicorp/time" }
  }
}

resource "time_rotating" "example" {
  rotation_days = 30
}

resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"

  # The rotation, and two weeks in which the next apply may come.
  expired_at = timeadd(time_rotating.example.rotation_rfc3339, "336h")
}
