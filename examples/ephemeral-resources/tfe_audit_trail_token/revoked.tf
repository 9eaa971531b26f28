ephemeral "tfe_audit_trail_token" "example" {
  organization    = "my-org-name"
  expired_at      = timeadd(timestamp(), "1h")
  revoke_on_close = true
}
