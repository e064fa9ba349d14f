# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The open-loop gait."""

from collections.abc import Callable

import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import LocomotionObservation
from robot_policies.locomotion.oscillators import (
    advance,
    Oscillators,
    OscillatorsBatch,
    OscillatorsConfig,
    TUNED,
)

Observe = Callable[..., LocomotionObservation]
_ROBOT = resources.load_robot('go2')
_CONTEXT = PluginContext(_ROBOT)
_CONFIG = OscillatorsConfig()


def _run(
    observation: Observe, commands: list[tuple[float, float, float]], shake: bool = False
) -> np.ndarray:
    """Return the (t, 12) targets for a sequence of commands."""
    controller = Oscillators(_CONFIG, _CONTEXT)
    rng = np.random.default_rng(0) if shake else None
    controller.step(observation(_ROBOT, commands[0]), 0.02)
    seen = [observation(_ROBOT, command, rng=rng) for command in commands]
    return np.array([controller.step(item, 0.02).position for item in seen])


def test_no_sensor_changes_the_gait(observation: Observe) -> None:
    commands = [(0.5, 0.1, 0.2)] * 40
    assert np.array_equal(_run(observation, commands), _run(observation, commands, shake=True))


def test_it_has_fewer_than_fifty_parameters() -> None:
    assert len(TUNED) < 50


def test_diagonal_legs_move_alike_when_walking_straight(observation: Observe) -> None:
    late = _run(observation, [(0.5, 0.0, 0.0)] * 60)[30:].reshape(-1, 4, 3)
    front_left, rear_right = late[:, 0], late[:, 3]
    swing = front_left[:, 1:] - front_left[:, 1:].mean(axis=0)
    other = rear_right[:, 1:] - rear_right[:, 1:].mean(axis=0)
    assert np.allclose(swing, other, atol=1e-9)


def test_turning_left_speeds_up_the_right_legs(observation: Observe) -> None:
    late = _run(observation, [(0.3, 0.0, 0.8)] * 100)[30:].reshape(-1, 4, 3)
    straight = _run(observation, [(0.3, 0.0, 0.0)] * 100)[30:].reshape(-1, 4, 3)
    gain = np.ptp(late[:, :, 1], axis=0) - np.ptp(straight[:, :, 1], axis=0)
    assert gain[1] > gain[0]
    assert gain[3] > gain[2]


def test_zero_command_stands_still_and_walking_starts_and_ends_smoothly(
    observation: Observe,
) -> None:
    commands = [(0.0, 0.0, 0.0)] * 20 + [(0.6, 0.0, 0.0)] * 60 + [(0.0, 0.0, 0.0)] * 40
    targets = _run(observation, commands)
    assert not np.ptp(targets[:19], axis=0).any()
    assert not np.ptp(targets[-5:], axis=0).any()
    assert np.allclose(targets[0], targets[-1])
    assert np.abs(np.diff(targets, axis=0)).max() < 0.3


def test_swing_and_stance_have_their_own_rates() -> None:
    parameters = np.array([[getattr(_CONFIG, name) for name in TUNED]])
    parameters[0, TUNED.index('swing_hz')] = 4.0
    parameters[0, TUNED.index('stance_hz')] = 1.0
    phase = np.array([[1.0, 4.0, 1.0, 4.0]])
    step = advance(parameters, phase, 0.01) - phase
    assert step[0, 0] == pytest.approx(2.0 * np.pi * 0.04)
    assert step[0, 1] == pytest.approx(2.0 * np.pi * 0.01)


def test_batch_answers_as_single_controllers_do(observation: Observe) -> None:
    batch = Oscillators.batch(_CONFIG, _CONTEXT, 2)
    assert isinstance(batch, OscillatorsBatch)
    commands = [(0.5, 0.0, 0.3), (-0.2, 0.1, 0.0)]
    singles = [Oscillators(_CONFIG, _CONTEXT) for _ in commands]
    nothing = np.zeros((2, 12))
    for _ in range(30):
        together = batch.step(
            nothing[:, :3], nothing[:, :3], nothing, nothing, np.array(commands), 0.02
        )
        alone = [
            single.step(observation(_ROBOT, command), 0.02).position
            for single, command in zip(singles, commands, strict=True)
        ]
        assert np.allclose(np.array(alone), together)
