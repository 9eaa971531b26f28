#!/bin/sh
# Runs the acceptance tests on every host: the terraform of TF, and those that `build.sh` has built. Their results make
# the README's table of hosts and features. CHECK=1 compares the table instead of writing it.
#
# The other hosts run even if one fails. The output of each is in target/hosts.
set -eu
cd "$(dirname "$0")/.."
results=$PWD/target/hosts
rm -rf "$results"
mkdir -p "$results"
cargo build --locked --workspace --bins --examples
cargo test --locked --workspace --test acceptance --no-run

number=0
failed=
for host in "${TF:-terraform}" $(sh hosts/build.sh list); do
	number=$((number + 1))
	began=$(date +%s)
	status=passed
	TF=$host HOST_RESULTS=$results/$number.tests \
		cargo test --locked --workspace --test acceptance >"$results/$number.log" || status=failed
	echo "$(basename "$host"): $status in $(($(date +%s) - began)) s."
	if [ "$status" = failed ]; then
		failed="$failed $(basename "$host")"
		sed -n '/^failures:/,$p' "$results/$number.log"
	fi
done
HOST_TABLE=$results cargo test --locked --workspace --test acceptance host::table -- --nocapture
[ -z "$failed" ] || {
	echo "Failed on:$failed" >&2
	exit 1
}
