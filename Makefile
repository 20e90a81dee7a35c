# Two commands do all the set-up: `make demo`, `make test`. Both are quick when run again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where benchmarks keep corpora and indexes.
WORK ?= .bench
# Installed with the versions of constraints.txt; done again when what is declared changes.
STAMP := $(VENV)/.installed

.PHONY: demo test lint types format bench clean

demo: $(STAMP)
	$(BIN)/nrqa index corpus
	$(BIN)/nrqa query "why does Russia oppose missile defense"

test: $(STAMP)
	$(BIN)/pytest

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(STAMP)
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(STAMP)
	$(BIN)/python -m benchmarks.all --work $(WORK)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
