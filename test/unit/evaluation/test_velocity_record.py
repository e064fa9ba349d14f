# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers that come from what was measured."""

import numpy as np
import pytest
from robot_policies.evaluation.velocity_record import Record


def _record(steps: int = 200, robots: int = 4) -> Record:
    record = Record.empty(steps, robots)
    record.contact[:] = True
    return record


def test_errors_are_means_of_absolute_deviations_after_the_first_second() -> None:
    record = _record()
    record.command[:] = [0.5, 0.0, 0.2]
    record.velocity[:50] = 9.0  # starting does not count
    record.velocity[50:] = [0.4, 0.1, 0.2]
    record.velocity[50::2, :, 0] = 0.6  # wobble about the command is an error too
    numbers = record.tracking()
    assert numbers['vx_error'] == pytest.approx(0.1)
    assert numbers['vy_error'] == pytest.approx(0.1)
    assert numbers['yaw_error'] == pytest.approx(0.0)


def test_fallen_robot_counts_as_fall_and_no_longer_for_tracking() -> None:
    record = _record()
    record.fallen[100:110, 1] = True
    record.velocity[100:, 1] = 5.0
    falls = record.falls()
    assert falls['falls'] == 1
    assert falls['success_rate'] == 0.75
    assert falls['ci95'][0] < 0.75 < falls['ci95'][1]
    assert record.tracking()['vx_error'] == pytest.approx(0.0)


def test_clearance_is_the_peak_of_each_swing() -> None:
    record = _record(robots=1)
    for start, peak in ((60, 0.05), (100, 0.07)):
        swing = slice(start, start + 10)
        record.contact[swing, 0, 0] = False
        record.foot_height[swing, 0, 0] = peak * np.sin(np.linspace(0.0, np.pi, 10))
    assert record.gait()['clearance_mean_m'] == pytest.approx(0.06, abs=0.002)


def test_diagonal_sync_is_the_share_of_time_in_step() -> None:
    record = _record(robots=1)
    record.contact[50:, 0, 0] = False  # front left off the ground, rear right on it
    assert record.gait()['diagonal_sync'] == pytest.approx(0.5)
    record.contact[50:, 0, 3] = False
    assert record.gait()['diagonal_sync'] == pytest.approx(1.0)


def test_drift_is_the_way_from_settling_to_the_end() -> None:
    record = _record(robots=2)
    record.position[:, 1, 0] = np.linspace(0.0, 0.2, 200)
    numbers = record.standing()
    assert numbers['drift_max_m'] == pytest.approx(0.1, abs=0.002)
    assert numbers['drift_mean_m'] == pytest.approx(0.05, abs=0.001)
