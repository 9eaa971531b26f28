# Terraform's executable, for the demo and the tests.
TF ?= terraform
export TF

.PHONY: help demo test bench lint fmt generate terraform

help:
	@echo 'make demo      a tour with a real terraform and a pretend HCP Terraform'
	@echo 'make test      every test; TF=PATH names another terraform'
	@echo 'make bench     what the plugin costs, beside others; PEER=PATH adds another provider'
	@echo 'make lint      formatting and clippy'
	@echo 'make fmt       format the code and the examples'
	@echo 'make generate  rewrite the protocol code and docs/'

demo: terraform
	@sh demo/run.sh

test: terraform
	cargo test --features simulator

# This program itself has the profile of the tests; what it measures, it builds as it is shipped.
bench: terraform
	cargo bench --profile dev --features simulator --bench measure

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
