# Everything a person needs; `make` alone lists it.
PYTHON ?= python3
VENV ?= .venv
export QA_INDEX ?= $(CURDIR)/.index
Q ?= Who is Mila's new scientific director?
BIN := $(VENV)/bin

.PHONY: help ask serve index eval test lint bench clean
help: ## list these targets
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 10

ask: $(VENV)/.build ## ask a question: make ask Q="Qui est la présidente de Mila ?"
	@$(BIN)/qa ask "$$Q"; status=$$?; [ $$status -le 1 ]

export Q
serve: $(VENV)/.build ## start the HTTP service on http://127.0.0.1:8000
	$(BIN)/qa serve

index: $(VENV)/.build ## build or update the index: make index DOCS="folder file.md"
	$(BIN)/qa index $(DOCS)

eval: $(VENV)/.dev ## score the ranking on the fixed question set
	$(BIN)/python -m eval

BENCH ?= $(wildcard ../shared/benchmarks/*.fr-fr)
bench: $(VENV)/.dev ## time and memory beside a naive service: make bench BENCH="folder ..."
	$(BIN)/python -m eval.speed $(BENCH)

lint: $(VENV)/.dev ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: $(VENV)/.dev lint ## every test, lint and type check
	$(BIN)/pytest -q -rs --cov --cov-report=term

clean: ## remove the environment and the index
	rm -rf $(VENV) .index

$(VENV)/.build: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[build,formats]'
	@touch $@

$(VENV)/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(VENV)/.build $@
