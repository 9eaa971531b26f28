#!/bin/sh
# Runs the acceptance tests on every host: the terraform of TF, and those that `build.sh` has built. The
# table host x feature of the README is made of what they did; CHECK=1 compares and writes nothing.
#
# A host that fails does not keep the others from running. What each said is below target/hosts.
set -eu
cd "$(dirname "$0")/.."
results=$PWD/target/hosts
rm -rf "$results"
mkdir -p "$results"
cargo build --workspace --bins --examples
cargo test --test acceptance --no-run

number=0
failed=
for host in "${TF:-terraform}" $(sh hosts/build.sh list); do
	number=$((number + 1))
	began=$(date +%s)
	status=passed
	TF=$host HOST_RESULTS=$results/$number.tests \
		cargo test --test acceptance >"$results/$number.log" || status=failed
	echo "$(basename "$host"): $status in $(($(date +%s) - began)) s."
	if [ "$status" = failed ]; then
		failed="$failed $(basename "$host")"
		sed -n '/^failures:/,$p' "$results/$number.log"
	fi
done
HOST_TABLE=$results cargo test --test acceptance host::table -- --nocapture
[ -z "$failed" ] || {
	echo "Failed on:$failed" >&2
	exit 1
}
