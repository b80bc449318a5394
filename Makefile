# PutGet: what there is to run. `make` alone lists it. Go and make are enough.

GO       ?= go
ADDR     ?=
CLIENT   ?=
LEVEL    ?= full
FUZZTIME ?= 30s
BENCH    ?= .

# What only some tests need; `make test` says at its end what it could not run for the lack of them.
RACE   := $(shell command -v "$$($(GO) env CC)" >/dev/null 2>&1 && echo -race)
PYTHON := $(shell command -v python3 2>/dev/null)
NODE   := $(shell command -v node 2>/dev/null)
# A name that no test has, and those that need what is not there.
SKIPPED = NoTest$(if $(PYTHON),,|TestPython(Serves|Output|ThatCannotStart|Runner.*)|TestAdapterPython.*)$(if $(NODE),,|TestAdapterNode.*)

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build putgetd, putget and putget-conform into bin/
	$(GO) build -trimpath -o bin/ ./server/cmd/putgetd ./client/cmd/putget ./conformance/cmd/putget-conform

.PHONY: install
install: ## install the three programs where `go env GOBIN` says
	$(GO) install -trimpath ./server/cmd/putgetd ./client/cmd/putget ./conformance/cmd/putget-conform

.PHONY: test
test: ## unit tests, property tests, fuzz corpora, traceability; with the race detector
	$(GO) test $(RACE) -timeout 30m -skip '^($(SKIPPED))$$' ./...
	@$(if $(RACE),,echo "make test: NOT RUN: the race detector, which needs a C compiler (Debian: apt-get install gcc)";) \
	$(if $(PYTHON),,echo "make test: NOT RUN: Python targets, adapters and the Python runner of the vectors, which need python3 (Debian: apt-get install python3)";) \
	$(if $(NODE),,echo "make test: NOT RUN: Node adapters, which need node (Debian: apt-get install nodejs)";) \
	$(if $(and $(RACE),$(PYTHON),$(NODE)),echo "make test: every group ran",true)

.PHONY: test-browser
test-browser: ## the report's page in a real browser, Chromium (Debian: apt-get install chromium)
	$(GO) test -count=1 -tags browser -run '^TestBrowser' ./conformance/report

.PHONY: conformance
conformance: build ## judge our server and our client, or another: ADDR=host:port or CLIENT=command [LEVEL=core]
	$(if $(CLIENT),,bin/putget-conform server --level $(LEVEL) $(if $(ADDR),--addr '$(ADDR)',--exec 'bin/putgetd --addr {addr}'))
	$(if $(ADDR),,bin/putget-conform client --level $(LEVEL) --exec '$(or $(CLIENT),bin/putget adapter)')

.PHONY: trace
trace: ## which requirement has a case, and which has none
	$(GO) test -count=1 -v -run '^TestTrace' ./conformance

.PHONY: mutants
mutants: ## judge the judge: every mutant, compared with the kill matrix; RENEW=1 writes that anew
	cd conformance && $(GO) test -count=1 -timeout 60m -parallel 8 -run '^(TestMutants|TestPairsOfMutants|TestTraceMutants|TestClientMutants|TestPairsOfClientMutants|TestTraceClientMutants)$$' -args -mutants $(if $(RENEW),-renew)

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME, one after the other
	@found=0; for pkg in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    found=1; echo "== $$target in $$pkg"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
	  done; \
	done; [ $$found = 1 ] || { echo "make fuzz: no fuzz target found" >&2; exit 1; }

.PHONY: bench
bench: ## benchmarks with allocations: make bench BENCH=Put
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./spec/... ./server/... ./client/...

.PHONY: spec
spec: ## renew the lock and the vectors after a change of SPEC.md
	$(GO) generate ./spec

.PHONY: lint
lint: ## gofumpt, vet, staticcheck, tidy, fix
	@out=$$($(GO) tool gofumpt -l .); [ -z "$$out" ] || { echo "not formatted (make fmt):" $$out >&2; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) mod tidy -diff
	$(GO) fix -diff ./...

.PHONY: fmt
fmt: ## format every file
	$(GO) tool gofumpt -w .

.PHONY: check
check: lint test ## what a change must pass

.PHONY: clean
clean: ## remove what was built
	rm -rf bin
