# The two commands of this project are `make demo` and `make test`; `make help` lists the others.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build test demo keten check format vet staticcheck tidy vuln soak bench screenshots clean

# Go is found in its usual place too.
export PATH := $(PATH):/usr/local/go/bin:/usr/lib/go/bin

# The product needs no C; only the race detector of `make test` does.
BUILD := CGO_ENABLED=0 go build -trimpath
TOOL := go tool -modfile=tools/go.mod

# Without git, tags or commits there still is a version, and nothing to stamp.
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
ifeq ($(VERSION),)
VERSION := ontwikkeling
export GOFLAGS := $(GOFLAGS) -buildvcs=false
endif
LDFLAGS := -ldflags "-X main.versie=$(VERSION)"

# The race detector watches everything but SQLite, which is C in the clothes of Go: memory of its own, behind its own locks,
# that no other Go touches. Watching that made tests of the store three times as slow. What calls it is watched.
RACE := -race $(foreach deel,sqlite/lib libc/... memory,-gcflags=modernc.org/$(deel)=-race=false)

# At its end a program that watches for races waits a second for those of what still runs. The tests start some hundred such
# programs, one after the other, and what still runs by then shows within a tenth of that.
export GORACE ?= atexit_sleep_ms=100

# How long `make soak` runs each fuzz target.
SOAK ?= 60s

help: ## show this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

build: ## build bin/verantwoord
	$(BUILD) $(LDFLAGS) -o bin/verantwoord ./cmd/verantwoord

# The last two lines run what is too much for the race detector, or would measure that instead. Without paths, as the program itself
# is built: so nothing is compiled twice.
test: ## install or name what the tests need, build, run every test with the race detector
	scripts/voorzien
	$(BUILD) $(LDFLAGS) -o bin/verantwoord ./cmd/verantwoord
	CGO_ENABLED=1 go test $(RACE) -timeout 60m -tags dev ./cmd/verantwoord
	CGO_ENABLED=1 go test $(RACE) -timeout 60m ./...
	CGO_ENABLED=0 go test -trimpath -timeout 60m -run '^TestEveryByteThatIsChanged' ./cmd/verantwoord
	CGO_ENABLED=0 go test -trimpath -timeout 60m -run '^(TestAnAttackTakesNoMoreThanAFile|TestTheLargestFilesStayWithinTheirMemory)$$' ./internal/rekenblad

demo: ## run a register with a fictitious municipality on this machine
	$(BUILD) -tags dev $(LDFLAGS) -o bin/verantwoord ./cmd/verantwoord
	bin/verantwoord dev

keten: ## run two organisations on this machine, of which one asks the other for data (case C2866)
	$(BUILD) -tags dev $(LDFLAGS) -o bin/verantwoord ./cmd/verantwoord
	bin/verantwoord dev --keten

check: format vet staticcheck tidy vuln ## everything a change must pass beside the tests

format:
	@fout="$$(gofmt -l .)"; if [ -n "$$fout" ]; then echo "not formatted (gofmt -w):"; echo "$$fout"; exit 1; fi

vet:
	go vet ./...
	go vet -tags dev ./...

staticcheck:
	$(TOOL) staticcheck ./...
	$(TOOL) staticcheck -tags dev ./...

tidy:
	go mod tidy -diff
	cd tools && go mod tidy -diff

vuln:
	scripts/kwetsbaar

soak: ## fuzz every target for a minute (SOAK=10m for longer), run the long variants of tests, then ten minutes of chaos
	scripts/soak $(SOAK)

bench: ## run the Go benchmarks
	go test -run '^$$' -bench . -benchmem ./...

screenshots: ## write pictures of every page to docs/schermen (wide, dark and 320 px)
	mkdir -p docs/schermen
	VERANTWOORD_SCHERMEN="$(CURDIR)/docs/schermen" go test -count=1 -timeout 30m -run '^TestEveryPageIsAccessible' ./internal/web/beheer

clean: ## remove what was built
	rm -rf bin
