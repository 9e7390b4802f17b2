# `make demo` runs the main job, `make test` the tests; both set up what they need.
# Works from any folder: make -C PATH demo.

root := $(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))
release := $(root)/.build/release
ranks ?= 2

.PHONY: help setup release demo test test-peers test-dependent sanitize fuzz soak lint format clean \
	bench bench-bert bench-collectives bench-data bench-ddp bench-nodes bench-recovery bench-store
.DEFAULT_GOAL := help
.ONESHELL:
.SHELLFLAGS := -euc
SHELL := bash

help:
	@cat <<-'TEXT'
	make release         set up and build the programs, into .build/release
	make demo            set up, build, and fine-tune BERT on IMDB on two ranks (minutes)
	make test            set up, build, and run the tests
	make test-peers      the tests that compare with PyTorch, Hugging Face and torchrun
	make test-dependent  a package outside the tree that depends on this one
	make sanitize        the collectives under ThreadSanitizer and AddressSanitizer (minutes)
	make bench           the demo's job and the launch, side by side with PyTorch; BERT's speed, a short form
	make bench-bert      BERT's speed beside PyTorch's, all jobs (hours)
	make bench-nodes     nodes that go and come in network namespaces (root)
	make bench-recovery  kill -9 to the next step, beside torchrun; orphans of killed launchers
	make bench-collectives  collectives over shared memory, side by side with Gloo
	make bench-store     the store's server, side by side with PyTorch's
	make bench-ddp       data-parallel steps and their memory, side by side with PyTorch's DDP
	make bench-data      tokenizing and preparing data, side by side with Hugging Face
	make fuzz            damaged data files of all formats, read under AddressSanitizer
	make soak            60 jobs that are killed at random moments, and what they come to (minutes)
	make lint            what the code's style is checked with
	make format          put the code into that style
	make clean           remove what was built; .deps and .data stay
	TEXT

setup:
	@$(root)/Scripts/setup

release: setup
	@cd $(root)
	swift build -c release

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
	LOCKSTEP_PEERS_PYTHON=$$python swift test --skip-build --no-parallel --filter PeerTests

test-dependent: setup
	@$(root)/Scripts/test-dependent

# Without libtorch, which no sanitizer has seen; into build folders of their own.
sanitize:
	@cd $(root)
	for kind in thread address; do
	  swift build --sanitize $$kind --scratch-path .build/$$kind --product test-rank
	  TSAN_OPTIONS=suppressions=Tests/thread-sanitizer.txt \
	    .build/$$kind/debug/test-rank conformance
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

bench-nodes: release
	@$(root)/Benchmarks/nodes.py

bench-recovery: release
	@$(root)/Benchmarks/recovery.py

bench-data: release
	@cd $(root)
	Scripts/fetch-demo
	Benchmarks/data.py

fuzz: setup
	@cd $(root)
	Scripts/setup-arrow
	Scripts/fuzz

soak: release
	@cd $(root)
	Benchmarks/soak.py

bench-collectives: setup
	@cd $(root)
	swift build -c release --product collectives-bench
	Benchmarks/collectives.py --results Benchmarks/results
	Benchmarks/collectives.py --results Benchmarks/results --ranks 4 --sizes 4 65536 1048576 26214400
	Benchmarks/collectives.py --results Benchmarks/results --ranks 8 --sizes 4 65536 1048576 26214400

bench-store: setup
	@cd $(root)
	swift build -c release --product store-bench
	Benchmarks/store.py

bench-ddp: setup
	@cd $(root)
	swift build -c release --product DDPStep
	Benchmarks/ddp.py --results Benchmarks/results

lint:
	@cd $(root)
	swift format lint --strict --recursive Package.swift Sources Examples Benchmarks Tests

format:
	@cd $(root)
	swift format --in-place --recursive Package.swift Sources Examples Benchmarks Tests

clean:
	@rm -rf $(root)/.build
