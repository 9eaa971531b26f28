#!/bin/sh
# Builds the real hashicorp/time provider, with which the tests try rotations, and prints its path:
# .companions/terraform-provider-time_v0.13.1. Built once; needs Go (without it, exits with 3), and a network the first
# time.
set -eu

version=0.13.1
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$root/.companions
built=$folder/terraform-provider-time_v$version

if [ ! -x "$built" ]; then
	command -v go >/dev/null 2>&1 || {
		echo "This needs Go, to build hashicorp/time $version: install it from https://go.dev/dl/," >&2
		echo "or put the provider's executable at $built." >&2
		exit 3
	}
	mkdir -p "$folder"
	new=$(mktemp -d "$folder/building.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	# Moved into place when complete, because several tests may build it at the same time.
	GOBIN=$new go install "github.com/hashicorp/terraform-provider-time@v$version" >&2
	mv "$new/terraform-provider-time" "$built"
fi
echo "$built"
