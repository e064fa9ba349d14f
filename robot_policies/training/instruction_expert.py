# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The scripted expert: it knows the whole world and shows how to walk to a thing in it.

For each world and target a geodesic distance is computed on a grid whose cells cost more near
obstacles; the expert walks down its gradient, turns towards where it is going, slows down where
it is narrow, and stops in front of the target, facing it. Only training uses it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.rotations import wrap
from robot_policies.training.instruction_arena import ArenaBatch
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

CELL_M = 0.1
_NARROW_M = 0.85
_BLOCKED_M = 0.30


@dataclass(frozen=True)
class ExpertSettings:
    """How the expert walks.

    Attributes:
        stop_m: From the base to the target's surface when it has arrived.
        speed: Fastest, m/s.
        yaw_rate: Fastest, rad/s.
        search_yaw_rate: While looking around, rad/s.
        acceleration: Change of speed per second, m/s².
        yaw_acceleration: Change of turn rate per second, rad/s².
    """

    stop_m: float = 0.64
    speed: float = 0.75
    yaw_rate: float = 0.9
    search_yaw_rate: float = 0.85
    acceleration: float = 1.5
    yaw_acceleration: float = 3.0


@dataclass(frozen=True, eq=False)
class Fields:
    """What the expert knows of n worlds, on grids centred on the origin.

    Attributes:
        slope_x: (n, h, w) direction of the way to the target, unit vector.
        slope_y: (n, h, w).
        clearance: (n, h, w) distance to the nearest thing that is not the target, m.
    """

    slope_x: FloatArray
    slope_y: FloatArray
    clearance: FloatArray

    def sample(self, grid: FloatArray, points: FloatArray) -> FloatArray:
        """Return (n,) grid values interpolated at points (n, 2)."""
        n, height, width = grid.shape
        column = points[:, 0] / CELL_M + (width - 1) / 2.0
        row = points[:, 1] / CELL_M + (height - 1) / 2.0
        where = np.stack([np.arange(n, dtype=float), row, column])
        return np.asarray(map_coordinates(grid, where, order=1, mode='nearest'))


def build_fields(arena: ArenaBatch, targets: Sequence[int]) -> Fields:
    """Compute the way to one target in each world.

    Args:
        arena: n worlds of one size or smaller.
        targets: Index of the target's outline in each world.
    """
    half = arena.walls.max(axis=0)
    columns, rows = (round(2 * size / CELL_M) + 1 for size in half)
    x = (np.arange(columns) - (columns - 1) / 2.0) * CELL_M
    y = (np.arange(rows) - (rows - 1) / 2.0) * CELL_M
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(1, -1, 2)
    ways, clearances = [], []
    for i, target in enumerate(targets):
        one = ArenaBatch(*(getattr(arena, name)[i : i + 1] for name in _ARRAYS))
        distance = one.distances(points)[0]  # (p, m)
        to_target = distance[:, target].copy()
        distance[:, target] = np.inf
        clearance = np.minimum(distance.min(-1), one.wall_distances(points)[0])
        ways.append(_geodesic(clearance.reshape(rows, columns), to_target.reshape(rows, columns)))
        clearances.append(clearance.reshape(rows, columns))
    way = np.stack(ways)
    down_y, down_x = np.gradient(-way, axis=(1, 2))
    length = np.maximum(np.hypot(down_x, down_y), 1e-6)
    return Fields(down_x / length, down_y / length, np.stack(clearances))


_ARRAYS = ('centres', 'axes', 'half', 'rounding', 'seen_rounding', 'walls')


def _geodesic(clearance: FloatArray, to_target: FloatArray) -> FloatArray:
    """Return (h, w) the cost of the cheapest way to the target, smoothed a little."""
    squeeze = np.clip((_NARROW_M - clearance) / _NARROW_M, 0.0, 1.0)
    cost = 1.0 + 5.0 * squeeze**2 + np.where(clearance < _BLOCKED_M, 30.0, 0.0)
    index = np.arange(clearance.size).reshape(clearance.shape)
    heads, tails, weights = [], [], []
    for rows, columns in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here, there = _shifted(index, rows, columns)
        length = CELL_M * float(np.hypot(rows, columns))
        heads.append(here)
        tails.append(there)
        weights.append(0.5 * length * (cost.ravel()[here] + cost.ravel()[there]))
    pairs = (np.concatenate(heads), np.concatenate(tails))
    graph = csr_matrix((np.concatenate(weights), pairs), shape=(index.size, index.size))
    sources = np.flatnonzero(to_target.ravel() <= 0.08)
    way = dijkstra(graph, directed=False, indices=sources, min_only=True)
    return np.asarray(gaussian_filter(way.reshape(clearance.shape), 0.8, mode='nearest'))


