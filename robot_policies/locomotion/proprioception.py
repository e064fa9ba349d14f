# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The observation of the learned velocity controllers, built in one place for all.

Training calls it on arrays with leading batch axes, the controller on single vectors: what the
network saw when it learned is what it sees on the robot.
"""

import numpy as np
from robot_policies.core.arrays import FloatArray

_GYRO_SCALE = 0.25
_VELOCITY_SCALE = 0.05
_ACTION_SCALE = 0.5
_COMMAND_SCALE = np.array([2.0, 2.0, 1.0])


def frame_size(joint_count: int) -> int:
    """Return how many numbers `build_frame` gives for a robot."""
    return 6 + 3 * joint_count


def observation_size(joint_count: int, history: int) -> int:
    """Return how many numbers `build_observation` gives."""
    return history * frame_size(joint_count) + 5


def build_frame(
    angular_velocity: FloatArray,
    gravity: FloatArray,
    joint_offset: FloatArray,
    joint_velocity: FloatArray,
    last_action: FloatArray,
) -> FloatArray:
    """Put one instant of proprioception into one scaled vector.

    Args:
        angular_velocity: (…, 3) rad/s, base frame.
        gravity: (…, 3) unit vector in the base frame.
        joint_offset: (…, n) joint positions less the default pose, rad.
        joint_velocity: (…, n) rad/s.
        last_action: (…, n) network output of the step before.

    Returns:
        (…, 6 + 3 n).
    """
    parts = [
        angular_velocity * _GYRO_SCALE,
        gravity,
        joint_offset,
        joint_velocity * _VELOCITY_SCALE,
        last_action * _ACTION_SCALE,
    ]
    return np.concatenate(parts, axis=-1)


def push_frame(history: FloatArray, frame: FloatArray) -> FloatArray:
    """Return the (…, h, f) history with the newest (…, f) frame last and the oldest gone."""
    return np.concatenate([history[..., 1:, :], frame[..., None, :]], axis=-2)


def build_observation(history: FloatArray, command: FloatArray, clock: FloatArray) -> FloatArray:
    """Put history, command and gait clock into what the network takes.

    Args:
        history: (…, h, f) frames, newest last.
        command: (…, 3) vx, vy in m/s, yaw rate in rad/s.
        clock: (…, 2) sine and cosine of the gait phase, zero while standing.

    Returns:
        (…, h f + 5).
    """
    flat = history.reshape(*history.shape[:-2], -1)
    return np.concatenate([flat, command * _COMMAND_SCALE, clock], axis=-1)
