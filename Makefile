# Two commands: `make build` (environment, data, warehouse, numbers) and `make test` (everything CI checks).
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build

PYTHON ?= python3
BIN := .venv/bin
UV := .uv/bin/uv
export LANDING_PATH ?= landing
export WAREHOUSE_PATH ?= warehouse/build.duckdb
export PUBLISHED_PATH ?= warehouse/published
export DBT_PROFILES_DIR := $(CURDIR)
# pip compiles nothing: what is imported is compiled once and kept, whatever the caller's setting.
export PYTHONDONTWRITEBYTECODE :=

# Spark, the optional second engine: its packages are an environment of their own.
SPARK_BIN ?= .venv-spark/bin
export SPARK_BIN
# MetricFlow, the optional semantic layer: likewise.
METRICS_BIN ?= .venv-metrics/bin
export METRICS_BIN
JAVA := $(shell command -v java 2> /dev/null)$(JAVA_HOME)

# What is optional has an environment of its own.
OPTIONAL := $(addsuffix -env,clients superset dagster)

# What `make sql` asks: a file or SQL, parameters of the answers, how rows are printed.
export QUERY

PYTEST := $(BIN)/python -m pytest -q --durations=20 -p no:cacheprovider

.PHONY: build sql docs test test-engines env spark-env metrics-env $(OPTIONAL) spark-up spark-down lint lock clean

env: .venv/.installed  ## the pinned environment in .venv

.venv/.installed: requirements.txt $(UV)
	@echo "Installing the pinned packages into .venv ..."
	@$(call install,.venv,$<)

# $(call install,ENVIRONMENT,REQUIREMENTS): a new environment with these packages, by uv; by pip where uv cannot reach them
# (it does not read pip's settings, such as a mirror of the company's).
install = $(PYTHON) -m venv --clear --without-pip $(1) && \
    { $(UV) pip sync --quiet --require-hashes --python $(1)/bin/python $(2) 2> $(1)/uv.log || \
      $(PYTHON) -m pip --python $(1)/bin/python install --quiet --no-compile --disable-pip-version-check --require-hashes -r $(2); } && \
    touch $(1)/.installed

$(UV): requirements-uv.txt
	@command -v $(PYTHON) > /dev/null || { echo "$(PYTHON) not found: install Python 3.11"; exit 1; }
	@$(PYTHON) -m pip install --quiet --no-compile --disable-pip-version-check --upgrade --target .uv --require-hashes -r $<
	@touch $@

build: env  ## land what is in landing/ (the demo company if it is empty), build, check and publish the marts, write the page, print the scorecard
	@mkdir -p $(dir $(WAREHOUSE_PATH)) $(LANDING_PATH)
	@if [ -z "$$(ls -A $(LANDING_PATH))" ]; then \
	    echo "$(LANDING_PATH)/ is empty: writing the demo company"; \
	    $(BIN)/python scripts/demo_company.py --out $(LANDING_PATH); fi
	@echo "Landing, building, checking and publishing (a minute for the demo company) ..."
	@$(BIN)/python scripts/run.py --landing $(LANDING_PATH) --warehouse $(WAREHOUSE_PATH) --published $(PUBLISHED_PATH)
	@$(BIN)/python scripts/summary.py --warehouse $(WAREHOUSE_PATH)
	@echo "published: $(PUBLISHED_PATH)/ai_unit_economics.duckdb and $(PUBLISHED_PATH)/parquet/"
	@echo "the page:  $(PUBLISHED_PATH)/report.html"

sql: env  ## a SQL prompt on the published file; FILE=an answer or QUERY=SQL prints it, SET="month=2026-09-01 …", FORMAT=csv
	@$(BIN)/python scripts/ask.py --published $(PUBLISHED_PATH) $(if $(FILE),--file $(FILE)) $(if $(QUERY),--query "$$QUERY") \
	    $(foreach setting,$(SET),--set $(setting)) $(if $(FORMAT),--format $(FORMAT))

docs: env  ## the catalogue of every mart, column, macro and reader as one offline page beside the published file
	@echo "Reading the project (half a minute) ..."
	@$(BIN)/python scripts/catalogue.py --out $(PUBLISHED_PATH)/catalogue.html

test: env metrics-env $(if $(JAVA),spark-env)  ## everything CI checks, on two processors
	@echo "Running the tests (half an hour) ..."
	@$(PYTEST) tests -rs --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-engines: env spark-env  ## of these, the demo company on DuckDB and on Spark, every mart compared
	@$(PYTEST) tests/engines -s

ifeq ($(SPARK_BIN),.venv-spark/bin)
spark-env: .venv-spark/.installed  ## the pinned packages of the second engine in .venv-spark
else
spark-env:
endif

.venv-%/.installed: requirements-%.txt $(UV)
	@echo "Installing the packages of $< into .venv-$* ..."
	@$(call install,.venv-$*,$<)

$(OPTIONAL): %-env: .venv-%/.installed  ## clients of the published file; Superset; Dagster

ifeq ($(METRICS_BIN),.venv-metrics/bin)
metrics-env: .venv-metrics/.installed  ## the pinned packages of the semantic layer in .venv-metrics
else
metrics-env:
endif

spark-up: spark-env  ## start the local Spark Thrift server and wait for it (env SPARK_PORT, SPARK_PATH)
	@$(SPARK_BIN)/python scripts/spark_server.py up

spark-down:  ## stop it
	@$(PYTHON) scripts/spark_server.py down

lint: env
	@$(BIN)/ruff check scripts tests
	@$(BIN)/ruff format --check scripts tests
	@WAREHOUSE_PATH=warehouse/lint.duckdb $(BIN)/sqruff lint models tests/reconciliation tests/macros analyses

lock: $(UV)  ## pin the requirements again, with hashes
	@for name in $(basename $(wildcard requirements*.in)); do \
	    $(UV) pip compile --generate-hashes --no-emit-index-url --no-header --no-strip-extras --python-version 3.11 \
	        -o $$name.txt $$name.in; done

clean:  ## remove what was built, releases too; landing/, .venv and the key of users' hashes stay
	@find warehouse -mindepth 1 -maxdepth 1 ! -name '.*' ! -name '*.user_id_key' -exec rm -rf {} +
	@rm -rf target logs
