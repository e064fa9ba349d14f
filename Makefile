# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
#
#   make demo [DURATION=60]   a simulated robot walks to what it is told, at http://localhost:8080
#   make test                 linters, types, import rules, docs, and every test
#   make lint                 the quick part of it
#   make clean                forget what was built; runs/ is kept
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test lint unit ros e2e setup clean

VENV := .venv
BIN := $(VENV)/bin
DURATION ?= 0
STACK ?= go2_mujoco
ARGS ?=
# Two cores, many processes: one thread per matrix.
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1
export MKL_NUM_THREADS = 1
export MUJOCO_GL ?= egl

help:
	@sed -n '4,$$ s/^#   //p; /^SHELL/q' Makefile

setup:
	@tools/set_up.sh $(VENV)

demo: setup
	@exec $(BIN)/robot-policies up --die-with-parent $(STACK) operator:=true duration:=$(DURATION) $(ARGS)

lint: setup
	@tools/timed.sh 'format' $(BIN)/ruff format --check .
	@tools/timed.sh 'lint' $(BIN)/ruff check .
	@tools/timed.sh 'types' tools/check_types.sh $(BIN)/mypy
	@tools/timed.sh 'import rules' $(BIN)/lint-imports
	@tools/timed.sh 'docs' $(BIN)/python tools/check_docs.py

# a worker that is ended because its test hangs (pyproject.toml) is not started again: it would hang
PARALLEL := -n 2 --max-worker-restart 0

unit: setup
	@tools/timed.sh 'tests: unit' $(BIN)/pytest test/unit $(PARALLEL)

# the launch tests skip where launch is not installed
ros: setup
	@tools/timed.sh 'tests: ros, launch' $(BIN)/pytest test/ros test/launch $(PARALLEL) --dist loadfile --durations 5

e2e: setup
	@tools/timed.sh 'tests: e2e' $(BIN)/pytest test/e2e --durations 10

test: lint unit ros e2e
	@echo 'all passed'

clean:
	rm -rf $(VENV) build install log .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	rm -rf robot_policies.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
