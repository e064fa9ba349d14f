# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of the controllers share."""

from collections.abc import Callable

import numpy as np
import pytest
from robot_policies.core.data_types import Imu, JointState, LocomotionObservation, VelocityCommand
from robot_policies.core.robot import RobotSpec


def _observation(
    robot: RobotSpec,
    command: tuple[float, float, float] = (0.0, 0.0, 0.0),
    position: np.ndarray | None = None,
    rng: np.random.Generator | None = None,
) -> LocomotionObservation:
    """Return what a standing robot senses; with `rng` every sensor is shaken."""
    position = robot.default_pose if position is None else position
    velocity, gyro = np.zeros(12), np.zeros(3)
    if rng is not None:
        position = position + 0.05 * rng.standard_normal(12)
        velocity, gyro = rng.standard_normal(12), rng.standard_normal(3)
    joints = JointState(7, position, velocity, np.zeros(12))
    imu = Imu(7, np.array([0.0, 0.0, 0.0, 1.0]), gyro, np.array([0.0, 0.0, 9.81]))
    return LocomotionObservation(7, joints, imu, VelocityCommand.from_array(7, command))


@pytest.fixture
def observation() -> Callable[..., LocomotionObservation]:
    """Return `observation(robot, command, position, rng)`."""
    return _observation
