ephemeral "tfe_audit_trail_token" "example" {
  organization = "my-org-name"

  # Thirty days. What `timestamp` gives is not known before apply, so that no plan generates a token.
  expired_at = timeadd(timestamp(), "720h")
}
