# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Many small planar worlds at once: where robots are, what their scans show, what they touch.

The walking itself is replaced by a lagging, noisy base, so that thousands of seconds of driving
cost one second. What it learns is verified on the walking robot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.sim.planar import Outline
from robot_policies.sim.world import World, WorldObject

_NOWHERE = 1e3
_SCAN_HEIGHT_M = 0.18


@dataclass(frozen=True, eq=False)
class ArenaBatch:
    """Outlines of n worlds, padded to one count, as arrays for fast geometry.

    Attributes:
        centres: (n, m, 2) m.
        axes: (n, m, 2, 2) rows are the outline's own x and y axes.
        half: (n, m, 2) half lengths of a rectangle, 0 for a disc.
        rounding: (n, m) radius of a disc, 0 for a rectangle.
        seen_rounding: (n, m) the same at the height of the scan: balls and cones are thinner.
        walls: (n, 2) half the inner size of each arena.
    """

    centres: FloatArray
    axes: FloatArray
    half: FloatArray
    rounding: FloatArray
    seen_rounding: FloatArray
    walls: FloatArray

    @classmethod
    def from_worlds(cls, worlds: Sequence[World]) -> 'ArenaBatch':
        """Stack the objects and obstacles of some worlds; index within each as in the world."""
        rows = [list(world.outlines.outlines) for world in worlds]
        most = max(len(row) for row in rows)
        far = Outline(_NOWHERE, _NOWHERE, 0.01)
        padded = [[*row, *([far] * (most - len(row)))] for row in rows]
        table = np.array(
            [[(o.x_m, o.y_m, o.yaw_rad, o.half_x_m, o.half_y_m, o.radius_m) for o in row]
             for row in padded]
        )  # fmt: skip
        cos, sin = np.cos(table[..., 2]), np.sin(table[..., 2])
        axes = np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)
        half = table[..., 3:5]
        rounding = np.where(half[..., 0] == 0.0, table[..., 5], 0.0)
        seen = rounding.copy()
        for i, world in enumerate(worlds):
            for j, item in enumerate(world.objects):
                seen[i, j] = _seen_radius(item, rounding[i, j])
        walls = np.array([(w.length_m / 2.0, w.width_m / 2.0) for w in worlds])
        return cls(table[..., :2], axes, half, rounding, seen, walls)

    def repeat(self, copies: int) -> 'ArenaBatch':
        """Return a batch with each world `copies` times in a row."""
        return ArenaBatch(*(np.repeat(array, copies, axis=0) for array in vars(self).values()))

    def distances(self, points: FloatArray) -> FloatArray:
        """Return (n, p, m) from points (n, p, 2) to every outline, negative inside, m."""
        offset = points[:, :, None, :] - self.centres[:, None]
        local = np.einsum('nmij,npmj->npmi', self.axes, offset)
        outside = np.abs(local) - self.half[:, None]
        positive = np.linalg.norm(np.maximum(outside, 0.0), axis=-1)
        return np.asarray(positive + np.minimum(outside.max(-1), 0.0) - self.rounding[:, None])

    def wall_distances(self, points: FloatArray) -> FloatArray:
        """Return (n, p) from points (n, p, 2) to the nearest wall, negative beyond it, m."""
        return np.asarray((self.walls[:, None] - np.abs(points)).min(axis=-1))

    def scan(self, poses: FloatArray, angles: FloatArray, *, longest_m: float) -> FloatArray:
        """Cast rays from every robot.

        Args:
            poses: (n, 3) x, y, heading.
            angles: (r,) ray directions relative to the heading, rad.
            longest_m: Distance returned where nothing is nearer.

        Returns:
            (n, r) m.
        """
        heading = poses[:, 2:] + angles
        dx, dy = np.cos(heading), np.sin(heading)
        nearest = np.minimum(
            _wall_hit(self.walls[:, :1], poses[:, :1], dx),
            _wall_hit(self.walls[:, 1:], poses[:, 1:2], dy),
        )
        for index in range(self.centres.shape[1]):  # one outline of every world at a time
            away = poses[:, :2] - self.centres[:, index]
            disc = _disc_hit(away, self.seen_rounding[:, index], dx, dy)
            box = _box_hit(away, self.axes[:, index], self.half[:, index], dx, dy)
            nearest = np.minimum(nearest, np.minimum(disc, box))
        return np.asarray(np.clip(nearest, 0.0, longest_m))


def _wall_hit(wall: FloatArray, start: FloatArray, step: FloatArray) -> FloatArray:
    """Return (n, r) way of rays to the two walls across one axis."""
    away = np.maximum(np.abs(step), 1e-9)
    return np.asarray((wall - np.sign(step) * start) / away)


def _disc_hit(away: FloatArray, radius: FloatArray, dx: FloatArray, dy: FloatArray) -> FloatArray:
    """Return (n, r) way of rays to one disc per world, from `away` (n, 2) of its centre."""
    along = -(away[:, :1] * dx + away[:, 1:] * dy)
    across = away[:, :1] * dy - away[:, 1:] * dx
    inside = (radius**2)[:, None] - across**2
    enter = np.maximum(along - np.sqrt(np.maximum(inside, 0.0)), 0.0)
    return np.where((inside > 0.0) & (along > 0.0), enter, _NOWHERE)


def _box_hit(
    away: FloatArray, axes: FloatArray, half: FloatArray, dx: FloatArray, dy: FloatArray
) -> FloatArray:
    """Return (n, r) way of rays to one turned rectangle per world, from `away` (n, 2)."""
    enter, leave = np.zeros_like(dx), np.full_like(dx, _NOWHERE)
    for k in range(2):
        start = (axes[:, k] * away).sum(-1)[:, None]
        step = axes[:, k, :1] * dx + axes[:, k, 1:] * dy
        step = np.where(np.abs(step) < 1e-9, 1e-9, step)
        first, second = (-half[:, k : k + 1] - start) / step, (half[:, k : k + 1] - start) / step
        enter = np.maximum(enter, np.minimum(first, second))
        leave = np.minimum(leave, np.maximum(first, second))
    return np.where((leave > enter) & (half[:, :1] > 0.0), enter, _NOWHERE)


def _seen_radius(item: WorldObject, radius: float) -> float:
    """Return the radius of an object where a horizontal scan cuts it; 0 for a box."""
    if item.shape == 'ball':
        return float(np.sqrt(max(radius**2 - (radius - _SCAN_HEIGHT_M) ** 2, 0.0)))
    if item.shape == 'cone':
        return radius * (1.0 - _SCAN_HEIGHT_M / item.height_m)
    return radius
