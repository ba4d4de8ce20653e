# The few things people do every day. On a fresh machine Python 3.11 and make are enough: uv is brought into .uv/ if it is missing.
UV := $(shell command -v uv || echo .uv/bin/uv)
RUN := $(UV) run

.PHONY: serve test check format train bench

serve: $(UV)
	$(RUN) lianbao serve

test: $(UV)
	$(RUN) pytest

check: $(UV)
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) lianbao knowledge check

format: $(UV)
	$(RUN) ruff check --fix
	$(RUN) ruff format

train: $(UV)
	$(RUN) lianbao train

bench: $(UV)
	$(RUN) lianbao bench

.uv/bin/uv:
	python3 -m venv .uv
	.uv/bin/pip install --quiet uv
