# Two commands do all the set-up: `make demo`, `make test`. Both are quick when run again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where benchmarks keep corpora and indexes.
WORK ?= .bench
# Where pip finds PyTorch; empty: where it finds everything else. On Linux that is mostly a build for NVIDIA's cards with
# gigabytes of CUDA libraries, which nrqa does without. PyTorch's own index has a build for processors alone:
# make demo TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
# Installed with the versions of constraints.txt; done again when what is declared changes.
STAMP := $(VENV)/.installed

# The frameworks that the adapters are for, and Jupyter, on top of what is in $(VENV): nothing is installed twice.
FRAMEWORKS := $(VENV)-frameworks
FRAMEWORKS_STAMP := $(FRAMEWORKS)/.installed
# MkDocs, which makes a site of the pages, likewise.
SITE := $(VENV)-site
SITE_STAMP := $(SITE)/.installed
# Ray, likewise, and Spark.
CLUSTER := $(VENV)-ray
CLUSTER_STAMP := $(CLUSTER)/.installed
SPARK := $(VENV)-spark
SPARK_STAMP := $(SPARK)/.installed
LENT = import sys; print(*[path for path in sys.path if path.endswith("site-packages")], sep="\n")

# How many tests run at once: one on each processor, but no more than memory allows (1.5 GB each).
JOBS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -gt 8 ] && echo 8 || echo $$n)
TEST := pytest --numprocesses $(JOBS) --dist worksteal

# Compiled modules are kept, whatever the shell says: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-fast frameworks test-adapters test-ray test-spark test-milvus test-agents extension test-page test-api walk lint types format screenshot site-tools site slim \
	bench clean

demo: $(STAMP)
	$(BIN)/nrqa index corpus
	$(BIN)/nrqa query "why does Russia oppose missile defense"

test: $(STAMP)
	$(BIN)/$(TEST)

# For the edit loop: without the tests marked slow, and with few examples of each law.
test-fast: $(STAMP)
	NRQA_EFFORT=0.05 $(BIN)/$(TEST) -m "not slow"

frameworks: $(FRAMEWORKS_STAMP)

# LangChain, LlamaIndex, Haystack and Jupyter with nrqa in them, and LangChain's own tests. What they warn of is theirs.
test-adapters: $(FRAMEWORKS_STAMP)
	$(FRAMEWORKS)/bin/python -m pytest tests/adapters --override-ini filterwarnings= \
		--override-ini asyncio_mode=auto --override-ini asyncio_default_fixture_loop_scope=function

# A Ray cluster of one head and two workers on this machine, in a namespace without a network: eight minutes on a busy machine.
test-ray: $(CLUSTER_STAMP)
	$(CLUSTER)/bin/python -m pytest tests/cluster --override-ini filterwarnings=

# The lines for PySpark in docs/many-machines.md, with Spark on this machine (it wants Java 17).
test-spark: $(SPARK_STAMP)
	$(SPARK)/bin/python -m pytest tests/spark --override-ini filterwarnings=

# A Milvus server that runs already: SERVER=HOST:PORT (milvus+https://HOST:PORT encrypts), a token in NRQA_MILVUS_TOKEN.
# The contract, the same answers as a folder's, and how many questions it answers; what was made on it is deleted.
test-milvus: $(STAMP)
	test -n "$(SERVER)" || { echo "Say which: make test-milvus SERVER=HOST:PORT"; exit 1; }
	NRQA_MILVUS_SERVER=$(SERVER) $(BIN)/pytest tests/index/test_contract.py -k milvus
	$(BIN)/python -m benchmarks.scale.same_answers --server $(SERVER) --work $(WORK)/milvus --name same-answers-yours
	$(BIN)/python -m benchmarks.scale.served --server $(SERVER) --work $(WORK)/milvus --corpus corpus --name served-yours

# The agents' server with an older client (in an environment of its own), and with the protocol's inspector and
# conformance suite from npm. Both want a newer Node than most machines have: npm brings that, too.
NODE := npx --yes --package node@22
INSPECTOR := $(NODE) --package @modelcontextprotocol/inspector@2.12.0 -- mcp-inspector
CONFORMANCE := $(NODE) --package @modelcontextprotocol/conformance@0.2.0-alpha.12 --
test-agents: $(STAMP)
	$(BIN)/nrqa index corpus --index $(WORK)/agents
	test -x $(WORK)/older-client/bin/python || $(PYTHON) -m venv $(WORK)/older-client
	$(WORK)/older-client/bin/python -m pip install --quiet --disable-pip-version-check "mcp<2"
	$(WORK)/older-client/bin/python tests/agents/clients/old_client.py $(CURDIR)/$(BIN)/nrqa $(WORK)/agents
	$(INSPECTOR) --cli $(CURDIR)/$(BIN)/nrqa mcp --index $(abspath $(WORK))/agents --method tools/list --strict > $(WORK)/tools.json
	$(CONFORMANCE) $(CURDIR)/$(BIN)/python tests/agents/clients/conformance.py $(WORK)/agents
	$(BIN)/pytest tests/agents tests/test_agents_page.py

