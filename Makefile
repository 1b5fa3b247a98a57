# GNU and BSD make. Settings go in as environment or as arguments: make run PORT=8080
HOST ?= 127.0.0.1
PORT ?= 8000
ROUNDS ?= 50
ARTICLES ?= 100000
export HOST PORT

.PHONY: help run test test-all quality quality-floor soak scale screenshots messages clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

run: ## the archive, with sample articles the first time: prints the address
	@tools/environment.sh run
	@exec .venv/bin/python -m newsarchive.serve

test: ## lint, types, tests on SQLite and the embedded engine (at most 5 minutes)
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.check

test-all: ## test, and the real Elasticsearch, PostgreSQL, Chromium (at most 40 minutes)
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.check --all

soak: ## the rounds of kill -9, many of them; ROUNDS=50
	@tools/environment.sh dev
	@SOAK_ROUNDS=$(ROUNDS) exec .venv/bin/python -m pytest -s tests/ops -k "kill or workers" -m "elasticsearch or slow"

scale: ## a large import of invented articles: seconds and memory; ARTICLES=100000
	@tools/environment.sh run
	@exec .venv/bin/python -m tools.benchmark.scale --articles $(ARTICLES)

quality: ## search quality beside a plain Elasticsearch; SETS=folder, CASES=file, COST=1
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.measure_quality $(if $(SETS),--sets $(SETS)) $(if $(CASES),--cases $(CASES)) $(if $(COST),--cost) $(if $(WRITE),--write)

quality-floor: ## writes the figures that tests hold search quality to; say why in the commit
	@tools/environment.sh dev
	@exec .venv/bin/python -m pytest -q tests/search/evaluation/test_quality_floor.py --renew-floor

screenshots: ## the README's pictures, taken from the sample articles
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.screenshots

messages: ## the Arabic texts of the pages, compiled from locale/ar
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.compile_messages

clean: ## removes what can be made again; keeps the archive in var/
	rm -rf .venv .venv.lock staticfiles test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
