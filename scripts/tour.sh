# What the demo and the tour of the CDKs share. A tour sets `root`, the repository, and `name`, and sources this file.
#
# It gets a folder `work`, which is removed at its end. It has steps: if one fails, its name and the last output are
# printed.

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

# say NAME TEXT: reports that a step is done.
say() {
	printf ' \342\234\223 %-8s %s\n' "$1" "$2"
}

# fail TEXT: ends the tour, because a step did not do what it should.
fail() {
	printf '%s\n' "$1" >>"$work/output"
	exit 1
}

# quietly COMMAND…: runs it; its output is shown only if a step fails.
quietly() {
	"$@" >"$work/output" 2>&1
}

# expect TEXT: fails unless the last output contains it.
expect() {
	grep -q -- "$1" "$work/output" || fail "Expected above: $1"
}

# isolate: removes the caller's settings of Terraform and of proxies from the environment.
isolate() {
	for variable in $(env | sed -n 's/^\(TFE\{0,1\}_[A-Za-z0-9_]*\)=.*/\1/p; s/^\(TFC_[A-Za-z0-9_]*\)=.*/\1/p'); do
		unset "$variable"
	done
	unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy TERRAFORM_CONFIG TF
	export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_INPUT=0
}

# build: builds the executables with everything that `make test` has built. The example makes Cargo use the same
# features of dependencies as for tests.
build() {
	cd "$root"
	cargo build --locked --workspace --bins --example terraform-provider-echo \
		--message-format json-render-diagnostics >"$work/built"
}

# executable NAME: prints the path of an executable that was built.
executable() {
	sed -n "s/.*\"executable\":\"\\([^\"]*\\/$1\\)\".*/\\1/p" "$work/built"
}

# serve ORGANIZATION…: starts the pretend HCP Terraform, with TFE_TOKEN as its owner's token; sets `simulator` and `url`.
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

# configure: writes Terraform's CLI configuration: stdin says where providers are, and `url` is HCP Terraform.
configure() {
	{
		cat
		printf 'host "app.terraform.io" {\n  services = { "tfe.v2.2" = "%s/api/v2/" }\n}\n' "$url"
	} >"$work/terraform.rc"
	export TF_CLI_CONFIG_FILE="$work/terraform.rc"
}