# An extension for desktop clients (build/agents/nrqa.mcpb) and what the registry of servers is told (build/agents/server.json).
NAMESPACE ?= io.github.example
extension: $(STAMP)
	$(BIN)/python docs/extension/extension.py build/agents $(NAMESPACE)
	$(NODE) --package @anthropic-ai/mcpb@2.1.2 -- mcpb validate build/agents/extension/manifest.json
	$(NODE) --package @anthropic-ai/mcpb@2.1.2 -- mcpb pack build/agents/extension build/agents/nrqa.mcpb

# The page in Chromium, and axe-core over all of it. axe is from npm, under the MPL, and stays out of the repository.
AXE := $(abspath $(WORK))/axe-core-4.14.1
test-page: $(STAMP)
	mkdir -p $(AXE)
	test -f $(AXE)/package/axe.min.js || (cd $(AXE) && npm pack --silent axe-core@4.14.1 && tar xzf axe-core-4.14.1.tgz)
	NRQA_AXE=$(AXE)/package/axe.min.js $(BIN)/pytest tests/server/test_accessibility.py tests/server/test_browser.py

# The API as schemathesis tries it, some two minutes. It lives in an environment of its own: it wants other versions than ours.
SCHEMATHESIS := $(WORK)/schemathesis
test-api: $(STAMP)
	$(PYTHON) -m venv $(SCHEMATHESIS)
	$(SCHEMATHESIS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/server/requirements.txt
	$(BIN)/python tests/server/clients/fuzzing.py $(SCHEMATHESIS)/bin/schemathesis

# An analyst's way through the page over 1,000 files, in Chromium: each step checked, its pictures drawn.
walk: $(STAMP)
	$(BIN)/python -m benchmarks.serving.walk --work $(WORK) --pictures docs/pictures

# The small distribution, with the default encoder and without PyTorch, as a wheel in dist/.
slim: $(STAMP)
	$(BIN)/python packaging/slim.py

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(STAMP)
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# The pictures in README.md, drawn anew; those of the page need Chromium and the index of `make demo`.
screenshot: $(STAMP)
	$(BIN)/python docs/pictures/terminal.py
	$(BIN)/python docs/pictures/page.py

site-tools: $(SITE_STAMP)

# The pages as a site in build/site; a link that leads nowhere is an error.
site: $(SITE_STAMP)
	rm -rf build/pages build/site
	mkdir -p build/pages
	tar -cf - *.md docs/*.md docs/*/*.md docs/*/*/*.md docs/pictures/*.??g benchmarks/*.md benchmarks/results/*.md \
		benchmarks/results/*.svg | tar -xf - -C build/pages
	@# Not --quiet: a warning that is not shown is no error either.
	$(SITE)/bin/python -m mkdocs build --strict

bench: $(STAMP)
	$(BIN)/python -m benchmarks.all --work $(WORK)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	@# What PyTorch itself needs comes with the next line, from where everything else is.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		$(if $(TORCH_INDEX),--no-deps --index-url $(TORCH_INDEX)) torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $(STAMP)

$(FRAMEWORKS_STAMP): $(STAMP) tests/adapters/requirements.txt
	$(PYTHON) -m venv $(FRAMEWORKS)
	cd $(FRAMEWORKS)/lib/python3*/site-packages && (cd $(CURDIR) && $(BIN)/python -c '$(LENT)' && echo $(CURDIR)/src) > lent.pth
	$(FRAMEWORKS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
		--requirement tests/adapters/requirements.txt
	touch $(FRAMEWORKS_STAMP)

$(CLUSTER_STAMP): $(STAMP) tests/cluster/requirements.txt
	$(PYTHON) -m venv $(CLUSTER)
	cd $(CLUSTER)/lib/python3*/site-packages && (cd $(CURDIR) && $(BIN)/python -c '$(LENT)' && echo $(CURDIR)/src) > lent.pth
	$(CLUSTER)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
		--requirement tests/cluster/requirements.txt
	touch $(CLUSTER_STAMP)

$(SPARK_STAMP): $(STAMP) tests/spark/requirements.txt
	$(PYTHON) -m venv $(SPARK)
	cd $(SPARK)/lib/python3*/site-packages && (cd $(CURDIR) && $(BIN)/python -c '$(LENT)' && echo $(CURDIR)/src) > lent.pth
	$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
		--requirement tests/spark/requirements.txt
	touch $(SPARK_STAMP)

$(SITE_STAMP): $(STAMP) docs/requirements.txt
	$(PYTHON) -m venv $(SITE)
	cd $(SITE)/lib/python3*/site-packages && (cd $(CURDIR) && $(BIN)/python -c '$(LENT)') > lent.pth
	$(SITE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement docs/requirements.txt
	touch $(SITE_STAMP)

clean:
	rm -rf $(VENV) $(FRAMEWORKS) $(SITE) $(CLUSTER) $(SPARK) build dist .pytest_cache .mypy_cache .ruff_cache
