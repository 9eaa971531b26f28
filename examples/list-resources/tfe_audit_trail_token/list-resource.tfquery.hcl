# Every audit trail token that the provider's API token may see:
#
#     terraform query
#
# The same as configuration that imports them all; then `terraform apply`:
#
#     terraform query -generate-config-out=tokens.tf
list "tfe_audit_trail_token" "all" {
  provider = tfe
  limit    = 1000
}

# That of one organization, with all that is known of it:
list "tfe_audit_trail_token" "example" {
  provider         = tfe
  include_resource = true

  config {
    organization = "my-org-name"
  }
}
