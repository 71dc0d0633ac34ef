# Everything a person needs; `make` alone lists it.
PYTHON ?= python3
VENV ?= .venv
export QA_INDEX ?= $(CURDIR)/.index
Q ?= Who is Mila's new scientific director?
BIN := $(VENV)/bin
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: help ask serve index eval test check lint bench lock frozen clean
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
	$(BIN)/python -m eval.cost.speed $(BENCH)

lint: $(VENV)/.dev ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: $(VENV)/.dev lint ## the linters and the fast tests: what to run before a commit
	$(BIN)/pytest -q -m 'not slow'

# Two processes share the tests, a file at a time; a thread each, so that torch does not wait for
# itself: with both cores busy its own threads are many times slower than one. In the order of the
# folders: by their number of tests, the files of one long test would all come last.
test: $(VENV)/.dev lint ## every test, lint and type check
	OMP_NUM_THREADS=1 $(BIN)/pytest -q -rs -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term

# What `make` installs is what was tested, in a year too: constraints.txt states every version. The
# local part of a version ("+cpu") names a build of one platform; the lock is for all of them.
lock: ## write the newest versions that pyproject.toml allows into constraints.txt; then run the tests
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -e '.[dev]'
	{ sed '/^[^#]/,$$d' constraints.txt; $(MAKE) -s frozen; } > constraints.new
	mv constraints.new constraints.txt
	@touch $(VENV)/.build $(VENV)/.dev

frozen:
	@$(BIN)/pip freeze --all --exclude-editable --exclude pip | sed 's/+.*//'

clean: ## remove the environment and the index
	rm -rf $(VENV) .index

$(VENV)/.build: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -c constraints.txt -e '.[build,formats]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -c constraints.txt -e '.[dev]'
	@touch $(VENV)/.build $@
