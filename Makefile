# Lintuan. `make run` starts the product on this machine, `make test` tests it; both set themselves up.
# Needed beforehand: Python 3.11 or newer, and make.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# 3.11 first, because it is the runtime of the deployed functions; PYTHON=/path/to/python overrides the search.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v $$p && break; done)

VENV := .venv
ENGINE := .venv-engine
LOCK := .venv-lock
BIN := $(VENV)/bin
ASSETS := build/wheels
READY := $(VENV)/ready $(ENGINE)/ready $(ASSETS)/ready

# Compiled modules are kept, whatever the environment says: a run starts dozens of processes, and each would compile
# everything that it imports.
export PYTHONDONTWRITEBYTECODE :=

# Test processes; each starts an engine of its own.
WORKERS ?= 2
# Passed on to the program: make run ARGS="--port 9000", make test ARGS="-k orders".
ARGS ?=

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  \1\t/' | expand -t 12

# --- use --------------------------------------------------------------------------------------------------------

.PHONY: run reset
run: ready  ## start the product on http://127.0.0.1:8000, with a demo brand
	@$(BIN)/python -m infra.local $(ARGS)

reset: ready  ## delete the data of `make run`; the next start imports the demo again
	@$(BIN)/python -m infra.local.reset

# --- prove ------------------------------------------------------------------------------------------------------

.PHONY: test verify bench
test: ready  ## run the tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not verify and not bench" $(ARGS)

verify: ready  ## slower proofs: the full data sets, the package deployed
	@$(BIN)/python -m pytest -s -m verify $(ARGS)

bench: ready  ## measure, and compare with the goals
	@$(BIN)/python -m infra.bench $(ARGS)

.PHONY: check lint types layers template
check: lint types layers template  ## everything that is checked without running the product

lint: ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }

types: ready
	@$(BIN)/mypy

layers: ready
	@$(BIN)/lint-imports --no-logo

template: ready
	@$(BIN)/python -m infra.package --template-only --folder build/template
	@$(BIN)/cfn-lint build/template/sam.yaml && echo "The template is clean"

.PHONY: picture
picture: ready  ## take the pictures of the README again; needs Chromium
	@$(BIN)/python -m infra.local.picture

.PHONY: index
index: ready  ## write the index of routes again, after a route was declared, moved or taken away
	@$(BIN)/python -m infra.index

# --- deploy -----------------------------------------------------------------------------------------------------

.PHONY: package
package: ready  ## build the deployable template and zip in build/package
	@$(BIN)/python -m infra.package $(ARGS)

# --- set-up: done again only when a lock file changes -------------------------------------------------------------

.PHONY: ready environments setup lock clean
# The environments do not need each other: they are installed side by side.
ready:
	@$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,--jobs=2) environments

environments: $(READY)
	@:

setup: ready  ## the virtual environments with the locked dependencies

# The locks name every package, so pip resolves nothing. The stamp comes last: an interrupted set-up is done again.
PIP_INSTALL = -m pip --disable-pip-version-check install -qq --no-deps --no-compile --require-hashes

$(VENV)/ready: requirements.txt requirements-dev.txt infra/requirements/recompute.txt
	$(call environment,$(VENV))
	@echo "Installing the locked dependencies into $(VENV): about a minute, once"
	@$(BIN)/python $(PIP_INSTALL) -r requirements.txt -r requirements-dev.txt -r infra/requirements/recompute.txt
	@touch $@

$(ENGINE)/ready: infra/requirements/engine.txt
	$(call environment,$(ENGINE))
	@echo "Installing the embedded engine into $(ENGINE)"
	@$(ENGINE)/bin/python $(PIP_INSTALL) -r infra/requirements/engine.txt
	@touch $@

$(ASSETS)/ready: infra/requirements/assets.txt $(VENV)/ready
	@rm -rf $(ASSETS)
	@$(BIN)/python $(PIP_INSTALL) --target $(ASSETS) -r infra/requirements/assets.txt
	@touch $@

$(LOCK)/ready:
	$(call environment,$(LOCK))
	@$(LOCK)/bin/python -m pip --disable-pip-version-check install -qq uv==0.13.9
	@touch $@

define environment
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python"; exit 1; }
	@$(1)/bin/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(1) \
		|| { rm -rf $(1); echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
endef

UV = UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCK)/bin/uv pip compile --quiet --no-config --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
lock: $(LOCK)/ready  ## lock the dependencies of pyproject.toml again; ARGS=--upgrade takes the newest
	@$(UV) $(ARGS) pyproject.toml --output-file requirements.txt >/dev/null
	@$(UV) $(ARGS) --group dev --constraint requirements.txt --output-file requirements-dev.txt >/dev/null
	@$(UV) $(ARGS) --group engine --output-file infra/requirements/engine.txt >/dev/null
	@$(UV) $(ARGS) --group recompute --output-file infra/requirements/recompute.txt >/dev/null
	@$(UV) $(ARGS) --no-deps --group assets --output-file infra/requirements/assets.txt >/dev/null

clean:  ## delete what was built and installed here, but not the data of `make run`
	rm -rf $(VENV) $(ENGINE) $(LOCK) build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
