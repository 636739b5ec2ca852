# Everything that is made stays inside this folder: .venv (to run), .venv-dev (to work on it),
# .cache (what the tools remember). Only pip's own cache lies elsewhere.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-quick test-long test-browser bench bench-quick lint coverage proof proof-sweep proof-machine proof-mutation \
	proof-replay lock clean FORCE

# The Python that environments are made with: make PYTHON=/path/to/python3.11 demo
USABLE := import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(or $(shell for p in python3.11 python3; do $$p -c "$(USABLE)" >/dev/null 2>&1 && echo $$p && break; done),python3)
# How many tests run side by side.
JOBS ?= 2
# What `make lock` resolves with.
UV_VERSION := 0.13.9

RUN := .venv/bin/python
DEV := .venv-dev/bin/python
PIP := -m pip --disable-pip-version-check --no-input install --quiet
COMPILE := .venv-lock/bin/uv pip compile --quiet --no-config --universal --generate-hashes \
	--no-header --no-annotate --no-strip-extras --python-version 3.11

export HYPOTHESIS_STORAGE_DIRECTORY := .cache/hypothesis
# Compiled code is kept, but out of the source folders; without it every start of the command
# compiles its libraries anew.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.cache/pycache

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: .venv/.ready ## the bridge at work between two simulated services; needs nothing, ends by itself
	@$(RUN) -m bridge demo

test: .venv-dev/.ready ## the test suite, without what is longer and stands below
	$(DEV) -m pytest -n $(JOBS) --dist worksteal -m "not long and not browser"

test-quick: .venv-dev/.ready ## the tests that are neither slow nor start processes
	$(DEV) -m pytest -n $(JOBS) -m "not slow and not process and not long and not browser"

test-long: .venv-dev/.ready ## each world of which `make test` runs a sample; the steps on the SQL store
	$(DEV) -m pytest -n $(JOBS) -m long

test-browser: .venv-dev/.ready ## report and console in a browser, by clicking; gets a Chromium if there is none
	@$(DEV) -m tests.browser.chromium
	$(DEV) -m pytest -m browser tests/browser

bench: .venv-dev/.ready ## what it costs, beside floors: .cache/bench/results.html; 15 minutes on two quiet cores
	@$(DEV) -m benchmarks $(if $(SIZE),--size $(SIZE)) $(if $(ONLY),--only $(ONLY))

bench-quick: .venv-dev/.ready ## the same with small worlds, in a minute: only losses of an order of magnitude show
	@$(DEV) -m benchmarks --quick

lint: .venv-dev/.ready ## style, layout and types
	$(DEV) -m ruff check .
	$(DEV) -m ruff format --check .
	$(DEV) -m mypy

coverage: .venv-dev/.ready ## all tests but those in a browser, and the lines and branches it did not reach
	@mkdir -p .cache/coverage
	$(DEV) -m pytest -n $(JOBS) -m "not browser" --cov --cov-report=term

proof: proof-sweep proof-machine proof-mutation ## everything that proves the promises, on two cores

proof-sweep: .venv-dev/.ready ## a bridge killed at every commit and every write, and started again
	$(DEV) -m tests.proof.sweep $(if $(SEED),--seed $(SEED))

proof-machine: .venv-dev/.ready ## people, faults and kills in any order; REPLAY='...' does one story again
	$(DEV) -m tests.proof.machine $(if $(SEED),--seed $(SEED)) $(if $(REPLAY),--replay '$(REPLAY)')

proof-mutation: .venv-dev/.ready ## the domain and the steps broken in every way: does a test notice?
	$(DEV) -m tests.proof.mutation $(if $(LEARN),--learn)

proof-replay: .venv-dev/.ready ## one failing run of proof-sweep again: POINT='...' as it was printed
	$(DEV) -m tests.proof.sweep --replay '$(POINT)'

lock: .venv-lock/.ready ## resolve the dependencies of pyproject.toml anew (UPGRADE=1: to the newest)
	$(COMPILE) $(if $(UPGRADE),--upgrade) --output-file requirements.lock pyproject.toml
	$(COMPILE) $(if $(UPGRADE),--upgrade) --output-file requirements-dev.lock \
		--constraint requirements.lock --extra dev pyproject.toml

clean: ## remove environments, caches and builds; databases and configurations stay
	rm -rf .venv .venv-dev .venv-lock .cache .hypothesis .coverage dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- environments ---------------------------------------------------------------------------
# The stamp of an environment holds the folder it was made in: one that was moved, lost its
# interpreter or was only half made is made anew.
stale = $(if $(shell [ -x $(1)/bin/python ] && [ "$$(cat $(1)/$(2) 2>/dev/null)" = "$(CURDIR)" ] && echo no),,FORCE)

define new_environment
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "The task bridge needs Python 3.11 or newer; $(PYTHON) is: $$($(PYTHON) --version 2>&1)." >&2; \
	echo "Name another one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo "$(PYTHON) cannot make virtual environments: its venv module is missing." >&2; \
	echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
@echo "making $(@D) with $(PYTHON)"
@$(PYTHON) -m venv --clear $(@D)
endef

.venv/.ready: requirements.lock $(call stale,.venv,.ready)
	$(new_environment)
	@$(RUN) $(PIP) --no-compile --require-hashes -r requirements.lock
	@echo "$(CURDIR)" >$@

.venv-dev/.packages: requirements-dev.lock $(call stale,.venv-dev,.packages)
	$(new_environment)
	@$(DEV) $(PIP) --no-compile --require-hashes -r requirements-dev.lock
	@$(DEV) -m compileall -q -j 2 .venv-dev/lib
	@echo "$(CURDIR)" >$@

.venv-dev/.ready: .venv-dev/.packages pyproject.toml
	@$(DEV) $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv-lock/.ready:
	$(new_environment)
	@.venv-lock/bin/python $(PIP) uv==$(UV_VERSION)
	@touch $@
