# 督办 duban: everything a person types. `make` alone shows the targets.
# Needs python3.11 with venv; whatever else is wanted goes into .venv and DUBAN_HOME.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo up down status prune clean test lint types layers production-test fault-test requirements requirements-check

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2
DAYS ?= 90
COMPILE := $(BIN)/uv pip compile requirements.in --quiet --generate-hashes --python-version 3.11 \
	--custom-compile-command "make requirements"

help: ## 显示这份说明
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## 准备运行环境（.venv，按 requirements.txt 锁定的版本）

# --no-deps: the file names everything; resolving again would take the newest where a package asks for an extra.
$(READY): requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "需要 $(PYTHON)：请先安装（Debian：apt install python3.11 python3.11-venv）"; exit 1; }
	@echo "── 准备运行环境 $(VENV)：首次需下载约 250 个软件包，几分钟"
	@$(BIN)/python -c "" 2>/dev/null || $(PYTHON) -m venv --clear $(VENV) \
		|| { rm -rf $(VENV); echo "不能建立 $(VENV)：请先安装 venv（Debian：apt install python3.11-venv）"; exit 1; }
	@$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.txt | awk -v all="$$(grep -c == requirements.txt)" ' \
		/^Collecting/ && ++n % 25 == 0 { print "   已下载 " n "/" all; fflush() } \
		/^Installing/ { print "   正在安装 " all " 个软件包,约一两分钟"; fflush() }'
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check >/dev/null || { $(BIN)/python -m pip check; exit 1; }
	@touch $@
	@echo "── 运行环境已准备好：$(VENV)"

demo: setup ## 演示：重放 2024 年 1—8 月，最后一个月由真实的 Airflow 运行
	@$(BIN)/python -m demo

up: setup ## 启动系统：界面在本机，成员单位文件夹有人放文件即办理
	@$(BIN)/python -m live up

down: ## 停止系统
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m live down; else echo "督办系统没有在运行"; fi

status: setup ## 系统各进程是否在运行
	@$(BIN)/python -m live status

prune: setup ## 清理 Airflow 的运行记录和日志，只留最近 DAYS 天（make prune DAYS=90）；督办自己的记录不动
	@$(BIN)/python -m live prune $(DAYS)

# Only what lies in the checkout is removed; a DUBAN_HOME elsewhere is stopped and left alone.
clean: down ## 停止系统，删除本目录中的全部状态（var/）和构建产物；不删除 .venv
	@rm -rf var build .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	@find . -path ./$(VENV) -prune -o -path ./.git -prune -o -type d -name __pycache__ -print0 | xargs -0 rm -rf
	@echo "已删除：var/、构建产物"
	@if [ -n "$${DUBAN_HOME:-}" ] && [ -d "$${DUBAN_HOME:-}" ]; then echo "DUBAN_HOME 另有设置，没有删除：$$DUBAN_HOME"; fi

# The compiled requirements are checked offline by tests/unit/platform; against the registry by .ci/run.
test: lint types layers ## 全部检查和测试（20—30 分钟）；末尾列出没有运行的测试和原因
	@echo "── tests"
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile

# Not part of `make test`: it boots Airflow twice and plays a month in each. Needs Debian's postgresql and redis-server.
production-test: setup ## 生产形态：PostgreSQL、Redis、两个 Celery 工作进程跑完整一个月，中途杀掉一个，与单机结果比对
	@$(BIN)/python -m tests.production

fault-test: setup ## 故障演练（一刻钟，机器忙时一小时）：200 次以上强行中断；Airflow 的任务清除重跑、调度进程被杀
	@DUBAN_TEST_ALL=1 $(BIN)/python -m pytest tests/faults
	@$(BIN)/python -m tests.faults
	@$(BIN)/python -m tests.faults.flows

lint: setup ## 代码格式和检查（ruff）
	@echo "── lint"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: setup ## 类型检查（pyright）
	@echo "── types"
	@$(BIN)/pyright --warnings

layers: setup ## 分层检查（import-linter）
	@echo "── layers"
	@$(BIN)/lint-imports --no-logo

requirements: setup ## 由 requirements.in 重新生成 requirements.txt（需要网络）
	@$(COMPILE) --output-file requirements.txt
	@echo "已生成 requirements.txt:$$(grep -c == requirements.txt) 个软件包"

# Pins that still fit are kept, so a newer release somewhere is no difference. Needs the network.
requirements-check: setup
	@echo "── requirements"
	@fresh=$$(mktemp); trap 'rm -f "$$fresh"' EXIT; cp requirements.txt "$$fresh"; \
		$(COMPILE) --output-file "$$fresh" >/dev/null; \
		diff -u requirements.txt "$$fresh" || { echo "requirements.txt does not come from requirements.in: make requirements"; exit 1; }
