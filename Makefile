# Needs Python 3.11 or newer and make; everything else is brought about in .venv.
PYTHON ?= python3
PORT ?= 8000
DATA ?= var
ARGS ?=
PROCESSES ?= 2
export PORT DATA

.PHONY: run test check format bench fault messages clean

run:    ## the portal on this machine; DEMO=0 for an empty company
	@$(PYTHON) tools/environment.py run
	@exec .venv/bin/python -m aftersales.up

test:   ## every test, against real servers and a real browser: make test ARGS="-k deadlines"
	@$(PYTHON) tools/environment.py test
	@unset DATA; exec .venv/bin/python -m pytest -n $(PROCESSES) $(ARGS)

fault:  ## killed workers and servers, races, with their full figures; workbooks calculated again by LibreOffice
	@$(PYTHON) tools/environment.py fault
	@unset DATA; FAULT_FULL=1 exec .venv/bin/python -m pytest tests/fault tests/parts/test_stock_model.py tests/parts/test_races.py --timeout=3600 $(ARGS)

check:  ## formatting, lint, types, layers, migrations, templates, translations, deployment, charter
	@$(PYTHON) tools/environment.py check
	@unset DATA; exec .venv/bin/python -m tools.check $(ARGS)

format: ## what `make check` would ask for, done
	@$(PYTHON) tools/environment.py check
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix . ; .venv/bin/djhtml -t 2 templates

messages: ## bring the catalogue up to date with the code; a translator fills what is new
	@$(PYTHON) tools/environment.py check
	@.venv/bin/python -m tools.translations --update

bench:  ## how fast, each figure beside a limit measured in the same run
	@$(PYTHON) tools/environment.py bench
	@unset DATA; exec .venv/bin/python -m bench $(ARGS)
