# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Joint positions whose speed and acceleration stay within what is declared."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.core.statistics import NS
from robot_policies.core.velocity_ramp import MAX_STEP_NS


class JointRamp:
    """Follows target positions with a continuous velocity; brakes in time not to overshoot.

    A plan that is linear between its actions has corners; this rounds them as much as the
    joints' acceleration demands, and no more.
    """

    def __init__(self, robot: RobotSpec, position: FloatArray) -> None:
        """Start at rest.

        Args:
            robot: Gives position, speed and acceleration limits of its n joints.
            position: (n,) where the joints are, rad.
        """
        self._lower, self._upper = robot.per_joint('lower'), robot.per_joint('upper')
        self._speed = robot.per_joint('velocity')
        self._acceleration = robot.per_joint('acceleration')
        self._position = np.clip(position, self._lower, self._upper)
        self._velocity = np.zeros(len(self._position))
        self._last_ns: int | None = None

    def follow(self, target: FloatArray, now_ns: int) -> tuple[FloatArray, FloatArray]:
        """Go towards a target for the time since the last step.

        Args:
            target: (n,) positions, rad; what is beyond the joints' limits is clipped.
            now_ns: Now.

        Returns:
            (n,) positions, rad, and (n,) the velocity that led there, rad/s.
        """
        elapsed_s = self._elapsed_s(now_ns)
        if elapsed_s > 0.0:
            error = np.clip(target, self._lower, self._upper) - self._position
            wanted = np.sign(error) * np.minimum(self._speed, self._braking(error, elapsed_s))
            step = self._acceleration * elapsed_s
            change = np.clip(wanted - self._velocity, -step, step)
            self._velocity = self._velocity + change
            self._position = self._position + self._velocity * elapsed_s
        return np.array(self._position), np.array(self._velocity)

    def _braking(self, error: FloatArray, elapsed_s: float) -> FloatArray:
        """Return the largest speed from which steps of this length stop within `error`.

        A step at speed v and then braking covers v²/2a + v·dt/2.
        """
        half = 0.5 * elapsed_s * self._acceleration
        slowing = np.sqrt(half**2 + 2.0 * self._acceleration * np.abs(error)) - half
        return np.minimum(slowing, np.abs(error) / elapsed_s)

    def _elapsed_s(self, now_ns: int) -> float:
        last_ns = now_ns if self._last_ns is None else self._last_ns
        self._last_ns = now_ns
        return min(max(0, now_ns - last_ns), MAX_STEP_NS) / NS
