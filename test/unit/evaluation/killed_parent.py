# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a program that is killed leaves behind."""

import subprocess
import sys

import psutil


def outlived_by(program):
    """Run a program that prints its children's numbers, kill it, and return who lives on."""
    parent = subprocess.Popen([sys.executable, '-c', program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    children = [psutil.Process(int(word)) for word in parent.stdout.readline().split()]
    assert children
    parent.kill()
    parent.wait()
    psutil.wait_procs(children, timeout=20.0)
    return [c for c in children if c.is_running() and c.status() != psutil.STATUS_ZOMBIE]
