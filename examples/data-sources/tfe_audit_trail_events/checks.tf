data "tfe_audit_trail_token" "siem" {
  organization = "my-org-name"
}

data "tfe_audit_trail_events" "new_tokens" {
  since          = timeadd(plantimestamp(), "-24h")
  resource_types = ["authentication_token"]
  actions        = ["create"]
}

check "audit_trail_token_age" {
  assert {
    condition     = timecmp(data.tfe_audit_trail_token.siem.created_at, timeadd(plantimestamp(), "-2160h")) > 0
    error_message = "The audit trail token is 90 days old or older."
  }
}

check "audit_trail_token_use" {
  assert {
    # On its first day, a token need not have been used.
    condition = (
      timecmp(data.tfe_audit_trail_token.siem.created_at, timeadd(plantimestamp(), "-24h")) > 0 ||
      try(timecmp(data.tfe_audit_trail_token.siem.last_used_at, timeadd(plantimestamp(), "-168h")) > 0, false)
    )
    error_message = "Nobody has read the audit trail for a week."
  }
}

check "audit_trail_token_expiry" {
  assert {
    # Null if it never expires.
    condition     = try(timecmp(data.tfe_audit_trail_token.siem.expired_at, timeadd(plantimestamp(), "720h")) > 0, true)
    error_message = "The audit trail token expires in less than a month."
  }
}

check "token_authors" {
  assert {
    condition = alltrue([
      for event in data.tfe_audit_trail_events.new_tokens.events : event.auth.type != "Impersonated"
    ])
    error_message = "Somebody has generated a token in another's name."
  }
}
