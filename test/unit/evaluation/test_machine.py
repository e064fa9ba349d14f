# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the machine does by itself is seen, and its cores are kept from sleeping."""

import os
from pathlib import Path
import time

from killed_parent import outlived_by
import numpy as np
import psutil
import pytest
from robot_policies.bringup.session import GROUP, nice_of_session
from robot_policies.evaluation.machine.awake import cores_awake
from robot_policies.evaluation.machine.bare_loops import bare_loops, BareLoop, BareLoops

MS = 1_000_000


def loops(*woken_ms, period_s=0.02):
    """Return loops, one per core, that woke at these times."""
    made = BareLoops([BareLoop(period_s) for _ in woken_ms])
    for loop, times in zip(made.loops, woken_ms, strict=True):
        loop.add((np.array(times, dtype=np.int64) * MS).tobytes())
    return made


def test_a_loop_on_each_core_wakes_every_20_ms_and_is_told_for_a_span_of_time():
    begun_ns = time.time_ns()
    with bare_loops(0.02) as bare:
        time.sleep(0.3)  # what is measured
        bare.wait_for(begun_ns + 200 * MS)
    assert len(bare.loops) == len(os.sched_getaffinity(0))
    for loop in bare.loops:
        gaps_ms = np.diff(loop.between(begun_ns, time.time_ns())) / MS
        assert len(gaps_ms) >= 5
        assert np.median(gaps_ms) == pytest.approx(20.0, abs=2.0)
        assert len(loop.between(0, begun_ns)) == 0
    share = bare.stolen_share()
    assert share is None or 0.0 <= share <= 1.0


def test_a_calm_machine_is_not_waited_for_and_a_restless_one_not_for_ever():
    with bare_loops(0.002) as bare:
        started = time.monotonic()
        bare.wait_for_calm(1e6, 0.05, 60.0)
        assert time.monotonic() - started < 30.0
        started = time.monotonic()
        bare.wait_for_calm(-1.0, 0.05, 0.3)
        assert time.monotonic() - started >= 0.3


def test_the_loops_tell_by_how_much_the_machine_was_late():
    bare = loops([0, 20, 40, 75, 95])
    assert bare.worst_delay_ms(0, 100 * MS) == pytest.approx(15.0)
    assert bare.worst_delay_ms(0, 41 * MS) == pytest.approx(0.0)
    assert bare.worst_delay_ms(70 * MS, 100 * MS) == pytest.approx(15.0)  # it began before


def test_a_span_may_lie_across_what_was_told_at_several_times():
    loop = BareLoop(0.02)
    assert not loop.has_told(0)
    for told in ([0, 20], [40, 60], [80, 100]):
        loop.add((np.array(told, dtype=np.int64) * MS).tobytes())
    assert (loop.between(10 * MS, 90 * MS) / MS).tolist() == [20, 40, 60, 80]
    assert (loop.between(60 * MS, 80 * MS) / MS).tolist() == [60, 80]
    assert loop.has_told(100 * MS)
    assert not loop.has_told(101 * MS)


def test_one_core_that_stands_still_is_enough():
    bare = loops([0, 20, 40, 60, 80], [0, 20, 40, 75, 95])
    assert bare.worst_delay_ms(0, 100 * MS) == pytest.approx(15.0)
    assert (bare.standstills(0, 100 * MS, 10.0) / MS).tolist() == [[40.0, 75.0]]
    assert len(bare.standstills(0, 100 * MS, 16.0)) == 0


def test_without_loops_nothing_is_known():
    assert not BareLoops().in_real_time
    assert BareLoops().worst_delay_ms(0, MS) == 0.0
    assert BareLoops().standstills(0, MS, 0.0).shape == (0, 2)


@pytest.mark.skipif(not hasattr(os, 'SCHED_IDLE'), reason='there is no lowest class')
def test_every_core_is_kept_awake_after_everybody_else_until_the_end(wait_for):
    me = psutil.Process()
    before = set(me.children())

    def lowest():
        found = set(me.children()) - before
        return [p for p in found if os.sched_getscheduler(p.pid) == os.SCHED_IDLE]

    cores = os.sched_getaffinity(0)
    with cores_awake():
        wait_for(lambda: len(lowest()) == len(cores), 20.0, 'a process on each core')
        wait_for(lambda: {*map(only_core, lowest())} == cores, 20.0, 'each on one of its own')
        mine = nice_of_session(GROUP)
        if mine is not None:
            files = [Path(f'/proc/{process.pid}/autogroup') for process in lowest()]
            wait_for(lambda: {*map(nice_of_session, files)} == {19}, 20.0, 'sessions of their own')
            assert nice_of_session(GROUP) == mine
    assert not lowest()


def only_core(process):
    cores = os.sched_getaffinity(process.pid)
    return next(iter(cores)) if len(cores) == 1 else None


@pytest.mark.skipif(not hasattr(os, 'SCHED_IDLE'), reason='there is no lowest class')
def test_a_measurement_that_is_killed_lets_the_cores_sleep_again():
    program = (
        'import psutil, time\n'
        'from robot_policies.evaluation.machine.awake import cores_awake\n'
        'with cores_awake():\n'
        '    print(*(child.pid for child in psutil.Process().children()), flush=True)\n'
        '    time.sleep(1000)\n'
    )
    assert not outlived_by(program)
