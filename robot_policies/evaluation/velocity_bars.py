# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a velocity controller of the Go2 must reach to be shipped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bar:
    """One requirement on one number of one trial.

    Attributes:
        trial: Name of the trial.
        number: Key in its result.
        limit: Value to reach.
        at_most: True where smaller is better.
    """

    trial: str
    number: str
    limit: float
    at_most: bool

    def holds(self, value: float) -> bool:
        """Return whether a measured value reaches it."""
        return value <= self.limit if self.at_most else value >= self.limit


WALKS = ('forward', 'backward', 'left', 'right', 'turn')
BARS = (
    Bar('flat', 'vx_error', 0.06, True),
    Bar('flat', 'vy_error', 0.07, True),
    Bar('flat', 'yaw_error', 0.12, True),
    Bar('flat', 'success_rate', 0.99, False),
    Bar('bumps', 'success_rate', 0.95, False),
    Bar('slopes', 'success_rate', 0.95, False),
    Bar('steps', 'success_rate', 0.95, False),
    Bar('push_0.8', 'success_rate', 0.97, False),
    Bar('push_1.2', 'success_rate', 0.85, False),
    Bar('standing', 'drift_max_m', 0.01, True),
    Bar('standing', 'joint_speed_rms', 0.1, True),
    *(Bar(walk, 'clearance_mean_m', 0.04, False) for walk in WALKS),
    *(Bar(walk, 'diagonal_sync', 0.9, False) for walk in WALKS),
    *(Bar(walk, 'tilt_mean_rad', 0.06, True) for walk in WALKS),
)


def bars(measured: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return `trial.number` -> value, limit and whether it holds, for the trials that were run."""
    return {
        f'{bar.trial}.{bar.number}': {
            'value': measured[bar.trial][bar.number],
            'limit': bar.limit,
            'holds': bar.holds(measured[bar.trial][bar.number]),
        }
        for bar in BARS
        if bar.number in measured.get(bar.trial, {})
    }
