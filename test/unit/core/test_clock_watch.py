# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Clock jumps."""

from robot_policies.core.clock_watch import ClockWatch

S = 1_000_000_000


def test_steady_time_and_paused_time_are_no_jumps():
    watch = ClockWatch()
    assert [watch.jump(t) for t in (5 * S, 5 * S, 5 * S + 20_000_000, 6 * S)] == [''] * 4
    assert watch.jumps == 0


def test_jumps_are_told_with_direction_and_size():
    watch = ClockWatch()
    watch.jump(10 * S)
    assert watch.jump(7 * S) == 'the clock jumped 3.00 s back'
    assert watch.jump(7 * S + 1) == ''
    assert watch.jump(20 * S) == 'the clock jumped 13.00 s ahead'
    assert watch.jumps == 2
