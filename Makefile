# Terraform's executable, for the demo and the tests.
TF ?= terraform
export TF

.PHONY: help demo test lint fmt generate terraform

help:
	@echo 'make demo      a tour with a real terraform and a pretend HCP Terraform'
	@echo 'make test      every test; TF=PATH names another terraform'
	@echo 'make lint      formatting and clippy'
	@echo 'make fmt       format the code and the examples'
	@echo 'make generate  rewrite the protocol code and docs/'

demo: terraform
	@sh demo/run.sh

test: terraform
	cargo test --features simulator

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
