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

.PHONY: help demo install dist audit reproducible cargo-deny cdktf cdktn test test-network hosts test-hosts faults fuzz instructions bench lint fmt generate companions terraform

help:
	@echo 'make demo          a tour with a real terraform and a pretend HCP Terraform'
	@echo 'make install       build the plugin and install it where terraform init finds it; NAMESPACE=N, PLUGINS=FOLDER'
	@echo 'make dist          make audit, build the plugin and pack it for the Registry, into DIST=FOLDER'
	@echo 'make audit         check dependencies for known vulnerabilities; needs cargo-deny and a network'
	@echo 'make reproducible  build a release of the last commit twice, at two places, and compare; takes minutes'
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
	[ -n "$$built" ] || built=$$(sh scripts/build.sh $(PROFILE)); \
	[ -n "$$built" ] || exit 1

install: terraform
	@set -eu; \
	version=$$(cargo pkgid --locked | sed 's/.*[#@]//'); \
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

# Nothing is packed for a release without a look into the database of advisories.
dist: audit
	@set -eu; \
	$(executable); \
	! grep -qaF '/.cargo/registry/' "$$built" || { echo "$$built has paths of the machine that built it: see scripts/build.sh" >&2; exit 1; }; \
	cargo run --locked --quiet --example package -- "$$built" "$(DIST)"

# Downloads the database of advisories, and fails if it cannot. For releases, and every week in CI.
audit: cargo-deny
	cargo deny --locked check advisories

# Two release builds, which take minutes and a gigabyte.
reproducible:
	@sh scripts/reproducible.sh

cdktf cdktn: terraform
	@sh scripts/cdk.sh $@

test: terraform
	cargo test --locked --workspace

test-network: terraform
	cargo test --locked --test network -- --nocapture --test-threads 1

# Builds each once, into hosts/bin. The first time takes about ten minutes with two cores.
hosts:
	@sh hosts/build.sh

# Takes three minutes a host. CHECK=1 compares the table instead of writing it.
test-hosts: terraform hosts
	@sh hosts/test.sh

# The long form of tests that `make test` runs in a short form.
faults:
	FAULTS=all HISTORIES=$${HISTORIES:-10000} cargo test --locked --test protocol -- --nocapture faults:: histories::

# Without sanitizers, which need a nightly toolchain: the project forbids unsafe code. The targets share the time.
fuzz:
	@cargo fuzz --version >/dev/null 2>&1 || { echo 'This needs cargo-fuzz: cargo install --locked cargo-fuzz' >&2; exit 1; }
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
	cargo test --locked --features instructions --test instructions

# The bench itself is built with the profile of the tests. It builds what it measures with the release profile.
bench: terraform
	cargo bench --locked --profile dev --bench measure

# The targets of fuzzing are in no release, and have no lock file.
lint: cargo-deny
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-features --all-targets -- -D warnings
	cargo check --manifest-path fuzz/Cargo.toml --target-dir target/fuzz
	cargo deny --locked check bans licenses sources
	@if ls -d "$${CARGO_HOME:-$$HOME/.cargo}"/advisory-dbs/*/.git >/dev/null 2>&1; then \
		cargo deny --locked --offline check advisories; \
	else \
		echo >&2; \
		echo 'WARNING: NO DEPENDENCY WAS CHECKED FOR KNOWN VULNERABILITIES. The database of advisories is missing.' >&2; \
		echo 'WARNING: `make audit` downloads it and checks them.' >&2; \
	fi

cargo-deny:
	@cargo deny --version >/dev/null 2>&1 || { echo 'This needs cargo-deny: cargo install --locked cargo-deny' >&2; exit 1; }

fmt: terraform
	cargo fmt --all
	$(TF) fmt -recursive examples demo

# The pages are compared with the snapshot of diagnostics, which is compiled into the test.
generate:
	UPDATE=1 cargo test --locked --lib diagnostics
	UPDATE=1 cargo test --locked --workspace --no-fail-fast --test generate --test docs --test architecture

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
