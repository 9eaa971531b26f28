# What the demo and the tour of the CDKs have in common. A tour sources it with `root`, the repository, and `name` set.
#
# It has a folder `work`, which ends with it, and goes in steps: where one fails, its name is told with the last output.

terraform=$(command -v "${TF:-terraform}") || {
	echo "There is no ${TF:-terraform} on PATH; TF names another executable." >&2
	exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/tfe-$name.XXXXXX")
step=prepare
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

# say NAME TEXT: a step is done.
say() {
	printf ' \342\234\223 %-8s %s\n' "$1" "$2"
}

# fail TEXT: a step is not what it should be.
fail() {
	printf '%s\n' "$1" >>"$work/output"
	exit 1
}

# quietly COMMAND…: its output is shown if something fails.
quietly() {
	"$@" >"$work/output" 2>&1
}

# expect TEXT: the last output contains it.
expect() {
	grep -q -- "$1" "$work/output" || fail "Expected above: $1"
}

# isolate: nothing of the caller's Terraform reaches the tour, nor the tour's anything of the caller.
isolate() {
	for variable in $(env | sed -n 's/^\(TFE\{0,1\}_[A-Za-z0-9_]*\)=.*/\1/p; s/^\(TFC_[A-Za-z0-9_]*\)=.*/\1/p'); do
		unset "$variable"
	done
	unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy TERRAFORM_CONFIG TF
	export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_INPUT=0
}

# build: the executables, as tests have them, too: the example is what makes Cargo share what it has built.
build() {
	cd "$root"
	cargo build --workspace --bins --example terraform-provider-echo \
		--message-format json-render-diagnostics >"$work/built"
}

# executable NAME: where Cargo has put it.
executable() {
	sed -n "s/.*\"executable\":\"\\([^\"]*\\/$1\\)\".*/\\1/p" "$work/built"
}

# serve ORGANIZATION…: the pretend HCP Terraform, of the owner TFE_TOKEN; sets `simulator` and `url`.
serve() {
	simulator=$(executable tfe-simulator)
	for organization in "$@"; do
		shift
		set -- "$@" --organization "$organization"
	done
	mkfifo "$work/ready"
	"$simulator" --token "$TFE_TOKEN" "$@" >"$work/ready" 2>"$work/output" &
	simulator_pid=$!
	read -r url <"$work/ready"
}

# configure: Terraform's CLI configuration, by which it finds `url` and, as stdin says, providers.
configure() {
	{
		cat
		printf 'host "app.terraform.io" {\n  services = { "tfe.v2.2" = "%s/api/v2/" }\n}\n' "$url"
	} >"$work/terraform.rc"
	export TF_CLI_CONFIG_FILE="$work/terraform.rc"
}
