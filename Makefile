# One command per wish. PYTHON=/path/to/python3 chooses the interpreter; ARGS=... is passed on.
.PHONY: help setup run test browser graphiql bench judges lint lock migrate reset sdl matrix
.DEFAULT_GOAL := help
python := .venv/bin/python

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name text; do printf '  make %-9s %s\n' "$$name" "$$text"; done

setup:
	@.ci/setup

run: setup ## start everything with the demo region: database, sign-in, API
	@$(python) -m api serve --demo $(ARGS)

test: setup ## everything that must hold before a commit (ARGS="-k name" chooses tests)
	@$(python) .ci/check.py test $(ARGS)

# Apart from `test`, because it needs a Chromium: /usr/bin/chromium, or CHROMIUM=/path/to/it.
browser: setup ## drive our pages in a real Chromium
	@PYTHONPATH=. $(python) tests/browser/run.py

graphiql: setup ## build the GraphiQL page from its sources (ARGS=--check compares only; needs npm)
	@$(python) .ci/graphiql.py $(ARGS)

# Loads a region of 900 schools once (minutes) and takes the peers from npm; ARGS=--quick, --growth, --help.
bench: setup ## measure beside PostGraphile, mercurius and fixed SQL: same data, rights and answers
	@$(python) -m bench $(ARGS)

# Takes foreign tools from npm and PyPI once, by committed locks; ARGS="relay urql" chooses judges.
judges: setup ## foreign tools judge the contract and a running server; each prints its score
	@PYTHONPATH=. $(python) -m tests.judges $(ARGS)

lint: setup ## the quick part of it: locks, format, lint, types, imports
	@$(python) .ci/check.py lint

lock: setup ## make the locks from pyproject.toml (ARGS=--upgrade takes newer versions)
	@$(python) .ci/lock.py $(ARGS)

migrate: setup ## bring the database of DATABASE_URL (or the private one) to the newest version
	@$(python) -m api migrate $(ARGS)

reset: setup ## forget the demo: the next run starts from empty
	@$(python) -m api reset $(ARGS)

sdl: setup ## print the contract into schema/schema.graphql
	@$(python) -m api sdl $(ARGS) > schema/schema.graphql.new && mv schema/schema.graphql.new schema/schema.graphql

matrix: setup ## write who sees what into docs/access-matrix.md and .csv
	@mkdir -p docs
	@$(python) -m api matrix --format md > docs/access-matrix.md
	@$(python) -m api matrix --format csv > docs/access-matrix.csv
