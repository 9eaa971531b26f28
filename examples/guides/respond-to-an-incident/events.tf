variable "organization_token" {
  type        = string
  description = "The organization's own API token: an owner's cannot read the audit trail."
  ephemeral   = true
  sensitive   = true
}

provider "tfe" {
  alias = "trail"
  token = var.organization_token
}

data "tfe_audit_trail_events" "example" {
  provider       = tfe.trail
  since          = timeadd(plantimestamp(), "-168h")
  resource_types = ["authentication_token"]
  actions        = ["create", "destroy"]
}

output "token_events" {
  value = [
    for event in data.tfe_audit_trail_events.example.events :
    "${event.timestamp} ${event.resource.action} ${event.resource.id} by ${coalesce(event.auth.description, event.auth.accessor_id, "nobody")}"
  ]
}
