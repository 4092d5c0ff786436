# Hip Coach. `make talk` and `make test` set up whatever is missing, then do their work.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup talk test check models bench bundle deploy destroy package certify icons lock clean

help:
	@echo 'make talk     talk to Hip Coach in this terminal (no account, no network)'
	@echo 'make test     format, lint, types and every test'
	@echo 'make check    format, lint, types and the interaction model, without the tests'
	@echo 'make models   make the five locales from interaction_models/en.toml'
	@echo 'make bench    measure how fast it starts and answers'
	@echo 'make bundle   make dist/lambda.zip, which AWS Lambda runs (docs/bundle.md)'
	@echo 'make deploy   bring it to your AWS account (docs/operating.md)'
	@echo 'make destroy  remove it there; asks first, and keeps what people logged'
	@echo 'make package  make dist/alexa, which ask deploy uploads (docs/publishing.md)'
	@echo 'make certify  what certification would find in it'
	@echo 'make icons    draw the icons anew'
	@echo 'make setup    only prepare .venv'
	@echo 'make lock     pin the dependencies anew'
	@echo 'make clean    remove .venv and everything that was made'

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Hip Coach needs Python 3.11, 3.12 or 3.13, and %s is %d.%d. Try: make setup PYTHON=python3.12" % ("$(PYTHON)", *v))'
	@echo 'Setting up: a Python environment in .venv' >&2
	@$(PYTHON) -m venv .venv
	@echo 'Setting up: the pinned libraries (a minute or two the first time, longer on a slow connection)' >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation \
		--config-settings editable_mode=compat --editable .
	@touch $@
	@echo 'Setting up: done' >&2

talk: $(READY)
	@$(BIN)/hip-coach talk $(ARGS)

check: $(READY)
	@echo '== format and lint' && $(BIN)/ruff format --check . && $(BIN)/ruff check .
	@echo '== types' && $(BIN)/mypy
	@echo '== interaction model' && $(BIN)/hip-coach models --check

test: check
	@echo '== tests' && $(BIN)/pytest -n auto $(ARGS)

models: $(READY)
	@$(BIN)/hip-coach models

bench: $(READY)
	@$(BIN)/hip-coach bench $(ARGS)

bundle: $(READY)
	@$(BIN)/python -m deployment.bundle $(ARGS)

deploy: $(READY)
	@$(MAKE) --no-print-directory bundle ARGS=
	@$(BIN)/python -m deployment deploy $(if $(SKILL_ID),--skill-id '$(SKILL_ID)') $(ARGS)

destroy: $(READY)
	@$(BIN)/python -m deployment destroy $(ARGS)

package: $(READY)
	@$(BIN)/python -m deployment.package $(if $(SKILL_ID),--skill-id '$(SKILL_ID)') $(ARGS)

certify: $(READY)
	@test -d dist/alexa || $(MAKE) --no-print-directory package ARGS=
	@$(BIN)/python -m deployment.certify $(ARGS)

icons: $(READY)
	@$(BIN)/python -m deployment.icons

lock:
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install -qq --disable-pip-version-check uv
	@.venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' --extra dev -o requirements.lock pyproject.toml
	@rm -rf .venv-lock

clean:
	rm -rf .venv .venv-lock .hip-coach .engines dist build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
