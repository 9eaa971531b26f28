# The ID is the name of the organization.
terraform import tfe_audit_trail_token.example my-org-name
