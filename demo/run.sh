#!/bin/sh
# A tour of the provider: real Terraform, the built plugin, and a pretend HCP Terraform on this
# machine. Needs Rust and Terraform; touches nothing outside a temporary folder and Cargo's target.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
terraform=$(command -v "${TF:-terraform}") || {
	echo "There is no ${TF:-terraform} on PATH; TF names another executable." >&2
	exit 1
}
version=$(TF_CLI_CONFIG_FILE=/dev/null "$terraform" version -json | sed -n 's/.*"terraform_version": "\([^"]*\)".*/\1/p')
minor=${version#*.}
if [ "${version%%.*}" -lt 2 ] && [ "${minor%%.*}" -lt 11 ]; then
	echo "This needs Terraform 1.11 or newer; found $version." >&2
	exit 1
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/tfe-demo.XXXXXX")
step='prepare'
simulator_pid=''
finished=''

clean_up() {
	if [ -z "$finished" ]; then
		printf ' ✗ %-8s failed\n\n' "$step"
		[ ! -f "$work/output" ] || cat "$work/output"
	fi >&2
	[ -z "$simulator_pid" ] || kill "$simulator_pid" 2>/dev/null || :
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Nothing of the caller's Terraform may reach the demo, nor the demo's anything of the caller.
for name in $(env | sed -n 's/^\(TFE\{0,1\}_[A-Za-z0-9_]*\)=.*/\1/p; s/^\(TFC_[A-Za-z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy TERRAFORM_CONFIG TF
export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_INPUT=0

# say NAME TEXT: a step is done.
say() {
	printf ' \342\234\223 %-8s %s\n' "$1" "$2"
}

# fail TEXT: a step is not what it should be.
fail() {
	printf '%s\n' "$1" >>"$work/output"
	exit 1
}

# tf FOLDER ARGUMENT…: terraform in one of the demo's folders; its output is shown if it fails.
tf() {
	folder=$1
	shift
	"$terraform" -chdir="$work/$folder" "$@" >"$work/output" 2>&1
}

# output FOLDER NAME: the value of an output.
output() {
	"$terraform" -chdir="$work/$1" output -raw "$2" 2>"$work/output"
}

# expect TEXT: the last output contains it.
expect() {
	grep -q -- "$1" "$work/output" || fail "Expected above: $1"
}

# days NUMBER: the instant so many days from now.
days() {
	echo "timeadd(timestamp(), \"$(($1 * 24))h\")" |
		"$terraform" -chdir="$work/clock" console 2>"$work/output" | tr -d '"'
}

# --- build -----------------------------------------------------------------------------------

echo "Building (a debug build, which is ready soonest; only the first one takes minutes) …"
cd "$root"
cargo build --features simulator --bins --example terraform-provider-echo \
	--message-format json-render-diagnostics >"$work/built"

# executable NAME: where Cargo has put it.
executable() {
	sed -n "s/.*\"executable\":\"\\([^\"]*\\/$1\\)\".*/\\1/p" "$work/built"
}

mkdir "$work/plugins" "$work/clock"
ln -s "$(executable terraform-provider-tfe)" "$(executable terraform-provider-echo)" "$work/plugins/"
simulator=$(executable tfe-simulator)
cp -R demo/plain demo/import demo/sealed demo/ephemeral "$work/"
export HOME="$work"

# --- the pretend HCP Terraform ---------------------------------------------------------------

TFE_TOKEN='demo-owner-token'
TFE_SEALING_KEY='ZGVtb25zdHJhdGlvbiBrZXksIG5vdCBhIHNlY3JldCE='
export TFE_TOKEN TFE_SEALING_KEY

mkfifo "$work/ready"
"$simulator" --token "$TFE_TOKEN" --organization my-org-name --organization imported-org \
	--organization sealed-org >"$work/ready" 2>"$work/output" &
simulator_pid=$!
read -r url <"$work/ready"

cat >"$work/terraform.rc" <<RC
provider_installation {
  dev_overrides {
    "terraform-provider-tfe/tfe"  = "$work/plugins"
    "terraform-provider-tfe/echo" = "$work/plugins"
  }
}
host "app.terraform.io" {
  services = { "tfe.v2.2" = "$url/api/v2/" }
}
RC
export TF_CLI_CONFIG_FILE="$work/terraform.rc"

printf '\nReal Terraform (%s), the provider, and a pretend HCP Terraform at %s\n\n' \
	"$("$terraform" version | sed -n '1s/^Terraform //p')" "$url"

# --- the tour --------------------------------------------------------------------------------

first=$(days 90)
second=$(days 180)

step=apply
tf plain apply -auto-approve -var "expired_at=$first"
before=$(output plain token_id)
say apply "generated $before for my-org-name, until ${first%T*}"

step=use
token=$(output plain token)
export token
"$simulator" get "$url/api/v2/organization/audit-trail" --bearer-env token >"$work/output" 2>&1
unset token
expect '"resource"'
say use "the token in Terraform's state reads the audit trail"

step=plan
tf plain plan -detailed-exitcode -var "expired_at=$first"
say plan "no changes"

step=protect
if tf ephemeral plan; then fail 'Expected a refusal.'; fi
expect "$before"
say protect "an ephemeral resource may not kill a token in use: refused, by name"

step=rotate
tf plain apply -auto-approve -var "expired_at=$second"
expect '0 added, 1 changed, 0 destroyed'
after=$(output plain token_id)
[ "$before" != "$after" ] || fail "The token is still $before."
say rotate "another expired_at: $before became $after, in place"

step=import
"$simulator" post "$url/_simulator/regenerate?organization=imported-org" >"$work/output" 2>&1
tf import import tfe_audit_trail_token.example imported-org
tf import plan -detailed-exitcode
expect 'force_regenerate'
say import "took over a token made elsewhere; the plan warns that its secret is not known"

step=seal
tf sealed plan -out plan -var "expired_at=$first"
tf sealed apply plan
tf sealed show -json plan
cat "$work/output" "$work/sealed/terraform.tfstate" >"$work/written"
tf sealed plan -detailed-exitcode -var "expired_at=$first"
# Unsealing it at last shows which secret it was.
sed 's/seal_token *= true/seal_token = false/' demo/sealed/main.tf |
	sed '/^ephemeral/,/^}/d; /value_wo /d' >"$work/sealed/main.tf"
cat >>"$work/sealed/main.tf" <<'TF'
output "token" {
  value     = tfe_audit_trail_token.example.token
  sensitive = true
}
output "token_sha256" {
  value     = sha256(tfe_audit_trail_token.example.token)
  sensitive = true
}
TF
received=$(output sealed received_sha256)
tf sealed apply -auto-approve -var "expired_at=$first"
secret=$(output sealed token)
[ "$received" = "$(output sealed token_sha256)" ] || fail 'The consumer got something else.'
if grep -q -F -e "$secret" "$work/written"; then fail 'The secret is in plan or state.'; fi
say seal "a write-only argument received the secret; neither plan nor state held it"

step=destroy
tf plain destroy -auto-approve -var "expired_at=$second"
tf import destroy -auto-approve
tf sealed destroy -auto-approve -var "expired_at=$first"
for organization in my-org-name imported-org sealed-org; do
	if "$simulator" get "$url/_simulator/token?organization=$organization" >"$work/output" 2>&1; then
		fail "$organization still has a token."
	fi
done
say destroy "no organization has an audit trail token any more"

finished=yes
printf '\nThe configurations are in demo/, more examples in examples/.\n'
