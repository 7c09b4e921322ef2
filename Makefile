# The chores of Proterm. `make help` lists them.
#
# .venv is made once, from the lock files, and kept: its stamps are older than a lock that has changed,
# and only then does anything get installed. `make clean` and PYTHON=... change the interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
NODE := tests/clients/node
UV_VERSION := 0.13.9

# Both stamps stand for a finished set-up; the second one includes the first.
RUN := $(VENV)/.run-time-installed
DEV := $(VENV)/.dev-installed

.DEFAULT_GOAL := help
.PHONY: help serve test lint types bench docs lock clean node-clients

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(RUN) ## set up what is missing and serve at http://127.0.0.1:8080 (HOST=, PORT=, PROTERM_*)
	@exec $(BIN)/proterm serve

test: $(DEV) node-clients ## set up what is missing and run every test (ARGS= goes to pytest)
	@$(BIN)/python -m pytest $(ARGS)

lint: $(DEV) ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(DEV) ## mypy, strict
	@$(BIN)/mypy

bench: $(DEV) ## the benchmarks of tests/benchmarks; they print their figures
	@$(BIN)/python -m pytest tests/benchmarks -o norecursedirs=".* node_modules" -s $(ARGS)

docs: $(RUN) ## rewrite the tables of README.md and docs/operations
	@$(BIN)/python -m service.settings README.md
	@$(BIN)/python -m conformance.documentation docs/operations

lock: ## resolve the lock files anew (needs the package registry)
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && set -e && \
	$(PYTHON) -m venv "$$tools" && "$$tools/bin/pip" -q install uv==$(UV_VERSION) && \
	compile="$$tools/bin/uv pip compile pyproject.toml --quiet --universal --generate-hashes --python-version 3.11 \
	  --group build --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade) --custom-compile-command" && \
	$$compile "make lock" -o requirements.lock && \
	$$compile "make lock" --extra dev -c requirements.lock -o requirements-dev.lock

clean: ## remove what make made; ./var, the data, stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis $(NODE)/node_modules
	find service terminology conformance tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Proterm needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1)." \
	       "Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv --clear $(VENV)

$(RUN): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what requirements.lock names"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	@echo "Installing what requirements-dev.lock names"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# The tests of the Node client skip, with the reason, where npm or its package is not to be had.
node-clients:
	@if [ -f $(NODE)/package-lock.json ] && [ ! -d $(NODE)/node_modules ] && command -v npm >/dev/null; then \
	  npm ci --prefix $(NODE) --silent --no-audit --no-fund || { rm -rf $(NODE)/node_modules; \
	  echo "npm ci failed in $(NODE): the tests of the Node client will say so" >&2; }; fi
