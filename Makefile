# The front door. It needs git, make and Python >= 3.11; whatever else is missing is provided at the
# versions pinned in blueprint/tools/tools.toml. `make help` lists the targets.

PYTHON ?= python3
TOOLS := $(PYTHON) -m blueprint.tools
BLUEPRINT := .venv/bin/blueprint

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z].*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: up
up: bootstrap ## Start the embedded AWS, deploy the local stack to it, print where to look
	@$(BLUEPRINT) up

.PHONY: status
status: .venv ## Show what runs locally
	@$(BLUEPRINT) local status

.PHONY: plan
plan: bootstrap ## Plan the local stack; a deployed, unchanged one has no changes
	@$(BLUEPRINT) plan local

.PHONY: down
down: .venv ## Stop the embedded AWS and remove everything in it
	@$(BLUEPRINT) down

.PHONY: test
test: bootstrap ## Run every test (SUITE=name for one); a stack it had to start is removed again
	@$(BLUEPRINT) test $(SUITE)

.PHONY: unit
unit: .venv ## Run the unit tests
	@$(BLUEPRINT) test unit

.PHONY: pipelines
pipelines: bootstrap ## Run the shipped workflows offline: every scenario of the flight simulator
	@$(BLUEPRINT) pipelines

.PHONY: check
check: bootstrap ## Check format, lint, types, Terraform, stacks and policies; changes nothing
	@$(BLUEPRINT) check

.PHONY: fix
fix: bootstrap ## Repair what `make check` can repair: format, imports, lint
	@$(BLUEPRINT) fix

.PHONY: package
package: bootstrap ## Build one zip per function
	@$(BLUEPRINT) package

.PHONY: lock
lock: ## Renew requirements/*.txt (UPGRADE=1 takes the newest versions)
	@$(TOOLS) lock $(if $(UPGRADE),--upgrade)

# Both look before they act and take a tenth of a second where nothing is missing. They are phony
# because a time stamp would not notice a cache that was emptied or a tool that was removed.
.PHONY: bootstrap .venv
bootstrap: ## Provide the pinned tools and environments
	@$(TOOLS) bootstrap

.venv:
	@$(TOOLS) tooling
