# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Patches of uneven ground that lie on the flat floor of a world."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.sim.terrain import bumps, grid, steps, Terrain
from robot_policies.sim.world_spec import PatchSpec

_CELLS_M = {'rough': 0.1, 'slope': 0.1, 'steps': 0.05}
"""Length of a cell. A step rises over one cell; the others are as flat between their knots and
ridges on a coarse grid, which has a quarter of the triangles to draw."""
_RIM_SLOPE = 0.4
_LIFT_M = 0.002
"""Above the floor, lest the two flicker through one another where they are level."""


def build_patch(spec: PatchSpec, rng: np.random.Generator) -> Terrain:
    """Build a patch. Bumps and slopes run out to the floor's height at its rim."""
    size, cell_m = (spec.length_m, spec.width_m), _CELLS_M[spec.kind]
    if spec.kind == 'rough':
        field = bumps(rng, size, cell_m=cell_m, height_m=spec.height_m)
        heights = np.minimum(field, _RIM_SLOPE * _rim_distance(size, cell_m))
    elif spec.kind == 'slope':
        heights = np.tan(spec.slope_rad) * np.minimum(_rim_distance(size, cell_m), _plateau(size))
    else:
        heights = steps(rng, size, cell_m=cell_m, height_m=spec.height_m)
    return Terrain(np.asarray(heights), cell_m, (spec.x_m, spec.y_m, _LIFT_M))


def _rim_distance(size: tuple[float, float], cell_m: float) -> FloatArray:
    """Distance of each point of the patch's grid to its rim, m."""
    x, y = grid(size, cell_m)
    along_x = np.minimum(x, x.max() - x)
    along_y = np.minimum(y, y.max() - y)
    return np.asarray(np.minimum(along_x, along_y))


def _plateau(size: tuple[float, float]) -> float:
    """A hill is cut off flat, so that there is a place to stand on top."""
    return max(min(size) / 2.0 - 0.5, 0.2)
