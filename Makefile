# Two commands do everything: `make maps` draws the bundled project, `make test` proves the product.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: maps test bench clean

maps: $(VENV)/.run-installed
	$(BIN)/rollout build

test: $(VENV)/.test-installed
	$(BIN)/python -m pytest --cov --numprocesses auto

bench: $(VENV)/.bench-installed
	$(BIN)/python -m benchmarks

$(VENV)/.run-installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.test-installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[test]"
	touch $@ $(VENV)/.run-installed

$(VENV)/.bench-installed: $(VENV)/.test-installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[bench]"
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info
