#!/bin/sh
# Builds other Terraforms, and OpenTofu, for `make test-hosts`: each once, from its public source.
#
# HOSTS names them, and no other file does. Executables go into the folder `bin` beside this file, which Git ignores,
# under their name and version. An existing one is not built again. GOFLAGS=-p=1 leaves cores to other programs. The
# argument `list` prints the paths of the executables and builds nothing.
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

# Its backends for remote state are modules of their own, which the module proxy does not have. They are removed; the
# rest is the whole program with local state.
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
	version_output=$(TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 "$work/built" version)
	case $version_output in
	*" v$version"*) ;;
	*)
		echo "Built $program $version, but it says: $version_output" >&2
		exit 1
		;;
	esac
	# In two steps, so that nobody runs half a file.
	mv "$work/built" "$host.$$" && mv "$host.$$" "$host"
	echo "Built $program $version in $(($(date +%s) - began)) s."
	rm -rf "$work"
done
