# Two commands do everything:  make demo  ·  make test
# Each makes its own environment in .venv from pins.txt; Python 3.11 or newer and make are enough.
PYTHON ?= $(shell command -v python3.13 >/dev/null 2>&1 && python3.13 -c '' 2>/dev/null && echo python3.13 || echo python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

unexport PYTHONDONTWRITEBYTECODE
export DO_NOT_TRACK = 1
export PREFECT_SERVER_ANALYTICS_ENABLED = false
export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help demo test up check format bench soak pictures pins sbom audit clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1	/' | expand -t 18

$(READY): pins.txt pyproject.toml
	@echo "Making the environment in $(VENV) (once, a minute or two) …"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r pins.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)  ## one month of the sample province, from blank forms to letters
	@$(BIN)/tdkt demo

test: $(READY)  ## every test
	@$(BIN)/python -m pytest -n 3 --dist loadgroup  # much of it waits: three on two cores

up: $(READY)  ## Prefect's screen with every flow scheduled, on this machine
	@$(BIN)/tdkt up

check: $(READY)  ## format, lint, types
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

format: $(READY)  ## put the code in the house's form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(READY)  ## speed against the yardstick; writes benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.whole_country
	@$(BIN)/python -m benchmarks.year_plans
	@$(BIN)/python -m benchmarks.straight_line
	@$(BIN)/python -m benchmarks.growth
	@$(BIN)/python -m benchmarks.posting
	@$(BIN)/python -m benchmarks.national

soak: $(READY)  ## the long sweep: 200 kills over whole cycles, posters, crossings; writes docs/reliability.md
	@$(BIN)/python -m soak --kills $${SOAK_MONTH_KILLS:-204} --units 10 --a-cycle 15 --gap 8 --write docs/reliability.md
	@SOAK_MOMENTS=1000 $(BIN)/python -m pytest -n 0 tests/test_killed_commands.py
	@FUZZ=$${FUZZ:-100000} $(BIN)/python -m pytest -n 0 tests/test_fuzz.py
	@mkdir -p var
	@$(BIN)/python -m pytest -n 2 --hypothesis-profile=soak $$(grep -l "import.* given" tests/test_*.py)
	@SOAK_FAULTS=$${SOAK_FAULTS:-300} $(BIN)/python -m pytest -n 2 tests/test_mended_as_told.py
	@SOAK_YEARS=$${SOAK_YEARS:-3} $(BIN)/python -m pytest -n 0 tests/test_years.py
	@$(BIN)/python -m pytest -n 0 -s tests/test_odd_files.py  # TDKT_ODD_FILES: a folder of odd spreadsheets
	@SOAK_LETTERS=$${SOAK_LETTERS:-3000} SOAK_KILLS=$${SOAK_KILLS:-100} SOAK_CANARIES=5000 SOAK_OUT=$${SOAK_OUT:-var/soak-letters.txt} $(BIN)/python -m pytest -n 0 tests/test_killed_posters.py tests/test_crossings.py
	@TDKT_DESK_ON=postgresql $(BIN)/python -m pytest -n 0 tests/test_prefect.py -k "operators_month or on_postgresql or by_two_workers"

pictures: $(READY)  ## the manual's pictures anew: an operator's month in Chromium; docs/screens
	@TDKT_PICTURES=docs/screens $(BIN)/python -m pytest -n 0 tests/test_prefect.py -k operators_month

pins:  ## resolve pyproject.toml anew into pins.txt (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --all-extras pyproject.toml pins.in -o pins.txt

sbom: $(READY)  ## the list of parts with versions, hashes and licences (CycloneDX): sbom.json
	@$(BIN)/python -m parts sbom.json

audit:  ## known weaknesses of the pinned libraries (needs the network); fails where it cannot look
	@test -x var/audit/bin/pip-audit || ($(PYTHON) -m venv var/audit && var/audit/bin/pip install --quiet "pip-audit>=2.9,<3")
	@var/audit/bin/pip-audit --strict --no-deps --disable-pip -r pins.txt

clean:  ## remove the environment and the demo office
	rm -rf $(VENV) var/demo
