# For GNU and BSD make. Settings come from the environment or from arguments: make run PORT=8080
HOST ?= 127.0.0.1
PORT ?= 8000
ROUNDS ?= 50
ARTICLES ?= 100000
export HOST PORT

.PHONY: help run backup restore test test-all quality quality-floor benchmark soak scale screenshots messages lock sbom clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

run: ## run the archive and print its address; the first run adds sample articles
	@tools/environment.sh run
	@exec .venv/bin/python -m newsarchive.serve

backup: ## copy the database while the archive runs; FILE=copy
	@tools/environment.sh run
	@exec .venv/bin/python tools/backup.py $(FILE)

restore: ## put a backup in place while the archive is stopped (PostgreSQL: into an empty database); FILE=copy
	@tools/environment.sh run
	@exec .venv/bin/python tools/restore.py $(FILE)

test: ## check lint and types; test on SQLite and the embedded engine (at most 5 minutes)
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.check

test-all: ## run `test`, then test on Elasticsearch, PostgreSQL and Chromium (at most 40 minutes)
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.check --all

soak: ## kill processes with kill -9 in many rounds, import 500 hostile files, read 300 drawn pages; ROUNDS=50
	@tools/environment.sh dev
	@RENDERED_PAGES=300 .venv/bin/python -m pytest -q tests/articles/readers/test_ocr_search.py
	@HOSTILE_FILES=500 .venv/bin/python -m pytest -q tests/articles/ingest/test_hostile_imports.py
	@HOSTILE_UPLOADS=500 .venv/bin/python -m pytest -q -n0 tests/search/web/browser/test_hostile_uploads.py
	@SOAK_ROUNDS=$(ROUNDS) exec .venv/bin/python -m pytest -s tests/ops -k "kill or workers or two_releases or lost_nodes" -m "elasticsearch or slow"

scale: ## measure time and memory of a large import of invented articles; ARTICLES=100000
	@tools/environment.sh run
	@exec .venv/bin/python -m tools.benchmark.scale --articles $(ARTICLES)

benchmark: ## measure speed beside a plain Elasticsearch; CORPUS=file, SETS=folder, SIZE=articles, AGAINST=checkout, KEEP=folder
	@tools/environment.sh dev
	@exec .venv/bin/python manage.py benchmark $(if $(ENGINE),--engine $(ENGINE)) $(if $(CORPUS),--corpus $(CORPUS)) $(if $(SETS),--sets $(SETS)) $(if $(SIZE),--articles $(SIZE)) $(if $(AGAINST),--against $(AGAINST)) $(if $(KEEP),--keep $(KEEP))

quality: ## compare search quality with a plain Elasticsearch; SETS=folder, CASES=file, COST=1
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.measure_quality $(if $(SETS),--sets $(SETS)) $(if $(CASES),--cases $(CASES)) $(if $(COST),--cost) $(if $(WRITE),--write)

quality-floor: ## write the minimum scores that the tests require; give the reason in the commit
	@tools/environment.sh dev
	@exec .venv/bin/python -m pytest -q tests/search/evaluation/test_quality_floor.py --renew-floor

screenshots: ## take the README's screenshots of the sample articles
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.screenshots

messages: ## compile the Arabic messages of locale/ar
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.compile_messages

lock: ## write the hashes of all pinned packages (requirements.lock, requirements-dev.lock)
	@tools/environment.sh dev
	@exec .venv/bin/python -m tools.lock_packages

sbom: ## write the bill of materials (CycloneDX) of what runs to sbom.json
	@tools/environment.sh dev
	@exec .venv/bin/python -m cyclonedx_py requirements requirements.lock --output-reproducible --of JSON -o sbom.json
	@echo "sbom.json is written"

clean: ## remove generated files; keep the archive in var/
	rm -rf .venv .venv.lock staticfiles test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
