# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Looking for a thing: turn around; if it is hidden, go to where more can be seen; turn again.

Every thing in plain sight is found in the first turn, so that what is not found after the last one
is not there, or hidden, and the robot says so.
"""

from enum import Enum

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Scan
from robot_policies.core.rotations import wrap
from robot_policies.networks.scan_encoder import sector_minima
from robot_policies.policies.target_belief import Pose

_FULL_TURN_RAD = 2.0 * np.pi + 0.2
_SECTORS = 72
_CORRIDOR = 4
"""Sectors to either side of a direction that must be free to walk there."""
_STRIDE_M = (0.8, 2.4)
_MARGIN_M = 1.0
_THERE_M = 0.35
_WALK_LIMIT_S = 8.0


class Step(Enum):
    """What the search wants next."""

    TURN = 'turn'
    WALK = 'walk'
    GIVE_UP = 'give up'


class TargetSearch:
    """Decides where to look; it moves nothing itself."""

    def __init__(self, turns: int) -> None:
        """Start a search.

        Args:
            turns: Full turns, each from another place, before it gives up.
        """
        self._turns = turns
        self.side = 1.0
        self.reset()

    @property
    def turns_done(self) -> int:
        """Full turns so far."""
        return self._done

    def reset(self, side: float = 1.0) -> None:
        """Start anew, turning to one side first (+1 left, −1 right)."""
        self.side = side
        self.viewpoint: FloatArray | None = None
        self._turned, self._done = 0.0, 0
        self._heading: float | None = None
        self._walking_since_ns = 0

    def step(self, pose: Pose, scan: Scan | None, now_ns: int) -> Step:
        """Return what to do now.

        Args:
            pose: Where the robot is.
            scan: What is around it.
            now_ns: Stamp of the observation.
        """
        if self._done >= self._turns:
            return Step.GIVE_UP
        if self.viewpoint is not None:
            away = pose.polar(self.viewpoint)[1]
            late = now_ns - self._walking_since_ns > _WALK_LIMIT_S * 1e9
            if away > _THERE_M and not late:
                return Step.WALK
            self.viewpoint, self._turned, self._heading = None, 0.0, None
        return self._turn(pose, scan, now_ns)

    def _turn(self, pose: Pose, scan: Scan | None, now_ns: int) -> Step:
        if self._heading is not None:
            self._turned += self.side * float(wrap(pose.heading - self._heading))
        self._heading = pose.heading
        if self._turned < _FULL_TURN_RAD:
            return Step.TURN
        self._done += 1
        self._turned, self._heading = 0.0, None
        if self._done >= self._turns:
            return Step.GIVE_UP
        self.viewpoint = open_point(pose, scan)
        self._walking_since_ns = now_ns
        return Step.TURN if self.viewpoint is None else Step.WALK


def open_point(pose: Pose, scan: Scan | None) -> FloatArray | None:
    """Return (2,) a place to look from: down the widest opening; None if all is narrow."""
    if scan is None:
        return None
    minima = sector_minima(scan, _SECTORS)
    corridor = np.min([np.roll(minima, k) for k in range(-_CORRIDOR, _CORRIDOR + 1)], axis=0)
    best = int(corridor.argmax())
    stride = float(np.clip(corridor[best] - _MARGIN_M, 0.0, _STRIDE_M[1]))
    if stride < _STRIDE_M[0]:
        return None
    return pose.at(best * 2.0 * np.pi / _SECTORS, stride)
