# The token of one organization, with all that is known of it:
list "tfe_audit_trail_token" "example" {
  provider         = tfe
  include_resource = true

  config {
    organization = "my-org-name"
  }
}
