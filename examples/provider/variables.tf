# Ephemeral variables reach neither plan nor state.
variable "tfe_token" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "tfe_sealing_key" {
  type        = string
  description = "32 bytes in base64, as `openssl rand -base64 32` prints them."
  ephemeral   = true
  sensitive   = true
}

provider "tfe" {
  organization = "my-org-name"
  token        = var.tfe_token
  sealing_key  = var.tfe_sealing_key
}
