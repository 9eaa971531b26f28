# Terraform's executable, for the demo and the tests.
TF ?= terraform
export TF

# Where Terraform looks for plugins that are installed by hand.
PLUGINS ?= $(HOME)/.terraform.d/plugins
PROFILE ?= release

.PHONY: help demo install test hosts test-hosts faults fuzz instructions bench layout lint fmt generate terraform

help:
	@echo 'make demo      a tour with a real terraform and a pretend HCP Terraform'
	@echo 'make install   build the plugin and put it where terraform init finds it'
	@echo 'make test      every test; TF=PATH names another terraform'
	@echo 'make hosts     builds other Terraforms, and OpenTofu; needs Go'
	@echo 'make test-hosts  the acceptance tests on each of them, and the table of the README'
	@echo 'make faults    every fault, and 10,000 random histories; HISTORIES=N tries so many'
	@echo 'make fuzz      random CLI configurations for a minute, or FUZZ_SECONDS=N; needs cargo-fuzz'
	@echo 'make instructions  bounds the instructions of a start; needs valgrind'
	@echo 'make bench     what the plugin costs, beside others; PEER=PATH adds another provider'
	@echo 'make layout    writes .cargo/often.ld anew, by what a run needs; needs valgrind'
	@echo 'make lint      formatting and clippy'
	@echo 'make fmt       format the code and the examples'
	@echo 'make generate  rewrite the protocol code and docs/'

demo: terraform
	@sh demo/run.sh

install: terraform
	@set -eu; \
	version=$$(cargo pkgid | sed 's/.*[#@]//'); \
	platform=$$(TF_CLI_CONFIG_FILE=/dev/null "$(TF)" version -json | sed -n 's/.*"platform": "\([^"]*\)".*/\1/p'); \
	built=$$(cargo build --profile $(PROFILE) --bin terraform-provider-tfe \
		--message-format json-render-diagnostics | \
		sed -n 's/.*"executable":"\([^"]*\)".*/\1/p'); \
	[ -n "$$built" ] || exit 1; \
	folder="$(PLUGINS)/registry.terraform.io/terraform-provider-tfe/tfe/$$version/$$platform"; \
	mkdir -p "$$folder"; \
	cp "$$built" "$$folder/terraform-provider-tfe_v$$version"; \
	echo "Installed version $$version. Terraform finds it as terraform-provider-tfe/tfe."

test: terraform
	cargo test --features simulator

# Each once, into hosts/bin. From nothing, with two cores, about ten minutes.
hosts:
	@sh hosts/build.sh

# All of them on each host: three minutes a host. With CHECK=1 the table is compared and not written.
test-hosts: terraform hosts
	@sh hosts/test.sh

# The long form of what `make test` does in short.
faults:
	FAULTS=all HISTORIES=$${HISTORIES:-10000} cargo test --features simulator --test protocol -- --nocapture faults:: histories::

# Without sanitizers, which need a nightly toolchain: the project forbids unsafe code.
fuzz:
	@cargo fuzz --version >/dev/null 2>&1 || { echo 'This needs cargo-fuzz: cargo install cargo-fuzz' >&2; exit 1; }
	@mkdir -p fuzz/corpus/cli_config
	cargo fuzz run cli_config -s none fuzz/corpus/cli_config fuzz/seeds/cli_config -- \
		-max_total_time=$${FUZZ_SECONDS:-60} -timeout=10

instructions:
	@command -v valgrind >/dev/null || { echo 'This needs valgrind: install the package of that name.' >&2; exit 1; }
	cargo test --features instructions --test instructions

# This program itself has the profile of the tests; what it measures, it builds as it is shipped.
bench: terraform
	cargo bench --profile dev --features simulator --bench measure

# After a new compiler or many new dependencies: what the linker puts side by side.
layout: terraform
	@command -v valgrind >/dev/null || { echo 'This needs valgrind: install the package of that name.' >&2; exit 1; }
	cargo bench --profile dev --features simulator --bench measure -- layout

lint:
	cargo fmt --check
	cargo clippy --all-features --all-targets -- -D warnings

fmt: terraform
	cargo fmt
	$(TF) fmt -recursive examples demo

generate:
	UPDATE=1 cargo test --features simulator --test generate --test docs

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
