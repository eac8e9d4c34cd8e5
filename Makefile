# Everything runs in an environment of its own, made on the first call and renewed when what it installs changes.
# PYTHON chooses the interpreter that makes it (3.10 to 3.14), VENV the folder, JOBS how many tests run at once.
PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-constraints test-faults constraints bench bench-gpu train-general train-news train-paper format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## Summarize a news story with the checkpoint that ships in the package
	@$(BIN)/fastsum summarize data/samples/story.txt

test: $(VENV)/.installed-dev ## Lint, types and tests: the check before every change
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(pytest)

# Most of the time is the registry's.
test-constraints: $(VENV)/.installed-dev ## Ask the registry whether constraints.txt holds for every Python and platform
	$(BIN)/pytest --numprocesses 4 -m registry tests/test_constraints.py
	$(BIN)/pytest -m registry tests/test_wheel.py

test-faults: $(VENV)/.installed-dev ## The long tests of docs/reliability.md: kills, full disks, hostile files, lost processes
	$(pytest) -m faults -rP

# One thread each, since the threads of several processes would wait for one another; a file's tests stay together,
# since they share what is costly to set up, except hostile documents (`ALONE` in tests/conftest.py).
pytest = OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses $(JOBS) --dist loadfile

# One resolution for all Pythons and platforms. What is pinned and still fits stays: UPGRADE=--upgrade renews all pins,
# UPGRADE='--upgrade-package numpy' one; the release of torch stands in pyproject.toml. An environment without uv gets
# the newest, since the pins may be what is broken.
constraints: $(BIN)/uv ## Pin the versions to test with in constraints.txt, for every Python and platform at once
	UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --quiet --universal --python $(BIN)/python --python-version 3.10 \
		--all-extras --no-annotate --custom-compile-command 'make constraints' $(UPGRADE) \
		--output-file constraints.txt pyproject.toml

$(BIN)/uv:
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

bench: $(VENV)/.installed-dev ## Compare start-up, growth with length, training steps and attention with their targets
	@$(BIN)/python -m tests.performance.targets

bench-gpu: $(VENV)/.installed-dev ## Measure every attention mechanism and decoding on a CUDA device, and run the GPU tests
	$(BIN)/fastsum bench attention --device cuda --precision bf16 --width 512 --output bench/gpu
	$(BIN)/fastsum bench attention --device cuda --precision bf16 --width 512 --compile --output bench/gpu-compiled
	$(BIN)/fastsum bench attention --device cuda --precision bf16 --width 512 --scope encoder --output bench/gpu-encoder
	$(BIN)/fastsum bench attention --device cuda --precision bf16 --width 512 --scope encoder --compile --output bench/gpu-encoder-compiled
	$(BIN)/fastsum bench decoding --device cuda --precision bf16 --output bench/gpu
	$(BIN)/pytest -m gpu

# What a kill in the middle of a save left counts as well: --resume puts it back.
train = $(BIN)/fastsum train "$(1)" --output runs/$(2) \
	$(if $(wildcard runs/$(2)/latest runs/$(2)/.latest.old),--resume,--config $(2))

train-general: $(VENV)/.installed-train ## Train the model for any kind on DATA, a folder of rows of many kinds, into runs/general
	$(call train,$(or $(DATA),$(error name a folder of rows with DATA=)),general)

train-news: $(VENV)/.installed-train ## Train the news model on DATA (cnn_dailymail) into runs/news, or go on where it stopped
	$(call train,$(or $(DATA),cnn_dailymail),news)

# Its sentences are weighed first, then, if TUNE names rows, once more on those, and at last its words.
further = $(BIN)/fastsum train "$(1)" --from $(2)/best --output $(3) $(4) \
	$(if $(wildcard $(3)/latest $(3)/.latest.old),--resume)
words = $(addprefix --set ,model.word_counts=true decoding.coverage=20 decoding.learned_length=true training.part=words \
	training.steps=1100 training.batch_tokens=32768 training.learning_rate=2e-3 training.warmup=20 training.validate_every=550 \
	training.validate_rows=200 training.save_every=100)

train-paper: $(VENV)/.installed-train ## Train the paper model on DATA (pubmed) and on TUNE, if given, into runs/paper-words
	$(call train,$(or $(DATA),pubmed),paper)
	$(if $(TUNE),$(call further,$(TUNE),runs/paper,runs/paper-tuned,--set data.soft_labels=0.25))
	$(call further,$(or $(DATA),pubmed),runs/paper$(if $(TUNE),-tuned),runs/paper-words,$(words))

format: $(VENV)/.installed-dev ## Sort imports, fix what ruff can and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove caches and build outputs; the environment stays
	rm -rf build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find fastsum tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The package is installed in place (editable), so only its dependencies and metadata can go stale; by a path entry
# (compat), since the import hook setuptools uses otherwise loses to a checkout named fastsum in the current folder.
install = $(PIP) --config-settings editable_mode=compat --editable

# What summarizing needs.
$(VENV)/.installed: pyproject.toml constraints.txt
	@command -v $(PYTHON) > /dev/null || { echo "There is no $(PYTHON) here. Install Python 3.10 to 3.14, or name one that \
	is there: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -I fastsum/platforms.py
	@echo "Setting up $(VENV)." >&2
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(install) .
	@touch $@

$(VENV)/.installed-train: $(VENV)/.installed
	@$(BIN)/python -I fastsum/platforms.py train
	@echo "Adding PyTorch and what else training needs to $(VENV), which takes some minutes." >&2
	@$(install) '.[train]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-train
	@echo "Adding the tools for checking to $(VENV)." >&2
	@$(install) '.[dev]'
	@touch $@
