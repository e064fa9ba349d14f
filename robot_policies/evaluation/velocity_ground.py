# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The grounds on which velocity controllers are judged."""

from dataclasses import dataclass

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.sim.robot_model import GROUND_BIT
from robot_policies.sim.terrain import bumps, slopes, steps, Terrain

_SIZE_M = (60.0, 60.0)
_START_M = 10.0
_COARSE_M = 0.05
_SHARP_M = 0.04

KINDS = ('flat', 'bumps', 'slopes', 'steps')


@dataclass(frozen=True, eq=False)
class Ground:
    """A plane, or a square of rough ground large enough for 20 s at full speed.

    Attributes:
        terrain: The rough ground, or None for the plane.
    """

    terrain: Terrain | None

    @classmethod
    def build(cls, kind: str, rng: np.random.Generator) -> 'Ground':
        """Draw a ground: `flat`, `bumps` of 8 cm, `slopes` of 15 degrees, `steps` of 10 cm."""
        if kind == 'flat':
            return cls(None)
        if kind == 'bumps':
            heights = bumps(rng, _SIZE_M, cell_m=_COARSE_M, height_m=0.08)
            return cls(Terrain(heights, _COARSE_M))
        if kind == 'slopes':
            angle = np.deg2rad(15.0)
            return cls(Terrain(slopes(_SIZE_M, cell_m=0.1, angle_rad=angle), 0.1))
        if kind == 'steps':
            heights = steps(rng, _SIZE_M, cell_m=_SHARP_M, height_m=0.10)
            return cls(Terrain(heights, _SHARP_M))
        raise ValueError(f'ground {kind!r} is unknown, known are {", ".join(KINDS)}')

    def add_to(self, spec: mujoco.MjSpec) -> None:
        """Add it to a model."""
        if self.terrain is not None:
            self.terrain.add_to(spec)
            return
        spec.worldbody.add_geom(
            name='floor',
            type=mujoco.mjtGeom.mjGEOM_PLANE,
            size=[0.0, 0.0, 1.0],
            contype=GROUND_BIT,
            conaffinity=0,
        )

    def height_at(self, xy: FloatArray) -> FloatArray:
        """Return (…) the height below (…, 2) points."""
        return np.zeros(xy.shape[:-1]) if self.terrain is None else self.terrain.height_at(xy)

    def spawn(self, rng: np.random.Generator, count: int) -> FloatArray:
        """Return (count, 2) places to start, near the middle."""
        return rng.uniform(-_START_M / 2.0, _START_M / 2.0, (count, 2))
