# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Joint positions whose speed and acceleration stay within what is declared."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.core.statistics import NS
from robot_policies.core.velocity_ramp import MAX_STEP_NS

_SUBSTEP_S = 0.0025
"""Braking is planned in steps this long: whoever calls at uneven times would overshoot else."""


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
            (n,) positions, rad, and (n,) velocities there, rad/s.
        """
        elapsed_s = self._elapsed_s(now_ns)
        steps = int(np.ceil(elapsed_s / _SUBSTEP_S))
        within = np.clip(target, self._lower, self._upper)
        for _ in range(steps):
            self._step(within, elapsed_s / steps)
        return np.array(self._position), np.array(self._velocity)

    def _step(self, target: FloatArray, step_s: float) -> None:
        error = target - self._position
        wanted = np.sign(error) * np.minimum(self._speed, self._braking(error, step_s))
        change = self._acceleration * step_s
        self._velocity = self._velocity + np.clip(wanted - self._velocity, -change, change)
        self._position = self._position + self._velocity * step_s

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
