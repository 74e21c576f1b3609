# Lintuan. `make run` starts the product on this machine, `make test` tests it; both set themselves up.
# Needed beforehand: Python 3.11 or newer, and make.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# 3.11 first, because it is the runtime of the deployed functions; PYTHON=/path/to/python overrides the search.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v $$p && break; done)

VENV := .venv
ENGINE := .venv-engine
BIN := $(VENV)/bin
PIP_INSTALL := -m pip --disable-pip-version-check install --quiet --require-hashes
WORKERS ?= 2

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

# --- set-up: done again only when a lock file changes -------------------------------------------------------------

.PHONY: setup
setup: $(VENV)/ready $(ENGINE)/ready  ## virtual environments with the locked dependencies

# The stamp is written last, so that an interrupted set-up is simply done again.
$(VENV)/ready: requirements.txt requirements-dev.txt
	$(call new_environment,$(VENV))
	@echo "Installing the locked dependencies into $(VENV)"
	@$(BIN)/python $(PIP_INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@

$(ENGINE)/ready: infra/requirements/engine.txt
	$(call new_environment,$(ENGINE))
	@echo "Installing the embedded engine into $(ENGINE)"
	@$(ENGINE)/bin/python $(PIP_INSTALL) -r infra/requirements/engine.txt
	@touch $@

define new_environment
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or name it: make PYTHON=/path/to/python"; exit 1; }
	@test -x $(1)/bin/python && $(1)/bin/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(1) \
		|| { rm -rf $(1); echo "The venv module is missing: on Debian or Ubuntu, apt install python3-venv"; exit 1; }
endef

.PHONY: lock
UV_LOCK = UV_CUSTOM_COMPILE_COMMAND='make lock' $(LOCK)/bin/uv pip compile --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --quiet $(LOCK_FLAGS)
LOCK := .venv-lock
lock: $(LOCK)/ready  ## lock the lists of pyproject.toml again (LOCK_FLAGS=--upgrade moves every version)
	$(UV_LOCK) pyproject.toml --output-file requirements.txt
	$(UV_LOCK) --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(UV_LOCK) --group engine --output-file infra/requirements/engine.txt

$(LOCK)/ready:
	$(call new_environment,$(LOCK))
	@$(LOCK)/bin/python -m pip --disable-pip-version-check install --quiet uv==0.13.9
	@touch $@
