# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Resting while nothing happens."""

import numpy as np
from robot_policies.locomotion.hold import Hold, HoldLimits

_LEVEL = np.array([[0.0, 0.0, -1.0]])
_QUIET = np.zeros((1, 3))
_STILL, _WALKING = np.zeros(1), np.ones(1)


def _resting(rng: np.random.Generator) -> Hold:
    """Return a hold that has come to rest under noisy targets and sensors."""
    hold = Hold(HoldLimits(), 1, 12)
    held = np.array([False])
    for _ in range(60):
        gyro = 0.1 * rng.standard_normal((1, 3))
        _, held = hold.step(0.02 * rng.standard_normal((1, 12)), _STILL, gyro, _LEVEL, 0.02)
    assert held.all()
    return hold


def test_noise_neither_moves_nor_wakes_a_resting_robot() -> None:
    rng = np.random.default_rng(0)
    hold = _resting(rng)
    targets = []
    for _ in range(500):
        gyro, tilt = 0.1 * rng.standard_normal((1, 3)), 0.02 * rng.standard_normal((1, 3))
        wanted = 0.02 * rng.standard_normal((1, 12))
        target, held = hold.step(wanted, _STILL, gyro, _LEVEL + tilt, 0.02)
        assert held.all()
        targets.append(target)
    assert np.ptp(np.array(targets), axis=0).max() == 0.0
    assert np.abs(targets[-1]).max() < 0.02


def test_command_a_turn_and_a_tilt_each_give_the_robot_back() -> None:
    wanted = np.full((1, 12), 0.3)
    turning = np.array([[0.0, 0.8, 0.0]])
    leaning = np.array([[0.15, 0.0, -0.989]])
    for moving, gyro, gravity, within in (
        (_WALKING, _QUIET, _LEVEL, 1),
        (_STILL, turning, _LEVEL, 1),
        (_STILL, _QUIET, leaning, 5),
    ):
        hold = _resting(np.random.default_rng(1))
        for _ in range(within):
            target, held = hold.step(wanted, moving, gyro, gravity, 0.02)
        assert not held.any()
        assert np.array_equal(target, wanted)


def test_walking_robot_is_never_touched() -> None:
    rng = np.random.default_rng(2)
    hold = Hold(HoldLimits(), 1, 12)
    for _ in range(100):
        wanted = rng.standard_normal((1, 12))
        target, held = hold.step(wanted, _WALKING, _QUIET, _LEVEL, 0.02)
        assert not held.any()
        assert np.array_equal(target, wanted)
