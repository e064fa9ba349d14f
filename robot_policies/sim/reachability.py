# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Where in a world a robot can get to, on a grid of the ground."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.sim.world import World
from scipy import ndimage

_CELL_M = 0.1
_NEAR_M = 0.15
"""An object counts as reached from cells this much farther away than the robot must stay."""


@dataclass(frozen=True, eq=False)
class FreeGround:
    """The cells that a robot can walk to from the start.

    Attributes:
        points: (n, 2) centres of all cells, m.
        reachable: (n,) True where it can get to.
        distances: (n, m) from each cell to each of `world.outlines`, m.
    """

    points: FloatArray
    reachable: npt.NDArray[np.bool_]
    distances: FloatArray


def free_ground(world: World, radius_m: float) -> FreeGround:
    """Return where a round robot of `radius_m` can get to from the start."""
    x = np.arange(-world.length_m / 2.0 + _CELL_M / 2.0, world.length_m / 2.0, _CELL_M)
    y = np.arange(-world.width_m / 2.0 + _CELL_M / 2.0, world.width_m / 2.0, _CELL_M)
    points = np.stack(np.meshgrid(x, y, indexing='ij'), axis=-1).reshape(-1, 2)
    distances = world.outlines.point_distances(points)
    free = (distances > radius_m).all(axis=1)
    if world.wall_height_m > 0.0:
        half = np.array([world.length_m, world.width_m]) / 2.0
        free &= (half - np.abs(points) > radius_m).all(axis=1)
    labels, _ = ndimage.label(free.reshape(len(x), len(y)))
    nearest = np.argmin(np.linalg.norm(points - np.array(world.start[:2]), axis=1))
    home = labels.ravel()[nearest]
    return FreeGround(points, (labels.ravel() == home) & (home > 0), distances)


def unreachable(world: World, radius_m: float) -> str:
    """Return why a robot of `radius_m` cannot start or get to an object; empty if it can.

    Cells from which an object counts as reached are farther from everything else than from it, so
    the object is also in plain sight from there.
    """
    ground = free_ground(world, radius_m)
    if not ground.reachable.any():
        return f'the start {world.start[:2]} is nearer than {radius_m} m to something'
    near = ground.distances[:, : len(world.objects)] <= radius_m + _NEAR_M
    for item, cells in zip(world.objects, near.T, strict=True):
        if not (cells & ground.reachable).any():
            return f'the {item.name} cannot be reached from the start'
    return ''
