# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Simulated time beside real time."""

import pytest
from robot_policies.sim.pacing import Cadence, Pacer, whole_steps

MS = 1_000_000


def test_over_time_exactly_as_many_steps_are_due_as_fit():
    pacer = Pacer(2_500_000, 25 * MS)
    times = [int(5.3 * MS * k) for k in range(1, 1001)]
    steps = [pacer.due(now_ns) for now_ns in times]
    assert sum(steps) == times[-1] // 2_500_000
    assert set(steps) <= {2, 3}


def test_a_late_tick_makes_up_for_the_time():
    pacer = Pacer(2_500_000, 25 * MS)
    assert pacer.due(5 * MS) == 2
    assert pacer.due(25 * MS) == 8
    assert pacer.real_time_factor(25 * MS) == pytest.approx(1.0)


def test_what_cannot_be_made_up_for_slows_the_world_down_and_is_reported():
    pacer = Pacer(2_500_000, 25 * MS)
    assert pacer.due(50 * MS) == 10
    assert pacer.due(100 * MS) == 10
    assert pacer.real_time_factor(100 * MS) == pytest.approx(0.5)


def test_the_factor_is_that_since_the_last_question():
    pacer = Pacer(5 * MS, 25 * MS)
    pacer.due(100 * MS)
    pacer.real_time_factor(100 * MS)
    for k in range(1, 11):
        pacer.due(100 * MS + 5 * MS * k)
    assert pacer.real_time_factor(150 * MS) == pytest.approx(1.0)


def test_after_a_restart_nothing_is_owed():
    pacer = Pacer(5 * MS, 25 * MS)
    pacer.restart(1000 * MS)
    assert pacer.due(1004 * MS) == 0
    assert pacer.due(1005 * MS) == 1


@pytest.mark.parametrize(('rate_hz', 'expected'), [(15.0, 15), (50.0, 50), (200.0, 200)])
def test_a_cadence_picks_its_rate_out_of_a_faster_loop(rate_hz, expected):
    cadence = Cadence(rate_hz)
    picked = sum(cadence.due(5 * MS) for _ in range(200))
    assert picked == pytest.approx(expected, abs=1)


def test_a_cadence_keeps_its_rate_when_ticks_are_late():
    cadence = Cadence(15.0)
    assert sum(cadence.due(20 * MS) for _ in range(500)) == pytest.approx(150, abs=1)


def test_a_period_must_be_whole_steps():
    assert whole_steps(0.005, 0.0025) == 2
    with pytest.raises(ValueError, match='does not divide'):
        whole_steps(0.005, 0.002)
