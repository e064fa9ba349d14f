# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A failure counts unless the machine stood still during the test."""

from contextlib import nullcontext
import time

import numpy as np
import pytest
from robot_policies.evaluation.machine.bare_loops import BareLoop, BareLoops
import standstill
from standstill import RERUNS, STALL_MS, Standstill, StandstillPlugin

pytest_plugins = ['pytester']
PERIOD_S = 0.005
NS = 1_000_000_000


def loop_with_a_gap(begin_s: float, length_s: float) -> BareLoops:
    """Return loops that woke from ten seconds ago to ten from now, one but for a gap."""
    now_ns = time.time_ns()
    woken_s = np.arange(-10.0, 10.0, PERIOD_S)
    awake = (woken_s <= begin_s) | (woken_s >= begin_s + length_s)
    loops = BareLoops([BareLoop(PERIOD_S), BareLoop(PERIOD_S)])
    for loop, told_s in zip(loops.loops, (woken_s, woken_s[awake]), strict=True):
        loop.add((now_ns + told_s * NS).astype(np.int64).tobytes())
    return loops


@pytest.mark.parametrize(
    ('begin_s', 'length_ms', 'stood_still'),
    [(-1.0, 2.0 * STALL_MS, True), (-1.0, 0.5 * STALL_MS, False), (-8.0, 2.0 * STALL_MS, False)],
    ids=['a long gap', 'a short one', 'one before the test'],
)
def test_only_a_long_gap_during_the_test_excuses_it(monkeypatch, begin_s, length_ms, stood_still):
    loop = loop_with_a_gap(begin_s, length_ms / 1e3)
    now_ns = time.time_ns()
    with monkeypatch.context() as then:
        then.setattr(time, 'time_ns', lambda: now_ns - 5 * NS)
        standstill = Standstill(loop)
    assert standstill() is stood_still


@pytest.mark.parametrize(
    ('folder', 'stood_still', 'reruns'),
    [('ros', True, RERUNS), ('ros', False, 0), ('unit', True, 0)],
    ids=['stood still', 'in time', 'without nodes'],
)
def test_only_a_test_of_nodes_that_was_disturbed_is_run_again(
    pytester, monkeypatch, folder, stood_still, reruns
):
    monkeypatch.setattr(standstill, 'bare_loops', lambda _: nullcontext(BareLoops()))
    monkeypatch.setattr(Standstill, '__call__', lambda _: stood_still)
    test = pytester.mkdir(folder) / 'test_that_fails.py'
    test.write_text('def test_that_fails():\n    assert False\n')
    result = pytester.runpytest_inprocess(test, plugins=[StandstillPlugin(['ros'])])
    assert result.parseoutcomes() == {'failed': 1} | ({'rerun': reruns} if reruns else {})
