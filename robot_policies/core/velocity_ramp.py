# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A velocity that changes no faster than the robot may accelerate."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import BodySpec
from robot_policies.core.statistics import NS

MAX_STEP_NS = 100_000_000
"""A gap between two steps counts at most this long, so that a pause is no licence to jump."""


class VelocityRamp:
    """Follows a target velocity (vx, vy, yaw rate) within the robot's accelerations."""

    def __init__(self, body: BodySpec) -> None:
        """Start at rest, with the accelerations of `body`."""
        linear, angular = body.max_acceleration, body.max_yaw_acceleration
        self._acceleration = np.array([linear, linear, angular])
        self._value = np.zeros(3)
        self._fall = 0.0
        self._last_ns: int | None = None

    def follow(self, target: FloatArray, now_ns: int) -> FloatArray:
        """Go towards `target` for the time since the last step, and return (3,) the velocity."""
        limit = self._acceleration * self._elapsed_s(now_ns)
        self._value = self._value + np.clip(target - self._value, -limit, limit)
        return np.array(self._value)

    def stop_within(self, time_s: float, now_ns: int) -> FloatArray:
        """Go towards zero, fast enough to be there `time_s` after full speed began to fall.

        For the end of a plan that nobody prolonged: the robot's accelerations would let it run
        on for longer than it may.
        """
        elapsed_s = self._elapsed_s(now_ns)
        self._fall = max(self._fall, float(np.abs(self._value).max()) / time_s)
        limit = np.maximum(self._acceleration, self._fall) * elapsed_s
        self._value = self._value - np.clip(self._value, -limit, limit)
        if not self._value.any():
            self._fall = 0.0
        return np.array(self._value)

    def _elapsed_s(self, now_ns: int) -> float:
        last_ns = now_ns if self._last_ns is None else self._last_ns
        self._last_ns = now_ns
        return min(max(0, now_ns - last_ns), MAX_STEP_NS) / NS
