# Terraform's executable, for the demo and the tests.
TF ?= terraform
export TF

# The folder in which Terraform looks for plugins.
PLUGINS ?= $(HOME)/.terraform.d/plugins
# The namespace in the provider's source address: registry.terraform.io/NAMESPACE/tfe.
NAMESPACE ?= terraform-provider-tfe
PROFILE ?= release
# An executable to install or pack instead of building one.
BUILT ?=
# The folder for packed releases.
DIST ?= target/dist

.PHONY: help demo install dist cdktf cdktn test test-network hosts test-hosts faults fuzz instructions bench lint fmt generate companions terraform

help:
	@echo 'make demo          a tour with a real terraform and a pretend HCP Terraform'
	@echo 'make install       build the plugin and install it where terraform init finds it; NAMESPACE=N, PLUGINS=FOLDER'
	@echo 'make dist          build the plugin and pack it for the Registry, into DIST=FOLDER'
	@echo 'make cdktf         apply the Python programs of CDKTF; make cdktn those of CDK Terrain; need Node, Python and Go'
	@echo 'make test          run every test of the workspace; TF=PATH names another terraform'
	@echo 'make test-network  compare what terraform and the provider reach, on localhost; UPDATE=1 writes the tables of the guide'
	@echo 'make hosts         build other versions of Terraform, and OpenTofu; needs Go'
	@echo 'make test-hosts    run the acceptance tests on each of them, and write the table of the README'
	@echo 'make faults        run every fault, and 10,000 random histories or HISTORIES=N'
	@echo 'make fuzz          try random input for six minutes or FUZZ_SECONDS=N; FUZZ=rpc for one target; needs cargo-fuzz'
	@echo 'make instructions  count the instructions of a start, which have a bound; needs valgrind'
	@echo 'make bench         measure the plugin beside others; PEER=PATH adds another provider'
	@echo 'make lint          check formatting, clippy, and licences and sources of dependencies; needs cargo-deny'
	@echo 'make fmt           format the code and the examples'
	@echo 'make generate      rewrite the protocol code, the snapshot of diagnostics, docs/ and the conformance page'
	@echo 'make companions    build hashicorp/time, which tests of rotation use; needs Go'

demo: terraform
	@sh demo/run.sh

# executable: sets the shell's variable `built` to the path of the plugin.
executable = built="$(BUILT)"; \
	[ -n "$$built" ] || built=$$(cargo build --profile $(PROFILE) --bin terraform-provider-tfe \
		--message-format json-render-diagnostics | \
		sed -n 's/.*"executable":"\([^"]*\)".*/\1/p'); \
	[ -n "$$built" ] || exit 1

install: terraform
	@set -eu; \
	version=$$(cargo pkgid | sed 's/.*[#@]//'); \
	platform=$$(TF_CLI_CONFIG_FILE=/dev/null "$(TF)" version -json | sed -n 's/.*"platform": "\([^"]*\)".*/\1/p'); \
	$(executable); \
	folder="$(PLUGINS)/registry.terraform.io/$(NAMESPACE)/tfe/$$version/$$platform"; \
	mkdir -p "$$folder"; \
	cp "$$built" "$$folder/terraform-provider-tfe_v$$version"; \
	echo "Installed version $$version in $$folder."; \
	case "$(PLUGINS)" in \
	"$(HOME)/.terraform.d/plugins") echo "Terraform finds it as $(NAMESPACE)/tfe." ;; \
	*) echo "Terraform finds it as $(NAMESPACE)/tfe by a filesystem_mirror with the path $(PLUGINS)." ;; \
	esac

dist:
	@set -eu; \
	$(executable); \
	cargo run --quiet --example package -- "$$built" "$(DIST)"

cdktf cdktn: terraform
	@sh scripts/cdk.sh $@

test: terraform
	cargo test --workspace

test-network: terraform
	cargo test --test network -- --nocapture --test-threads 1

# Builds each once, into hosts/bin. The first time takes about ten minutes with two cores.
hosts:
	@sh hosts/build.sh

# Takes three minutes a host. CHECK=1 compares the table instead of writing it.
test-hosts: terraform hosts
	@sh hosts/test.sh

# The long form of tests that `make test` runs in a short form.
faults:
	FAULTS=all HISTORIES=$${HISTORIES:-10000} cargo test --test protocol -- --nocapture faults:: histories::

# Without sanitizers, which need a nightly toolchain: the project forbids unsafe code. The targets share the time.
fuzz:
	@cargo fuzz --version >/dev/null 2>&1 || { echo 'This needs cargo-fuzz: cargo install cargo-fuzz' >&2; exit 1; }
	@set -eu; \
	targets=$${FUZZ:-$$(cargo fuzz list)}; \
	seconds=$$(( $${FUZZ_SECONDS:-360} / $$(echo "$$targets" | wc -w) )); \
	for target in $$targets; do \
		mkdir -p "fuzz/corpus/$$target"; \
		cargo fuzz run "$$target" -s none "fuzz/corpus/$$target" "fuzz/seeds/$$target" -- \
			-max_total_time=$$seconds -timeout=10 -rss_limit_mb=1024 -print_final_stats=1; \
	done

instructions:
	@command -v valgrind >/dev/null || { echo 'This needs valgrind: install the package of that name.' >&2; exit 1; }
	cargo test --features instructions --test instructions

# The bench itself is built with the profile of the tests. It builds what it measures with the release profile.
bench: terraform
	cargo bench --profile dev --bench measure

lint:
	@cargo deny --version >/dev/null 2>&1 || { echo 'This needs cargo-deny: cargo install --locked cargo-deny' >&2; exit 1; }
	cargo fmt --all --check
	cargo clippy --workspace --all-features --all-targets -- -D warnings
	cargo check --manifest-path fuzz/Cargo.toml --target-dir target/fuzz
	cargo deny check bans licenses sources
	@if ls -d "$${CARGO_HOME:-$$HOME/.cargo}"/advisory-dbs/*/.git >/dev/null 2>&1; then \
		cargo deny --offline check advisories; \
	else \
		echo 'Advisories were not checked: their database is missing. `cargo deny fetch db` downloads it.'; \
	fi

fmt: terraform
	cargo fmt --all
	$(TF) fmt -recursive examples demo

# The pages are compared with the snapshot of diagnostics, which is compiled into the test.
generate:
	UPDATE=1 cargo test --lib diagnostics
	UPDATE=1 cargo test --workspace --no-fail-fast --test generate --test docs --test architecture

# The tests do this by themselves.
companions:
	@sh tests/companions/time.sh

terraform:
	@command -v "$(TF)" >/dev/null 2>&1 || { \
		echo 'This needs terraform 1.11 or newer, which is not on PATH as "$(TF)".' >&2; \
		echo 'Install it from https://developer.hashicorp.com/terraform/install,' >&2; \
		echo 'or name its executable: make $(MAKECMDGOALS) TF=/path/to/terraform' >&2; \
		exit 1; }
	@version=$$(TF_CLI_CONFIG_FILE=/dev/null "$(TF)" version -json | sed -n 's/.*"terraform_version": "\([^"]*\)".*/\1/p'); \
	minor=$${version#*.}; \
	if [ "$${version%%.*}" -lt 2 ] && [ "$${minor%%.*}" -lt 11 ]; then \
		echo "This needs Terraform 1.11 or newer; found $$version." >&2; \
		exit 1; \
	fi
