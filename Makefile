# On a new machine with python3 (3.11 or newer) and make: `make report`.
# The environment is .venv, from uv.lock; nothing is installed outside this folder.
SHELL := /bin/bash
.DEFAULT_GOAL := report
.PHONY: report audit registers calibrate test check dryrun bench bench-estimator config format clean

PYTHON ?= python3
CORES ?= $(shell nproc 2>/dev/null || echo 2)
BIN := .venv/bin
READY := .venv/.ready
SNAKEMAKE := $(BIN)/snakemake --cores $(CORES)

# Each job is a new Python: without compiled modules a run takes half as long again.
export PYTHONDONTWRITEBYTECODE :=

# uv is pinned here and installs what uv.lock pins.
$(READY): pyproject.toml uv.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==0.13.9"
	$(BIN)/uv sync --frozen --quiet --inexact --compile-bytecode
	touch $@

# All reports, or one: make report [EVALUATION=tiltakseffekter]
report: $(READY)
	$(SNAKEMAKE) $(if $(EVALUATION),report_$(EVALUATION))
	@echo "The reports:"; ls -1 $(CURDIR)/results/report/$(or $(EVALUATION),*)/*

# Everything that holds our numbers against print, planted truth and other methods, without a report.
audit: $(READY)
	$(SNAKEMAKE) audit
	@echo "What is compared: $(CURDIR)/results/export/teknisk_rapport/"

# Whole synthetic registers for use elsewhere: make registers SCALE=0.1 [TO=folder] [FORMAT=parquet|csv]
registers: $(READY)
	$(BIN)/tiltak simulate-registers --cores $(CORES) \
		$(if $(SCALE),--scale $(SCALE)) $(if $(TO),--to "$(TO)") $(if $(FORMAT),--format $(FORMAT))

# Fits the synthetic registers anew to the printed numbers: make calibrate PERSONS=100000 ROUNDS=10 [SEED=1]
calibrate: $(READY)
	$(BIN)/tiltak calibrate --permanent --cores $(CORES) \
		$(if $(PERSONS),--persons $(PERSONS)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SEED),--seed $(SEED))

test: $(READY)
	$(BIN)/python -m pytest

# Lint, format, the language of the workflow files, who imports whom, types.
check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

dryrun: $(READY)
	$(BIN)/snakemake --cores $(CORES) --dry-run --quiet rules

bench: $(READY)
	$(SNAKEMAKE) --quiet all
	@$(BIN)/tiltak bench

# Speed of the forests: make bench-estimator [TREES=60] [FULL=yes: the whole job with 2000 trees, under an hour]
bench-estimator: $(READY)
	@$(BIN)/tiltak bench-estimator --threads $(CORES) $(if $(TREES),--trees $(TREES)) $(if $(FULL),--full)

# Writes what is generated from the models: default configuration, its schema, the documentation of both.
config: $(READY)
	$(BIN)/tiltak write-generated

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow/rules

clean:
	rm -rf results .snakemake
