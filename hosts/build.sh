#!/bin/sh
# Builds other Terraforms, and OpenTofu, for `make test-hosts`: each once, from its public source.
#
# HOSTS is the only place that says which. The folder `bin` beside this file, which git ignores, gets
# an executable of each by its name and version; one that is there already is not built again.
# What builds is named on stdout, and how long it took. GOFLAGS=-p=1 leaves cores to others. The argument
# `list` builds nothing and prints their paths.
set -eu

HOSTS='
terraform 1.12.2
terraform 1.14.9
terraform 1.16.4
tofu      1.11.14
tofu      1.12.6
'

here=$(cd "$(dirname "$0")" && pwd)
bin=$here/bin
mkdir -p "$bin"

# Where each is, or will be.
if [ "${1:-}" = list ]; then
	echo "$HOSTS" | while read -r program version; do
		[ -z "$program" ] || echo "$bin/$program-$version"
	done
	exit
fi

# The extracted source of a module.
source_of() {
	go mod download -json "$1@v$2" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p'
}

build() {
	GOFLAGS="${GOFLAGS:-} $2" CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags="-s -w $3" -o "$work/built" "$1"
}

tofu() {
	cd "$(source_of github.com/opentofu/opentofu "$1")"
	build ./cmd/tofu '' ''
}

# Its backends for remote state are modules of their own, which the module proxy does not have: they
# are cut off. What is left is the whole program with local state.
terraform() {
	cp -R "$(source_of github.com/hashicorp/terraform "$1")/." "$work/source"
	chmod -R u+w "$work/source"
	cd "$work/source"
	backends='azure|consul|cos|gcs|kubernetes|oci|oss|pg|s3'
	grep -Ev "internal/(backend/remote-state/($backends)|legacy)( |\$|\"|@)" go.mod >"$work/go.mod"
	cp "$work/go.mod" go.mod
	init=internal/backend/init/init.go
	grep -Ev "backend/remote-state/($backends)\"|backend(Azure|Consul|Cos|GCS|Kubernetes|OCI|OSS|Pg|S3)\.New" \
		"$init" >"$work/init.go"
	cp "$work/init.go" "$init"
	build . -mod=mod '-X github.com/hashicorp/terraform/version.dev=no'
}

echo "$HOSTS" | while read -r program version; do
	[ -n "$program" ] || continue
	host=$bin/$program-$version
	[ ! -x "$host" ] || continue
	command -v go >/dev/null || {
		echo 'This needs Go, which is not on PATH: install it from https://go.dev/dl/' >&2
		exit 1
	}
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	echo "Building $program $version ..."
	began=$(date +%s)
	("$program" "$version")
	# It says of itself what it is called.
	told=$(TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 "$work/built" version)
	case $told in
	*" v$version"*) ;;
	*)
		echo "Built $program $version, but it says: $told" >&2
		exit 1
		;;
	esac
	# In two steps: nobody sees half of it.
	mv "$work/built" "$host.$$" && mv "$host.$$" "$host"
	echo "Built $program $version in $(($(date +%s) - began)) s."
	rm -rf "$work"
done
