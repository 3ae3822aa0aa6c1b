# `make` alone tells what there is. Needs Python 3.11 or newer and make; everything else goes into
# .venv (to run) and .venv-test (to test), from the locks in requirements/, nothing into the system.
# On Windows: see README, "Windows".

SHELL = /bin/sh
.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.PHONY: help run page test check lint docs bench mutants fuzz proofs lock clean

# Another interpreter: make run PYTHON=/path/to/python3.13
PYTHON =
# Parallel test processes: make test WORKERS=8
WORKERS = 2

RUN = .venv/bin
TEST = .venv-test/bin
PROOFS = .venv-proofs/bin
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check --no-input
# The only other tool, and only for `make lock`.
UV = uv==0.13.9

help:
	@echo 'make run     the main job on the data that ships: templates, check, scores, league table'
	@echo 'make page    fetch what `pii page` embeds: Python for browsers (needs npm and the network)'
	@echo 'make test    everything that must hold: ruff, mypy, import contracts, pytest'
	@echo 'make check   the same under the name CONTRIBUTING uses: one command that checks everything'
	@echo 'make lint    ruff, mypy and import contracts only (seconds)'
	@echo 'make docs    write docs/method.md anew from the code and the editions'
	@echo 'make mutants change pii/steps one operator at a time; some test must fail each time (slow)'
	@echo 'make fuzz    100,000 broken files against the way in (an hour; Linux; FUZZ=N for N files)'
	@echo 'make proofs  500 random fills of the live sheet, recalculated by LibreOffice (slow)'
	@echo 'make bench   every benchmark, printed; nothing is tested'
	@echo 'make lock    resolve requirements/*.txt anew from setup.cfg (needs the network)'
	@echo 'make clean   remove the environments and caches; runs/ is never touched'
	@echo
	@echo 'The first call builds its environment, which takes a minute or two; later calls start at once.'
	@echo 'Another Python: make run PYTHON=python3.13'

# ---------------------------------------------------------------- the main job (adapt here) ------
# Folder names carry the time, so no run ever overwrites another: mkdir refuses one that exists.
OPEN = data/open-2022

run: .venv/.installed
	@set -e; \
	dir="runs/open-2022-$$(date +%Y%m%d-%H%M%S)"; \
	mkdir -p runs; mkdir "$$dir"; \
	$(RUN)/pii template --framework $(OPEN)/edition.yaml --central $(OPEN)/figures.csv \
	    --out "$$dir/submissions"; \
	$(RUN)/pii check "$$dir/submissions" --framework $(OPEN)/edition.yaml; \
	$(RUN)/pii run "$$dir/submissions" --framework $(OPEN)/edition.yaml \
	    --compare-published 2023 --out "$$dir/results"
# ---------------------------------------------------------------- end of the main job ------------

# Files only: nothing of these packages is run here. axe-core is for tests/report/test_offline.py.
PYODIDE = 314.0.7
PYODIDE_SHA512 = 0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==
AXE = 4.14.1
AXE_SHA512 = FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==

page: .pyodide/package/pyodide.asm.wasm .pyodide/axe/axe.min.js

.pyodide/package/pyodide.asm.wasm:
	@$(call npm_files,pyodide,$(PYODIDE),$(PYODIDE_SHA512),.pyodide/package)

.pyodide/axe/axe.min.js:
	@$(call npm_files,axe-core,$(AXE),$(AXE_SHA512),.pyodide/axe)

test: lint
	$(TEST)/python -m pytest -n $(WORKERS)

check: test

lint: .venv-test/.installed
	$(TEST)/ruff check .
	$(TEST)/ruff format --check .
	$(TEST)/mypy --strict pii
	$(TEST)/lint-imports

docs: .venv-test/.installed
	$(TEST)/python docs/make_method.py

# Settings: [mutmut] in setup.cfg; the last result: docs/mutants.md. One module: MUTANTS='pii.steps.rank*'
MUTANTS =
CHILDREN = 2

mutants: .venv-proofs/.locked
	.venv-proofs/bin/mutmut run --max-children $(CHILDREN) $(MUTANTS)
	.venv-proofs/bin/mutmut results
# ---- slow proofs, each a script of its own -------------------------------------------------------
FUZZ = 100000

fuzz: .venv-proofs/.installed
	$(PROOFS)/python -m tests.fuzz.structured --count $$(($(FUZZ) / 4)) --keep .fuzz/kept
	$(PROOFS)/python tests/fuzz/guided.py .fuzz/guided -runs=$$(($(FUZZ) * 3 / 4)) \
	    -max_len=200000 -timeout=30 -rss_limit_mb=3000

