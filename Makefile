# `make` alone lists what can be done. Another Python: make PYTHON=python3.12 book
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# The book promises these and all between. The lists of packages are made for the oldest.
OLDEST_PYTHON := 3.11
NEWEST_PYTHON := 3.14

# Stamps: packages are installed again only when a list of them changes.
LAB_TOOLS := $(VENV)/.lab-tools
BOOK_TOOLS := $(VENV)/.book-tools
TEST_TOOLS := $(VENV)/.test-tools
SETTINGS := $(VENV)/.settings

# The tests of one chapter stay in one process: it is run once and opened once for all of them.
IN_PARALLEL := -n auto --dist loadgroup

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version $(OLDEST_PYTHON)

# Sphinx does not see that every page depends on these: a change makes it read, and run, all of them again.
SHARED := requirements.txt package-lock.json _config.yml \
	$(shell find book/explorers book/migrationlab book/_ext book/_scripts book/_styles book/_templates data -type f -not -name '*.pyc' 2>/dev/null)
# A change in any of these makes the built book stale.
SOURCES := $(SHARED) _toc.yml \
	$(shell find book -type f -not -name '*.pyc' -not -path '*/.*' 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help book test pdf zip lab serve figure strip bench lists clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

book: $(BOOK_TOOLS) _build/.shared ## Build the HTML into _build/html; a warning is an error
	@# A page with a warning would count as read the next time, and the warning be lost: forget the pages.
	@$(BIN)/jupyter-book build . --builder html -n -W --keep-going || { \
		rm -rf _build/.doctrees; \
		echo "make: the book was not built without warnings; the messages are above." >&2; exit 1; }
	@touch _build/.built
	@echo
	@echo "The book is built. To read it:"
	@echo "  open _build/html/index.html in a browser (file://$(CURDIR)/_build/html/index.html)"
	@echo "  or run 'make serve' and open http://127.0.0.1:$(PORT)/"

test: $(TEST_TOOLS) $(SETTINGS) ## Run every test, in real browsers too; one part: make test ARGS="-k gravity"
	@$(BIN)/python tests/find_browsers.py \
		&& $(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . \
		&& $(MAKE) --no-print-directory _build/.built \
		&& $(BIN)/python -m pytest $(IN_PARALLEL) $(ARGS)

pdf: $(TEST_TOOLS) ## Print the whole book into one PDF; its solutions, too: make pdf ARGS=--solutions
	@$(BIN)/python tests/find_browsers.py chromium \
		&& $(MAKE) --no-print-directory _build/.built \
		&& PYTHONPATH=book/_ext $(BIN)/python -m why_people_move.whole_pdf $(ARGS)

zip: $(BOOK_TOOLS) ## Pack the built pages into one ZIP, to be read without a network
	@$(MAKE) --no-print-directory _build/.built
	@PYTHONPATH=book/_ext $(BIN)/python -m why_people_move.whole_zip

lab: $(LAB_TOOLS) $(SETTINGS) ## Open the chapters in JupyterLab
	@$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/book $(ARGS)

serve: _build/html/index.html ## Show the built book at http://127.0.0.1:8000 (PORT=8000)
	@echo "The book is at http://127.0.0.1:$(PORT)/ (Ctrl+C ends it)"
	@$(PYTHON) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

figure: $(LAB_TOOLS) ## Show one figure in the browser: make figure NAME=lee.who_goes
	@cd book && ../$(BIN)/python -m figures $(NAME)

bench: $(TEST_TOOLS) $(SETTINGS) ## Measure speed, size and memory; a part: make bench ARGS="--only moves --pages lee"
	@$(BIN)/python tests/find_browsers.py chromium \
		&& $(MAKE) --no-print-directory _build/.built \
		&& $(BIN)/python benchmarks/run.py $(ARGS)

strip: $(TEST_TOOLS) ## Take out of the chapters what a run left in them: outputs, counts, values in the text
	@$(BIN)/nbstripout --keep-id --extra-keys cell.metadata.user_expressions book/*.ipynb

lists: $(TEST_TOOLS) ## Write the lists of packages anew; newest versions: make lists ARGS=--upgrade
	@$(COMPILE) $(ARGS) tests/requirements.in --output-file tests/requirements.txt
	@# A list that starts as a copy of the longest one keeps its versions.
	@cp tests/requirements.txt requirements.txt
	@cp tests/requirements.txt .binder/requirements.txt
	@$(COMPILE) requirements.in --output-file requirements.txt
	@$(COMPILE) .binder/requirements.in --output-file .binder/requirements.txt
	@# A reader has no compiler: every package has a wheel for every system.
	@for python in $(OLDEST_PYTHON) $(NEWEST_PYTHON); do \
		for system in linux aarch64-unknown-linux-gnu macos x86_64-apple-darwin windows; do \
			$(BIN)/uv pip install --quiet --dry-run --no-deps --only-binary :all: --target _build/none \
				--python-version $$python --python-platform $$system -r tests/requirements.txt || exit 1; \
		done; done

clean: ## Remove what the build and the tests wrote (.venv stays)
	rm -rf _build .pytest_cache .ruff_cache .hypothesis
	find book tests benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

_build/.built: $(BOOK_TOOLS) $(SOURCES)
	@$(MAKE) --no-print-directory book

_build/html/index.html:
	@$(MAKE) --no-print-directory book

_build/.shared: $(SHARED)
	@rm -rf _build/.doctrees
	@mkdir -p _build && touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "make: there is no $(PYTHON): install Python $(OLDEST_PYTHON) to $(NEWEST_PYTHON) (Debian, Ubuntu: sudo apt-get install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; oldest, newest = [tuple(map(int, v.split("."))) for v in ("$(OLDEST_PYTHON)", "$(NEWEST_PYTHON)")]; \
		sys.exit(not oldest <= sys.version_info[:2] <= newest)' || { \
		echo "make: $$($(PYTHON) --version 2>&1) will not do: the book needs Python $(OLDEST_PYTHON) to $(NEWEST_PYTHON). Install one of these and name it (make PYTHON=python3.12 ...)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "make: $(PYTHON) lacks its venv module: install it (Debian, Ubuntu: sudo apt-get install python3-venv) and run make again." >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)

# What helps in class lives where IPython and Jupyter of this environment look for their settings.
$(SETTINGS): $(shell find book/explorers/settings -type f) | $(LAB_TOOLS)
	@$(BIN)/python book/explorers/settings/install.py
	@touch $@

# Each list holds the one before it: for reading, for building, for testing.
$(LAB_TOOLS): .binder/requirements.txt | $(BIN)/python
$(BOOK_TOOLS): requirements.txt $(LAB_TOOLS)
$(TEST_TOOLS): tests/requirements.txt $(BOOK_TOOLS)
$(LAB_TOOLS) $(BOOK_TOOLS) $(TEST_TOOLS):
	@echo "Installing the packages of $< (a few minutes the first time)"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet -r $<
	@touch $@
