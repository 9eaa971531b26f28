#!/bin/sh
# Decrypts a sealed token with openssl alone. It does not check the tag, because "openssl enc" has no GCM:
# GCM encrypts as CTR does, from the nonce and a counter that starts at 2. A changed text is not noticed.
# TFE_SEALING_KEY is in the environment, and the sealed token is the standard input.
set -eu

# Decodes base64, also base64url without padding.
decode() { { printf '%s' "$1" | tr -- '-_' '+/'; printf '==='; } | head -c $(((${#1} + 3) / 4 * 4)) | openssl base64 -d -A; }
hex() { od -An -v -tx1 | tr -d ' \n'; }

IFS=. read -r header empty nonce text tag
decode "$header" >&2
echo >&2
decode "$text" | openssl enc -d -aes-256-ctr \
	-K "$(decode "${TFE_SEALING_KEY%%=*}" | hex)" -iv "$(decode "$nonce" | hex)00000002"
echo
