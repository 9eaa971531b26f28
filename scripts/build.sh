#!/bin/sh
# Builds the plugin and prints the path of its executable: `build.sh PROFILE`.
#
# A release has no path of the machine that built it: paths say who built it and where, and differ from machine to
# machine. AWS-LC's build script does the same for its C sources.
set -eu

cd "$(dirname "$0")/.."
profile=${1:-release}

set -- --profile "$profile" --bin terraform-provider-tfe --message-format json-render-diagnostics
if [ "$profile" = release ]; then
	cargo_home=${CARGO_HOME:-$HOME/.cargo}
	target=$(cargo metadata --locked --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
	sysroot=$(rustc --print sysroot)
	commit=$(rustc -vV | sed -n 's/^commit-hash: //p')
	flags=
	# Where two match, the last one counts.
	for map in "$PWD=/source" "$target=/target" "$cargo_home=/cargo" "$sysroot/lib/rustlib/src/rust=/rustc/$commit"; do
		flags="$flags'--remap-path-prefix=$map', "
	done
	# Beside the flags of .cargo/config.toml, which RUSTFLAGS would replace.
	set -- "$@" --config "target.'cfg(all())'.rustflags=[$flags]"
fi

built=$(cargo build --locked "$@" | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
[ -n "$built" ] || exit 1
if [ "$profile" = release ]; then
	for path in "$PWD/" "$target/" "$cargo_home/" "$sysroot/" "$HOME/.cargo/"; do
		if grep -qaF "$path" "$built"; then
			echo "The executable has the path $path of this machine in it: $built" >&2
			exit 1
		fi
	done
fi
echo "$built"
