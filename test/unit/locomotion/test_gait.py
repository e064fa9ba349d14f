# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The trot's clock."""

import numpy as np
import pytest
from robot_policies.locomotion.gait import Gait

_GAIT = Gait(frequency_hz=2.5)
_ONE = np.ones(1)


def test_diagonal_pairs_swing_together_and_take_turns() -> None:
    phase = np.linspace(0.0, 0.999, 200)
    swing = _GAIT.swing(phase, np.ones(200)) > 0.0
    assert np.array_equal(swing[:, 0], swing[:, 3])
    assert np.array_equal(swing[:, 1], swing[:, 2])
    assert (swing[:, 0] & swing[:, 1]).sum() == 0
    assert swing[:, 0].mean() == pytest.approx(0.5, abs=0.02)


def test_phase_advances_with_the_frequency_and_wraps() -> None:
    phase = np.zeros(1)
    for _ in range(20):  # 0.4 s are one cycle of 2.5 Hz
        phase = _GAIT.advance(phase, _ONE, 0.02)
    assert min(phase[0], 1.0 - phase[0]) == pytest.approx(0.0, abs=1e-9)


def test_standing_rests_the_clock_and_every_leg() -> None:
    still = np.zeros(1)
    assert _GAIT.advance(np.array([0.3]), still, 0.02)[0] == 0.0
    assert not _GAIT.clock(np.array([0.3]), still).any()
    assert not _GAIT.reference(np.array([0.3]), still).any()


@pytest.mark.parametrize(
    ('command', 'moving'),
    [
        ((0.0, 0.0, 0.0), 0.0),
        ((0.02, 0.02, 0.05), 0.0),
        ((0.2, 0.0, 0.0), 1.0),
        ((0.0, -0.2, 0.0), 1.0),
        ((0.0, 0.0, 0.3), 1.0),
    ],
)
def test_small_commands_mean_stand(command: tuple[float, ...], moving: float) -> None:
    assert _GAIT.is_moving(np.array([command]))[0] == moving


def test_reference_lifts_only_swinging_legs_and_touches_no_hip() -> None:
    offsets = _GAIT.reference(np.array([0.25]), _ONE).reshape(4, 3)
    assert offsets[[0, 3], 1] == pytest.approx(_GAIT.thigh_lift_rad)
    assert offsets[[0, 3], 2] == pytest.approx(_GAIT.calf_lift_rad)
    assert not offsets[[1, 2]].any()
    assert not offsets[:, 0].any()
