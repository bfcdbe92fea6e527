# The life of a lab, by make. `make` alone lists the targets.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ARGS   ?=
# Two environments for tests/clients; several clones may share a folder outside of them.
CLIENTS ?= $(or $(AVDLAB_CLIENTS),.clients)
CLIENTS_STAMP = $(CLIENTS)/.installed-$(shell cat requirements*.txt | cksum | cut -d' ' -f1)

.DEFAULT_GOAL := help
.PHONY: help lab-up lab-down lab-status lab-build lab-deploy lab-test lab-graph test acceptance clients frr gns3 lint lint-ansible install clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lab-up: $(STAMP) ## Render, start, deploy and validate the lab of inventory/
	@$(BIN)/avdlab up $(ARGS)

lab-down: $(STAMP) ## Remove the lab and everything it made
	@$(BIN)/avdlab down $(ARGS)

lab-status: $(STAMP) ## Show the lab's nodes
	@$(BIN)/avdlab status $(ARGS)

lab-build: $(STAMP) ## Render configs, documentation and catalogs only
	@$(BIN)/avdlab build $(ARGS)

lab-deploy: $(STAMP) ## Deploy the configurations to the running lab
	@$(BIN)/avdlab deploy $(ARGS)

lab-test: $(STAMP) ## Validate the running lab
	@$(BIN)/avdlab test $(ARGS)

lab-graph: $(STAMP) ## Draw the topology as Mermaid
	@$(BIN)/avdlab graph $(ARGS)

test: $(VENV)/.installed-test ## Run the project's own tests
	@$(BIN)/pytest -q -n 3 --timeout 300 --ignore tests/fabric --ignore tests/acceptance \
	  --ignore tests/clients --ignore tests/gns3 --ignore tests/frr $(ARGS)

acceptance: $(VENV)/.installed-test ## Run whole labs: life cycles, faults, kills
	@$(BIN)/pytest -q -n 3 --timeout 300 --dist loadgroup tests/acceptance $(ARGS)

clients: $(CLIENTS_STAMP) ## Run clients that we did not write, unmodified, against the twin
	@AVDLAB_ANSIBLE_BIN=$(abspath $(CLIENTS)/ansible/bin) AVDLAB_CLIENTS_REQUIRED=1 PYTHONPATH=$(CURDIR) \
	  $(CLIENTS)/python/bin/pytest -q -n 2 --timeout 300 --dist loadfile -p no:hypothesispytest tests/clients $(ARGS)

frr: $(VENV)/.installed-test ## Compare the twin with FRR in network namespaces (root on Debian)
	@command -v vtysh >/dev/null || apt-get install -qq -y --no-install-recommends frr >/dev/null
	@$(BIN)/pytest -q --timeout 300 tests/frr $(ARGS)

gns3: $(VENV)/.installed-test ## Run the suites against real GNS3 servers (root on Debian)
	@tests/support/gns3/machine up
	@$(BIN)/pytest -q -n 2 --timeout 600 --dist loadgroup tests/gns3 $(ARGS)

lint: $(VENV)/.installed-lint ## Check style, types and the direction of imports
	@$(BIN)/ruff format --check avdlab tests
	@$(BIN)/ruff check avdlab tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lint-ansible: $(CLIENTS)/lint/.installed ## Check the playbooks and the collection with ansible-lint
	@PATH=$(abspath $(CLIENTS)/lint/bin):$$PATH ansible-lint --offline -q

install: $(STAMP) ## Make the virtual environment and install avdlab

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) .clients .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "make: avdlab needs Python 3.11 to 3.13 as $(PYTHON); choose one with PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "make: $(PYTHON) has no venv module; on Debian: apt install python3-venv"; exit 1; }
	@echo "installing into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.installed-test: requirements-dev.txt $(STAMP)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.installed-lint

$(VENV)/.installed-lint: $(VENV)/.installed-test
	@touch $@

$(CLIENTS)/lint/.installed: requirements-lint-ansible.txt
	@$(PYTHON) -m venv $(CLIENTS)/lint
	@$(CLIENTS)/lint/bin/pip install --quiet --disable-pip-version-check -r requirements-lint-ansible.txt
	@touch $@

$(CLIENTS_STAMP):
	@echo "installing the clients into $(CLIENTS) ..."
	@rm -rf $(CLIENTS)/python $(CLIENTS)/ansible $(CLIENTS)/.installed-*
	@$(PYTHON) -m venv $(CLIENTS)/python && $(PYTHON) -m venv $(CLIENTS)/ansible
	@$(CLIENTS)/python/bin/pip install --quiet --disable-pip-version-check -r requirements.txt \
	  -r requirements-dev.txt -r requirements-clients.txt
	@$(CLIENTS)/ansible/bin/pip install --quiet --disable-pip-version-check -r requirements-ansible.txt
	@touch $@
