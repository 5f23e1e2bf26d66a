# Every command a developer needs; `make help` lists them.
SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

export CGO_ENABLED = 0
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
export TESTFLAGS ?=

.PHONY: help build test test-full test-lab demo bench bench-check lint generate dist dist-check agents clean sshd lua51 fuzz

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/sloth-runner, with the agent for hosts like this machine
	@go run ./tools/dist -version "$(VERSION)" -own bin/sloth-runner

demo: build sshd ## run an example on three temporary SSH hosts on this machine
	@go run ./tools/demo -bin bin/sloth-runner

test: sshd lua51 ## run all tests that need no root
	@.ci/test

test-full: ## run all tests, also slow ones: every kind of hostile host, races repeated a thousand times
	@SLOTH_TEST_FULL=1 LIMIT=90m $(MAKE) --no-print-directory test

test-lab: sshd ## run the tests that need root on Linux: hosts that lose their network or power, in network namespaces
	@if [[ $$(uname -s) != Linux || $$(id -u) != 0 ]]; then echo "make test-lab needs root on Linux" >&2; exit 1; fi
	go test -tags lab -count 1 -parallel 12 -timeout 20m $(TESTFLAGS) ./tools/lab/...

bench: build sshd ## measure against plain SSH, side by side
	go test -run '^$$' -bench . -benchtime 1000x ./sloth/modules/file
	go run ./tools/bench -bin bin/sloth-runner $(BENCHFLAGS)

bench-check: sshd ## test the benchmark itself
	SLOTH_TEST_FULL=1 go test -count 1 ./tools/bench

fuzz: ## run every fuzz target for ten seconds
	@for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "$$package $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime 10s $$package; \
	  done; \
	done

lint: ## gofmt, go vet, staticcheck, and generated code that is up to date
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); if [[ -n $$unformatted ]]; then echo "not gofmt-clean:"; echo "$$unformatted"; exit 1; fi
	go vet -tags lab ./...
	GOOS=darwin GOARCH=arm64 go vet ./...
	go vet -tags agent .
	go tool staticcheck -tags lab ./...
	go mod verify >/dev/null
	@before=$$(cat proto/*.pb.go | sha256sum); $(MAKE) --no-print-directory generate; \
	  if [[ $$before != $$(cat proto/*.pb.go | sha256sum) ]]; then echo "generated code was not up to date: run make generate and commit the result"; exit 1; fi

generate: ## generate the Go code of proto/*.proto
	go run ./tools/protogen

dist: ## build the release files into dist/: a program with all agents for each platform, and checksums
	@go run ./tools/dist -version "$(VERSION)" -o dist

dist-check: ## check that two builds of this commit, from two directories, are identical
	@go run ./tools/dist -version "$(VERSION)" -check

agents: ## build the agents for every platform, for --agents-dir, into dist/agents
	@go run ./tools/dist -version "$(VERSION)" -o dist -agents

clean: ## remove what was built
	rm -rf bin dist bootstrap/payload/agents/*_*-*

# OpenSSH's server, for tests, demo and bench. Without it they use an SSH server in Go, with a message.
sshd:
	@if [[ ! -x /usr/sbin/sshd ]] && ! command -v sshd >/dev/null; then \
	  if [[ $$(id -u) == 0 ]] && command -v apt-get >/dev/null; then \
	    echo "installing openssh-server, for the test hosts"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openssh-server >/dev/null; \
	  else echo "no OpenSSH server is installed: the test hosts are served by an SSH server in Go instead" >&2; fi; \
	fi

# Lua 5.1, which tests compare the task language with. Without it these tests are skipped, with a message.
lua51:
	@if ! command -v lua5.1 >/dev/null && [[ $$(id -u) == 0 ]] && command -v apt-get >/dev/null; then \
	  echo "installing lua5.1, for comparing the task language"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq lua5.1 >/dev/null; \
	fi
