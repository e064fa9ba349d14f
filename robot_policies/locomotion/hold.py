# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps joint targets still while a robot stands undisturbed.

A network answers sensor noise with small motions, which wear the joints and let the robot creep.
Where nothing is commanded and nothing moves, the targets are frozen at their recent mean; the
first turn or tilt gives the robot back to the network.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray

BoolArray = npt.NDArray[np.bool_]

_SMOOTHING_S = 0.1
_TARGET_SMOOTHING_S = 0.3
_JOLT = 4.0
"""One unfiltered sample of this many times the limit is a disturbance too: no waiting."""


@dataclass(frozen=True)
class HoldLimits:
    """When a robot counts as undisturbed.

    Attributes:
        after_s: Time for which it must have been.
        gyro: Largest turn rate, smoothed, rad/s.
        tilt_rad: Largest tilt away from where it was when the hold began.
    """

    after_s: float = 0.5
    gyro: float = 0.15
    tilt_rad: float = 0.05


class Hold:
    """Decides for n robots whether their targets rest, and at what."""

    def __init__(self, limits: HoldLimits, count: int, joints: int) -> None:
        """Create it for robots that start now."""
        self._limits = limits
        self._calm_s = np.zeros(count)
        self._gyro = np.zeros((count, 3))
        self._gravity = np.tile([0.0, 0.0, -1.0], (count, 1))
        self._anchor = self._gravity.copy()
        self._target = np.zeros((count, joints))
        self._fresh = True

    def step(
        self,
        target: FloatArray,
        moving: FloatArray,
        angular_velocity: FloatArray,
        gravity: FloatArray,
        dt_s: float,
    ) -> tuple[FloatArray, BoolArray]:
        """Return the (n, j) targets to command and (n,) True where they rest.

        Args:
            target: (n, j) what the network wants, rad.
            moving: (n,) 1.0 where the robot is told to walk.
            angular_velocity: (n, 3) rad/s, base frame.
            gravity: (n, 3) unit vector, base frame.
            dt_s: Time since the last step.
        """
        if self._fresh:
            self._target, self._gravity, self._fresh = target.copy(), gravity.copy(), False
        was_held = self._calm_s >= self._limits.after_s
        part = 1.0 - np.exp(-dt_s / _SMOOTHING_S)
        self._gyro += part * (angular_velocity - self._gyro)
        self._gravity += part * (gravity - self._gravity)
        disturbed = (moving > 0.0) | self._moves(angular_velocity) | (was_held & self._tilted())
        self._calm_s = np.where(disturbed, 0.0, self._calm_s + dt_s)
        held = self._calm_s >= self._limits.after_s
        begins = held & ~was_held
        self._anchor[begins] = self._gravity[begins]
        towards = (1.0 - np.exp(-dt_s / _TARGET_SMOOTHING_S)) * (target - self._target)
        self._target += np.where(held[:, None], 0.0, towards)
        return np.where(held[:, None], self._target, target), held

    def _moves(self, angular_velocity: FloatArray) -> BoolArray:
        slow = np.linalg.norm(self._gyro, axis=1) > self._limits.gyro
        jolt = np.linalg.norm(angular_velocity, axis=1) > _JOLT * self._limits.gyro
        return np.asarray(slow | jolt)

    def _tilted(self) -> BoolArray:
        away = np.linalg.norm(self._gravity - self._anchor, axis=1)
        return np.asarray(away > self._limits.tilt_rad)
