import {
  to = tfe_audit_trail_token.example
  id = "my-org-name"
}

resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"

  # Nobody can read back the secret of a token that exists. To own one, remove this comment: the
  # token is then regenerated in the same apply, and whoever uses the old one needs the new one.
  # force_regenerate = true

  lifecycle {
    # Fails for as long as there is no secret, before anything else uses null in its place.
    postcondition {
      condition     = self.token != null
      error_message = "The secret of an imported audit trail token is not known. Set force_regenerate = true to replace the token by one whose secret is."
    }
  }
}
