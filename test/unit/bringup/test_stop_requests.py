# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever starts a stack can end it, in every way."""

import os
import shutil
import signal
import subprocess
import sys

import psutil
import pytest

STACK = """
description: a process that does nothing
nodes: [{name: idle, command: [sleep, '3600']}]
"""
RECIPE = 'demo:\n\t@exec %s -m robot_policies.cli up --die-with-parent idle.yaml\n'


@pytest.fixture
def make(tmp_path):
    """Return a `make` that runs a stack, in a group of its own."""
    if shutil.which('make') is None:
        pytest.skip('needs make')
    (tmp_path / 'idle.yaml').write_text(STACK)
    (tmp_path / 'Makefile').write_text(RECIPE % sys.executable)
    process = subprocess.Popen(
        ['make', 'demo'],
        cwd=tmp_path,
        env={**os.environ, 'PYTHONPATH': os.getcwd(), 'ROS_DOMAIN_ID': str(os.getpid() % 233)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in process.stdout:
        if 'ready after' in line:
            break
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) == 2
    yield process, children
    for child in psutil.wait_procs(children, timeout=0)[1]:
        child.kill()
    process.kill()
    process.communicate()


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_group_ends_all(make, number):
    process, children = make
    os.killpg(process.pid, number)
    assert not psutil.wait_procs(children, timeout=60)[1]


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_make_alone_ends_all(make, number):
    process, children = make
    process.send_signal(number)
    assert not psutil.wait_procs(children, timeout=60)[1]
