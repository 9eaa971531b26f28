# Terraform's executable, for the demo and the tests.
TF ?= terraform
export TF

# Where Terraform looks for plugins that are installed by hand.
PLUGINS ?= $(HOME)/.terraform.d/plugins
# Whose provider it is in source addresses: registry.terraform.io/NAMESPACE/tfe.
NAMESPACE ?= terraform-provider-tfe
PROFILE ?= release
# An executable that is installed or packed as it is, instead of being built.
BUILT ?=
# Where releases are packed.
DIST ?= target/dist

.PHONY: help demo install dist cdktf cdktn test hosts test-hosts faults fuzz instructions bench lint fmt generate companions terraform

help:
	@echo 'make demo          a tour with a real terraform and a pretend HCP Terraform'
	@echo 'make install       build the plugin and put it where terraform init finds it; NAMESPACE=N, PLUGINS=FOLDER'
	@echo 'make dist          build the plugin and pack it as the Registry takes it, into DIST=FOLDER'
	@echo 'make cdktf         Python programs of CDKTF, applied; make cdktn the same of CDK Terrain; need Node, Python and Go'
	@echo 'make test          every test; TF=PATH names another terraform'
	@echo 'make hosts         build other Terraforms, and OpenTofu; needs Go'
	@echo 'make test-hosts    the acceptance tests on each of them, and the table of the README'
	@echo 'make faults        every fault, and 10,000 random histories; HISTORIES=N tries so many'
	@echo 'make fuzz          random input for six minutes, or FUZZ_SECONDS=N; FUZZ=rpc is one target; needs cargo-fuzz'
	@echo 'make instructions  bound the instructions of a start; needs valgrind'
	@echo 'make bench         what the plugin costs, beside others; PEER=PATH adds another provider'
	@echo 'make lint          formatting, clippy, and licences and sources of dependencies; needs cargo-deny'
	@echo 'make fmt           format the code and the examples'
	@echo 'make generate      rewrite the protocol code and docs/'
	@echo 'make companions    build hashicorp/time, which rotations are tried with; needs Go'

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

# Each once, into hosts/bin. From nothing, with two cores, about ten minutes.
hosts:
	@sh hosts/build.sh

# All of them on each host: three minutes a host. With CHECK=1 the table is compared and not written.
test-hosts: terraform hosts
	@sh hosts/test.sh

# The long form of what `make test` does in short.
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

# This program itself has the profile of the tests; what it measures, it builds as it is shipped.
bench: terraform
	cargo bench --profile dev --bench measure

lint:
	@cargo deny --version >/dev/null 2>&1 || { echo 'This needs cargo-deny: cargo install --locked cargo-deny' >&2; exit 1; }
	cargo fmt --all --check
	cargo clippy --workspace --all-features --all-targets -- -D warnings
	cargo deny check bans licenses sources
	@if ls -d "$${CARGO_HOME:-$$HOME/.cargo}"/advisory-dbs/*/.git >/dev/null 2>&1; then \
		cargo deny --offline check advisories; \
	else \
		echo 'Advisories were not looked at: their database is not here. `cargo deny fetch db` gets it.'; \
	fi

fmt: terraform
	cargo fmt --all
	$(TF) fmt -recursive examples demo

generate:
	UPDATE=1 cargo test --workspace --test generate --test docs --test architecture

# The tests do it by themselves.
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
