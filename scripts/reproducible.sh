#!/bin/sh
# Builds a release of the last commit twice, at places of different names and depths and with different folders of
# Cargo, and demands that both executables are the same bytes.
set -eu

cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo_home=${CARGO_HOME:-$HOME/.cargo}
for place in one another/much/deeper/place; do
	echo "Building in $work/$place …" >&2
	mkdir -p "$work/$place/source" "$work/$place/cargo"
	git archive HEAD | tar -x -C "$work/$place/source"
	for kept in registry git config.toml; do
		[ ! -e "$cargo_home/$kept" ] || ln -s "$cargo_home/$kept" "$work/$place/cargo/$kept"
	done
	built=$(CARGO_HOME="$work/$place/cargo" CARGO_TARGET_DIR="$work/$place/target" \
		sh "$work/$place/source/scripts/build.sh" release)
	mv "$built" "$work/$(basename "$place").built"
	rm -rf "${work:?}/${place%%/*}"
done

sha256sum "$work"/*.built
if ! cmp "$work/one.built" "$work/place.built"; then
	echo 'Two builds of one commit differ.' >&2
	exit 1
fi
echo 'Both builds are the same bytes.'
