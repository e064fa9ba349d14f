# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A world as a value: what stands where. `layout.build_world` makes one from a file and a seed."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import BodySpec
from robot_policies.sim.look import Look
from robot_policies.sim.planar import footprint_corners, Outline, OutlineSet
from robot_policies.sim.terrain import Terrain
from robot_policies.sim.vocabulary import dimensions


@dataclass(frozen=True)
class WorldObject:
    """A coloured object that an instruction may name."""

    colour: str
    shape: str
    size: str
    x_m: float
    y_m: float
    yaw_rad: float = 0.0

    @property
    def name(self) -> str:
        """Size, colour and shape, e.g. `small red ball`."""
        return f'{self.size} {self.colour} {self.shape}'

    @property
    def height_m(self) -> float:
        """From the ground to its highest point."""
        return dimensions(self.size, self.shape).height_m

    @property
    def radius_m(self) -> float:
        """Radius of the circle around it on the ground."""
        radius = dimensions(self.size, self.shape).radius_m
        return radius * 2.0**0.5 if self.shape == 'box' else radius

    @property
    def outline(self) -> Outline:
        """What it covers, seen from above."""
        half = dimensions(self.size, self.shape).radius_m if self.shape == 'box' else 0.0
        return Outline(self.x_m, self.y_m, self.radius_m, self.yaw_rad, half, half)


@dataclass(frozen=True)
class Obstacle:
    """A `pillar` (round, radius `half_x_m`) or a `crate` in the way."""

    kind: str
    x_m: float
    y_m: float
    yaw_rad: float
    half_x_m: float
    half_y_m: float
    height_m: float

    @property
    def radius_m(self) -> float:
        """Radius of the circle around it on the ground."""
        return self.half_x_m if self.is_round else float(np.hypot(self.half_x_m, self.half_y_m))

    @property
    def is_round(self) -> bool:
        """True for a pillar."""
        return self.kind == 'pillar'

    @property
    def outline(self) -> Outline:
        """What it covers, seen from above."""
        half = (0.0, 0.0) if self.is_round else (self.half_x_m, self.half_y_m)
        return Outline(self.x_m, self.y_m, self.radius_m, self.yaw_rad, *half)


@dataclass(frozen=True)
class Push:
    """A kick: the base's world velocity changes by (vx, vy) m/s, `time_s` after the reset."""

    time_s: float
    vx: float
    vy: float


@dataclass(frozen=True)
class World:
    """Everything that stands in a world.

    Attributes:
        name: Name of the world file.
        seed: What it was drawn with.
        length_m: Inner size along x.
        width_m: Inner size along y.
        wall_height_m: Height of the walls, 0 for none.
        start: x, y (m), yaw (rad) of the robot's base.
        objects: What instructions name.
        obstacles: What is in the way.
        patches: Uneven ground.
        pushes: Kicks in the order of their times.
        look: Appearance.
    """

    name: str
    seed: int
    length_m: float
    width_m: float
    wall_height_m: float
    start: tuple[float, float, float]
    look: Look
    objects: tuple[WorldObject, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    patches: tuple[Terrain, ...] = field(default=(), compare=False)
    pushes: tuple[Push, ...] = ()

    @cached_property
    def solids(self) -> tuple['WorldObject | Obstacle', ...]:
        """The objects, then the obstacles."""
        return (*self.objects, *self.obstacles)

    @cached_property
    def outlines(self) -> OutlineSet:
        """Outlines of `solids`."""
        return OutlineSet([item.outline for item in self.solids])

    @cached_property
    def solid_names(self) -> tuple[str, ...]:
        """Names in the order of `outlines`: `object/<name>`, then `obstacle/<i>`."""
        objects = tuple(f'object/{item.name}' for item in self.objects)
        return objects + tuple(f'obstacle/{i}' for i in range(len(self.obstacles)))

    def clearances(self, x: float, y: float, yaw: float, body: BodySpec) -> FloatArray:
        """Return the distance from the robot's footprint to everything solid, m.

        Args:
            x: Base position, m.
            y: Base position, m.
            yaw: Base heading, rad.
            body: Whose footprint it is.

        Returns:
            (objects + obstacles + 1,) distances in the order of `solid_names`, the walls last;
            negative where they overlap.
        """
        solids = self.outlines.box_distances(x, y, yaw, body)
        return np.append(solids, self._wall_distance(x, y, yaw, body))

    def height_at(self, x: float, y: float) -> float:
        """Return the height of the ground below a point, m."""
        height = 0.0
        for patch, (half_x, half_y) in self._patch_halves:
            if abs(x - patch.centre[0]) <= half_x and abs(y - patch.centre[1]) <= half_y:
                height = max(height, float(patch.height_at(np.array([x, y]))))
        return height

    @cached_property
    def _patch_halves(self) -> tuple[tuple[Terrain, tuple[float, float]], ...]:
        return tuple((patch, patch.half_size_m) for patch in self.patches)

    def _wall_distance(self, x: float, y: float, yaw: float, body: BodySpec) -> float:
        if self.wall_height_m <= 0.0:
            return float('inf')
        half = np.array([self.length_m, self.width_m]) / 2.0
        return float((half - np.abs(footprint_corners(x, y, yaw, body))).min())
