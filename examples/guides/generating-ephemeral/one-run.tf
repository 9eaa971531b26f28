terraform {
  required_providers {
    tfe = { source = "terraform-provider-tfe/tfe" }
  }
}

ephemeral "tfe_audit_trail_token" "example" {
  organization = "my-org-name"

  # An hour. What `timestamp` gives is not known before the apply, so that no plan generates a token.
  expired_at = timeadd(timestamp(), "1h")

  # Revokes the token when the program below has ended.
  revoke_on_close = true
}

# Runs once for every value of `run`, with the secret in its environment.
variable "run" {
  type = string
}

resource "terraform_data" "example" {
  triggers_replace = var.run

  provisioner "local-exec" {
    command = "./read-audit-trail"
    environment = {
      TOKEN = ephemeral.tfe_audit_trail_token.example.token
    }
  }
}
