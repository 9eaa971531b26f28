#!/bin/sh
# A tour of the provider: real Terraform, the built plugin, and a pretend HCP Terraform on this
# machine. Needs Rust and Terraform; touches nothing outside a temporary folder and Cargo's target.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
name=demo
. "$root/scripts/tour.sh"

version=$(TF_CLI_CONFIG_FILE=/dev/null "$terraform" version -json | sed -n 's/.*"terraform_version": "\([^"]*\)".*/\1/p')
minor=${version#*.}
if [ "${version%%.*}" -lt 2 ] && [ "${minor%%.*}" -lt 11 ]; then
	echo "This needs Terraform 1.11 or newer; found $version." >&2
	finished=yes # no step has begun
	exit 1
fi
isolate

# tf FOLDER ARGUMENT…: runs terraform in one of the demo's folders; its output is shown if it fails.
tf() {
	folder=$1
	shift
	quietly "$terraform" -chdir="$work/$folder" "$@"
}

# output FOLDER NAME: prints the value of an output.
output() {
	"$terraform" -chdir="$work/$1" output -raw "$2" 2>"$work/output"
}

# days NUMBER: prints the time this number of days from now.
days() {
	echo "timeadd(timestamp(), \"$(($1 * 24))h\")" |
		"$terraform" -chdir="$work/clock" console 2>"$work/output" | tr -d '"'
}

# --- build -----------------------------------------------------------------------------------

echo "Building (a debug build, which is ready soonest; only the first one takes minutes) …"
build
mkdir "$work/plugins" "$work/clock"
ln -s "$(executable terraform-provider-tfe)" "$(executable terraform-provider-echo)" "$work/plugins/"
cp -R demo/plain demo/import demo/sealed demo/ephemeral "$work/"
export HOME="$work"

# --- the pretend HCP Terraform ---------------------------------------------------------------

TFE_TOKEN='demo-owner-token'
TFE_SEALING_KEY='ZGVtb25zdHJhdGlvbiBrZXksIG5vdCBhIHNlY3JldCE='
export TFE_TOKEN TFE_SEALING_KEY

serve my-org-name imported-org sealed-org

configure <<RC
provider_installation {
  dev_overrides {
    "terraform-provider-tfe/tfe"  = "$work/plugins"
    "terraform-provider-tfe/echo" = "$work/plugins"
  }
}
RC

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
# Unsealing it shows which secret it was.
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
