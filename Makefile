# `make demo` fine-tunes BERT, `make test` runs the tests; both set up what they need.
# Works from any folder: make -C PATH demo.

root := $(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))
release := $(root)/.build/release
ranks ?= 2
PREFIX ?= /usr/local
# The benchmarks' programs, into .build/benchmarks/release.
benchmarks := swift build -c release --package-path Benchmarks --scratch-path .build/benchmarks

.PHONY: help setup release install demo test test-peers test-dependent test-modules test-operators \
	test-optimizers test-slurm \
	sanitize fuzz soak endings docs docs-check modules api lint format clean \
	bench bench-bert bench-calls bench-collectives bench-data bench-ddp bench-nodes bench-recovery bench-store bench-versions
.DEFAULT_GOAL := help
.ONESHELL:
.SHELLFLAGS := -euc
SHELL := bash

help:
	@cat <<-'TEXT'
	make release            set up and build the programs into .build/release
	make install            install the lockstep command and shell completions below PREFIX (/usr/local)
	make demo               set up, build, and fine-tune BERT on IMDB on two ranks (minutes)
	make test               set up, build, and run the tests
	make test-peers         run the tests that compare with PyTorch, Hugging Face and torchrun
	make test-operators     check the generated operators with all of PyTorch's sample inputs (minutes)
	make test-modules       check the modules with all of PyTorch's sample inputs
	make test-optimizers    check optimizers and schedules with PyTorch's and transformers'
	make test-dependent     build and run a separate package that depends on this one
	make test-slurm         run the batch files under Slurm, with failures, in namespaces (root; minutes)
	make sanitize           test collectives under ThreadSanitizer and AddressSanitizer (minutes)
	make bench              compare the demo, the launcher and BERT (short) with PyTorch
	make bench-bert         compare BERT with PyTorch, all jobs (hours)
	make bench-nodes        measure recovery when nodes leave and join, in network namespaces (root)
	make bench-recovery     compare recovery from kill -9 with torchrun; count orphaned processes
	make bench-collectives  compare collectives over shared memory with Gloo
	make bench-store        compare the store's server with PyTorch's
	make bench-ddp          compare data-parallel steps and their memory with PyTorch's DDP
	make bench-calls        compare the time of an operator call with that from Python
	make bench-versions BEFORE=FOLDER  compare this build with the one in FOLDER
	make bench-data         compare tokenizing and preparing data with Hugging Face
	make fuzz               read damaged data files of all formats under AddressSanitizer
	make soak               kill 60 jobs at random times and compare their results (minutes)
	make endings            count clean exits, right reports and stops with code 75 (minutes)
	make docs               build the documentation site of all public modules into .build/docs
	make docs-check         compile the Swift blocks of the README and the guides, check links
	make api                print how the public API differs from that of the last release
	make lint               check the style of the code
	make format             format the code
	make clean              remove build outputs; .deps and .data remain
	TEXT

setup:
	@$(root)/Scripts/setup

release: setup
	@cd $(root)
	swift build -c release

install:
	@cd $(root)
	swift build -c release --product lockstep
	share=$(DESTDIR)$(PREFIX)/share
	install -D -m 755 $(release)/lockstep $(DESTDIR)$(PREFIX)/bin/lockstep
	install -d $$share/bash-completion/completions $$share/zsh/site-functions $$share/fish/vendor_completions.d
	$(release)/lockstep --generate-completion-script bash >$$share/bash-completion/completions/lockstep
	$(release)/lockstep --generate-completion-script zsh >$$share/zsh/site-functions/_lockstep
	$(release)/lockstep --generate-completion-script fish >$$share/fish/vendor_completions.d/lockstep.fish
	echo "lockstep is installed in $(DESTDIR)$(PREFIX)/bin"

demo: release
	@cd $(root)
	Scripts/fetch-demo
	$(release)/lockstep run --standalone --nproc-per-node $(ranks) $(release)/finetune-bert \
	  --model .data/all-MiniLM-L6-v2 --data .data/imdb --output demo-output \
	  --train-samples 2000 --eval-samples 1000 --epochs 1 --max-length 128 --batch-size 8 \
	  --learning-rate 1e-4

