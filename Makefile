# Everything runs in .venv, which is made from requirements.lock and nothing else.
# Paths are relative throughout, so the project may lie in a folder with spaces or Chinese in its name.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.ONESHELL:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
RUN ?= demo-2015Q4

PY := .venv/bin/python
READY := .venv/ready
GROUPS := --group test --group dev --group build
DEMO := data/raw/demo-2015Q4/deliveries.csv
DEMO_NEEDS := params/base.yaml params/demo-2015Q4.yaml $(wildcard data/reference/*.csv src/qstats/synthetic/*.py)

# One thread for each process: tests and reports run in several processes, which would otherwise crowd the cores.
export OMP_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Python reads the path of an installed project in the locale's encoding: one without Chinese fails on such a path.
ifneq ($(shell locale charmap 2>/dev/null),UTF-8)
export LC_ALL := C.UTF-8
endif

.PHONY: help report test lab lint format lock benchmark environment system clean

help: ## list the targets
	@echo 'make TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1@\2/p' Makefile | awk -F @ '{ printf "  %-13s%s\n", $$1, $$2 }'
	@echo 'Options: PYTHON=python3.12 (when .venv is made), RUN=2015Q4 (report), ARGS="…" (test, lock, benchmark).'

report: $(READY) system $(if $(filter demo-2015Q4,$(RUN)),$(DEMO)) ## make the reports of RUN (the demonstration if none is named)
	@MPLBACKEND=agg .venv/bin/qstats run params/$(RUN).yaml
	echo "Open reports/$(RUN)/zh/index.html (中文) or reports/$(RUN)/en/index.html (English)."

test: $(READY) ## run all tests
	@tools/system.sh $(PY) pdftotext
	MPLBACKEND=agg $(PY) -m pytest $(ARGS)

# The configuration switches autoreload on: edits in src/ reach open notebooks without a restart.
lab: $(READY) system ## open the notebooks in JupyterLab
	@mkdir -p .venv/ipython/profile_default
	printf '%s\n' 'c.InteractiveShellApp.extensions = ["autoreload"]' \
	    'c.InteractiveShellApp.exec_lines = ["%autoreload 2"]' > .venv/ipython/profile_default/ipython_kernel_config.py
	root=$$(if [ "$$(id -u)" = 0 ]; then echo --allow-root; fi)
	export IPYTHONDIR="$$PWD/.venv/ipython" JUPYTER_PREFER_ENV_PATH=1
	exec $(PY) -m jupyter lab --ServerApp.root_dir="$$PWD" --LabApp.default_url=/lab/tree/notebooks $$root $(ARGS)

lint: $(READY) ## check style (ruff) and types (mypy)
	@$(PY) -m ruff check .
	$(PY) -m mypy

format: $(READY) ## lay out the code (ruff)
	@$(PY) -m ruff check --select I --fix --quiet .
	$(PY) -m ruff format .

benchmark: $(READY) ## time the cleaning of 3 million rows against pandas
	@$(PY) benchmarks/clean.py $(ARGS)

lock: .venv/bin/uv ## bring requirements.lock in step with pyproject.toml (ARGS=--upgrade for newer versions)
	@tools/uv.sh pip compile pyproject.toml $(GROUPS) --universal --python-version 3.11 \
	    --generate-hashes --no-header --quiet $(ARGS) --output-file requirements.lock

environment: $(READY) ## make .venv only

clean: ## remove the environment and caches (data and reports stay)
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

system: $(READY)
	@tools/system.sh $(PY)

# uv itself comes from its own entry in the lock, by version and hash.
.venv/bin/uv:
	@python=$$(tools/python.sh '$(PYTHON)')
	echo "Making the environment in .venv with $$("$$python" --version)"
	"$$python" -m venv --clear .venv
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.txt
	$(PY) -m pip install --quiet --require-hashes --requirement .venv/uv.txt

# Each sync removes the project itself, so its own installation always follows.
$(READY): .venv/bin/uv requirements.lock pyproject.toml
	@tools/uv.sh pip sync --quiet --compile-bytecode --python $(PY) --require-hashes requirements.lock
	tools/uv.sh pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	touch $(READY)

$(DEMO): $(DEMO_NEEDS) | $(READY)
	@.venv/bin/qstats demo --run demo-2015Q4
	touch $(DEMO)
