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
