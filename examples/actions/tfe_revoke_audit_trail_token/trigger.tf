variable "incident" {
  description = "What happened, and the ID of the token that got into the wrong hands."
  type        = object({ ticket = string, token_id = string })
}

# A new ticket revokes its token with the next apply, and a revocation that failed is tried again by the one after.
resource "terraform_data" "incident" {
  input = var.incident

  lifecycle {
    action_trigger {
      events  = [before_create, before_update]
      actions = [action.tfe_revoke_audit_trail_token.example]
    }
  }
}

action "tfe_revoke_audit_trail_token" "example" {
  config {
    organization = "my-org-name"
    token_id     = var.incident.token_id
  }
}