def _shifted(index: np.ndarray, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    height, width = index.shape
    here = index[: height - rows, max(-columns, 0) : width - max(columns, 0)]
    there = index[rows:, max(columns, 0) : width - max(-columns, 0)]
    return here.ravel(), there.ravel()


@dataclass(frozen=True, eq=False)
class Expert:
    """Walks in n worlds at once.

    Attributes:
        arena: The worlds.
        targets: (n,) index of the target's outline.
        fields: The ways to the targets.
        settings: How it walks.
    """

    arena: ArenaBatch
    targets: np.ndarray
    fields: Fields
    settings: ExpertSettings = ExpertSettings()

    def target_distances(self, points: FloatArray) -> FloatArray:
        """Return (n,) from points (n, 2) to the target's surface, m."""
        n = len(points)
        return np.asarray(self.arena.distances(points[:, None])[np.arange(n), 0, self.targets])

    def command(self, poses: FloatArray, searching: FloatArray) -> FloatArray:
        """Return (n, 3) the velocity for each pose, before any limit on acceleration.

        Args:
            poses: (n, 3) x, y, heading.
            searching: (n,) +1 or −1 to look around to that side, 0 to walk.
        """
        settings = self.settings
        point = poses[:, :2]
        distance = self.target_distances(point)
        error = self._heading_error(poses, distance)
        clearance = self.fields.sample(self.fields.clearance, point)
        speed = np.clip(1.1 * (distance - settings.stop_m), 0.0, settings.speed)
        speed = np.minimum(speed, 0.25 + 1.0 * np.clip(clearance - 0.35, 0.0, None))
        forward = speed * np.clip(np.cos(error), 0.0, 1.0) ** 3
        sideways = np.clip(0.35 * speed * np.sin(error), -0.2, 0.2)
        yaw_rate = np.clip(2.0 * error, -settings.yaw_rate, settings.yaw_rate)
        arrived = distance <= settings.stop_m + 0.02
        yaw_rate = np.where(arrived & (np.abs(error) < 0.12), 0.0, yaw_rate)
        walk = np.stack([forward, sideways, yaw_rate], axis=-1)
        turn = np.zeros_like(walk)
        turn[:, 2] = searching * settings.search_yaw_rate
        return np.where(searching[:, None] != 0.0, turn, walk)

    def chunk(
        self,
        poses: FloatArray,
        velocity: FloatArray,
        searching: FloatArray,
        *,
        steps: int,
        dt_s: float,
    ) -> FloatArray:
        """Return (n, steps, 3) what the expert would do from here.

        Args:
            poses: (n, 3).
            velocity: (n, 3) present velocity in the base frame.
            searching: (n,) see `command`.
            steps: Length of the chunk.
            dt_s: Time per action.
        """
        limit = np.array([self.settings.acceleration] * 2 + [self.settings.yaw_acceleration])
        pose, now = poses.copy(), velocity.copy()
        actions = np.zeros((len(poses), steps, 3))
        for k in range(steps):
            wanted = self.command(pose, searching)
            now = now + np.clip(wanted - now, -limit * dt_s, limit * dt_s)
            actions[:, k] = now
            pose = move(pose, now, dt_s)
        return actions

    def _heading_error(self, poses: FloatArray, distance: FloatArray) -> FloatArray:
        """Return (n,) turn to the point 0.6 m down the way, rad; near the target, to itself."""
        ahead = poses[:, :2].copy()
        for _ in range(6):
            step_x = self.fields.sample(self.fields.slope_x, ahead)
            step_y = self.fields.sample(self.fields.slope_y, ahead)
            ahead += 0.1 * np.stack([step_x, step_y], axis=-1)
        centre = self.arena.centres[np.arange(len(poses)), self.targets]
        goal = np.where((distance < self.settings.stop_m + 0.25)[:, None], centre, ahead)
        offset = goal - poses[:, :2]
        return np.asarray(wrap(np.arctan2(offset[:, 1], offset[:, 0]) - poses[:, 2]))


def move(poses: FloatArray, velocity: FloatArray, dt_s: float) -> FloatArray:
    """Return (n, 3) poses moved by base velocities (n, 3) for a short time."""
    middle = poses[:, 2] + 0.5 * dt_s * velocity[:, 2]
    cos, sin = np.cos(middle), np.sin(middle)
    vx, vy = velocity[:, 0], velocity[:, 1]
    step = np.stack([cos * vx - sin * vy, sin * vx + cos * vy, velocity[:, 2]], axis=-1)
    return np.asarray(poses + dt_s * step)
