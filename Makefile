# Everything runs in .venv, made from requirements.lock. Only Python >= 3.11, make and pip are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint machine-code bench lock sample clean

help:
	@echo "make demo    set up, run the sample district, print where to look"
	@echo "make test    set up, run every gate and test"
	@echo "make bench   measure speed and memory against peers"
	@echo "make sample  make data/sample again (deterministic)"
	@echo "make lock    resolve requirements.lock anew from pyproject.toml"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 15) else "Python 3.11-3.14 is needed, this is %d.%d: make PYTHON=python3.12 ..." % v)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)
	$(BIN)/planner run data/sample --out out/sample

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

machine-code: $(READY)
	$(BIN)/python -m tests.machine_code

# Checking types keeps one core busy for as long as compiling loops does.
test: $(READY)
	$(MAKE) --no-print-directory -j2 lint machine-code
	$(BIN)/pytest -n logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder

# Peers for comparison only, kept apart from the planner: pandana is AGPL-3 and never imported by it.
.venv-bench/.ready: pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check $$($(PYTHON) -c \
		'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["bench"])')
	@touch $@

bench: $(READY) .venv-bench/.ready
	PLANNER_BENCH_PYTHON=.venv-bench/bin/python $(BIN)/python -m tests.benchmarks

sample: $(READY)
	$(BIN)/python data/make_sample.py

# One set of versions on every Python, so that types and results are the same everywhere.
lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-header --upgrade \
		--output-file requirements.lock

clean:
	rm -rf $(VENV) .venv-bench out
