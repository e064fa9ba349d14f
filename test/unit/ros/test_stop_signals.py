# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""However many signals come, a process ends in order."""

import os
import signal
import subprocess
import sys

import pytest
from robot_policies.ros.stop_signals import stop_on_signals

STORM = """
import os, signal, time
from robot_policies.ros.stop_signals import stop_on_signals

with stop_on_signals() as stop:
    sender = os.fork()
    if sender == 0:
        for _ in range(50_000):
            os.kill(os.getppid(), signal.SIGINT)
        os._exit(0)
    while not stop.told:
        time.sleep(0.001)
    os.waitpid(sender, 0)
print('in order')
"""


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_told_and_from_then_on_ignored(number):
    before = signal.getsignal(number)
    try:
        with stop_on_signals() as stop:
            assert not stop.told
            os.kill(os.getpid(), number)
            assert stop.told
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_without_a_signal_the_handlers_are_as_before():
    before = signal.getsignal(signal.SIGINT)
    with stop_on_signals():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_a_signal_that_comes_while_another_is_taken_does_not_wait_for_it():
    done = subprocess.run(
        [sys.executable, '-c', STORM], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == 'in order\n', done.stderr
