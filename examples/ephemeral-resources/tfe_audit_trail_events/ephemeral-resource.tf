# The organization's own token or its audit trail token, from the environment: TF_VAR_audit_trail_reader.
variable "audit_trail_reader" {
  type      = string
  sensitive = true
  ephemeral = true
}

# Fails the plan or apply if somebody has generated a token in another's name.
ephemeral "tfe_audit_trail_events" "new_tokens" {
  token          = var.audit_trail_reader
  since          = timeadd(plantimestamp(), "-24h")
  resource_types = ["authentication_token"]
  actions        = ["create"]

  lifecycle {
    postcondition {
      condition = !self.truncated && alltrue([
        for event in self.events : event.auth.type != "Impersonated"
      ])
      error_message = "Somebody has generated a token in another's name within the last day."
    }
  }
}
