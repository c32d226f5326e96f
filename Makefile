# Bare `make` lists the targets from their own comments.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: ## environment and model; the only step before `python -m bot …`
	@PYTHON=$(PYTHON) tools/setup.sh run

setup-dev: ## the same, with the tools for tests and checks
	@PYTHON=$(PYTHON) tools/setup.sh dev

run: setup ## web chat on SQLite with the embedded NLU; the address is printed
	@exec $(BIN)/python -m bot run

chat: setup ## talk to it in this terminal, no network
	@exec $(BIN)/python -m bot chat

test: setup-dev ## all tests but the slow ones, in random order
	$(PYTEST) -m "not slow"

test-all: setup-dev ## every test: both databases, crashes, browser
	$(PYTEST)

check: setup-dev ## format, lint, types, import rules, spelling, content
	@tools/check.sh

hooks: setup-dev ## run `make check` before each commit
	@$(BIN)/pre-commit install

train: setup ## build the embedded engine again
	$(BIN)/python -m bot train

encoder: setup ## teach the encoder anew on nlu/data (half an hour; after large changes)
	@tools/encoder.sh

bench: setup-dev ## ratios measured in one run: the pipe, the engine, and Rasa where it is there
	$(BIN)/python -m bench.pipe
	$(BIN)/python -m bench.dialogue
	$(BIN)/python -m bench.nlu
	$(BIN)/python -m bench.rasa

report: setup-dev ## docs/nlu.md with its pictures, and the model card's counts
	$(BIN)/python -m tools.report

screenshots: setup-dev ## pictures of the web chat from the running service
	$(BIN)/python -m tools.screenshots

lock: setup-dev ## compile the lock files from requirements*.in
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 requirements.in -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.lock

rasa: setup ## Rasa in an environment of its own (Python 3.10): install, train, serve
	@exec $(BIN)/python -m tools.rasa run

test-rasa: setup-dev ## the Rasa engine against a real Rasa server (installs 2.6 GB once)
	@$(BIN)/python -m tools.rasa prepare
	$(PYTEST) -m rasa tests/rasa

preview: setup ## pages for editors: each text as people see it, what changed, what is due
	@exec $(BIN)/python -m bot preview

proof: ## not part of this version yet
	@echo "make $@: not part of this version yet (see docs/CHANGELOG.md)" >&2; exit 2

clean: ## remove the environment and caches, never the data
	rm -rf .venv .rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: encoder help setup setup-dev run chat test test-all check hooks train bench report screenshots lock rasa test-rasa proof preview clean