test: setup
	@cd $(root)
	swift build --build-tests
	swift test --skip-build --no-parallel

test-peers: setup
	@cd $(root)
	Scripts/fetch-demo
	Scripts/setup-arrow
	python=$$(Scripts/peers)
	swift build --build-tests
	LOCKSTEP_PEERS_PYTHON=$$python swift test --skip-build --no-parallel --filter '^PeerTests\.'

test-operators: setup
	@cd $(root)
	python=$$(Scripts/peers)
	swift build --product OperatorCalls
	$$python Benchmarks/peer/operators.py .build/debug/OperatorCalls \
	  --dtypes float32 int64 bfloat16 complex64

test-modules: setup
	@cd $(root)
	python=$$(Scripts/peers)
	swift build --product ModuleCalls
	$$python Benchmarks/peer/modules.py .build/debug/ModuleCalls

test-optimizers: setup
	@cd $(root)
	python=$$(Scripts/peers)
	swift build --product OptimizerCalls
	$$python Benchmarks/peer/optimizers.py .build/debug/OptimizerCalls

test-dependent: setup
	@$(root)/Scripts/test-dependent

test-slurm: setup
	@cd $(root)
	swift build -c release --product lockstep
	swift build -c release --product toy-elastic
	Scripts/test-slurm

# Without libtorch, which is not instrumented. Each sanitizer has a separate build folder.
sanitize:
	@cd $(root)
	for kind in thread address; do
	  swift build --sanitize $$kind --scratch-path .build/$$kind --product TestRank
	  TSAN_OPTIONS=suppressions=Tests/thread-sanitizer.txt \
	    .build/$$kind/debug/TestRank conformance
	done

bench: release
	@cd $(root)
	Scripts/fetch-demo
	python=$$(Scripts/peers)
	PATH=$$(dirname $$python):$$PATH Benchmarks/bench.py
	Benchmarks/bert.py

bench-bert: release
	@cd $(root)
	Scripts/fetch-demo
	Benchmarks/bert.py --full

bench-calls: setup
	@cd $(root)
	$(benchmarks) --product CallTime
	Benchmarks/calls.py

bench-nodes: release
	@$(root)/Benchmarks/nodes.py

bench-versions: release
	@cd $(root)
	Scripts/fetch-demo
	$(benchmarks) --product DDPStep
	Benchmarks/versions.py $(BEFORE)

bench-recovery: release
	@$(root)/Benchmarks/recovery.py

bench-data: release
	@cd $(root)
	$(benchmarks) --product PrepareReviews
	Scripts/fetch-demo
	Benchmarks/data.py

fuzz: setup
	@cd $(root)
	Scripts/setup-arrow
	Scripts/fuzz

soak: release
	@cd $(root)
	Benchmarks/soak.py

endings: setup
	@cd $(root)
	for product in lockstep TestEnding; do swift build -c release --product $$product; done
	Benchmarks/endings.py

bench-collectives: setup
	@cd $(root)
	$(benchmarks) --product CollectivesBench
	Benchmarks/collectives.py --results Benchmarks/results
	Benchmarks/collectives.py --results Benchmarks/results --ranks 4 --sizes 4 65536 1048576 26214400
	Benchmarks/collectives.py --results Benchmarks/results --ranks 8 --sizes 4 65536 1048576 26214400

bench-store: setup
	@cd $(root)
	$(benchmarks) --product StoreBench
	Benchmarks/store.py

bench-ddp: setup
	@cd $(root)
	$(benchmarks) --product DDPStep
	Benchmarks/ddp.py --results Benchmarks/results

# The library's modules in debug, as `make test` builds them too.
# All modules, and ArgumentParser, which the benchmarks import.
modules: setup
	@cd $(root)
	swift build --product toy-single

docs: modules
	@$(root)/Scripts/docs

docs-check: modules
	@$(root)/Scripts/docs --links-only
	$(root)/Scripts/docs-check

api: modules
	@$(root)/Scripts/api

lint:
	@cd $(root)
	swift format lint --strict --recursive Package.swift Sources Examples Benchmarks Tests
	Scripts/prose check

format:
	@cd $(root)
	swift format --in-place --recursive Package.swift Sources Examples Benchmarks Tests

clean:
	@rm -rf $(root)/.build
