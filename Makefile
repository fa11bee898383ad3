# What a newcomer needs: `make run`, `make test`, `make check`. `make help` says the rest.
PYTHON ?= python3
BIN := .venv/bin
PO := $(wildcard center/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)
# Rules, actions and pages by the names of their files, but for three whose pages cost a quarter of all; and what is
# cheap for what it tells, of the same kinds.
COSTLY = tests/web/people/test_views.py tests/web/resident/series/test_views.py tests/web/resident/sign_ups/test_details_views.py
FAST = $(filter-out $(COSTLY), \
  $(shell find tests/*/ -name 'test_*rules.py' -o -name 'test_*actions.py' -o -name 'test_*views.py')) \
  tests/activities/test_fees.py tests/bookings/series/test_series.py tests/bookings/waiting/test_wishes.py \
  $(addprefix tests/bookings/test_,expiry.py messages.py) \
  $(addprefix tests/bookings/rulebook/test_,limits.py quotas.py terms.py times.py) \
  $(addprefix tests/kernel/test_,clock_words.py config.py db.py recurrence.py spans.py unchanged.py) \
  $(addprefix tests/notices/test_,outbox.py receivers.py silent_kinds.py) tests/organisations/test_policy.py \
  $(addprefix tests/people/test_,acting.py likeness.py matching.py names.py passwords.py phones.py records.py search.py) \
  $(addprefix tests/rooms/test_,closures.py ledger.py queries.py sentences.py wants.py) \
  $(addprefix tests/signups/test_,deciding.py messages.py offers.py together.py) tests/web/settings/words/test_own_words.py
SPELLED := center migrations templates static tests tools bench docs $(wildcard *.md) Makefile pyproject.toml
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
WORDS := -k _l -k lazy_gettext

.DEFAULT_GOAL := help
.PHONY: help run test fast test-days fuzz coverage storms audit quick hooks check bench environment tools lock translations clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: environment ## bring up the demo centre on http://127.0.0.1:8000 (CENTER_PORT changes it)
	$(BIN)/center db upgrade
	$(BIN)/center demo
	CENTER_SECOND_FACTOR=$${CENTER_SECOND_FACTOR:-0} $(BIN)/center run

test: tools ## run all tests on SQLite, PostgreSQL and in a browser
	$(BIN)/python -m tools.browser
	$(BIN)/python -m tools.fronts
	$(BIN)/python -m pytest -n $$($(BIN)/python -c "import os; print(3 * os.cpu_count() // 2)") --dist worksteal

fast: tools ## run the tests of rules, actions and pages on SQLite: no browser, no races (two minutes on two cores)
	$(BIN)/python -m pytest -q -n $$($(BIN)/python -c "import os; print(os.cpu_count())") --dist worksteal -k "not postgresql" $(FAST)

test-days: tools ## run the tests at days on which dates go wrong, New Year's Eve to leap day (slow; one engine, no browser)
	$(BIN)/python -m tools.days

fuzz: tools ## feed what reads files and typed words ten thousand cases each (slow; CENTER_FUZZ_CASES=n for fewer)
	$(BIN)/python -m pytest tests/fuzz -n auto --hypothesis-profile=fuzz

coverage: tools ## which lines and branches the tests reach on SQLite without a browser, and the ten files they reach least
	$(BIN)/python -m tools.coverage

storms: tools ## kill servers and workers while people book, ten times as often as the tests do (slow)
	CENTER_STORMS=10 $(BIN)/python -m pytest tests/test_kills.py

audit: tools .venv/.audit ## look through our code and at what is known of our libraries for weaknesses
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml center migrations
	$(BIN)/python -m tools.audit

quick: tools ## format and lint (of templates, too), spelling and types: what is looked at before each commit, once `make hooks` was run
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/djhtml --check --tabwidth 2 templates
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/codespell $(SPELLED)
	$(BIN)/mypy

hooks: tools ## look at each commit before it is made
	$(BIN)/pre-commit install

check: quick ## format, lint, spelling, types, then all tests: what CI runs
	$(MAKE) audit
	$(MAKE) test

bench: tools ## how fast it is beside a bare page, on both engines (HISTORY=100: 2.6 million bookings; PEOPLE=100: 823,400 people)
	$(BIN)/python -m bench --history $(or $(HISTORY),1) --people $(or $(PEOPLE),1)

environment: .venv/.run $(MO) ## make .venv with what the site needs to run

tools: .venv/.dev $(MO) ## make .venv with what the tests need, too

lock: .venv/.dev ## pin the newest allowed versions of everything, with hashes
	echo 'setuptools>=77' | $(LOCK) --upgrade -o requirements.lock pyproject.toml -
	echo 'setuptools>=77' | $(LOCK) --upgrade -c requirements.lock --group dev -o requirements-dev.lock pyproject.toml -
	$(LOCK) --upgrade --group audit -o requirements-audit.lock

translations: .venv/.run ## collect new sentences into the catalogues, and compile them
	$(BIN)/pybabel -q extract -F babel.cfg $(WORDS) --no-location --sort-output --omit-header -o .venv/messages.pot .
	@mkdir -p center/translations
	@test -f center/translations/zh_Hans_CN/LC_MESSAGES/messages.po || \
	  $(BIN)/pybabel -q init -i .venv/messages.pot -d center/translations -l zh_Hans_CN
	$(BIN)/pybabel -q update -i .venv/messages.pot -d center/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile --use-fuzzy -d center/translations

clean: ## take away the environment, caches and compiled translations; data in var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find center tests migrations tools -name __pycache__ -prune -exec rm -rf {} +
	find center -name '*.mo' -delete

.venv/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is: $$($(PYTHON) --version 2>&1)"; \
	  echo "Name another one like this: make PYTHON=/path/to/python3.12 run"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { \
	  echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.audit: requirements-audit.lock .venv/.run
	@$(PYTHON) -m venv .venv/audit
	@.venv/audit/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.lock && touch $@ \
	  || echo "pip-audit cannot be installed here."

%.mo: %.po | .venv/.run
	$(BIN)/pybabel -q compile --use-fuzzy -i $< -o $@ -l zh_Hans_CN
