resource "time_rotating" "example" {
  rotation_days = 30
}

resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"

  # Two weeks more than the rotation, so that the next apply may come late.
  expired_at = timeadd(time_rotating.example.rotation_rfc3339, "336h")
}
