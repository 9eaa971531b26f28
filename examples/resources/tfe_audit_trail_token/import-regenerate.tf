import {
  to = tfe_audit_trail_token.example
  id = "my-org-name"
}

resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"

  # Regenerates the token in the apply that imports it: whoever uses the old one needs the new one.
  force_regenerate = true

  lifecycle {
    # Fails before anything else uses null in place of the secret.
    postcondition {
      condition     = self.token != null
      error_message = "The secret of this audit trail token is not known. Set force_regenerate = true, to replace the token by one whose secret is."
    }
  }
}
