# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The learned controller."""

from collections.abc import Callable

import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import LocomotionObservation
from robot_policies.core.errors import CheckpointError
from robot_policies.core.rotations import projected_gravity
from robot_policies.locomotion.proprioception import observation_size
from robot_policies.locomotion.velocity_mlp import VelocityMlp, VelocityMlpConfig

Observe = Callable[..., LocomotionObservation]
_ROBOT = resources.load_robot('go2')
_CONFIG = VelocityMlpConfig(history=2)


def _context(inputs: int | None = None) -> PluginContext:
    rng = np.random.default_rng(3)
    inputs = observation_size(12, _CONFIG.history) if inputs is None else inputs
    tensors = {
        'weight0': 0.1 * rng.standard_normal((16, inputs)),
        'bias0': np.zeros(16),
        'weight1': 0.1 * rng.standard_normal((12, 16)),
        'bias1': np.zeros(12),
    }
    return PluginContext(_ROBOT, tensors)


def test_batch_answers_as_single_controllers_do(observation: Observe) -> None:
    rng = np.random.default_rng(0)
    context, robots = _context(), 3
    singles = [VelocityMlp(_CONFIG, context) for _ in range(robots)]
    batch = VelocityMlp.batch(_CONFIG, context, robots)
    commands = [(0.5, 0.0, 0.2), (0.0, 0.0, 0.0), (-0.3, 0.2, -0.5)]
    for step in range(12):
        if step == 6:
            commands = commands[::-1]
        seen = [observation(_ROBOT, command, rng=rng) for command in commands]
        alone = [
            single.step(item, 0.02).position for single, item in zip(singles, seen, strict=True)
        ]
        together = batch.step(
            np.array([item.imu.angular_velocity for item in seen]),
            np.array([projected_gravity(item.imu.orientation) for item in seen]),
            np.array([item.joints.position for item in seen]),
            np.array([item.joints.velocity for item in seen]),
            np.array(commands),
            0.02,
        )
        # single and batched products of matrices differ in the last float32 digit
        assert np.allclose(np.array(alone), together, atol=1e-5)


def test_reset_makes_it_answer_as_when_new(observation: Observe) -> None:
    rng = np.random.default_rng(1)
    controller = VelocityMlp(_CONFIG, _context())
    first = controller.step(observation(_ROBOT, (0.5, 0.0, 0.0)), 0.02).position
    for _ in range(7):
        controller.step(observation(_ROBOT, (0.5, 0.0, 0.0), rng=rng), 0.02)
    controller.reset()
    again = controller.step(observation(_ROBOT, (0.5, 0.0, 0.0)), 0.02).position
    assert np.array_equal(first, again)


def test_history_matters(observation: Observe) -> None:
    controller = VelocityMlp(_CONFIG, _context())
    shaken = observation(_ROBOT, rng=np.random.default_rng(5))
    controller.step(shaken, 0.02)
    after_shake = controller.step(observation(_ROBOT), 0.02).position
    controller.reset()
    controller.step(observation(_ROBOT), 0.02)
    after_rest = controller.step(observation(_ROBOT), 0.02).position
    assert not np.allclose(after_shake, after_rest)


def test_command_carries_the_stamp_of_the_joint_state(observation: Observe) -> None:
    command = VelocityMlp(_CONFIG, _context()).step(observation(_ROBOT), 0.02)
    assert command.stamp_ns == 7


def test_targets_stay_within_the_joint_limits(observation: Observe) -> None:
    context = _context()
    wild = {name: 100.0 * values for name, values in context.tensors.items()}
    controller = VelocityMlp(_CONFIG, PluginContext(_ROBOT, wild))
    target = controller.step(observation(_ROBOT, (1.0, 0.4, 1.0)), 0.02).position
    assert target is not None
    assert (target >= _ROBOT.per_joint('lower')).all()
    assert (target <= _ROBOT.per_joint('upper')).all()


def test_lying_robot_starts_where_it_lies(observation: Observe) -> None:
    lying = _ROBOT.default_pose.copy()
    lying[2::3] = -2.7
    command = VelocityMlp(_CONFIG, _context()).step(observation(_ROBOT, position=lying), 0.02)
    assert command.position is not None
    assert np.abs(command.position - lying).max() < 0.05


def test_network_of_another_size_is_refused_with_both_sizes() -> None:
    with pytest.raises(CheckpointError, match=r'maps 40 numbers .* needs 89'):
        VelocityMlp(_CONFIG, _context(inputs=40))


def test_missing_tensor_is_refused() -> None:
    tensors = dict(_context().tensors)
    del tensors['bias1']
    with pytest.raises(CheckpointError, match='expected tensors'):
        VelocityMlp(_CONFIG, PluginContext(_ROBOT, tensors))


def test_shipped_checkpoint_walks_on_from_standing_without_a_jerk(observation: Observe) -> None:
    plugin, values, context = resources.load_checkpoint('go2_velocity', _ROBOT)
    assert plugin.endswith(':VelocityMlp')
    controller = VelocityMlp(VelocityMlpConfig(**values), context)
    target = controller.step(observation(_ROBOT), 0.02).position
    assert target is not None
    assert np.abs(target - _ROBOT.default_pose).max() < 0.35
