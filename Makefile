# make demo and make test set up all they need in .venv, with python3 and pip alone.

PYTHON ?= python3
BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif
SOURCES := augcli tests benchmarks docs examples

.PHONY: help demo test lint format clean
.DELETE_ON_ERROR:

help:  ## say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.run  ## draw a small data set in demo/ and expand it
	$(BIN)/augcli demo demo

test: lint  ## check format, style and types, and run all tests
	$(BIN)/pytest -q -n auto --dist loadfile

lint: .venv/.dev  ## check format, style and types
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

format: .venv/.dev  ## format the code and mend what the linter can
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

clean:  ## remove the environment, caches and the demo
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis demo dist

.venv/.pip:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

.venv/.run: pyproject.toml | .venv/.pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/.dev: pyproject.toml | .venv/.pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@ .venv/.run
