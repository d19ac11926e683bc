# `make help` lists what this file can do.
PY  := .venv/bin/python
UV  := .venv/bin/uv
TRANSLATIONS := $(wildcard src/mingji/*/locale/zh_Hans/LC_MESSAGES/*.po)
export PYTHONHASHSEED := 0

.DEFAULT_GOAL := help
.PHONY: help demo test test-postgres test-scale check format e2e tryton engines bench assets lock changelog clean

help: ## list the commands
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/ready assets ## serve a marketing company with a year of data on http://127.0.0.1:8000
	.venv/bin/mingji demo

test: .venv/ready-dev assets ## run the tests on SQLite and DuckDB
	$(PY) -m pytest tests src

test-postgres: .venv/ready-dev assets ## those that touch the database, on PostgreSQL (needs the Debian package postgresql)
	$(PY) tests/on_postgres.py -m pytest tests src --with-database

test-scale: .venv/ready-dev assets ## every page and operation in a company of ten thousand; minutes
	$(PY) -m pytest tests/integration/test_at_scale.py -m scale

check: .venv/ready-dev ## format, lint, types, architecture, templates, spelling, translations
	.venv/bin/ruff format --check src tests
	.venv/bin/ruff check src tests
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet src
	.venv/bin/codespell src tests docs assets README.md CONTRIBUTING.md
	$(PY) -m mingji.web.translations check

format: .venv/ready-dev ## format the code
	.venv/bin/ruff check --fix-only src tests
	.venv/bin/ruff format src tests

e2e: .venv/ready-dev assets ## Chromium journeys, accessibility, and the screenshot gallery in var/gallery
	$(PY) -m pytest tests/e2e -m e2e

tryton: .venv/ready-dev ## the contract with a real Tryton; minutes the first time, then from var/tryton
	$(PY) -m pytest tests/contract -m tryton

engines: .venv-engines/ready .venv-metricflow/ready ## the metrics on PostgreSQL, ClickHouse and Spark against each other (needs Java 17)
	.venv-engines/bin/python -m pytest tests/contract/engines -m "not connect and (clickhouse or spark or metricflow or not clickhouse)"
	.venv-engines/bin/python -m pytest tests/contract/engines -m connect

bench: .venv-engines/ready ## how fast queries, loads and a refresh are beside their yardsticks (MINGJI_BENCH_ROWS)
	.venv-engines/bin/python -m pytest tests/bench -m bench

assets: src/mingji/web/static/dist/ready ## bundle the front end

src/mingji/web/static/dist/ready: node_modules/ready $(wildcard assets/*)
	npm run --silent build
	@touch $@

node_modules/ready: package-lock.json .npmrc
	npm ci --ignore-scripts --silent
	@touch $@

.venv/bin/uv:
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

.venv/ready: .venv/bin/uv requirements/base.txt pyproject.toml $(TRANSLATIONS)
	$(UV) pip install --quiet --require-hashes -r requirements/base.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	$(PY) -m mingji.web.translations compile
	@touch $@

.venv/ready-dev: .venv/ready requirements/dev.txt
	$(UV) pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

.venv-engines/ready: .venv/bin/uv requirements/engines.txt pyproject.toml
	python3 -m venv .venv-engines
	$(UV) pip install --quiet --python .venv-engines/bin/python --require-hashes -r requirements/engines.txt
	$(UV) pip install --quiet --python .venv-engines/bin/python --no-deps --no-build-isolation -e .
	@touch $@

.venv-metricflow/ready: .venv/bin/uv requirements/metricflow.txt
	python3 -m venv .venv-metricflow
	$(UV) pip install --quiet --python .venv-metricflow/bin/python --require-hashes -r requirements/metricflow.txt
	@touch $@

lock: .venv/bin/uv ## pin every dependency with its hashes
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml --group build -o requirements/base.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml --extra postgres --group build --group dev -c requirements/base.txt -o requirements/dev.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml --extra postgres --extra clickhouse --group build --group dev --group engines -c requirements/dev.txt -o requirements/engines.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url requirements/metricflow.in -o requirements/metricflow.txt
	npm install --package-lock-only --ignore-scripts --silent

changelog: .venv/ready-dev ## build CHANGELOG.md from changes/
	.venv/bin/towncrier build --yes

clean: ## remove what was built or installed here
	rm -rf .venv .venv-engines .venv-metricflow node_modules var src/mingji/web/static/dist src/mingji/kit/fonts
