# What people say to this project. `make` alone lists it; what needs an `if` is Rust.

CARGO ?= cargo
# Built outside the checkout, so that a fresh clone reuses it.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/goldpress-target
GOLDPRESS := $(CARGO_TARGET_DIR)/release/goldpress
DEMO := out/demo

.DEFAULT_GOAL := help
.PHONY: help demo demo-dataset baseline check lint test test-interop test-reference format bench bench-ingest bench-eval bench-labels schemas fuzz

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort | awk -F '\t' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: release ## Ingest corpus/, attach its gold, run every built-in, print the scores
	@sh demo/run.sh $(GOLDPRESS) $(DEMO)

demo-dataset: ## The same build with Polars: overview and SQL of the demo's dataset
	$(CARGO) build --release --locked -p goldpress
	@sh demo/run.sh $(GOLDPRESS) $(DEMO)
	@sh demo/dataset.sh $(GOLDPRESS) $(DEMO)

.PHONY: release
release:
	$(CARGO) build --release --locked -p goldpress --no-default-features

baseline: demo ## Make the scores of the demo the baseline of corpus/: BECAUSE="…"
	$(GOLDPRESS) accept $(DEMO) --baseline corpus/goldpress.baseline.jsonl --because "$(BECAUSE)"

check: lint test ## All that CI runs

lint: ## Formatting, clippy with warnings denied
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

test: ## All tests
	$(CARGO) test --workspace --locked

.venv/interop: interop/requirements.txt
	python3 -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

test-interop: .venv/interop ## Label files exchanged with spaCy, doccano, Label Studio, cassis, gatenlp, datasets
	$(CARGO) test --locked -p goldpress --test it interop -- --nocapture

DUMPS_VENV ?= $(CARGO_TARGET_DIR)/dumps-venv
.PHONY: dumps
dumps: release ## Dumps by news-please, Fundus, Scrapy and trafilatura themselves, and how ingest maps them
	@sh interop/dumps.sh $(GOLDPRESS) $(dir $(WCXB)) $(DUMPS_VENV) out/dumps

.venv/reference: crates/goldpress-eval/tests/reference/requirements.txt
	python3 -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

test-reference: .venv/reference ## Random tags through seqeval and nervaluate themselves, number for number
	$(CARGO) test --locked -p goldpress-eval --test it reference_programs -- --nocapture

format: ## Format the code
	$(CARGO) fmt --all

bench: ## Micro-benchmarks, for the person at the keyboard
	$(CARGO) bench --workspace --locked --exclude goldpress --exclude goldpress-sql

# ftfy 6.3.1 and charset-normalizer 3.5.3, in a folder of their own.
DECODING_VENV ?= $(CARGO_TARGET_DIR)/decoding-venv
.PHONY: bench-decoding
bench-decoding: ## Right, wrong and refused byte strings, beside ftfy and charset-normalizer
	@test -d $(DECODING_VENV) || python3 -m venv $(DECODING_VENV)
	@$(DECODING_VENV)/bin/pip install -q ftfy==6.3.1 charset-normalizer==3.5.3
	@$(CARGO) run -q --locked -p goldpress-text --example decoding > $(DECODING_VENV)/answers.tsv
	@$(DECODING_VENV)/bin/python crates/goldpress-text/benches/decoding.py \
		crates/goldpress-text/tests/vectors/decoding.tsv $(DECODING_VENV)/answers.tsv

WCXB ?= ../shared/data/wcxb-dev/html
.PHONY: bench-innertext
bench-innertext: ## Blocks beside what headless Chromium shows, on 40 pages of WCXB
	@command -v chromium > /dev/null || apt-get install -y -q --no-install-recommends chromium
	@$(CARGO) build -q --locked -p goldpress-ingest --example blocks
	@test ! -d $(WCXB) && echo "skipped: there are no pages in $(WCXB)" \
		|| node crates/goldpress-ingest/benches/innertext.mjs \
		$(CARGO_TARGET_DIR)/debug/examples/blocks $(WCXB)

# Peers of the finder of bodies, in a folder of their own.
CONTENT_VENV ?= $(CARGO_TARGET_DIR)/content-venv
CONTENT_MODELS ?= $(CARGO_TARGET_DIR)/content-models
.PHONY: eval-content
eval-content: ## Bodies and fields of WCXB's pages and of their texts, held out by host, beside peers; REPORT=DAY writes
	$(CARGO) build --release --locked -p goldpress --no-default-features --example content
	@test -d $(CONTENT_VENV) || python3 -m venv $(CONTENT_VENV)
	@$(CONTENT_VENV)/bin/pip install -q --upgrade pip
	@$(CONTENT_VENV)/bin/pip install -q -r benches/content-requirements.txt
	@rm -rf $(CONTENT_MODELS)
	@$(CONTENT_VENV)/bin/python benches/content.py --data $(dir $(WCXB)) \
		--example $(CARGO_TARGET_DIR)/release/examples/content --models $(CONTENT_MODELS) \
		--cache $(CARGO_TARGET_DIR)/content-cache --floor benches/content-floor.tsv \
		$(if $(REPORT),--date $(REPORT))

BENCH_PAGES ?= 2000
bench-ingest: .venv/bench ## Ingest and dedup against igzip and their peers, on made-up pages; BENCH_PAGES of them
	@command -v igzip > /dev/null || apt-get install -y -q --no-install-recommends isal libmagic1
	$(CARGO) build --release --locked -p goldpress -p goldpress-ingest --no-default-features --bins --examples
	@.venv/bin/python benches/ingest.py --target $(CARGO_TARGET_DIR)/release --pages $(BENCH_PAGES)

.venv/bench: benches/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install -q -r benches/requirements.txt
	@touch $@

bench-eval: .venv/bench ## The evaluator beside nervaluate and seqeval, from memory and as a command
	$(CARGO) build --release --locked -p goldpress -p goldpress-eval --no-default-features --bins --examples
	@.venv/bin/python benches/eval.py --target $(CARGO_TARGET_DIR)/release

bench-labels: release ## CPU seconds of label verbs on ten thousand articles
	python3 benches/labels.py $(GOLDPRESS) out/bench-labels

schemas: ## Write schemas/ anew
	$(CARGO) run --locked -q -p goldpress -- schema --output schemas

.PHONY: attack
attack: ## Bombs, hostile text, edited baselines, kills and races, at full size
	$(CARGO) test --locked -p goldpress-store --lib foreign::
	$(CARGO) test --locked -p goldpress-ingest --test it -- bombs archives around compression
	$(CARGO) test --locked -p goldpress --test it -- --include-ignored \
		hostile toothless streams determinism label_kills label_races gate

FUZZ_SECONDS ?= 60
fuzz: ## Coverage-guided fuzzing of every parser, FUZZ_SECONDS each
	@sh fuzz/run.sh $(FUZZ_SECONDS)