# Results with dates: docs/proofs.md
proofs: .venv-test/.installed
	PII_LIVE_FILLS=500 $(TEST)/python -m pytest tests/report/test_live.py -k formulas

bench: .venv-test/.installed
	@set -e; for file in benchmarks/*.py; do echo "---- $$file"; $(TEST)/python "$$file"; done

# ---- $(1) package, $(2) version, $(3) SHA-512 in base 64, $(4) folder; the last step is a rename --

define npm_files
$(find_python); \
if ! command -v npm >/dev/null; then \
    echo 'make page needs npm (Debian, Ubuntu: sudo apt-get install npm).' >&2; exit 1; \
fi; \
mkdir -p .pyodide && rm -rf $(4) $(4).new && mkdir $(4).new && \
npm pack --silent --ignore-scripts --pack-destination .pyodide $(1)@$(2) >/dev/null && \
"$$py" -c 'import base64, hashlib, sys; data = open(sys.argv[1], "rb").read(); \
found = base64.b64encode(hashlib.sha512(data).digest()).decode(); \
sys.exit(0 if found == sys.argv[2] else f"{sys.argv[1]}: SHA-512 is {found}, not {sys.argv[2]}")' \
    .pyodide/$(1)-$(2).tgz '$(3)' && \
tar -xzf .pyodide/$(1)-$(2).tgz -C $(4).new --strip-components=1 && touch $(4).new/* && \
mv $(4).new $(4) && echo '$(1) $(2): $(4)'
endef

# ---- environments: rebuilt when a lock changes, re-linked when the metadata changes --------------

.venv/.locked: requirements/run.txt
	@$(call build_venv,.venv,$<)

.venv-test/.locked: requirements/test.txt
	@$(call build_venv,.venv-test,$<)

.venv-proofs/.locked: requirements/proofs.txt
	@$(call build_venv,.venv-proofs,$<)

.venv/.installed .venv-test/.installed .venv-proofs/.installed: %/.installed: %/.locked setup.cfg pyproject.toml
	@$*/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# The first that is new enough.
define find_python
py=; \
for candidate in $(if $(PYTHON),'$(PYTHON)',python3 python3.14 python3.13 python3.12 python3.11 python); do \
    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1; then py=$$candidate; break; fi; \
done; \
if [ -z "$$py" ]; then \
    echo 'pii needs Python 3.11 or newer, and found none as: $(if $(PYTHON),$(PYTHON),python3, python3.14 ... python3.11, python).' >&2; \
    echo 'Install one (Debian, Ubuntu: sudo apt-get install python3 python3-venv; others: python.org),' >&2; \
    echo 'or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.13' >&2; \
    exit 1; \
fi; \
if ! "$$py" -c 'import venv, ensurepip' >/dev/null 2>&1; then \
    v=$$("$$py" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
    echo "$$py is Python $$v without the parts that build environments (venv, ensurepip)." >&2; \
    echo "Debian, Ubuntu: sudo apt-get install python$$v-venv; then repeat make $(MAKECMDGOALS)." >&2; \
    exit 1; \
fi
endef

# $(1) the environment, $(2) its lock. The stamp comes last: a build that broke off starts afresh.
define build_venv
$(find_python); \
echo "Building $(1) with $$("$$py" --version) from $(2) ..."; \
"$$py" -m venv --clear $(1) && \
$(1)/bin/python $(PIP_INSTALL) --require-hashes --requirement $(2) && \
touch $(1)/.locked
endef

# ---- locks ----------------------------------------------------------------------------------------
# The run lock first; the test lock then keeps its versions. One set for every system and Python.

COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
    --fork-strategy fewest --generate-hashes --no-header --upgrade setup.cfg requirements/build.in

lock:
	@$(find_python); \
	"$$py" -m venv --clear .venv-lock && .venv-lock/bin/python $(PIP_INSTALL) $(UV)
	$(COMPILE) --output-file requirements/run.txt
	$(COMPILE) --extra test --extra notebook --extra dask --constraints requirements/run.txt \
	    --output-file requirements/test.txt
	$(COMPILE) --extra test --extra notebook --extra dask --extra proofs \
	    --constraints requirements/test.txt --output-file requirements/proofs.txt
	@rm -rf .venv-lock
	@echo 'Locks written. Now: make check, and a line in CHANGELOG if a score moved.'

clean:
	rm -rf .venv .venv-test .venv-proofs .venv-lock .pyodide .fuzz mutants build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find pii tests -name __pycache__ -type d -prune -exec rm -rf {} +
