data "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}

check "audit_trail_token_age" {
  assert {
    condition     = timecmp(data.tfe_audit_trail_token.example.created_at, timeadd(plantimestamp(), "-2160h")) > 0
    error_message = "The audit trail token is older than 90 days."
  }
}

check "audit_trail_token_use" {
  assert {
    # Null until it is used for the first time.
    condition     = try(timecmp(data.tfe_audit_trail_token.example.last_used_at, timeadd(plantimestamp(), "-24h")) > 0, false)
    error_message = "Nobody has read the audit trail for a day."
  }
}

check "audit_trail_token_expiry" {
  assert {
    # Null if it never expires.
    condition     = try(timecmp(data.tfe_audit_trail_token.example.expired_at, timeadd(plantimestamp(), "336h")) > 0, true)
    error_message = "The audit trail token expires in less than two weeks."
  }
}
