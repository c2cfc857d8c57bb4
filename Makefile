# Every command of the project. `make` alone lists them; docs/operations.md says more.

PORT ?= 8000
BIND ?= 127.0.0.1
DATA_DIR ?= var
DEMO ?= 1
PY = .venv/bin/python
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run services services-down test test-cluster check format messages lock

help: ## Danh sách lệnh / this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

setup: ## Tạo .venv theo bản khoá / make .venv from the lock
	@sh config/setup.sh requirements.txt

setup-dev: ## Thêm công cụ phát triển / with the development tools
	@sh config/setup.sh requirements-dev.txt

# `exec`: the shell is replaced, so that a signal to make reaches the one that stops everything.
run: setup ## Chạy cả hệ thống: PORT=8000 DATA_DIR=var DEMO=1 / run it all
	@exec env PORT="$(PORT)" BIND="$(BIND)" DATA_DIR="$(DATA_DIR)" DEMO="$(DEMO)" $(PY) -P config/serve.py

services: setup ## PostgreSQL, Redis, Elasticsearch thật, không cần Docker / real servers without Docker
	@exec env DATA_DIR="$(DATA_DIR)" $(PY) -m config.services up

services-down: setup ## Dừng và xoá chúng / stop and remove them
	@exec env DATA_DIR="$(DATA_DIR)" $(PY) -m config.services down

test: setup-dev ## Kiểm thử trên SQLite / tests, embedded profile
	@env -u DATABASE_URL -u REDIS_URL -u ELASTICSEARCH_URL $(PY) -m pytest $(TESTS)

test-cluster: setup-dev ## Cũng bộ đó trên máy chủ thật / the same tests on the real servers
	@DATA_DIR="$(DATA_DIR)/test-cluster" sh config/test_cluster.sh $(TESTS)

check: setup-dev ## Mọi thứ cần trước khi đẩy mã, trừ kiểm thử / all a push needs but the tests
	@sh config/checks/run.sh

format: setup-dev ## Định dạng mã / format the code
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

messages: setup-dev ## Gom và biên dịch bản dịch / collect and compile translations
	@$(PY) -m config.checks.translations --write

lock: setup-dev ## Viết lại hai bản khoá / rewrite both lock files
	@sh config/lock.sh
