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
    """Follows a target velocity (vx, vy, yaw rate) within the robot's speeds and accelerations."""

    def __init__(self, body: BodySpec) -> None:
        """Start at rest, with the limits of `body`."""
        self._acceleration = body.accelerations
        self._low, self._high = body.lowest_velocity, body.highest_velocity
        self._value = np.zeros(3)
        self._last_ns: int | None = None

    def follow(self, target: FloatArray, now_ns: int, left_ns: int | None = None) -> FloatArray:
        """Go towards `target` for the time since the last step, and return (3,) the velocity.

        Args:
            target: (3,); what is beyond the robot's speeds is clipped.
            now_ns: Now.
            left_ns: How long the plan still holds. Braking begins in time to stand when it ends,
                so that the end of a plan that nobody prolonged is no jolt. None for a target
                without an end.
        """
        step = self._acceleration * self._elapsed_s(now_ns)
        wanted = np.clip(target, self._low, self._high)
        if left_ns is not None:
            stoppable = self._acceleration * (max(0, left_ns) / NS)
            wanted = np.clip(wanted, -stoppable, stoppable)
        change = wanted - self._value
        # what is within reach is met exactly: standing is zero and not almost zero
        within = np.abs(change) <= step * (1.0 + 1e-9)
        self._value = np.where(within, wanted, self._value + np.clip(change, -step, step))
        return np.array(self._value)

    def _elapsed_s(self, now_ns: int) -> float:
        last_ns = now_ns if self._last_ns is None else self._last_ns
        self._last_ns = now_ns
        return min(max(0, now_ns - last_ns), MAX_STEP_NS) / NS
