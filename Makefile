# Two commands matter: make demo, make test.  make help lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PY := .venv/bin/python
PORT ?= 8000
export PORT
# Everything we write is under var/ and .venv/: byte code too.  Containers often forbid
# it; then each of the demo's ten processes would compile Django and Wagtail again.
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/pycache
unexport PYTHONDONTWRITEBYTECODE
# Each pass of the tests lives at one moment of our clock: by day, just after midnight on
# a leap day, just before the year turns (all in Bangkok).
test: export RAPFANG_TEST_NOW ?= 2026-11-23T10:00+07:00
test-services: export RAPFANG_TEST_NOW ?= 2028-02-29T00:30+07:00
test-browser: export RAPFANG_TEST_NOW ?= 2026-12-31T23:30+07:00
# One thread per BLAS: two processes beat two threads, and results do not change.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.PHONY: help setup demo demo-reset test test-services test-browser long bench \
	bench-themes fuzz label-sheet lint lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 18

.venv/.installed: requirements.txt
	@.ci/setup-venv $(PYTHON) requirements.txt
	@touch $@

.venv/.installed-test: requirements.txt requirements-test.txt
	@.ci/setup-venv $(PYTHON) requirements-test.txt
	@touch .venv/.installed $@

.venv/.installed-bench: requirements.txt requirements-test.txt requirements-bench.txt
	@.ci/setup-venv $(PYTHON) requirements-bench.txt
	@touch .venv/.installed .venv/.installed-test $@

lock: .venv/.installed ## write requirements*.txt anew from pyproject.toml, with hashes
	@.ci/lock

setup: .venv/.installed ## make .venv alone

demo: .venv/.installed ## set up everything and serve the demo (PORT=8000)
	@exec $(PY) manage.py demo

demo-reset: .venv/.installed ## forget the demo's data and begin anew
	@$(PY) manage.py demo --reset-only

test: .venv/.installed-test ## unit, service and permission tests; no server needed
	@$(PY) manage.py prepare_assets
	@$(PY) -m pytest -q -n 2 -m "not browser and not services" $(ARGS)

test-services: .venv/.installed-test ## PostgreSQL, Redis, Elasticsearch and a real worker
	@$(PY) manage.py prepare_assets
	@.ci/with-services $(PY) -m pytest -q -n 2 -m "not browser" \
		--ignore tests/law --ignore tests/nlp --ignore tests/statute $(ARGS)

test-browser: .venv/.installed-test ## from import to report in Chromium
	@$(PY) manage.py prepare_assets
	@.ci/with-chromium $(PY) -m pytest -q -n 2 -m browser $(ARGS)

long: .venv/.installed-bench ## an hour and more: axe in both languages and widths, 700,000, full fuzz
	@RAPFANG_LONG=1 $(MAKE) test-browser
	@RAPFANG_LONG=1 $(MAKE) test ARGS=tests/walls/test_permissions.py
	@$(PY) -m tests.law.fuzz --runs 10000
	@$(PY) -m tests.bench.site --comments 700000
	@$(PY) -m tests.bench.themes --part time --scale 700000
	@$(PY) -m tests.bench.walk --comments 20000
	@$(PY) -m tests.bench.walk --comments 100000

bench: .venv/.installed-bench ## times, memory and quality, printed; nothing here is a test
	@$(PY) -m tests.bench.site
	@$(PY) -m tests.bench.workbench
	@$(PY) -m tests.bench.law
	@$(PY) -m tests.bench.themes

bench-themes: .venv/.installed-bench ## quality and speed of the themes pipeline
	@$(PY) -m tests.bench.themes

fuzz: .venv/.installed-test ## 10,000 mutated texts through parser and readers
	@$(PY) -m tests.law.fuzz --runs 10000

label-sheet: .venv/.installed ## a blind sheet of theme labels for two readers
	@$(PY) manage.py label_sheet

lint: .venv/.installed-test ## ruff and import-linter
	@.venv/bin/ruff check .
	@.venv/bin/lint-imports --no-cache

clean: ## remove what the demo and the tests wrote; keeps .venv
	rm -rf var
