#!/bin/sh
# The programs of examples/cdktf from bindings to applied tokens, with a real Terraform and a pretend HCP Terraform.
# `cdk.sh cdktf` takes CDKTF, `cdk.sh cdktn` its successor CDK Terrain, which knows ephemeral resources too.
#
# Needs Rust, Terraform, Go, Node 20 or newer with npm, and Python 3.10 or newer with venv. What it installs from npm and
# PyPI goes into target/cdk; everything after that is without a registry, and without a network where the system
# allows it.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
tool=${1:-}
case $tool in
cdktf) release=0.21.0 programs='basic expiring' needs_node=20.0 ;;
cdktn) release=0.24.0 programs='basic expiring sealed' needs_node=22.19 ;;
*)
	echo 'Usage: cdk.sh cdktf|cdktn' >&2
	exit 2
	;;
esac
# What cdktn runs on where Node is older.
node_release=22.23.3

name=$tool
. "$root/scripts/tour.sh"

# --- what the registries have ------------------------------------------------------------------

# new_enough NODE: whether it is there, and of a version that the tool runs on.
new_enough() {
	"$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
		const [c, d] = process.argv[1].split(".").map(Number);
		process.exit(a > c || (a === c && b >= d) ? 0 : 1)' "$needs_node" 2>/dev/null
}

step=install
for command in node npm python3; do
	command -v "$command" >/dev/null || fail "This needs $command, which is not on PATH."
done
tools="$root/target/cdk/$tool-$release"
if [ ! -f "$tools/complete" ]; then
	echo "Installing $tool $release from npm and PyPI into target/cdk, once …"
	rm -rf "$tools"
	mkdir -p "$tools"
	echo '{ "private": true }' >"$tools/package.json"
	quietly npm install --prefix "$tools" --no-audit --no-fund --ignore-scripts "$tool-cli@$release"
	# Its installation is a script: it fetches the package that has the executable for this platform.
	new_enough node || quietly npm install --prefix "$tools" --no-audit --no-fund "node@$node_release"
	quietly python3 -m venv "$tools/python" ||
		fail 'This needs Python 3.10 or newer with its module venv (on Debian and its kin, the package python3-venv).'
	quietly "$tools/python/bin/pip" install "$tool==$release"
	touch "$tools/complete"
fi
PATH="$tools/python/bin:$tools/node_modules/.bin:$PATH"
export PATH
new_enough node || fail "$tool needs Node $needs_node or newer; $(command -v node) is $(node --version)."
say install "$tool-cli $release on Node $(node --version), $tool for $(python --version)"

# --- build -------------------------------------------------------------------------------------

step=build
rm -f "$work/output"
echo 'Building (a debug build; only the first one takes minutes) …'
time=$(sh "$root/tests/companions/time.sh")
build

version=$(cargo pkgid --locked | sed 's/.*[#@]//')
platform=$(TF_CLI_CONFIG_FILE=/dev/null "$terraform" version -json | sed -n 's/.*"platform": "\([^"]*\)".*/\1/p')

# mirrored SOURCE VERSION EXECUTABLE: puts a provider where a mirror has it.
mirrored() {
	folder="$work/mirror/registry.terraform.io/$1/$2/$platform"
	mkdir -p "$folder"
	cp "$3" "$folder/terraform-provider-${1##*/}_v$2"
}

mirrored terraform-provider-tfe/tfe "$version" "$(executable terraform-provider-tfe)"
mirrored hashicorp/time "${time##*_v}" "$time"

# --- the pretend HCP Terraform -----------------------------------------------------------------

isolate
HOME="$work/home"
TFE_TOKEN='cdk-owner-token'
TFE_SEALING_KEY='ZGVtb25zdHJhdGlvbiBrZXksIG5vdCBhIHNlY3JldCE='
mkdir "$HOME"
export HOME TFE_TOKEN TFE_SEALING_KEY
# Neither asks for a newer version of itself, nor complains of Node.
export DISABLE_VERSION_CHECK=1 CI=1 JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1
export TERRAFORM_BINARY_NAME="$terraform"

serve my-org-name

# No block `direct`: what is not in the mirror does not exist.
configure <<RC
provider_installation {
  filesystem_mirror {
    path = "$work/mirror"
  }
}
RC

if unshare --map-root-user --net true 2>/dev/null; then
	offline='unshare --map-root-user --net'
	how='without a network'
else
	offline=''
	how='from the mirror (the system allows no network namespace, so not proven to be offline)'
fi

# --- from programs to tokens -------------------------------------------------------------------

mkdir "$work/programs"
cp "$root"/examples/cdktf/cdktf.json "$root"/examples/cdktf/*.py "$work/programs/"
cd "$work/programs"
# The successor's programs differ in the name of the module.
[ "$tool" = cdktf ] || for program in basic expiring; do
	sed "s/^from cdktf import/from $tool import/" "$program.py" >"$work/program"
	mv "$work/program" "$program.py"
done

step=get
# shellcheck disable=SC2086 # a command and its options, or nothing
quietly $offline "$tool" get --force
# cdktn 0.24 looks for the functions of a provider in a module that it does not write.
if [ "$tool" = cdktn ]; then
	sed 's/^from \.functions import/from ..provider_functions import/' imports/time/provider/__init__.py >"$work/module"
	mv "$work/module" imports/time/provider/__init__.py
fi
for program in $programs; do
	sed -n 's/^from imports\.\([a-z_.]*\) import .*/\1/p' "$program.py"
done | sort -u >"$work/modules"
while read -r module; do
	file="imports/$(echo "$module" | tr . /)/__init__.py"
	[ -f "$file" ] || fail "There is no binding imports.$module."
done <"$work/modules"
say get "bindings $how: $(tr '\n' ' ' <"$work/modules")"

# tf ARGUMENT…: terraform on what a program became.
tf() {
	quietly "$terraform" -chdir="$stack" "$@"
}

# output NAME: the value of an output.
output() {
	"$terraform" -chdir="$stack" output -raw "$1" 2>"$work/output"
}

for program in $programs; do
	step=$program
	stack="$work/programs/cdktf.out/stacks/$program"
	# shellcheck disable=SC2086 # a command and its options, or nothing
	quietly $offline "$tool" synth --app "python $program.py"
	[ -f "$stack/cdk.tf.json" ] || fail "There is no $stack/cdk.tf.json."
	tf init
	tf plan -out plan
	if [ "$program" = expiring ]; then expect 'organization *= (known after apply)'; fi
	tf apply plan
	token_id=$(output token_id)
	told=$token_id
	case $program in
	expiring) told="$told, until $(output expired_at)" ;;
	sealed)
		[ "$(output events_read)" = 1 ] || fail 'The new token has read nothing.'
		told="$told, which has read the audit trail"
		tf show -json
		expect '"token":null'
		;;
	esac
	"$simulator" get "$url/_simulator/token?organization=my-org-name" >"$work/output" 2>&1
	expect "$token_id"
	tf plan -detailed-exitcode
	say "$program" "synthesised $how, planned, applied: $told; no changes after"
	tf destroy -auto-approve
	if quietly "$simulator" get "$url/_simulator/token?organization=my-org-name"; then
		fail 'my-org-name still has a token.'
	fi
done

finished=yes
printf '\nThe programs are in examples/cdktf/.\n'
