# Who has generated or revoked tokens in the last week.
data "tfe_audit_trail_events" "tokens" {
  since          = timeadd(plantimestamp(), "-168h")
  resource_types = ["authentication_token"]
  actions        = ["create", "destroy"]
}

output "token_changes" {
  value = [
    for event in data.tfe_audit_trail_events.tokens.events :
    "${event.timestamp} ${event.resource.action} ${event.resource.id} by ${coalesce(event.auth.description, event.auth.accessor_id, "nobody")}"
  ]
}
