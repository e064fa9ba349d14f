# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Brings a robot from whatever pose it is in to its default pose before it starts to walk."""

import numpy as np
from robot_policies.core.arrays import FloatArray

_NEAR_RAD = 0.4
"""Standing robots sag below their targets by up to this: they need no rising."""


class Rise:
    """Joint targets on a straight line from the first measured pose to the default pose."""

    def __init__(self, default_pose: FloatArray, duration_s: float) -> None:
        """Create it; the first `step` decides whether there is anything to do.

        Args:
            default_pose: (n,) rad.
            duration_s: Time that it takes.
        """
        self._default = default_pose
        self._duration_s = duration_s
        self._start: FloatArray | None = None
        self._elapsed_s = 0.0

    def step(self, position: FloatArray, dt_s: float) -> FloatArray | None:
        """Return the (n,) target, or None when the robot stands and may walk."""
        if self._start is None:
            self._start = position.copy()
            if np.abs(position - self._default).max() < _NEAR_RAD:
                self._elapsed_s = self._duration_s
        if self._elapsed_s >= self._duration_s:
            return None
        self._elapsed_s += dt_s
        part = min(self._elapsed_s / self._duration_s, 1.0)
        return self._start + part * (self._default - self._start)
