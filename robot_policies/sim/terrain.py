# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Ground that is not flat: bumps, slopes and steps as height fields."""

from dataclasses import dataclass

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.sim.robot_model import GROUND_BIT

_BASE_M = 0.5
"""Thickness of the ground below a height field's lowest point."""


@dataclass(frozen=True, eq=False)
class Terrain:
    """A rectangle of ground.

    Attributes:
        heights: (ny, nx) m; row 0 is at the smallest y, column 0 at the smallest x.
        cell_m: Distance between neighbouring heights.
        centre: (3,) where its middle is in the world; heights add to its z.
    """

    heights: FloatArray
    cell_m: float
    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def half_size_m(self) -> tuple[float, float]:
        """Half its length along x and along y."""
        ny, nx = self.heights.shape
        return (nx - 1) * self.cell_m / 2.0, (ny - 1) * self.cell_m / 2.0

    def height_at(self, xy: FloatArray) -> FloatArray:
        """Return (…) the world height of the ground below (…, 2) points, held at the border."""
        half = np.array(self.half_size_m)
        cells = (xy - np.array(self.centre[:2]) + half) / self.cell_m
        limit = np.array(self.heights.shape)[::-1] - 1.000001
        cells = np.clip(cells, 0.0, limit)
        low = cells.astype(np.intp)
        fx, fy = np.moveaxis(cells - low, -1, 0)
        x, y = np.moveaxis(low, -1, 0)
        z = self.heights
        near = z[y, x] * (1.0 - fx) + z[y, x + 1] * fx
        far = z[y + 1, x] * (1.0 - fx) + z[y + 1, x + 1] * fx
        return np.asarray(near * (1.0 - fy) + far * fy + self.centre[2])

    def add_to(self, spec: mujoco.MjSpec, name: str = 'terrain') -> None:
        """Add it to a model as the height field geom `name`."""
        low = float(self.heights.min())
        rise = max(float(np.ptp(self.heights)), 1e-3)
        ny, nx = self.heights.shape
        spec.add_hfield(
            name=name,
            nrow=ny,
            ncol=nx,
            size=[*self.half_size_m, rise, _BASE_M],
            userdata=((self.heights - low) / rise).astype(np.float32).ravel(),
        )
        x, y, z = self.centre
        spec.worldbody.add_geom(
            name=name,
            type=mujoco.mjtGeom.mjGEOM_HFIELD,
            hfieldname=name,
            pos=[x, y, z + low],
            contype=GROUND_BIT,
            conaffinity=0,
            friction=[1.0, 0.02, 0.01],
        )


def grid(size_m: tuple[float, float], cell_m: float) -> tuple[FloatArray, FloatArray]:
    """Return (ny, nx) x and y of the points of a grid, from 0 to its size."""
    x = np.arange(round(size_m[0] / cell_m) + 1) * cell_m
    y = np.arange(round(size_m[1] / cell_m) + 1) * cell_m
    return tuple(np.meshgrid(x, y))


def bumps(
    rng: np.random.Generator,
    size_m: tuple[float, float],
    *,
    cell_m: float,
    height_m: float,
    spacing_m: float = 0.2,
) -> FloatArray:
    """Return (ny, nx) heights of rough ground: random knots joined by straight lines.

    Args:
        rng: Source of the knots.
        size_m: Length along x and along y.
        cell_m: Resolution.
        height_m: Knots are uniform in [0, this].
        spacing_m: Distance between knots.
    """
    x, y = grid(size_m, cell_m)
    knots = (int(size_m[1] / spacing_m) + 2, int(size_m[0] / spacing_m) + 2)
    field = Terrain(rng.uniform(0.0, height_m, knots), spacing_m)
    corner = -np.array(field.half_size_m)
    return field.height_at(np.stack([x, y], axis=-1) + corner)


def slopes(
    size_m: tuple[float, float], *, cell_m: float, angle_rad: float, run_m: float = 3.0
) -> FloatArray:
    """Return (ny, nx) heights of ridges along y: up for `run_m`, down for `run_m`."""
    x, _ = grid(size_m, cell_m)
    saw = np.abs((x / run_m) % 2.0 - 1.0) * run_m
    return np.asarray(saw * np.tan(angle_rad))


def steps(
    rng: np.random.Generator,
    size_m: tuple[float, float],
    *,
    cell_m: float,
    height_m: float,
    tile_m: float = 0.8,
) -> FloatArray:
    """Return (ny, nx) heights of square tiles, about half of them raised by `height_m`."""
    x, y = grid(size_m, cell_m)
    column, row = (x / tile_m).astype(np.intp), (y / tile_m).astype(np.intp)
    raised = rng.integers(0, 2, (row.max() + 1, column.max() + 1))
    return np.asarray(raised[row, column] * height_m)
