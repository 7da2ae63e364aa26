# `make help` lists what there is. Every target installs what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.lock-installed
ASSETS := gateway/assets
PAGES := $(ASSETS)/node_modules/.built
STRICT := contracts services/chassis $(wildcard services/policy services/*/domain)
FAST := $(wildcard tests/unit tests/policy tests/contract)
# in this order: files that wait for real processes first, so that no worker ends with a long one
ALL := $(wildcard tests/e2e tests/pages tests/fault tests/integration tests/security tests/contract tests/policy tests/unit)
PYTEST := $(PY) -m pytest -q

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

# ---- the system on this machine

.PHONY: run
run: $(STAMP) packages pages ## start everything with demonstration data; Ctrl-C ends all
	@exec $(PY) -m infra.local up

.PHONY: stop
stop: $(STAMP) ## end everything; the data stays
	@$(PY) -m infra.local stop

.PHONY: status
status: $(STAMP) ## tell what runs
	@$(PY) -m infra.local status

.PHONY: demo
demo: $(STAMP) ## carry one demand through all five orders, against the running stack
	@$(PY) -m infra.local exec client -- $(CURDIR)/$(PY) -m infra.demo

# ---- checks

.PHONY: test
test: $(STAMP) packages browser pages ## all tests, and the short fault test
	$(PYTEST) -n 3 --dist loadfile --no-loadscope-reorder -m "not long" $(ALL)

.PHONY: test-fast
test-fast: $(STAMP) ## unit and contract tests: nothing is started
	$(PYTEST) -n 2 $(FAST)

.PHONY: test-fault
test-fault: $(STAMP) packages pages ## the long fault tests: kills and outages
	$(PYTEST) -m long $(ALL)

.PHONY: bench
bench: $(STAMP) packages pages ## benchmarks beside their peers
	$(PY) -m bench

.PHONY: lint
lint: $(STAMP) ## format check, lint, types, import rules
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy $(STRICT)
	$(VENV)/bin/lint-imports

.PHONY: format
format: $(STAMP) ## format, and mend what can be mended
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

# ---- what is needed

# What the packages say about the interpreter stands in pyproject.toml as well.
.PHONY: venv
venv: $(STAMP) ## make .venv from the lock

$(STAMP): requirements-dev.lock
	@infra/local/install.sh venv $(VENV)
	@echo "· installing Python packages from requirements-dev.lock"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: packages
packages: ## install the Debian packages that the local stack needs, when missing
	@infra/local/install.sh packages

.PHONY: browser
browser: ## install the browser that the tests of pages drive, when missing
	@infra/local/install.sh browser

.PHONY: pages
pages: $(if $(wildcard $(ASSETS)/package.json),$(PAGES)) ## build the pages' scripts and styles

$(PAGES): $(wildcard $(ASSETS)/package-lock.json $(ASSETS)/*.json $(ASSETS)/*.mjs) $(shell find $(ASSETS)/src -type f 2>/dev/null)
	@command -v npm >/dev/null || { echo "npm is missing (Node 20)."; echo "  → install nodejs and npm, then run make again"; exit 1; } >&2
	npm --prefix $(ASSETS) ci --no-audit --no-fund --loglevel=error
	npm --prefix $(ASSETS) run build --if-present --loglevel=error
	@touch $@

.PHONY: lock
lock: $(STAMP) ## renew both locks from pyproject.toml
	$(VENV)/bin/uv pip compile $(LOCK) -o requirements.lock pyproject.toml
	$(VENV)/bin/uv pip compile $(LOCK) -o requirements-dev.lock --extra dev pyproject.toml

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade

.PHONY: clean
clean: ## end the stack; delete its data, builds and caches (.venv stays)
	@[ ! -x $(PY) ] || $(PY) -m infra.local clean --yes
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(ASSETS)/node_modules $(ASSETS)/dist
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
