resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"

  lifecycle {
    action_trigger {
      events     = [before_destroy]
      actions    = [action.tfe_revoke_audit_trail_token.on_destroy]
      on_failure = halt
    }
  }
}

action "tfe_revoke_audit_trail_token" "on_destroy" {
  config {
    organization = caller.organization
    token_id     = caller.token_id
  }
}
