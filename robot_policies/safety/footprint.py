# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The robot from above as a rectangle, and how near points come to it while it moves."""

from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Scan
from robot_policies.core.robot import BodySpec


@dataclass(frozen=True)
class Footprint:
    """A rectangle in the base frame, x forward, y left, m."""

    front_m: float
    rear_m: float
    half_width_m: float

    @classmethod
    def of(cls, body: BodySpec) -> 'Footprint':
        """Return the footprint of a robot."""
        return cls(body.footprint_front_m, body.footprint_rear_m, body.footprint_half_width_m)

    def nearest(self, points: FloatArray) -> FloatArray:
        """Return (…, 2) the point of the footprint that is nearest to each of `points`."""
        x = np.minimum(np.maximum(points[..., 0], -self.rear_m), self.front_m)
        y = np.minimum(np.maximum(points[..., 1], -self.half_width_m), self.half_width_m)
        return np.stack((x, y), axis=-1)

    def distance(self, points: FloatArray) -> FloatArray:
        """Return (…) the distance of `points` (…, 2) to the footprint; 0 inside."""
        dx = np.maximum(
            np.maximum(-self.rear_m - points[..., 0], points[..., 0] - self.front_m), 0
        )
        dy = np.maximum(np.abs(points[..., 1]) - self.half_width_m, 0.0)
        return np.asarray(np.hypot(dx, dy))


def obstacle_points(scan: Scan, sensor_xy: tuple[float, float]) -> FloatArray:
    """Return (k, 2) what the scan has hit, in the base frame, m.

    A range of -inf (REP 117: too near to measure) is an obstacle at the nearest measurable
    distance; NaN and +inf are none.
    """
    too_near = np.isneginf(scan.ranges)
    ranges = np.where(too_near, scan.range_min_m, scan.ranges)
    hit = scan.valid() | too_near
    angles, ranges = scan.angles()[hit], ranges[hit]
    x = sensor_xy[0] + ranges * np.cos(angles)
    y = sensor_xy[1] + ranges * np.sin(angles)
    return np.stack((x, y), axis=-1)


def approach_speed(footprint: Footprint, points: FloatArray, twist: FloatArray) -> FloatArray:
    """Return (k,) how fast the footprint's nearest point comes towards each point, m/s.

    Args:
        footprint: The robot.
        points: (k, 2) obstacles in the base frame, m.
        twist: (3,) vx, vy, yaw rate.

    Returns:
        Positive where the distance shrinks. A point inside the footprint is approached by motion
        towards it from the base frame's origin.
    """
    nearest = footprint.nearest(points)
    offset = points - nearest
    inside = np.logical_not(offset.any(axis=-1))
    offset = np.where(inside[:, None], points, offset)
    norm = np.maximum(np.hypot(offset[:, 0], offset[:, 1]), 1e-9)
    vx = twist[0] - twist[2] * nearest[:, 1]
    vy = twist[1] + twist[2] * nearest[:, 0]
    return np.asarray((vx * offset[:, 0] + vy * offset[:, 1]) / norm)


def path_distances(
    footprint: Footprint, points: FloatArray, twist: FloatArray, times_s: FloatArray
) -> FloatArray:
    """Return (t, k) the distance of each point to the footprint along a constant twist.

    Args:
        footprint: The robot.
        points: (k, 2) obstacles that stand still, in the present base frame, m.
        twist: (3,) vx, vy, yaw rate.
        times_s: (t,) when to look.
    """
    turned = twist[2] * times_s
    # integral of the rotation over time: straight ahead for small angles, an arc else
    with np.errstate(invalid='ignore', divide='ignore'):
        along = np.where(np.abs(turned) < 1e-6, 1.0, np.sin(turned) / turned) * times_s
        aside = np.where(np.abs(turned) < 1e-6, 0.0, (1.0 - np.cos(turned)) / turned) * times_s
    moved_x = twist[0] * along - twist[1] * aside
    moved_y = twist[0] * aside + twist[1] * along
    x = points[None, :, 0] - moved_x[:, None]
    y = points[None, :, 1] - moved_y[:, None]
    cos, sin = np.cos(turned)[:, None], np.sin(turned)[:, None]
    return footprint.distance(np.stack((cos * x + sin * y, cos * y - sin * x), axis=-1))
