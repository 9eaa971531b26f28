terraform {
  required_providers {
    tfe = { source = "terraform-provider-tfe/tfe" }
  }
}

ephemeral "tfe_audit_trail_token" "example" {
  organization = "my-org-name"

  # An hour. What `timestamp` gives is not known before the apply, so that no plan generates a token.
  expired_at = timeadd(timestamp(), "1h")
}

provider "tfe" {
  alias = "audit"
  token = ephemeral.tfe_audit_trail_token.example.token
}

# Read in the apply, and whenever `run` is another value.
variable "run" {
  type = string
}

resource "terraform_data" "run" {
  input = var.run
}

data "tfe_audit_trail_events" "example" {
  provider   = tfe.audit
  limit      = 10
  depends_on = [terraform_data.run]
}

output "events" {
  value = [for event in data.tfe_audit_trail_events.example.events : event.id]
}
