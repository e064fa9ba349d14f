# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What was commanded and what was measured over the last seconds, for the plots."""

from collections import deque

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import VelocityCommand

FIELDS = ('vx', 'vy', 'yaw_rate')


class VelocityLog:
    """A window of samples; what was not there is NaN, which a plot shows as a gap."""

    def __init__(self, window_s: float, rate_hz: float) -> None:
        """Create an empty log.

        Args:
            window_s: How far it reaches back.
            rate_hz: How often `add` will be called.
        """
        self._samples: deque[tuple[float, ...]] = deque(maxlen=round(window_s * rate_hz))

    def add(
        self, now_ns: int, command: VelocityCommand | None, measured: VelocityCommand | None
    ) -> None:
        """Append one sample.

        Args:
            now_ns: Now, monotonic.
            command: What the robot is told.
            measured: What it does, base frame.
        """
        self._samples.append((now_ns * 1e-9, *_numbers(command), *_numbers(measured)))

    def series(self, field: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return seconds before the newest sample (negative), command and measurement, each (n,).

        Args:
            field: One of `FIELDS`.
        """
        table = np.array(self._samples).reshape(-1, 1 + 2 * len(FIELDS))
        column = 1 + FIELDS.index(field)
        times = table[:, 0] - (table[-1, 0] if len(table) else 0.0)
        return times, table[:, column], table[:, column + len(FIELDS)]


def _numbers(value: VelocityCommand | None) -> tuple[float, ...]:
    if value is None:
        return (np.nan,) * len(FIELDS)
    return (value.vx, value.vy, value.yaw_rate)
