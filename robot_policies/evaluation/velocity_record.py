# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What was measured while robots walked, and the numbers that come from it."""

from dataclasses import dataclass
import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.evaluation.statistics import bootstrap_interval, wilson_interval

_SETTLE_STEPS = 50
"""The first second counts neither for tracking nor for the gait."""


@dataclass(eq=False)
class Record:
    """Measurements of n robots over t control steps of 20 ms.

    Attributes:
        fallen: (t, n) True while tilt or height is out of bounds.
        velocity: (t, n, 3) vx, vy in the base frame, yaw rate.
        command: (n, 3).
        position: (t, n, 3) m.
        tilt: (t, n) rad.
        height: (t, n) base above the ground, m.
        joint_speed: (t, n) root mean square over the joints, rad/s.
        contact: (t, n, 4) feet on the ground.
        foot_height: (t, n, 4) foot sphere above the ground, m.
        touched: (n,) True once a link other than a foot touched anything.
    """

    fallen: npt.NDArray[np.bool_]
    velocity: FloatArray
    command: FloatArray
    position: FloatArray
    tilt: FloatArray
    height: FloatArray
    joint_speed: FloatArray
    contact: npt.NDArray[np.bool_]
    foot_height: FloatArray
    touched: npt.NDArray[np.bool_]

    @classmethod
    def empty(cls, steps: int, robots: int) -> 'Record':
        """Return a record to be filled."""
        return cls(
            fallen=np.zeros((steps, robots), dtype=bool),
            velocity=np.zeros((steps, robots, 3)),
            command=np.zeros((robots, 3)),
            position=np.zeros((steps, robots, 3)),
            tilt=np.zeros((steps, robots)),
            height=np.zeros((steps, robots)),
            joint_speed=np.zeros((steps, robots)),
            contact=np.zeros((steps, robots, 4), dtype=bool),
            foot_height=np.zeros((steps, robots, 4)),
            touched=np.zeros(robots, dtype=bool),
        )

    @property
    def fell(self) -> npt.NDArray[np.bool_]:
        """(n,) True for robots that fell at any time."""
        return np.asarray(self.fallen.any(axis=0))

    def falls(self) -> dict[str, Any]:
        """Return episodes, falls, share that stayed up with its interval."""
        episodes, falls = len(self.fell), int(self.fell.sum())
        low, high = wilson_interval(episodes - falls, episodes)
        return {
            'episodes': episodes,
            'falls': falls,
            'collisions': int(self.touched.sum()),
            'success_rate': (episodes - falls) / episodes,
            'ci95': [low, high],
        }

    def tracking(self) -> dict[str, Any]:
        """Return mean absolute errors while up, after the first second, with intervals."""
        error = np.abs(self.velocity - self.command)[_SETTLE_STEPS:]
        up = ~np.maximum.accumulate(self.fallen, axis=0)[_SETTLE_STEPS:]
        kept = up.any(axis=0)
        if not kept.any():
            return {}
        weight = up[:, kept].astype(float)
        per_robot = (error[:, kept] * weight[..., None]).sum(axis=0) / weight.sum(axis=0)[:, None]
        result: dict[str, Any] = {}
        for index, name in enumerate(('vx', 'vy', 'yaw')):
            result[f'{name}_error'] = float(per_robot[:, index].mean())
            result[f'{name}_error_ci95'] = list(bootstrap_interval(per_robot[:, index]))
        return result

    def gait(self) -> dict[str, float]:
        """Return how tidy the walk of the robots that stayed up was, after the first second."""
        up = ~self.fell
        if not up.any():
            return {}
        contact = self.contact[_SETTLE_STEPS:, up]
        same = (contact[..., [0, 1]] == contact[..., [3, 2]]).mean()
        clearances = _swing_peaks(contact, self.foot_height[_SETTLE_STEPS:, up])
        return {
            'diagonal_sync': float(same),
            'clearance_mean_m': float(np.mean(clearances)) if len(clearances) else 0.0,
            'clearance_p10_m': float(np.percentile(clearances, 10)) if len(clearances) else 0.0,
            'tilt_mean_rad': float(self.tilt[_SETTLE_STEPS:, up].mean()),
            'height_mean_m': float(self.height[_SETTLE_STEPS:, up].mean()),
            'height_std_m': float(self.height[_SETTLE_STEPS:, up].std(axis=0).mean()),
        }

    def standing(self) -> dict[str, float]:
        """Return drift and joint speed after two seconds, when the robot put down has settled."""
        place = self.position[2 * _SETTLE_STEPS :, :, :2]
        drift = np.linalg.norm(place[-1] - place[0], axis=1)
        speed = self.joint_speed[2 * _SETTLE_STEPS :]
        return {
            'drift_mean_m': float(drift.mean()),
            'drift_max_m': float(drift.max()),
            'joint_speed_rms': float(np.sqrt(np.mean(speed**2))),
        }


def _swing_peaks(contact: npt.NDArray[np.bool_], height: FloatArray) -> FloatArray:
    """Return the highest point of each swing that lasted at least five steps."""
    peaks = []
    steps = len(contact)
    columns = contact.reshape(steps, -1).T, height.reshape(steps, -1).T
    for touching, high in zip(*columns, strict=True):
        edges = np.flatnonzero(np.diff(touching.astype(np.int8)))
        for start, stop in itertools.pairwise(edges):
            if not touching[start + 1] and stop - start >= 5:
                peaks.append(high[start + 1 : stop + 1].max())
    return np.array(peaks)
