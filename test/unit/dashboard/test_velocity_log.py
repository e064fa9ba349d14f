# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The plots show the last seconds, and gaps where nothing was known."""

import numpy as np
from robot_policies.core.data_types import VelocityCommand
from robot_policies.dashboard.velocity_log import VelocityLog

S = 1_000_000_000


def test_times_count_back_from_the_newest_sample():
    log = VelocityLog(window_s=10.0, rate_hz=1.0)
    for second in range(3):
        log.add(second * S, VelocityCommand(0, 0.1 * second), VelocityCommand(0, 0.0, 0.0, 1.0))
    times, command, measured = log.series('vx')
    np.testing.assert_allclose(times, [-2, -1, 0])
    np.testing.assert_allclose(command, [0.0, 0.1, 0.2])
    np.testing.assert_allclose(measured, [0.0, 0.0, 0.0])
    np.testing.assert_allclose(log.series('yaw_rate')[2], [1.0, 1.0, 1.0])


def test_what_was_not_known_is_a_gap_and_not_a_zero():
    log = VelocityLog(window_s=10.0, rate_hz=1.0)
    log.add(S, None, VelocityCommand(0, 0.2))
    _, command, measured = log.series('vx')
    assert np.isnan(command).all()
    assert measured[0] == 0.2


def test_samples_older_than_the_window_are_dropped():
    log = VelocityLog(window_s=2.0, rate_hz=5.0)
    for tick in range(100):
        log.add(tick * S // 5, None, None)
    assert len(log.series('vy')[0]) == 10


def test_an_empty_log_can_be_drawn():
    assert all(len(series) == 0 for series in VelocityLog(5.0, 10.0).series('vx'))
