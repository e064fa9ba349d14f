# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A world as a list of simple solids, for viewers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from robot_policies.sim.vocabulary import COLOURS, dimensions
from robot_policies.sim.world import World

Vector = tuple[float, float, float]
_SIDES = 20
_WALL_M = 0.1
_GREY, _BROWN, _GROUND = (0.55, 0.56, 0.58), (0.56, 0.42, 0.27), (0.45, 0.45, 0.44)


@dataclass(frozen=True)
class Shape:
    """A solid.

    Attributes:
        name: What it is: `small red ball`, `pillar`, `crate`, `wall`, `uneven ground`.
        kind: `box`, `ball`, `cylinder` or `mesh`.
        position: Centre, m; for a mesh the origin of its triangles.
        orientation: Quaternion (x, y, z, w).
        extents: Size along its axes, m; for a mesh the factors on its triangles.
        colour: Red, green, blue in [0, 1].
        triangles: Corners, three by three, for a mesh.
    """

    name: str
    kind: str
    position: Vector
    orientation: tuple[float, float, float, float]
    extents: Vector
    colour: Vector
    triangles: tuple[Vector, ...] = ()


def shapes_of(world: World) -> Iterator[Shape]:
    """Yield objects, obstacles, walls and patches of a world."""
    for item in world.objects:
        solid = dimensions(item.size, item.shape)
        width, height = 2.0 * solid.radius_m, solid.height_m
        is_cone = item.shape == 'cone'
        yield Shape(
            name=item.name,
            kind='mesh' if is_cone else item.shape,
            position=(item.x_m, item.y_m, 0.0 if is_cone else height / 2.0),
            orientation=_upright(item.yaw_rad),
            extents=(width, width, height),
            colour=COLOURS[item.colour],
            triangles=_CONE if is_cone else (),
        )
    for block in world.obstacles:
        half = (block.half_x_m, block.half_x_m if block.is_round else block.half_y_m)
        yield Shape(
            name=block.kind,
            kind='cylinder' if block.is_round else 'box',
            position=(block.x_m, block.y_m, block.height_m / 2.0),
            orientation=_upright(block.yaw_rad),
            extents=(2.0 * half[0], 2.0 * half[1], block.height_m),
            colour=_GREY if block.is_round else _BROWN,
        )
    yield from _walls(world)
    for patch in world.patches:
        half = patch.half_size_m
        top = max(float(patch.heights.max()), 0.01)
        place = (patch.centre[0], patch.centre[1], 0.0)
        extents = (2.0 * half[0], 2.0 * half[1], min(top, 0.02))
        yield Shape('uneven ground', 'box', place, _upright(0.0), extents, _GROUND)


def _walls(world: World) -> Iterator[Shape]:
    if world.wall_height_m <= 0.0:
        return
    x, y = (world.length_m + _WALL_M) / 2.0, (world.width_m + _WALL_M) / 2.0
    z, height = world.wall_height_m / 2.0, world.wall_height_m
    along_y = (_WALL_M, world.width_m, height)
    along_x = (world.length_m, _WALL_M, height)
    for place, extents in (
        ((x, 0.0, z), along_y),
        ((-x, 0.0, z), along_y),
        ((0.0, y, z), along_x),
        ((0.0, -y, z), along_x),
    ):
        yield Shape('wall', 'box', place, _upright(0.0), extents, (0.70, 0.72, 0.74))


def _upright(yaw: float) -> tuple[float, float, float, float]:
    return 0.0, 0.0, float(np.sin(yaw / 2.0)), float(np.cos(yaw / 2.0))


def _unit_cone() -> tuple[Vector, ...]:
    """Triangles of a cone of diameter and height 1 on the ground."""
    angle = np.linspace(0.0, 2.0 * np.pi, _SIDES + 1)
    ring = [(0.5 * float(np.cos(a)), 0.5 * float(np.sin(a)), 0.0) for a in angle]
    corners: list[Vector] = []
    for first, second in pairwise(ring):
        corners += [first, second, (0.0, 0.0, 1.0), second, first, (0.0, 0.0, 0.0)]
    return tuple(corners)


_CONE = _unit_cone()
