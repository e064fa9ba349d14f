# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Windows, rates and deadlines."""

import pytest
from robot_policies.core.statistics import DeadlineMonitor, Quantiles, RateMeter, Window

MS = 1_000_000


def test_an_empty_window_is_all_zero():
    assert Window().quantiles() == Quantiles(0, 0.0, 0.0, 0.0)


def test_a_window_keeps_the_newest():
    window = Window(size=3)
    for value in (100.0, 1.0, 2.0, 3.0):
        window.add(value)
    quantiles = window.quantiles()
    assert (quantiles.count, quantiles.p50, quantiles.maximum) == (3, 2.0, 3.0)
    assert window.total == 4


@pytest.mark.parametrize(
    ('gap_ms', 'misses'), [(20, 0), (10, 0), (28, 0), (32, 1), (48, 1), (52, 2), (200, 9)]
)
def test_misses_are_the_periods_that_had_no_tick(gap_ms, misses):
    monitor = DeadlineMonitor(20 * MS)
    monitor.tick(0)
    monitor.tick(gap_ms * MS)
    assert monitor.misses == misses
    assert monitor.jitter_ms.quantiles().maximum == pytest.approx(abs(gap_ms - 20))


def test_an_intended_pause_is_no_miss():
    monitor = DeadlineMonitor(20 * MS)
    monitor.tick(0)
    monitor.pause()
    monitor.tick(5000 * MS)
    assert (monitor.ticks, monitor.misses) == (2, 0)


def test_a_rate_is_counted_since_it_was_asked_last():
    meter = RateMeter(0)
    for _ in range(50):
        meter.add()
    assert meter.rate_hz(1000 * MS) == pytest.approx(50.0)
    assert meter.rate_hz(2000 * MS) == 0.0
    assert meter.rate_hz(2000 * MS) == 0.0  # no time has passed
    assert meter.total == 50
