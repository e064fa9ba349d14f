# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The robot from above as a rectangle, and how near points come to it while it moves."""

from dataclasses import dataclass
import functools

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

    @property
    def radius_m(self) -> float:
        """Distance from the base frame's origin to the farthest corner."""
        return float(np.hypot(max(self.front_m, self.rear_m), self.half_width_m))

    def distance(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return the distance of points to the footprint; 0 inside."""
        dx = np.maximum(np.maximum(-self.rear_m - x, x - self.front_m), 0.0)
        dy = np.maximum(np.abs(y) - self.half_width_m, 0.0)
        return np.asarray(np.hypot(dx, dy))


@dataclass(frozen=True, eq=False)
class Obstacles:
    """Points around the robot, nearest first. Everything that does not depend on its motion.

    Attributes:
        x: (k,) m, base frame.
        y: (k,) m.
        distance: (k,) to the footprint, m, ascending; 0 inside.
        toward: (k, 3) what a twist (vx, vy, yaw rate) has to be multiplied with to get the speed
            at which the footprint's nearest point comes towards the obstacle, m/s.
    """

    x: FloatArray
    y: FloatArray
    distance: FloatArray
    toward: FloatArray

    def within(self, distance_m: float) -> 'Obstacles':
        """Return those that are nearer than a distance."""
        count = int(np.searchsorted(self.distance, distance_m))
        return Obstacles(
            self.x[:count], self.y[:count], self.distance[:count], self.toward[:count]
        )


def obstacles(footprint: Footprint, points: FloatArray) -> Obstacles:
    """Return what is around the robot.

    Args:
        footprint: The robot.
        points: (k, 2) base frame, m. One inside the footprint is approached by motion towards
            it from the base frame's origin.
    """
    x, y = points[:, 0], points[:, 1]
    near_x = np.clip(x, -footprint.rear_m, footprint.front_m)
    near_y = np.clip(y, -footprint.half_width_m, footprint.half_width_m)
    inside = (near_x == x) & (near_y == y)
    dx, dy = np.where(inside, x, x - near_x), np.where(inside, y, y - near_y)
    norm = np.maximum(np.hypot(dx, dy), 1e-9)
    nx, ny = dx / norm, dy / norm
    # the velocity of the nearest point is (vx - yaw_rate * near_y, vy + yaw_rate * near_x)
    toward = np.stack((nx, ny, ny * near_x - nx * near_y), axis=-1)
    distance = footprint.distance(x, y)
    order = np.argsort(distance)
    return Obstacles(x[order], y[order], distance[order], toward[order])


def obstacle_points(scan: Scan, sensor_xy: tuple[float, float]) -> FloatArray:
    """Return (k, 2) what the scan has hit, in the base frame, m.

    A range of -inf (REP 117: too near to measure) is an obstacle at the nearest measurable
    distance; NaN and +inf are none.
    """
    too_near = np.isneginf(scan.ranges)
    ranges = np.where(too_near, scan.range_min_m, scan.ranges)
    hit = scan.valid() | too_near
    rays = _rays(scan.angle_min_rad, scan.angle_increment_rad, len(ranges))
    return np.asarray(rays[hit] * ranges[hit, None] + sensor_xy)


@functools.lru_cache(maxsize=8)
def _rays(first_rad: float, step_rad: float, count: int) -> FloatArray:
    """Return (count, 2) unit vectors along the rays; a scanner has the same in every scan."""
    angles = first_rad + step_rad * np.arange(count)
    return np.stack((np.cos(angles), np.sin(angles)), axis=-1)


def path_distances(
    footprint: Footprint, around: Obstacles, twist: FloatArray, times_s: FloatArray
) -> FloatArray:
    """Return (t, k) the distance of each obstacle to the footprint along a constant twist.

    Args:
        footprint: The robot.
        around: Obstacles that stand still.
        twist: (3,) vx, vy, yaw rate.
        times_s: (t,) when to look.
    """
    turned = twist[2] * times_s
    # integral of the rotation over time: straight ahead for small angles, an arc else
    along = np.sinc(turned / np.pi) * times_s
    aside = np.sinc(turned / (2.0 * np.pi)) * np.sin(turned / 2.0) * times_s
    x = around.x[None, :] - (twist[0] * along - twist[1] * aside)[:, None]
    y = around.y[None, :] - (twist[0] * aside + twist[1] * along)[:, None]
    cos, sin = np.cos(turned)[:, None], np.sin(turned)[:, None]
    return footprint.distance(cos * x + sin * y, cos * y - sin * x)
