#!/bin/sh
# Prints the ID of the sealing key in TFE_SEALING_KEY: its JWK thumbprint (RFC 7638).
set -eu

url() { tr -d '=\n' | tr '+/' '-_'; }
key=$(printf '%s' "$TFE_SEALING_KEY" | url)
printf '{"k":"%s","kty":"oct"}' "$key" | openssl dgst -sha256 -binary | openssl base64 -A | url
echo
