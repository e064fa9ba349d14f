# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Any locomotion controller on many robots at once, for evaluation."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import LocomotionController, PluginContext
from robot_policies.core.data_types import (
    Imu,
    JointState,
    LocomotionObservation,
    VelocityCommand,
)
from robot_policies.core.params import build
from robot_policies.core.plugins import load_class


class BatchController(Protocol):
    """A controller on n robots that all started at the same moment."""

    def step(
        self,
        angular_velocity: FloatArray,
        gravity: FloatArray,
        position: FloatArray,
        velocity: FloatArray,
        command: FloatArray,
        dt_s: float,
    ) -> FloatArray:
        """Return (n, j) joint targets, rad.

        Args:
            angular_velocity: (n, 3) rad/s, base frame.
            gravity: (n, 3) unit vector, base frame.
            position: (n, j) rad.
            velocity: (n, j) rad/s.
            command: (n, 3) vx, vy in m/s, yaw rate in rad/s.
            dt_s: Time since the last step.
        """
        ...


def batch_of(
    plugin: str, values: Mapping[str, Any], context: PluginContext, count: int
) -> BatchController:
    """Return the controller that `plugin` names on `count` robots.

    A plugin class may offer `batch(config, context, count)`, which must answer as `count` single
    controllers would; any other plugin is stepped robot by robot.

    Args:
        plugin: `package.module:Class`.
        values: Values of its configuration.
        context: Robot and weights.
        count: Number of robots.
    """
    plugin_class: Any = load_class(plugin, verb='step')
    config = build(plugin_class.config_class, values, where=plugin)
    if hasattr(plugin_class, 'batch'):
        batch: BatchController = plugin_class.batch(config, context, count)
        return batch
    return OneByOne([plugin_class(config, context) for _ in range(count)])


class OneByOne:
    """A `BatchController` that asks one plugin per robot, through its ordinary `step`."""

    def __init__(self, controllers: list[LocomotionController]) -> None:
        """Take one controller per robot."""
        self._controllers = controllers

    def step(
        self,
        angular_velocity: FloatArray,
        gravity: FloatArray,
        position: FloatArray,
        velocity: FloatArray,
        command: FloatArray,
        dt_s: float,
    ) -> FloatArray:
        """Return (n, j) joint targets; see `BatchController.step`."""
        targets = []
        for index, controller in enumerate(self._controllers):
            joints = JointState(
                0, position[index], velocity[index], np.zeros_like(position[index])
            )
            imu = Imu(0, upright(gravity[index]), angular_velocity[index], np.zeros(3))
            wanted = VelocityCommand.from_array(0, command[index])
            answer = controller.step(LocomotionObservation(0, joints, imu, wanted), dt_s)
            if answer.position is None:
                raise ValueError('only controllers that command positions can be judged here')
            targets.append(answer.position)
        return np.array(targets)


def upright(gravity: FloatArray) -> FloatArray:
    """Return a (4,) quaternion (x, y, z, w) in whose frame gravity is the given (3,) direction."""
    x, y, z = gravity
    axis = np.array([-y, x, 0.0, 1.0 - z])  # half-way rotation from (0, 0, -1), w last
    return np.asarray(axis / np.linalg.norm(axis))
