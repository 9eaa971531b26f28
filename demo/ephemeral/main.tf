ephemeral "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
