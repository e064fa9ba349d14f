# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Where the robot believes the thing named is, also while it is out of view.

The belief is a point in the odometry frame and a log-odds of it being the thing. Sightings pull
the point and raise the odds; looking where it should be and not seeing it lowers them; odometry
carries it along. So a wrong first impression is given up when the robot comes nearer.
"""

from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Odometry, Scan
from robot_policies.core.rotations import wrap, yaw

_BELIEVED = 2.0
_SUREST = 4.0
_STEP_UP = 2.0
_STEP_DOWN = ((1.5, 0.7), (4.0, 0.35))
"""Distance (m) and what not seeing it costs there."""
_DOUBT = ((1.2, 0.4), (2.5, 0.8), (3.5, 1.6))
"""Distance (m) and doubt: log-odds down to minus the doubt count as a weak sighting, the farther
away the more. Coming nearer decides."""
_REFUTED_M = 2.2
_SAME_M = 0.7
"""What is given up from so near is not the thing; sightings so near to it are not believed again,
unless they are surer than a doubt."""
_SURE = 1.5
_NEAR_M = 1.4
"""Nearer than this the scan keeps the distance right, seen or not."""
_AGREE_M = 0.5
_AGREE_SHARE = 0.3
_GAIN = 0.35
_OVERFLOWS_M = 1.0
"""So near, a thing fills the picture and is no longer recognised: what was believed stays so."""


@dataclass(frozen=True)
class Sighting:
    """What one picture says about the thing named.

    Attributes:
        log_odds: Of its being in view.
        bearing: Direction from the base, rad.
        distance: From the base to its surface, m.
    """

    log_odds: float
    bearing: float
    distance: float


@dataclass(frozen=True)
class Pose:
    """Where the base is in the odometry frame: x, y (m) and heading (rad)."""

    x: float
    y: float
    heading: float

    @classmethod
    def of(cls, odometry: Odometry) -> 'Pose':
        """Return the pose on the ground."""
        x, y = odometry.position[:2].tolist()
        return cls(x, y, float(yaw(odometry.orientation)))

    def at(self, bearing: float, distance: float) -> FloatArray:
        """Return (2,) the point in a direction from here."""
        angle = self.heading + bearing
        return np.array([self.x + distance * np.cos(angle), self.y + distance * np.sin(angle)])

    def polar(self, point: FloatArray) -> tuple[float, float]:
        """Return bearing (rad) and distance (m) of a point."""
        dx, dy = float(point[0]) - self.x, float(point[1]) - self.y
        return float(wrap(np.arctan2(dy, dx) - self.heading)), float(np.hypot(dx, dy))


class TargetBelief:
    """The belief about one thing, updated once per picture."""

    def __init__(self, half_view_rad: float) -> None:
        """Start with no idea.

        Args:
            half_view_rad: Half the camera's horizontal field of view.
        """
        self._half_view = half_view_rad
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.point: FloatArray | None = None
        self.log_odds = 0.0
        self._refuted: list[FloatArray] = []

    @property
    def is_believed(self) -> bool:
        """True if there is a point worth going to."""
        return self.point is not None and self.log_odds >= _BELIEVED

    def update(
        self, sighting: Sighting, pose: Pose, scan: Scan | None, *, eager: float = 0.0
    ) -> None:
        """Take in what one picture shows.

        Args:
            sighting: The likeliest place of the thing in the picture.
            pose: Where the robot was when it was taken.
            scan: Distances around it.
            eager: Doubt that is allowed beyond the usual on what is far away.
        """
        is_far = sighting.distance > _DOUBT[1][0]
        evidence = sighting.log_odds + _at(_DOUBT, sighting.distance) + eager * is_far
        if self.is_believed and self.distance_from(pose) < _OVERFLOWS_M:
            pass
        elif evidence > 0.0 and not self._is_refuted(sighting, pose):
            self._see(sighting, pose, scan, min(evidence, _STEP_UP))
        elif self.point is not None and self._should_see(pose, scan):
            self.log_odds -= _at(_STEP_DOWN, self.distance_from(pose))
        if self.log_odds < 0.0 and self.point is not None:
            self._give_up(pose)
        self._keep_distance(pose, scan)

    def distance_from(self, pose: Pose) -> float:
        """Return how far away the believed point is, m; infinite without one."""
        return float('inf') if self.point is None else pose.polar(self.point)[1]

    def _give_up(self, pose: Pose) -> None:
        assert self.point is not None
        if self.distance_from(pose) < _REFUTED_M:
            self._refuted.append(self.point)
        self.point, self.log_odds = None, 0.0

    def _is_refuted(self, sighting: Sighting, pose: Pose) -> bool:
        point = pose.at(sighting.bearing, sighting.distance)
        near = any(np.hypot(*(point - other)) < _SAME_M for other in self._refuted)
        return near and sighting.log_odds < _SURE

    def _see(self, sighting: Sighting, pose: Pose, scan: Scan | None, rise: float) -> None:
        distance = snapped(sighting.distance, sighting.bearing, scan)
        point = pose.at(sighting.bearing, distance)
        if self.point is None:
            self.point, self.log_odds = point, 0.75 * rise
            return
        apart = float(np.hypot(*(point - self.point)))
        if apart < _AGREE_M + _AGREE_SHARE * distance:
            self.point = self.point + _GAIN * (point - self.point)
            self.log_odds = min(self.log_odds + rise, _SUREST)
            return
        self.log_odds -= 0.5 * rise  # a rival: two of them outvote what is believed
        if self.log_odds < 0.0:
            self.point, self.log_odds = point, 0.75 * rise

    def _keep_distance(self, pose: Pose, scan: Scan | None) -> None:
        if self.point is None:
            return
        bearing, distance = pose.polar(self.point)
        if distance < _NEAR_M:
            right = snapped(distance, bearing, scan)
            self.point = pose.at(bearing, distance + _GAIN * (right - distance))

    def _should_see(self, pose: Pose, scan: Scan | None) -> bool:
        """True if the thing would be in the middle of the picture with nothing before it."""
        assert self.point is not None
        bearing, distance = pose.polar(self.point)
        if abs(bearing) > 0.75 * self._half_view or distance < _OVERFLOWS_M:
            return False
        free = range_towards(scan, bearing, 0.12)
        return free is None or free > distance - 0.4


def _at(curve: tuple[tuple[float, float], ...], distance: float) -> float:
    """Return the value of a curve of (distance, value) at a distance."""
    distances, values = zip(*curve, strict=True)
    return float(np.interp(distance, distances, values))


def range_towards(scan: Scan | None, bearing: float, half_width: float) -> float | None:
    """Return the nearest range within `half_width` (rad) of a direction, or None."""
    if scan is None:
        return None
    near = np.abs(wrap(scan.angles() - bearing)) <= half_width
    chosen = near & scan.valid()
    return float(scan.ranges[chosen].min()) if chosen.any() else None


def snapped(distance: float, bearing: float, scan: Scan | None) -> float:
    """Return the scanned distance in a direction if it agrees with the one seen, else that."""
    half_width = float(np.clip(0.12 / max(distance, 0.3), 0.03, 0.2))
    scanned = range_towards(scan, bearing, half_width)
    if scanned is None or abs(scanned - distance) > 0.15 + 0.35 * distance:
        return distance
    return scanned
