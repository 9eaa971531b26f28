#!/bin/sh
# Builds the providers of others that examples use, as their authors release them: `companions.sh FOLDER`. Needs Go.
set -eu

folder=${1:?'Usage: companions.sh FOLDER'}
time_version=0.13.1

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
marker="$folder/terraform-provider-time.version"
if [ ! -f "$marker" ] || [ "$(cat "$marker")" != "$time_version" ]; then
	command -v go >/dev/null || {
		echo 'This needs Go, to build hashicorp/time: install it from https://go.dev/dl/.' >&2
		exit 1
	}
	echo "Building hashicorp/time $time_version, once …"
	GOBIN="$folder" go install "github.com/hashicorp/terraform-provider-time@v$time_version"
	echo "$time_version" >"$marker"
fi
