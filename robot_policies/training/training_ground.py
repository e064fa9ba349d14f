# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The ground on which velocity controllers learn: a plane and strips of rough terrain."""

from dataclasses import dataclass

import mujoco
import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.sim.robot_model import GROUND_BIT
from robot_policies.sim.terrain import bumps, grid, slopes, steps, Terrain

_CELL_M = 0.05
_STRIP_M = 12.0
_LENGTH_M = 20.0
_MARGIN_M = 1.5
_FULL_AT_M = 10.0
"""Distance along a strip at which bumps, slopes and steps have their full size."""

KINDS = ('flat', 'bumps', 'slopes', 'steps')


def add_plane(spec: mujoco.MjSpec) -> None:
    """Add the plane z = 0 to a model, as geom `floor`."""
    spec.worldbody.add_geom(
        name='floor',
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[0.0, 0.0, 1.0],
        contype=GROUND_BIT,
        conaffinity=0,
    )


@dataclass(frozen=True, eq=False)
class TrainingGround:
    """A plane at z = 0 and, high above it, three strips that get harder along y.

    The strips float so that no foot touches strip and plane at once, which would cost contacts.

    Attributes:
        strips: One terrain with the three strips side by side along x.
    """

    strips: Terrain

    @classmethod
    def build(cls, rng: np.random.Generator) -> 'TrainingGround':
        """Draw the rough strips: bumps of 9 cm, slopes of 17 degrees, steps of 11 cm."""
        size = (_STRIP_M, _LENGTH_M)
        parts = [
            bumps(rng, size, cell_m=_CELL_M, height_m=0.09),
            slopes(size, cell_m=_CELL_M, angle_rad=0.3),
            steps(rng, size, cell_m=_CELL_M, height_m=0.11),
        ]
        _, y = grid(size, _CELL_M)
        ramp = np.minimum(y / _FULL_AT_M, 1.0)
        heights = np.concatenate([part * ramp for part in parts], axis=1)
        return cls(Terrain(heights, _CELL_M, (100.0, 0.0, 2.0)))

    def add_to(self, spec: mujoco.MjSpec) -> None:
        """Add plane and strips to a model."""
        add_plane(spec)
        self.strips.add_to(spec)

    def height_at(self, xy: FloatArray, on_strips: FloatArray) -> FloatArray:
        """Return (…) the height below (…, 2) points; `on_strips` says who is on the strips."""
        shape = (*on_strips.shape, *([1] * (xy.ndim - 1 - on_strips.ndim)))
        return np.asarray(self.strips.height_at(xy) * on_strips.reshape(shape))

    def spawn(
        self,
        rng: np.random.Generator,
        kinds: npt.NDArray[np.intp],
        difficulty: float,
        easiest: float = 0.0,
    ) -> FloatArray:
        """Return (n, 2) places to start.

        Args:
            rng: Source of the draws.
            kinds: (n,) index into `KINDS`.
            difficulty: How far up the strips, from 0 (their easy ends) to 1 (all of them).
            easiest: From how far up the strips, on the same scale.
        """
        count = len(kinds)
        half_x, half_y = self.strips.half_size_m
        x = rng.uniform(_MARGIN_M, _STRIP_M - _MARGIN_M, count)
        x += (np.maximum(kinds, 1) - 1) * _STRIP_M + self.strips.centre[0] - half_x
        low, reach = (
            _MARGIN_M + (2.0 * half_y - 2.0 * _MARGIN_M) * part for part in (easiest, difficulty)
        )
        y = rng.uniform(low, max(reach, low + _MARGIN_M), count)
        y += self.strips.centre[1] - half_y
        rough = np.stack([x, y], axis=1)
        return np.where((kinds > 0)[:, None], rough, 0.0)

    def outside(self, xy: FloatArray, on_strips: FloatArray) -> npt.NDArray[np.bool_]:
        """Return (n,) True for robots about to walk off the strips."""
        half = np.array(self.strips.half_size_m) - 0.5
        away = np.abs(xy - np.array(self.strips.centre[:2])) > half
        return np.asarray(away.any(axis=1) & (on_strips > 0))
